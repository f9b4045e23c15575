"""Alerts on their way to people: who is told of what and when (`decide`, `again`), letters, and what became of them."""
