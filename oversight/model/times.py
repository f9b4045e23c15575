"""Time: which evidence is looked at, and what today is in England."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")

Clock = Callable[[], datetime]
"""A function that returns the present moment, time zone aware. Passed in, never looked up."""


def utc_now() -> datetime:
    """The present moment in UTC. The only real clock; the command line hands it on."""
    return datetime.now(UTC)


def london_date(moment: datetime) -> date:
    """The calendar day in London at a moment.

    Raises:
        ValueError: if the moment has no time zone.
    """
    if moment.tzinfo is None:
        message = "a moment needs a time zone"
        raise ValueError(message)
    return moment.astimezone(LONDON).date()


@dataclass(frozen=True, slots=True)
class AsAt:
    """Which evidence a run may see.

    Attributes:
        on: what was public by the end of this day (London).
        known_by: what this ledger held by this moment (UTC).
    """

    on: date
    known_by: datetime

    def __post_init__(self) -> None:
        if self.known_by.tzinfo is None:
            message = "known_by needs a time zone"
            raise ValueError(message)
