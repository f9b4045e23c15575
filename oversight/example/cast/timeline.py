"""When things happen in the example market, all measured back from its last day."""

from dataclasses import dataclass
from datetime import date, timedelta

from oversight.example.cast.dates import add_months
from oversight.example.shapes import Publication

PUBLICATIONS = 8
_LAYOUTS = (2019, 2020, 2022, 2023, 2025)
_THURSDAY = 3


@dataclass(frozen=True, slots=True)
class Timeline:
    """The dated skeleton of the stories."""

    until: date
    publications: tuple[Publication, ...]
    administration: date
    liquidation: date
    dissolution: date
    halving: date

    @property
    def newest(self) -> date:
        """The day the newest publication describes."""
        return self.publications[-1].as_at

    @property
    def start(self) -> date:
        """The day the oldest publication describes, less a year: settings registered before it are old."""
        return add_months(self.publications[0].as_at, -12)


def layout_for(year: int) -> int:
    """The year whose real file layout a publication copies: the newest known one not after it."""
    known = [layout for layout in _LAYOUTS if layout <= year]
    return known[-1] if known else _LAYOUTS[0]


def _published(year: int) -> date:
    """The second Thursday of July, about when Ofsted publishes."""
    first = date(year, 7, 8)
    return first + timedelta(days=(_THURSDAY - first.weekday()) % 7)


def timeline(until: date) -> Timeline:
    """The skeleton for a market that ends on a day."""
    last = until.year if _published(until.year) <= until else until.year - 1
    publications = tuple(
        Publication(year, layout_for(year), date(year, 3, 31), _published(year))
        for year in range(last - PUBLICATIONS + 1, last + 1)
    )
    return Timeline(
        until=until,
        publications=publications,
        administration=add_months(until, -5),
        liquidation=min(add_months(until, -9), add_months(publications[-1].as_at, -1)),
        dissolution=add_months(until, -30),
        halving=add_months(publications[-1].as_at, -7),
    )
