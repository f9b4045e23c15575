"""When people are written to: hours of the day, working days and the time of the digest, in London. Pure.

Hours may not begin or end between one and two at night, the hour that the change to and from summer time leaves out
or has twice. So a time of day means one moment on every day.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from oversight.model.times import LONDON
from oversight.model.working_days import add_working_days, is_working_day

_DAY = timedelta(days=1)
_GAP = (time(1), time(2))


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when people are written to.

    Attributes:
        opens: first moment of a day.
        closes: first moment after it.
        working_days: whether weekends and bank holidays are quiet all day.
    """

    opens: time
    closes: time
    working_days: bool

    def __post_init__(self) -> None:
        if not self.opens < self.closes:
            raise ValueError("hours must end after they begin, on the same day")
        for edge in (self.opens, self.closes):
            if _GAP[0] <= edge < _GAP[1]:
                raise ValueError("hours may not begin or end between 01:00 and 02:00, when the clocks change")


def on_day(day: date, at: time) -> datetime:
    """The moment of a time of day in London, as UTC."""
    return datetime.combine(day, at, tzinfo=LONDON).astimezone(UTC)


def is_open(moment: datetime, hours: Hours) -> bool:
    """Whether people are written to at a moment."""
    day = moment.astimezone(LONDON).date()
    return _counts(day, hours) and on_day(day, hours.opens) <= moment < on_day(day, hours.closes)


def next_open(moment: datetime, hours: Hours) -> datetime:
    """The first moment from one on at which people are written to; the moment itself where they are."""
    day = moment.astimezone(LONDON).date()
    while not (_counts(day, hours) and moment < on_day(day, hours.closes)):
        day += _DAY
    return max(moment.astimezone(UTC), on_day(day, hours.opens))


def next_digest(moment: datetime, at: time, weekdays: frozenset[int], hours: Hours) -> datetime:
    """The first digest after a moment.

    Args:
        moment: when something came to be told.
        at: time of day in London.
        weekdays: Monday is 0; a digest of a day on which nobody is written to moves to the next one that counts.
        hours: says which days count.
    """
    day = moment.astimezone(LONDON).date() - 14 * _DAY  # a digest may have moved here over a row of holidays
    found = datetime.min.replace(tzinfo=UTC)
    while found <= moment:
        day += _DAY
        if day.weekday() in weekdays:
            moved = day
            while not _counts(moved, hours):
                moved += _DAY
            found = on_day(moved, at)
    return found


def after_working_days(moment: datetime, count: int) -> datetime:
    """The same time of day in London so many working days later."""
    local = moment.astimezone(LONDON)
    return on_day(add_working_days(local.date(), count), local.time())


def _counts(day: date, hours: Hours) -> bool:
    return is_working_day(day) if hours.working_days else True
