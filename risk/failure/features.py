"""What is made of a panel's figures before a model sees them, and how to make it again.

A `Recipe` is learnt from the training rows alone, without their outcomes, and kept in the model.

- *Ratios*: where the figures are amounts of money, they are put on a signed log scale and every pair is divided.
- *Differences of near-copies*: two ratios that rank companies almost alike say most by where they part, which an
  additive model of either cannot see.
- *Past*: where companies have several years, the year before, the change since, and how unsteady the figure was (its
  standard deviation up to the row); only rows of the same company with an earlier period are looked at.
- *Gaps*: how many figures are missing.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from oversight.errors import InputError
from risk.failure.panel import Panel
from risk.learning.metrics import Floats, Ints

GAPS: Final = "figures missing"
_MOST_PAIRS: Final = 400
_AMOUNTS: Final = 0.5
_LARGE: Final = 50.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """How features are made of figures.

    Attributes:
        figures: columns of the panel.
        amounts: whether they are amounts of money, not ratios.
        differences: pairs of columns with the sign of the second.
        past: whether a company's year before is looked at.
        count_gaps: whether the number of missing figures is a feature.
    """

    figures: tuple[str, ...]
    amounts: bool
    differences: tuple[tuple[int, int, int], ...]
    past: bool
    count_gaps: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the features, in order."""
        figures, size = self.figures, len(self.figures)
        names = [f"log {name}" for name in figures] if self.amounts else list(figures)
        if self.amounts:
            names += [f"{figures[a]} / {figures[b]}" for a in range(size) for b in range(a + 1, size)]
        names += [f"{figures[a]} {'-' if sign < 0 else '+'} {figures[b]}" for a, b, sign in self.differences]
        if self.past:
            names += [f"{name}, year before" for name in figures] + [f"{name}, change" for name in figures]
            names += [f"{name}, unsteadiness" for name in figures]
            names += [f"{name}, change over all years" for name in figures] if self.amounts else []
        return (*names, GAPS) if self.count_gaps else tuple(names)

    def make(self, panel: Panel) -> Floats:
        """Features of every row of a panel, rows by features, NaN for gaps.

        Raises:
            InputError: if the panel's figures are not the recipe's.
        """
        if panel.columns != self.figures:
            raise InputError("the panel's figures are not those the model was fitted on")
        values = panel.values
        level = signed_log(values) if self.amounts else values
        parts = [level]
        if self.amounts:
            parts.append(_ratios(values))
        if self.differences:
            parts.append(np.column_stack([values[:, a] + sign * values[:, b] for a, b, sign in self.differences]))
        if self.past:
            before, first = _earlier(panel)
            parts += [_at(level, before), level - _at(level, before), _unsteadiness(level, before)]
            if self.amounts:
                parts.append(level - _at(level, first))
        if self.count_gaps:
            parts.append(np.isnan(values).sum(axis=1, keepdims=True).astype(np.float64))
        return np.concatenate(parts, axis=1)

    def signs(self, expected: dict[str, int]) -> Ints:
        """The sign of each feature: that expected of the figure it is, else none."""
        plain = {f"log {name}" if self.amounts else name: sign for name, sign in expected.items()}
        return np.array([plain.get(name, 0) for name in self.names], dtype=np.int64)

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "figures": list(self.figures),
            "amounts": self.amounts,
            "differences": [list(pair) for pair in self.differences],
            "past": self.past,
            "count_gaps": self.count_gaps,
        }

    @classmethod
    def from_dict(cls, raw: Any) -> "Recipe":
        """What `to_dict` wrote.

        Raises:
            InputError: if it is anything else.
        """
        try:
            figures = tuple(str(name) for name in raw["figures"])
            pairs = tuple((int(a), int(b), int(sign)) for a, b, sign in raw["differences"])
            made = cls(figures, bool(raw["amounts"]), pairs, bool(raw["past"]), bool(raw["count_gaps"]))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"not a recipe of features: {error!r}") from error
        if any(not (0 <= a < len(figures) and 0 <= b < len(figures) and sign in {-1, 1}) for a, b, sign in pairs):
            raise InputError("a recipe of features names columns that it does not have")
        return made


def learn(
    panel: Panel, *, near: float, amounts: bool | None = None, past: bool | None = None, count_gaps: bool = True
) -> Recipe:
    """The recipe for a panel.

    Args:
        panel: training rows; their outcomes are not looked at.
        near: rank correlation from which two ratios are near-copies.
        amounts: whether the figures are amounts of money; judged from them where None.
        past: whether to look at the year before; where None, if any company has two years.
        count_gaps: whether to count missing figures.
    """
    money = look_like_amounts(panel.values) if amounts is None else amounts
    repeated = panel.entity is not None and panel.period is not None and len(np.unique(panel.entity)) < len(panel)
    pairs = () if money else near_copies(panel.values, near)
    recipe = Recipe(panel.columns, money, pairs, repeated if past is None else past, count_gaps)
    return replace(recipe, past=recipe.past and panel.entity is not None and panel.period is not None)


def near_copies(values: Floats, near: float) -> tuple[tuple[int, int, int], ...]:
    """Pairs of columns that rank rows almost alike (or almost opposite), the closest first, at most 400."""
    from scipy.stats import rankdata  # noqa: PLC0415 - slow to load; predicting needs none

    size = values.shape[1]
    filled = np.where(np.isnan(values), np.nanmedian(np.where(np.isfinite(values), values, np.nan), axis=0), values)
    ranks = rankdata(filled, axis=0)
    spread = ranks.std(axis=0)
    scaled = (ranks - ranks.mean(axis=0)) / np.where(spread > 0, spread, 1)
    together = scaled.T @ scaled / len(values)
    rows, columns = np.triu_indices(size, 1)
    strength = np.round(np.abs(together[rows, columns]), 9)
    order = np.lexsort((columns, rows, -strength))
    chosen = [place for place in order if near <= strength[place]][:_MOST_PAIRS]
    return tuple((int(rows[i]), int(columns[i]), -1 if together[rows[i], columns[i]] > 0 else 1) for i in chosen)


def signed_log(values: Floats) -> Floats:
    """The sign times the logarithm of one plus the size: money on a scale on which firms of any size compare."""
    return np.asarray(np.sign(values) * np.log1p(np.abs(values)))


def look_like_amounts(values: Floats) -> bool:
    """Whether columns are amounts of money: most of them are large at their upper end, and they grow together."""
    if values.shape[1] < 3:  # noqa: PLR2004 - too few to tell
        return False
    sizes = np.abs(np.nan_to_num(values))
    if np.median(np.quantile(sizes, 0.9, axis=0)) < _LARGE:
        return False
    from scipy.stats import rankdata  # noqa: PLC0415 - slow to load; predicting needs none

    together = np.corrcoef(rankdata(sizes, axis=0) + np.linspace(0, 1e-6, len(sizes))[:, None], rowvar=False)
    return bool(np.median(together[np.triu_indices(values.shape[1], 1)]) > _AMOUNTS)


def _ratios(values: Floats) -> Floats:
    size = values.shape[1]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        found = np.column_stack([values[:, a] / values[:, b] for a in range(size) for b in range(a + 1, size)])
    return np.where(np.isfinite(found), found, np.nan)


def _earlier(panel: Panel) -> tuple[Ints, Ints]:
    """For each row, that of its company one period before and that of its first period; -1 where it is the first."""
    if panel.entity is None or panel.period is None:
        raise InputError(
            "the model looks at the year before, so the panel needs companies and periods",
            next_step="Name them with --entity and --period.",
        )
    order = np.lexsort((panel.period, panel.entity))
    entity = panel.entity[order]
    starts = np.concatenate([[True], entity[1:] != entity[:-1]])
    before = np.full(len(panel), -1)
    before[order[1:]] = np.where(starts[1:], -1, order[:-1])
    first_place = np.maximum.accumulate(np.where(starts, np.arange(len(panel)), 0))
    first = np.full(len(panel), -1)
    first[order] = np.where(starts, -1, order[first_place])
    return before, first


def _at(values: Floats, row: Ints) -> Floats:
    """Values of other rows; NaN where there is none."""
    return np.where((row >= 0)[:, None], values[np.maximum(row, 0)], np.nan)


def _unsteadiness(values: Floats, before: Ints) -> Floats:
    """Standard deviation of each column over a row and the earlier rows of its company; NaN for a single value."""
    count, total, squares = (np.zeros_like(values) for _ in range(3))
    row = np.arange(len(values))
    while (row >= 0).any():
        apart = _at(values, row) - values
        known = np.isfinite(apart)
        count += known
        total += np.where(known, apart, 0)
        squares += np.where(known, apart**2, 0)
        row = np.where(row >= 0, before[row], -1)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.sqrt(np.maximum(squares / count - (total / count) ** 2, 0))
    return np.where(count > 1, spread, np.nan)
