"""Three dull stores: the archive (bytes), the ledger (append-only SQL), the runs (folders of Parquet)."""
