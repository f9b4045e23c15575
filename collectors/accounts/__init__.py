"""Company accounts: bytes to tagged facts, lines of account, statements and issues."""
