"""Decisions of people are signed: every one says who made it and why."""

from oversight.errors import InputError


def check_signed(author: str, reason: str, where: str) -> None:
    """Refuse a decision that does not say who made it and why.

    Raises:
        InputError: if author or reason is blank; it names `where`, the thing decided on.
    """
    if not author.strip() or not reason.strip():
        raise InputError(
            "a decision needs an author and a reason", where=where, next_step="Give --author and --reason."
        )
