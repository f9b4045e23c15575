"""How well scans are read that nobody developed on: tagged filings printed, spoilt and read back."""
