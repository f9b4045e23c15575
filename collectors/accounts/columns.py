"""The columns of a printed statement: which figures are this year's and last year's, the group's and the company's.

Figures that line up are a column; a column belongs to the heading it stands under. A period may have two columns, an
inner one for items and an outer one for their totals.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from collectors.accounts.figures import Figure, Printed
from collectors.accounts.headings import YEARS, Head, Header

_TOLERANCE = {"share": 0.022, "points": 9.0, "columns": 0.01, "none": 0.0}
_MOST_NOTES = 100
_MOSTLY = 0.6
_PAST_NOTE = 2
"""Times the tolerance: so far right of the heading `note` may its numbers end."""
_FIGURES_A_HEAD = 2
_FARTHER = 2
"""Times as far as the nearest heading the next one must be, for a column that stands under neither."""


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
    wanted = len(heads) or (header.units if header.units <= len(YEARS) else 0) or min(len(rest), len(YEARS))
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
