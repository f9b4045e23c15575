"""Population stability: how far what a model is asked about has moved from what it was fitted on.

The index is the sum over bins of (share now - share then) times the logarithm of their quotient, as credit scoring has
it. On few rows it is large by chance alone: without any change it is about chi-squared with one degree of freedom
fewer than bins, times (1/rows now + 1/rows then). So each index comes with the value that chance alone would exceed in
one of twenty runs, and neighbouring bins in which fewer than five rows are to be expected are put together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from scipy.special import chdtri

from oversight.errors import InputError
from risk.learning.metrics import Floats, Ints

_BINS: Final = 10
_EXPECTED: Final = 5.0
_HALF: Final = 0.5
_LEVEL: Final = 0.95
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Reference:
    """What a figure was like where the model learnt.

    Attributes:
        names: of the bins, in words, such as `0.2 to 0.5`.
        shares: of the rows with a value, by bin; they add up to 1.
        edges: between the bins of a number, rising; empty for words.
        rows: with a value.
        missing: share of all rows without one.
    """

    names: tuple[str, ...]
    shares: tuple[float, ...]
    edges: tuple[float, ...]
    rows: int
    missing: float

    @classmethod
    def of(cls, values: Floats) -> "Reference":
        """Tenths of the values; NaN is a gap. Fewer bins where values repeat.

        Raises:
            InputError: if there is no value.
        """
        known = values[~np.isnan(values)]
        if not len(known):
            raise InputError("a figure without any value has no distribution")
        steps = np.quantile(known, np.arange(1, _BINS) / _BINS)
        edges = tuple(dict.fromkeys(_rounded(step) for step in steps))
        return cls.by_edges(edges, _counts(known, edges), 1 - len(known) / len(values))

    @classmethod
    def by_edges(cls, edges: Sequence[float], counts: Floats | Ints, missing: float) -> "Reference":
        """Bins between edges, each from its edge on, with counts (or weights) of rows."""
        total = float(counts.sum())
        shares = tuple(_rounded(count / total) if total else 0.0 for count in counts)
        return cls(_between(edges), shares, tuple(edges), round(total), _rounded(missing))

    def count(self, values: Floats) -> tuple[Ints, float]:
        """Rows in each bin, and the share of gaps, of numbers."""
        known = values[~np.isnan(values)]
        return _counts(known, self.edges), 1 - len(known) / max(1, len(values))

    def to_dict(self) -> dict[str, Any]:
        """For JSON, of numbers."""
        return {"edges": list(self.edges), "shares": list(self.shares), "rows": self.rows, "missing": self.missing}

    @classmethod
    def from_dict(cls, raw: Any) -> "Reference":
        """What `to_dict` wrote.

        Raises:
            ValueError: if shares and edges do not fit each other, or are no numbers.
            KeyError: if a part is missing.
        """
        edges, shares = tuple(map(float, raw["edges"])), tuple(map(float, raw["shares"]))
        if len(shares) != len(edges) + 1 or sorted(edges) != list(edges) or not np.isfinite([*edges, *shares]).all():
            raise ValueError("bins and their edges do not fit each other")
        return cls(_between(edges), shares, edges, int(raw["rows"]), float(raw["missing"]))


@dataclass(frozen=True, slots=True)
class Stability:
    """An index with what chance alone would make of it, and the bin that changed most."""

    index: float
    by_chance: float
    changed: str


def compare(then: Reference, now: Ints) -> Stability | None:
    """The index of counts against a reference; None where the rows are too few for two bins.

    Args:
        then: what it was like.
        now: rows in each of its bins.
    """
    rows = int(now.sum())
    groups = _groups(np.asarray(then.shares) * rows, ordered=bool(then.edges))
    if len(groups) < 2:  # noqa: PLR2004 - one bin cannot change
        return None
    old = np.array([sum(then.shares[place] for place in group) * then.rows for group in groups])
    new = np.array([now[group].sum() for group in groups], dtype=np.float64)
    bins = len(groups)
    was, is_now = (old + _HALF) / (then.rows + _HALF * bins), (new + _HALF) / (rows + _HALF * bins)
    parts = (is_now - was) * np.log(is_now / was)
    limit = float(chdtri(bins - 1, 1 - _LEVEL)) * (1 / rows + 1 / then.rows)
    most = int(np.argmax(parts))
    changed = f"{_joined(then, groups[most])}: {was[most]:.0%} then, {is_now[most]:.0%} now"
    return Stability(float(parts.sum()), limit, changed)


def _groups(expected: Floats, *, ordered: bool) -> list[list[int]]:
    """Bins put together until each has enough expected rows: neighbours where ordered, else the small ones."""
    order = list(range(len(expected))) if ordered else [int(place) for place in np.argsort(-expected, kind="stable")]
    groups: list[list[int]] = []
    open_group: list[int] = []
    for place in order:
        open_group.append(place)
        if expected[open_group].sum() >= _EXPECTED:
            groups.append(open_group)
            open_group = []
    if open_group and groups:
        groups[-1] = groups[-1] + open_group
    return groups


def _joined(then: Reference, group: list[int]) -> str:
    if not then.edges:
        return " or ".join(then.names[place] for place in sorted(group))
    low, high = min(group), max(group)
    first = then.edges[low - 1] if low else None
    last = then.edges[high] if high < len(then.edges) else None
    return _span(first, last)


def _counts(known: Floats, edges: Sequence[float]) -> Ints:
    return np.bincount(np.searchsorted(edges, known, side="right"), minlength=len(edges) + 1).astype(np.int64)


def _between(edges: Sequence[float]) -> tuple[str, ...]:
    bounds = [None, *edges, None]
    return tuple(_span(low, high) for low, high in pairwise(bounds))


def _span(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return "any"
    if low is None:
        return f"under {high:.3g}"
    return f"{low:.3g} or more" if high is None else f"{low:.3g} to under {high:.3g}"


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
