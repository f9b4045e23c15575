"""Figures that say how good a probability is, with bootstrap intervals.

Every figure takes weights, because a bootstrap draw is a vector of weights (how often each cluster was drawn) and a
sample with too many failures is weighted back to the real share. Rows with the same probability share their rank:
no figure depends on the order of the rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from oversight.errors import InputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BINS: Final = 10
TOP: Final = (0.01, 0.05)
"""Shares of the rows ranked highest at which precision and recall are given."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and the bounds of its bootstrap interval; bounds equal to the figure where none was drawn."""

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """For JSON, rounded to six places."""
        return {"value": round(self.value, 6), "low": round(self.low, 6), "high": round(self.high, 6)}


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Figures of one model on one set of rows.

    Attributes:
        rows: how many rows.
        clusters: how many entities, or rows where there are none.
        positives: rows with the outcome.
        base_rate: their share (weighted, where weights were given).
        figures: intervals by name.
        level: coverage of the intervals.
        draws: bootstrap draws.
    """

    rows: int
    clusters: int
    positives: int
    base_rate: float
    figures: dict[str, Interval]
    level: float
    draws: int

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "rows": self.rows,
            "clusters": self.clusters,
            "positives": self.positives,
            "base_rate": round(self.base_rate, 6),
            **{name: interval.to_dict() for name, interval in self.figures.items()},
            "interval": {"level": self.level, "draws": self.draws, "by": "bootstrap of clusters"},
        }


class _Ranked:
    """Rows in groups of equal probability, lowest first; what all figures are computed from."""

    def __init__(self, outcome: Floats, probability: Floats) -> None:
        self.outcome = outcome
        self.probability = probability
        self.levels, self.place = np.unique(probability, return_inverse=True)
        self.wide_bin = np.minimum((np.clip(probability, 0, 1) * _BINS).astype(np.int64), _BINS - 1)
        ranks = np.cumsum(np.bincount(self.place))
        self.mass_bin = np.minimum((ranks[self.place] - 1) * _BINS // len(outcome), _BINS - 1)

    def totals(self, weight: Floats) -> tuple[Floats, Floats]:
        """Weight of the positives and of the negatives at each level."""
        positive = np.bincount(self.place, weight * self.outcome, len(self.levels)).astype(np.float64)
        return positive, np.bincount(self.place, weight, len(self.levels)).astype(np.float64) - positive


def _auc(rows: _Ranked, weight: Floats) -> float:
    positive, negative = rows.totals(weight)
    below = np.cumsum(negative) - negative / 2
    return float(positive @ below / (positive.sum() * negative.sum()))


def _average_precision(rows: _Ranked, weight: Floats) -> float:
    positive, negative = (values[::-1] for values in rows.totals(weight))
    caught, flagged = np.cumsum(positive), np.cumsum(positive + negative)
    precision = np.divide(caught, flagged, out=np.zeros_like(caught), where=flagged > 0)
    return float(positive @ precision / positive.sum())


def _caught(rows: _Ranked, weight: Floats, share: float) -> tuple[float, float]:
    """Weight of the positives among the top rows, and of those rows; a tie at the bound counts in proportion."""
    positive, negative = (values[::-1] for values in rows.totals(weight))
    flagged = np.concatenate([[0.0], np.cumsum(positive + negative)])
    caught = np.concatenate([[0.0], np.cumsum(positive)])
    wanted = share * flagged[-1]
    return float(np.interp(wanted, flagged, caught)), wanted


def _precision_at(share: float) -> Callable[[_Ranked, Floats], float]:
    def precision(rows: _Ranked, weight: Floats) -> float:
        caught, flagged = _caught(rows, weight, share)
        return caught / flagged

    return precision


def _recall_at(share: float) -> Callable[[_Ranked, Floats], float]:
    def recall(rows: _Ranked, weight: Floats) -> float:
        return _caught(rows, weight, share)[0] / float(weight @ rows.outcome)

    return recall


def _brier(rows: _Ranked, weight: Floats) -> float:
    return float(weight @ (rows.probability - rows.outcome) ** 2 / weight.sum())


def _brier_skill(rows: _Ranked, weight: Floats) -> float:
    rate = weight @ rows.outcome / weight.sum()
    return 1 - _brier(rows, weight) / float(rate * (1 - rate))


def _log_loss(rows: _Ranked, weight: Floats) -> float:
    sure = np.clip(rows.probability, 1e-12, 1 - 1e-12)
    losses = -np.where(rows.outcome > 0, np.log(sure), np.log1p(-sure))
    return float(weight @ losses / weight.sum())


def _calibration_error(bins: Ints, rows: _Ranked, weight: Floats) -> float:
    gap = np.bincount(bins, weight * (rows.probability - rows.outcome), _BINS)
    return float(np.abs(gap).sum() / weight.sum())


def _figures() -> dict[str, Callable[[_Ranked, Floats], float]]:
    at = {f"{share:.0%}".replace("%", "_percent"): share for share in TOP}
    return {
        "auc": _auc,
        "average_precision": _average_precision,
        **{f"precision_at_{name}": _precision_at(share) for name, share in at.items()},
        **{f"recall_at_{name}": _recall_at(share) for name, share in at.items()},
        "brier": _brier,
        "brier_skill": _brier_skill,
        "log_loss": _log_loss,
        "expected_calibration_error": lambda rows, weight: _calibration_error(rows.wide_bin, rows, weight),
        "expected_calibration_error_equal_mass": lambda rows, weight: _calibration_error(rows.mass_bin, rows, weight),
    }


def roc_auc(outcome: Floats, score: Floats) -> float:
    """Chance that a row with the outcome ranks above one without, ties half; any score will do."""
    return _auc(_Ranked(outcome, score), np.ones(len(outcome)))


def evaluate(
    outcome: Floats,
    probability: Floats,
    *,
    cluster: NDArray[Any] | None = None,
    weight: Floats | None = None,
    draws: int = 500,
    level: float = 0.95,
    seed: int = 0,
) -> Evaluation:
    """Every figure with its interval.

    Args:
        outcome: 0 or 1 for each row.
        probability: 0 to 1 for each row.
        cluster: entity of each row, the unit that the bootstrap draws; each row its own where not given.
        weight: how much each row counts, to stand for a population with another share of outcomes.
        draws: bootstrap draws; none gives bounds equal to the figures.
        level: coverage of the percentile intervals.
        seed: of the draws.

    Returns:
        AUC; average precision (steps, as scikit-learn has it); precision and recall among the 1% and 5% ranked
        highest; Brier score and its skill over always saying the share of outcomes; log loss; expected calibration
        error over ten bins of equal width, and over ten of equal mass. Its interval lies high: a draw adds noise.

    Raises:
        InputError: if there are not both outcomes, or a probability is missing or outside 0 to 1.
    """
    _check(outcome, probability)
    rows = _Ranked(outcome, probability)
    base = np.ones(len(outcome)) if weight is None else weight
    _, member = np.unique(np.arange(len(outcome)) if cluster is None else cluster, return_inverse=True)
    clusters = int(member.max()) + 1
    figures = _figures()
    drawn: dict[str, list[float]] = {name: [] for name in figures}
    rng = np.random.default_rng(seed)
    for _ in range(draws):
        times = np.bincount(rng.integers(clusters, size=clusters), minlength=clusters)[member] * base
        if 0 < times @ outcome < times.sum():
            for name, figure in figures.items():
                drawn[name].append(figure(rows, times))
    intervals = {name: _interval(figure(rows, base), drawn[name], level) for name, figure in figures.items()}
    return Evaluation(
        rows=len(outcome),
        clusters=clusters,
        positives=int(outcome.sum()),
        base_rate=float(base @ outcome / base.sum()),
        figures=intervals,
        level=level,
        draws=draws,
    )


def _interval(value: float, drawn: list[float], level: float) -> Interval:
    if not drawn:
        return Interval(value, value, value)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Interval(value, float(low), float(high))


def _check(outcome: Floats, probability: Floats) -> None:
    if not np.isin(outcome, (0, 1)).all() or len(np.unique(outcome)) != 2:  # noqa: PLR2004 - a yes and a no
        raise InputError(
            f"an outcome is 0 or 1 and both must occur; found {sorted(set(outcome.tolist()))[:4]}",
            next_step="Evaluate on rows of which some, but not all, have the outcome.",
        )
    if len(outcome) != len(probability) or not ((probability >= 0) & (probability <= 1)).all():
        raise InputError("each row needs one probability between 0 and 1")


def reliability(
    outcome: Floats, probability: Floats, bins: int = _BINS, weight: Floats | None = None
) -> list[dict[str, float]]:
    """Points of a calibration plot: mean probability, observed share and rows of bins with equal numbers of rows.

    Args:
        outcome: 0 or 1 for each row.
        probability: for each row.
        bins: how many.
        weight: how much each row counts in its bin, to stand for a population with another share of outcomes.
    """
    counts = np.ones(len(outcome)) if weight is None else weight
    order = np.argsort(probability, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return [
        {
            "rows": float(len(part)),
            "predicted": float(np.average(probability[part], weights=counts[part])),
            "observed": float(np.average(outcome[part], weights=counts[part])),
        }
        for part in parts
    ]
