"""The columns of a printed statement: which figures are this year's and last year's, the group's and the company's.

Headings give periods (years, dates, `52 weeks ended`), whose figures they are, the unit, and where the numbers of
notes stand. Figures that line up are a column; a column belongs to the heading it stands under. A period may have two
columns, an inner one for items and an outer one for their totals.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from collectors.accounts.captions import plain_words
from collectors.accounts.cells import Cell
from collectors.accounts.figures import Figure, Printed
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
_TOLERANCE = {"share": 0.022, "points": 9.0, "columns": 0.01, "none": 0.0}
_MOST_NOTES = 100
_MOSTLY = 0.6
_PAST_NOTE = 2
"""Times the tolerance: so far right of the heading `note` may its numbers end."""
_FIGURES_A_HEAD = 2
_FARTHER = 2
"""Times as far as the nearest heading the next one must be, for a column that stands under neither."""
_NEAR_DAYS = 7
_YEARS = ("this year", "last year")
"""What columns without a heading are, in their order."""
_LONGEST_HEADING = 60


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
    if len(years) == len(_YEARS) and years[0][2] == years[1][2]:
        second = header.heads[1]
        header.heads[1] = Head(second.left, second.right, second.measure, True, second.scope, second.total)


@dataclass(slots=True)
class Columns:
    """Tells for a figure which heading it stands under."""

    header: Header
    notes: set[tuple[str, int]] = field(default_factory=set)
    edges: dict[str, list[float]] = field(default_factory=dict)
    heads: dict[tuple[str, int], int] = field(default_factory=dict)
    sure: bool = True
    most: int | None = None
    """Figures a row may have; one with more is of another table."""

    def _place(self, figure: Figure, measure: str) -> tuple[str, int]:
        edges = self.edges.get(measure, [])
        nearest = min(range(len(edges)), key=lambda index: abs(edges[index] - figure.cell.right), default=0)
        return measure, nearest

    def by_head(self, printed: Printed) -> dict[int, list[Figure]]:
        """Figures of a row by the number of their heading, numbers of notes left out."""
        found: dict[int, list[Figure]] = {}
        if self.most is not None and len(printed.figures) > self.most:
            return found
        measure = printed.row.measure
        figures = [figure for figure in printed.figures if self._place(figure, measure) not in self.notes]
        if all(self._place(figure, measure) in self.heads for figure in figures):
            for figure in figures:
                found.setdefault(self.heads[self._place(figure, measure)], []).append(figure)
        return found


def columns(rows: Iterable[Printed], header: Header) -> Columns:
    """Columns of figures that line up, each under its heading."""
    rows = list(rows)
    result = Columns(header, most=_most_figures(rows, header))
    by_measure: dict[str, list[Figure]] = {}
    captions: dict[str, list[float]] = {}
    alone: set[int] = set()
    for printed in rows:
        if result.most is not None and len(printed.figures) > result.most:
            continue
        if printed.caption and printed.figures:
            captions.setdefault(printed.row.measure, []).append(printed.row.cells[0].right)
        for figure in printed.figures:
            by_measure.setdefault(printed.row.measure, []).append(figure)
            if len(printed.row.cells) == 1 and figure.could_be_note:
                alone.add(id(figure))
    for measure, every in by_measure.items():
        words = median(captions.get(measure, [0.0]))
        figures = [figure for figure in every if not _before(figure, header, measure, words)]
        groups = _groups(figures, _TOLERANCE[measure])
        result.edges[measure] = [max(figure.cell.right for figure in group) for group in groups]
        pages = {index for index, group in enumerate(groups) if all(id(figure) in alone for figure in group)}
        numbers = _note_columns(groups, header, measure, pages)
        result.notes |= {(measure, index) for index in numbers}
        rest = [index for index in range(len(groups)) if index not in numbers]
        for index, head in _assign(rest, groups, header, measure).items():
            result.heads[measure, index] = head
    if not header.heads:
        result.sure = header.units > 0
    return result


def _most_figures(rows: Sequence[Printed], header: Header) -> int | None:
    """A note's number, an item and a total under each heading, or twice what half of the rows have."""
    usual = median([len(printed.figures) for printed in rows if printed.figures] or [0])
    return max(_FIGURES_A_HEAD * len(header.heads) + 1, int(2 * usual)) if header.heads else None


def _before(figure: Figure, header: Header, measure: str, words: float) -> bool:
    """True for a year or a number in the words below a statement: it stands where captions do, `words` wide."""
    edges = [head.left for head in header.heads if head.measure == measure]
    if not edges or figure.could_be_note:
        return False
    left = min([*edges, header.note[0].left] if header.note else edges)
    return figure.cell.right < left - _TOLERANCE[measure] and (header.note is not None or figure.cell.left < words)


def _groups(figures: list[Figure], tolerance: float) -> list[list[Figure]]:
    groups: list[list[Figure]] = []
    for figure in sorted(figures, key=lambda each: each.cell.right):
        if groups and figure.cell.right - groups[-1][0].cell.right <= tolerance:
            groups[-1].append(figure)
        else:
            groups.append([figure])
    return groups


def _note_columns(groups: list[list[Figure]], header: Header, measure: str, pages: set[int]) -> set[int]:
    """Columns at the left that hold nothing but what could be the number of a note, and the numbers of pages.

    Numbers of notes stand under the word `note`, where it is printed; the number of a page stands alone, in a row and
    in a column of its own.
    """
    wanted = max(len(header.heads), 1)
    numbers = set(pages) if len(groups) - len(pages) >= wanted else set()
    for index, group in enumerate(groups[:-1]):
        if index in numbers:
            continue
        if _under_note(group, header, measure):
            numbers.add(index)
            continue
        if not all(figure.could_be_note for figure in group) or _past_note(group, header, measure):
            break
        if len(groups) - len(numbers) > wanted and (header.note or len(group) > 1):
            numbers.add(index)
    return numbers


def _under_note(group: list[Figure], header: Header, measure: str) -> bool:
    """True for a column under the word `note` of which most are numbers of notes; dirt on a scan adds dashes."""
    if header.note is None or header.note[1] != measure or _past_note(group, header, measure):
        return False
    numbers = sum(figure.could_be_note for figure in group)
    near = min(figure.cell.right for figure in group) >= header.note[0].left - _TOLERANCE[measure]
    small = all(abs(figure.value) < _MOST_NOTES for figure in group)
    return near and small and numbers > len(group) * _MOSTLY


def _past_note(group: list[Figure], header: Header, measure: str) -> bool:
    """True for a column too far right of the word `note` to hold numbers of notes."""
    if header.note is None or header.note[1] != measure:
        return False
    return min(figure.cell.right for figure in group) > header.note[0].right + _PAST_NOTE * _TOLERANCE[measure]


def _assign(rest: list[int], groups: list[list[Figure]], header: Header, measure: str) -> dict[int, int]:
    """Number of the heading for each column."""
    heads = header.heads
    wanted = len(heads) or (header.units if header.units <= len(_YEARS) else 0) or min(len(rest), len(_YEARS))
    if rest and len(rest) % wanted == 0:
        each = len(rest) // wanted
        return {index: number // each for number, index in enumerate(rest)}
    if not heads:
        return {}
    if any(head.measure != measure for head in heads):
        return {}
    places = {index: max(figure.cell.right for figure in groups[index]) for index in rest}
    over_items = any(place > heads[-1].right + _TOLERANCE[measure] for place in places.values())
    found = {index: _nearest(heads, place, over_items=over_items) for index, place in places.items()}
    return found if sorted(found.values()) == list(found.values()) else {}


def _nearest(heads: Sequence[Head], place: float, *, over_items: bool) -> int:
    """The heading that a column stands under.

    A column between two could be of either: of the left one where headings stand over the inner columns of items, since
    there is a column right of the last heading too; else they stand over the totals, and it holds items of the right
    one.
    """
    away = sorted((_away(head, place), number) for number, head in enumerate(heads))
    best = away[0]
    if len(away) == 1 or best[0] == 0 or away[1][0] >= _FARTHER * best[0]:
        return best[1]
    left, right = sorted((best[1], away[1][1]))
    return left if over_items else right


def _away(head: Head, place: float) -> float:
    """How far a column's right edge is from a heading: nothing where the heading stands over it."""
    slack = _TOLERANCE[head.measure]
    if head.left + slack < place <= head.right + slack:
        return 0.0
    return min(abs(place - head.left), abs(place - head.right))


def scaled(figure: Figure, scale: int) -> Decimal:
    """The figure in units of money."""
    return figure.value.scaleb(scale) if scale else figure.value
