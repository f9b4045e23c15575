"""Working days of England and Wales, by the official list of bank holidays that comes with govuk-bank-holidays.

The list reaches a year or two ahead; beyond it only weekends are known, and a test fails in time.
"""

from datetime import date, timedelta
from functools import cache

_DAY = timedelta(days=1)
_SATURDAY = 5


@cache
def bank_holidays() -> frozenset[date]:
    """Every bank holiday of England and Wales that the list has."""
    from govuk_bank_holidays.bank_holidays import BankHolidays  # noqa: PLC0415 - brings an HTTP client: slow to load

    calendar = BankHolidays(use_cached_holidays=True)
    return frozenset(holiday["date"] for holiday in calendar.get_holidays(division=BankHolidays.ENGLAND_AND_WALES))


def is_working_day(day: date) -> bool:
    """Whether a day is neither at the weekend nor a bank holiday."""
    return day.weekday() < _SATURDAY and day not in bank_holidays()


def next_working_day(day: date) -> date:
    """The first working day from a day on, itself included."""
    while not is_working_day(day):
        day += _DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """The working day that comes so many working days after a day."""
    for _ in range(count):
        day = next_working_day(day + _DAY)
    return day


def working_days_between(earlier: date, later: date) -> int:
    """Working days after the earlier day up to and including the later; 0 where that is not later."""
    weeks, rest = divmod(max(0, (later - earlier).days), 7)
    tail = later - timedelta(days=rest)
    weekdays = weeks * _SATURDAY + sum((tail + n * _DAY).weekday() < _SATURDAY for n in range(1, rest + 1))
    return weekdays - sum(earlier < day <= later and day.weekday() < _SATURDAY for day in bank_holidays())
