"""Days: month arithmetic, accounting periods and filing deadlines. Pure."""

import calendar
from datetime import date, timedelta

MONTHS_TO_FILE = 9
"""A private company has nine months after its period to file (Companies Act 2006, section 442)."""


def add_months(day: date, months: int) -> date:
    """The same day some months on; the last of the month stays the last of the month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    was_last = day.day == calendar.monthrange(day.year, day.month)[1]
    return date(year, month + 1, last if was_last else min(day.day, last))


def add_days(day: date, days: int) -> date:
    """Some days on."""
    return day + timedelta(days=days)


def month_end(day: date) -> date:
    """The last day of the month a day is in."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def due_date(period_end: date) -> date:
    """Last day for filing the accounts of a private company."""
    return add_months(period_end, MONTHS_TO_FILE)


def years_of(start: date, end: date) -> float:
    """Length of a period in years, both days included."""
    return ((end - start).days + 1) / 365.25


def period_ends(until: date, month: int, count: int, extended: int | None = None) -> list[date]:
    """The last `count` period ends up to a day, oldest first.

    Args:
        until: no period ends later.
        month: month whose last day ends the period.
        count: how many.
        extended: index (from 0) of a period that was made 18 months long, so that every end from there on falls
            six months away from the earlier ones.
    """
    last = month_end(date(until.year, month, 1))
    if last > until:
        last = month_end(date(until.year - 1, month, 1))
    ends = [add_months(last, -12 * back) for back in range(count - 1, -1, -1)]
    if extended is None:
        return ends
    return [add_months(end, -6) if index < extended else end for index, end in enumerate(ends)]
