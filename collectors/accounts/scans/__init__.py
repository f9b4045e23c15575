"""Accounts filed as PDF: the text layer, or the picture of the page, to rows that the statement reader reads."""
