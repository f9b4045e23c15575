"""The columns of a charity's statements: of its funds, only their total is the charity's figure.

Unrestricted, restricted and endowment funds stand beside their total, for this year alone or for both. Which column is
the total is said over it; whose year it is, in the same heading, in the one over it, or by the order of the totals.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from collectors.accounts.captions import plain_words
from collectors.accounts.cells import Cell
from collectors.accounts.columns import Columns
from collectors.accounts.figures import Printed
from collectors.accounts.headings import Head, which_period
from collectors.accounts.particulars import Particulars

_HEADING = "financial activities"
_FUND = re.compile(r"\b(?:un)?restricted\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PLAIN = 2
"""Columns of a statement that gives totals only: this year and last."""


def has_funds(heading: str, over: Sequence[Printed]) -> bool:
    """True for a statement of financial activities, and for any that has columns of funds."""
    return _HEADING in heading.lower() or any(
        _FUND.search(cell.text) for printed in over for cell in printed.row.cells if len(printed.row.cells) > 1
    )


def total_columns(over: Sequence[Printed], placed: Columns, about: Particulars) -> Columns:
    """The columns with those of single funds left out.

    Args:
        over: the rows over the first figures.
        placed: columns as any statement has them.
        about: what the document says of itself, for the years.

    Returns:
        The columns unchanged where there are no more than two; without a heading where none is said to be the total, so
        that nothing is read from them.
    """
    kept = [(measure, index) for measure, edges in placed.edges.items() for index in range(len(edges))]
    kept = [place for place in kept if place not in placed.notes]
    measures = {measure for measure, _ in kept}
    if len(kept) <= _PLAIN or len(measures) != 1:
        return placed
    (measure,) = measures
    totals = _totals(over, measure, {index: placed.edges[measure][index] for _, index in kept})
    periods = _periods(totals, placed, measure, about)
    heads = [
        Head(cell.left, cell.right, measure, period, None, total=True)
        for (_, cell), period in zip(totals, periods, strict=True)
    ]
    standing = {(measure, index): number for number, (index, _) in enumerate(totals)}
    return Columns(
        replace(placed.header, heads=heads),
        notes=placed.notes | (set(kept) - set(standing)),
        edges=placed.edges,
        heads=standing,
        sure=placed.sure,
        most=placed.most,
    )


def _totals(over: Sequence[Printed], measure: str, edges: dict[int, float]) -> list[tuple[int, Cell]]:
    """Columns that a heading calls the total, each with that heading, from left to right."""
    found: dict[int, Cell] = {}
    for printed in over:
        for cell in printed.row.cells:
            if printed.row.measure == measure and "total" in plain_words(cell.text).split():
                index = min(edges, key=lambda each: abs(edges[each] - cell.right))
                found.setdefault(index, cell)
    return sorted(found.items())


def _periods(totals: list[tuple[int, Cell]], placed: Columns, measure: str, about: Particulars) -> list[bool | None]:
    """Whether each total is last year's: by the year in its heading, by the period over it, or by the order."""
    said: list[bool | None] = []
    for index, cell in totals:
        if years := _YEAR.findall(cell.text):
            said.append(which_period(int(years[-1]), about))
            continue
        edge = placed.edges[measure][index]
        over = [head for head in placed.header.heads if head.left < edge <= head.right + abs(head.right - head.left)]
        said.append(over[-1].comparative if over else None)
    if None not in said and len(set(said)) == len(said):
        return said
    first = next((head.comparative for head in placed.header.heads if head.comparative is not None), False)
    if len(totals) == 1:
        return [first]
    return [False, True, *[None] * (len(totals) - _PLAIN)]
