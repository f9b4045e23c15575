"""From read lines to accounts of record: the newest figures of each company, and the ones a group is judged on."""

from risk.accounts.books import Books, keep

__all__ = ["Books", "keep"]
