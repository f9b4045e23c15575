"""The headings over the columns of a printed statement.

Headings give periods (years, dates, `52 weeks ended`), whose figures they are, the unit, and where the numbers of
notes stand.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from collectors.accounts.captions import plain_words
from collectors.accounts.cells import Cell
from collectors.accounts.figures import Printed
from collectors.accounts.particulars import Particulars, Period
from collectors.accounts.scope import Scope
from collectors.accounts.transforms import day

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SPLIT_YEAR = re.compile(r"\b(?P<first>(?:19|20)\d\d)\s?[/\u2013-]\s?(?:(?:19|20))?(?P<last>\d\d)\b")
"""A year that spans two, as public bodies write it."""
_DATE = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?\s+[A-Za-z]{3,9},?\s+(?:19|20)\d\d\b|\b\d{1,2}[./]\d{1,2}[./](?:(?:19|20)\d\d|\d\d)\b"
)
_BESIDE_PERIOD = re.compile(
    r"years?|periods?|end(?:ed|ing)?|to|from|weeks?|months?|days?|as|at|restated|(?:un)?audited|000|m|total|group"
    r"|company|co|consolidated|notes?|the|for|gbp|and|parent|jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*"
    r"|sept?\w*|oct\w*|nov\w*|dec\w*|st|nd|rd|th|continuing|discontinued|operations|financial|\d{1,2}"
)
_UNIT = re.compile(
    r"(?P<sign>[£$€])\s*'?(?P<scale>000s?|k|m|million|thousands?)?'?|(?:in )?(?P<words>thousands|millions)",
    re.IGNORECASE,
)
_SCOPES: dict[str, Scope] = {
    "group": "group",
    "the group": "group",
    "consolidated": "group",
    "company": "company",
    "the company": "company",
    "parent company": "company",
    "parent": "company",
    "charity": "company",
}
_CURRENCIES = {"£": "GBP", "$": "USD", "€": "EUR"}
_SCALES = {"000": 3, "000s": 3, "k": 3, "thousand": 3, "thousands": 3, "m": 6, "million": 6, "millions": 6}
_NEAR_DAYS = 7
_LONGEST_HEADING = 60
YEARS = ("this year", "last year")
"""What columns without a heading are, in their order."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column heading: its place, whether its period is the earlier one (None: another), and whose figures."""

    left: float
    right: float
    measure: str
    comparative: bool | None
    scope: Scope | None
    total: bool


@dataclass(slots=True)
class Header:
    """What the headings over the columns say."""

    heads: list[Head] = field(default_factory=list)
    units: int = 0
    note: tuple[Cell, str] | None = None
    currency: str = "GBP"
    scale: int = 0


def period_text(text: str) -> date | int | None:
    """The last date, or else the year, of a heading that is nothing but a period."""
    text = _SPLIT_YEAR.sub(_ends_in, text)
    if len(text) > _LONGEST_HEADING or not (_YEAR.search(text) or _DATE.search(text)):
        return None
    rest = _YEAR.sub(" ", _DATE.sub(" ", text))
    if not all(map(_BESIDE_PERIOD.fullmatch, _words(rest))):
        return None
    if dates := _DATE.findall(text):
        return day(dates[-1])
    return int(_YEAR.findall(text)[-1])


def _ends_in(match: re.Match[str]) -> str:
    """`2024` for `2023/24`; as it stands where the years do not follow each other."""
    last = int(match["first"]) + 1
    return str(last) if last % 100 == int(match["last"]) else match[0]


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def read_header(rows: Sequence[Printed], about: Particulars) -> Header:
    """The header over the columns, from the rows that stand before the first figures."""
    header = Header()
    years: list[tuple[Cell, str, date | int]] = []
    scopes: list[tuple[Cell, str, Scope]] = []
    for printed in rows:
        here: list[tuple[Cell, str, date | int]] = []
        units = 0
        for cell in printed.row.cells:
            text = cell.text.strip()
            words = plain_words(text)
            if (period := period_text(text)) is not None:
                here.append((cell, printed.row.measure, period))
            if words in _SCOPES:
                scopes.append((cell, printed.row.measure, _SCOPES[words]))
            if words in {"note", "notes"} or text.lower() in {"note", "notes"}:
                header.note = cell, printed.row.measure
            units += _read_unit(text, header)
        if len(here) > len(years) or (here and (len(printed.row.cells) > 1 or _further_right(here, years))):
            years = here
        header.units = max(header.units, units)
    years = _by_end(years, about)
    header.heads = [
        _head(cell, measure, period, scopes, len(years), number, about)
        for number, (cell, measure, period) in enumerate(years)
    ]
    _same_year(header, years, about)
    return header


def _further_right(here: list[tuple[Cell, str, date | int]], before: list[tuple[Cell, str, date | int]]) -> bool:
    """True for one period over its column, after the same one in the title at the left."""
    return len(here) == len(before) == 1 and here[0][1] == before[0][1] and here[0][0].left > before[0][0].right


def _by_end(years: list[tuple[Cell, str, date | int]], about: Particulars) -> list[tuple[Cell, str, date | int]]:
    """Headings with years, where 52 or 53 weeks end in the first days of January and are named after the old year."""
    before = earlier(about)
    numbers = [period for _, _, period in years if isinstance(period, int)]
    end = about.current.end if about.current else None
    if not numbers or end is None or before is None or (end - timedelta(days=_NEAR_DAYS)).year == end.year:
        return years
    if max(numbers) != end.year - 1:
        return years
    named: dict[date | int, int] = {end.year - 1: end.year, end.year - 2: before.end.year}
    return [(cell, measure, named.get(period, period)) for cell, measure, period in years]


def _read_unit(text: str, header: Header) -> int:
    """Take note of units in a heading; gives 1 where the cell is a unit and nothing else."""
    match = _UNIT.search(text.replace("\u2019", "'").replace("\u2018", "'"))
    if match is None or len(text) > _LONGEST_HEADING:
        return 0
    if match["sign"]:
        header.currency = _CURRENCIES[match["sign"]]
    scale = (match["scale"] or match["words"] or "").lower()
    header.scale = max(header.scale, _SCALES.get(scale, 0))
    return int(match.end() - match.start() >= len(text.strip()) - 1)


def _head(
    cell: Cell,
    measure: str,
    period: date | int,
    scopes: list[tuple[Cell, str, Scope]],
    count: int,
    number: int,
    about: Particulars,
) -> Head:
    words = set(plain_words(cell.text).split())
    scope: Scope | None = (
        "group" if words & {"group", "consolidated"} else "company" if words & {"company", "co"} else None
    )
    if scope is None and len({each for _, _, each in scopes}) > 1:
        middle = (cell.left + cell.right) / 2
        over = [each for each in scopes if each[1] == measure and each[0].left <= middle <= each[0].right]
        if len(over) == 1:
            scope = over[0][2]
        elif count % len(scopes) == 0:
            scope = scopes[number // (count // len(scopes))][2]
    return Head(cell.left, cell.right, measure, which_period(period, about), scope, "total" in words)


def which_period(period: date | int, about: Particulars) -> bool | None:
    """False for the current period, True for the comparative one, None for any other."""
    for known, comparative in ((about.current, False), (earlier(about), True)):
        if known is None:
            continue
        if isinstance(period, int) and period == known.end.year:
            return comparative
        if isinstance(period, date) and abs((period - known.end).days) <= _NEAR_DAYS:
            return comparative
    return None


def earlier(about: Particulars) -> Period | None:
    """The comparative period; where no tag gives it, the year before."""
    if about.comparative is not None or about.current is None:
        return about.comparative
    end = about.current.end
    if (end.month, end.day) == (2, 29):
        return Period(None, end.replace(year=end.year - 1, day=28))
    return Period(None, end.replace(year=end.year - 1))


def _same_year(header: Header, years: list[tuple[Cell, str, date | int]], about: Particulars) -> None:
    """Two periods that end in one year are told apart by their order: the current one stands first."""
    before = earlier(about)
    if about.current is None or before is None or before.end.year != about.current.end.year:
        return
    if len(years) == len(YEARS) and years[0][2] == years[1][2]:
        second = header.heads[1]
        header.heads[1] = Head(second.left, second.right, second.measure, True, second.scope, second.total)
