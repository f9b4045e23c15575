"""The example market: invented companies, homes and filings, and the local server that plays their sources."""
