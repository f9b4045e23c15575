"""Collecting and reading sources: network to archive, documents to rows."""
