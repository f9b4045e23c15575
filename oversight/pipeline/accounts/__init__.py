"""Accounts in bulk: zips of any size to Parquet, by any number of processes."""
