"""Columns that add up as they are printed: items and their total, whatever they are called."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from collectors.accounts.statements import Statement

_MOST_TERMS = 20
_LEAST_TERMS = 2
_LEAST = 100
"""Smaller totals come about by chance too often."""
_ROUNDED = 3
"""Figures in thousands or more are rounded one by one: their total may be one off."""


def summed(statements: Iterable[Statement]) -> frozenset[str]:
    """Places of the figures that are part of a sum that holds, as a term or as the total."""
    places: set[str] = set()
    for statement in statements:
        slack = Decimal(1) if statement.scale >= _ROUNDED else Decimal(0)
        for first, last in _sums([figure.value for figure in statement.column], slack):
            places |= {str(figure.cell.element) for figure in statement.column[first : last + 1]}
    return frozenset(places)


def _sums(values: Sequence[Decimal], slack: Decimal) -> Iterable[tuple[int, int]]:
    """First and last of every run of figures whose last is the sum of the others, or the first less the rest."""
    for last in range(_LEAST_TERMS, len(values)):
        if abs(values[last]) < _LEAST:
            continue
        total = rest = Decimal(0)
        terms = 0
        for first in range(last - 1, max(-1, last - 1 - _MOST_TERMS), -1):
            rest, total = total, total + values[first]
            terms += values[first] != 0
            allowed = slack if terms > _LEAST_TERMS else Decimal(0)
            if (
                terms >= _LEAST_TERMS
                and values[first]
                and (abs(total - values[last]) <= allowed or abs(values[first] - rest - values[last]) <= allowed)
            ):
                yield first, last
                break
