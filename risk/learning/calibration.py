"""Turning a score into a probability that holds, and moving it to a population with another share of outcomes.

Scores are log-odds, calibrated or not. A calibration is fitted on scores of rows that the model did not see, and
written as JSON: a straight line on the log-odds (Platt), or a rising curve (isotonic, its steps joined by straight
lines so that few rows tie).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from oversight.errors import InputError
from risk.learning.folds import grouped, splits
from risk.learning.metrics import Floats, Ints

Kind = Literal["none", "platt", "isotonic"]
KINDS: Final[tuple[Kind, ...]] = ("none", "platt", "isotonic")
_FOLDS: Final = 5
_FAR: Final = 40.0
_DIGITS: Final = 10


def log_odds(probability: Floats) -> Floats:
    """The log-odds of probabilities, bounded so that 0 and 1 stay finite."""
    sure = np.clip(probability, 1e-15, 1 - 1e-15)
    return np.asarray(np.log(sure) - np.log1p(-sure))


def probability(score: Floats) -> Floats:
    """Probabilities of log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(score, -_FAR, _FAR))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rising map from scores to log-odds that hold.

    Attributes:
        kind: `none`, `platt` or `isotonic`.
        at: `platt`: intercept and slope. `isotonic`: the scores at which the curve is given.
        to: `isotonic`: log-odds at those scores, straight between them and level outside. Else empty.
    """

    kind: Kind
    at: tuple[float, ...] = ()
    to: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        whole = np.isfinite(self.at).all() and np.isfinite(self.to).all()
        sound = {
            "none": not self.at and not self.to,
            "platt": len(self.at) == 2 and not self.to,  # noqa: PLR2004 - a line
            "isotonic": 0 < len(self.at) == len(self.to),
        }
        if not whole or not sound.get(self.kind, False):
            raise InputError(f"a calibration of kind {self.kind!r} has the wrong parts")

    def log_odds(self, score: Floats) -> Floats:
        """Calibrated log-odds of scores."""
        if self.kind == "platt":
            return np.asarray(self.at[0] + self.at[1] * score)
        if self.kind == "isotonic":
            return np.asarray(np.interp(score, self.at, self.to))
        return score

    def probability(self, score: Floats) -> Floats:
        """Calibrated probabilities of scores."""
        return probability(self.log_odds(score))

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"kind": self.kind, "at": list(self.at), "to": list(self.to)}

    @classmethod
    def from_dict(cls, raw: Any) -> "Calibration":
        """What `to_dict` wrote.

        Raises:
            InputError: if it is anything else.
        """
        try:
            return cls(raw["kind"], tuple(map(float, raw["at"])), tuple(map(float, raw["to"])))
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"not a calibration: {error!r}") from error


def fit(kind: Kind, score: Floats, outcome: Floats) -> Calibration:
    """One calibration, fitted on scores of rows that the model did not see."""
    if kind == "platt":
        return _platt(score, outcome)
    return _isotonic(score, outcome) if kind == "isotonic" else Calibration("none")


def choose(score: Floats, outcome: Floats, group: Ints, seed: int = 0, kinds: Sequence[Kind] = KINDS) -> Calibration:
    """The kind with the lowest log loss out of fold on these rows, fitted on all of them.

    Args:
        score: log-odds out of fold.
        outcome: 0 or 1.
        group: rows of one group are never on both sides.
        seed: of the folds.
        kinds: to choose from.
    """
    fold = grouped(outcome, group, _FOLDS, seed)
    losses = {}
    for kind in kinds:
        held_out = np.empty_like(score)
        for seen, held in splits(fold):
            held_out[held] = fit(kind, score[seen], outcome[seen]).log_odds(score[held])
        losses[kind] = float(np.mean(np.logaddexp(0, held_out) - outcome * held_out))
    return fit(min(kinds, key=losses.__getitem__), score, outcome)


def _platt(score: Floats, outcome: Floats) -> Calibration:
    """Intercept and slope by maximum likelihood, towards Platt's smoothed targets; the slope never falls."""
    from scipy.optimize import minimize  # noqa: PLC0415 - slow to load; predicting needs none

    positives = outcome.sum()
    negatives = len(outcome) - positives
    target = np.where(outcome > 0, (positives + 1) / (positives + 2), 1 / (negatives + 2))

    def loss(line: Floats) -> tuple[float, Floats]:
        odds = line[0] + line[1] * score
        error = probability(odds) - target
        return (
            float(np.mean(np.logaddexp(0, odds) - target * odds)),
            np.array([error.mean(), (error * score).mean()]),
        )

    found = minimize(loss, np.array([0.0, 1.0]), jac=True, method="L-BFGS-B", bounds=[(None, None), (0.0, None)])
    intercept, slope = found.x
    return Calibration("platt", (_rounded(intercept), _rounded(slope)))


def _isotonic(score: Floats, outcome: Floats) -> Calibration:
    """A curve through the middles of the steps of isotonic regression; each step's share smoothed by half a row."""
    from scipy.optimize import isotonic_regression  # noqa: PLC0415 - slow to load; predicting needs none

    levels, place = np.unique(score, return_inverse=True)
    rows = np.bincount(place).astype(np.float64)
    share = np.bincount(place, outcome) / rows
    steps = isotonic_regression(share, weights=rows).x
    _, step = np.unique(steps, return_inverse=True)
    size = np.bincount(step, rows)
    middle = np.bincount(step, rows * levels) / size
    smoothed = (np.bincount(step, rows * share) + outcome.mean()) / (size + 1)
    rising = np.maximum.accumulate(log_odds(smoothed))
    return Calibration("isotonic", tuple(map(_rounded, middle)), tuple(map(_rounded, rising)))


def _rounded(value: float) -> float:
    """Ten significant digits, so that the last bits of a linear algebra library do not change a model's bytes."""
    return float(f"{value:.{_DIGITS}g}")


def shift_for(rate_from: float, rate_to: float) -> float:
    """What to add to log-odds so that a share of outcomes becomes another (prior correction).

    Raises:
        InputError: if a share is not between 0 and 1.
    """
    if not (0 < rate_from < 1 and 0 < rate_to < 1):
        raise InputError(f"shares of outcomes lie between 0 and 1; given {rate_from:g} and {rate_to:g}")
    return float(log_odds(np.array([rate_to]))[0] - log_odds(np.array([rate_from]))[0])


def shift_to_mean(score: Floats, rate: float) -> float:
    """What to add to log-odds so that the probabilities average to a rate."""
    from scipy.optimize import brentq  # noqa: PLC0415 - slow to load, and seldom asked for

    if not 0 < rate < 1:
        raise InputError(f"a rate lies between 0 and 1; given {rate:g}")
    return float(brentq(lambda shift: float(probability(score + shift).mean()) - rate, -_FAR * 2, _FAR * 2))


def prior_weight(outcome: Floats, rate: float) -> Floats:
    """Weights under which a sample with too many outcomes stands for a population with this share of them."""
    share = float(outcome.mean())
    return np.where(outcome > 0, rate / share, (1 - rate) / (1 - share))
