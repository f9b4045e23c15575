"""The tables of a run for other programs: what there is, in which columns and units, as JSON, CSV and Parquet."""
