"""Days given as options."""

from datetime import date, datetime

from oversight.errors import InputError


def day(text: str | None, option: str) -> date | None:
    """A day given as an option, in ISO form.

    Raises:
        InputError: for anything else.
    """
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no time zone
    except ValueError as error:
        raise InputError(f"{option} is not a date", where=repr(text), next_step="Write it like 2025-03-31.") from error
