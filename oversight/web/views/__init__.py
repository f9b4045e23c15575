"""Views: what each page shows of a run or of the ledger."""
