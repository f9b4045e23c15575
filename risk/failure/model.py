"""A fitted model: two witnesses on one panel, each with its calibration and intervals, as plain numbers.

The *model of record* is a ridge logistic regression on ramps: each feature's curve can be read and drawn. The
*challenger* is an ensemble of boosted trees. They are fitted on the same folds and never mixed.

Intervals come from the folds (a delete-a-group jackknife, companies whole): a witness is also fitted and calibrated
without each fold, and how far those estimates part is its standard error, on the log-odds. Sampling of companies and of
the calibration are in it; a change of the world is not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from oversight.errors import InputError
from risk.failure.features import Recipe
from risk.failure.panel import Panel, newest
from risk.learning.calibration import Calibration, log_odds, probability
from risk.learning.logistic import Line
from risk.learning.metrics import Floats
from risk.learning.ramps import Ramps
from risk.learning.trees import Trees

VERSION: Final = 1
RECORD: Final = "model_of_record"
CHALLENGER: Final = "challenger"
BOTH: Final = "mean_of_both"
Arrays = Mapping[str, NDArray[Any]]


class Scorer(Protocol):
    """What gives log-odds, and the log-odds of its copies fitted without each fold."""

    def scores(self, features: Floats) -> tuple[Floats, Floats]:
        """Log-odds of rows, and folds by rows those of the copies."""


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Ramps with coefficients: the model of record."""

    ramps: Ramps
    line: Line
    copies: tuple[Line, ...]
    ridge: float

    def scores(self, features: Floats) -> tuple[Floats, Floats]:
        """Log-odds of rows, and of the copies."""
        basis = self.ramps.basis(features)
        return self.line.log_odds(basis), np.array([copy.log_odds(basis) for copy in self.copies])

    def contributions(self, features: Floats) -> Floats:
        """What each feature adds to the log-odds of each row, against an average row: rows by features."""
        parts = self.ramps.basis(features) * self.line.coefficients
        added = np.zeros((len(features), features.shape[1]))
        np.add.at(added.T, self.ramps.owner, parts.T)
        return added


@dataclass(frozen=True, slots=True, eq=False)
class Forest:
    """Boosted trees, an ensemble for each fold; their mean is the score."""

    members: tuple[Trees, ...]
    setting: int

    def scores(self, features: Floats) -> tuple[Floats, Floats]:
        """Log-odds of rows, and of the members."""
        each = np.array([member.log_odds(features) for member in self.members])
        return np.asarray(each.mean(axis=0)), each


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """One model with what it takes to read its scores as probabilities."""

    recipe: Recipe
    scorer: Curves | Forest
    calibration: Calibration
    without_fold: tuple[Calibration, ...]

    def estimate(self, panel: Panel, *, shift: float = 0.0, level: float = 0.95) -> "Estimate":
        """Probabilities of a panel's rows with their intervals.

        Args:
            panel: with the figures of the recipe.
            shift: added to the log-odds, to stand for another base rate.
            level: coverage of the intervals.
        """
        score, copies = self.scorer.scores(self.recipe.make(panel))
        centre = self.calibration.log_odds(score) + shift
        apart = np.array([each.log_odds(copy) for each, copy in zip(self.without_fold, copies, strict=True)])
        folds = len(apart)
        error = np.sqrt((folds - 1) / folds * ((apart - apart.mean(axis=0)) ** 2).sum(axis=0))
        reach = float(stdtrit(folds - 1, (1 + level) / 2)) * error
        return Estimate(probability(centre), probability(centre - reach), probability(centre + reach))


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """Probabilities and the bounds of their intervals."""

    probability: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class FailureModel:
    """Both witnesses and what they were fitted on.

    Attributes:
        about: names, counts, settings and notes, as they stand in the model's file and card.
        base_rate: share of rows with the outcome that the probabilities stand for.
        window: whether each company's years are one window before one outcome, so that its newest row is judged.
        witnesses: by name, the model of record and the challenger.
    """

    about: Mapping[str, Any]
    base_rate: float
    window: bool
    witnesses: Mapping[str, Witness]

    @property
    def figures(self) -> tuple[str, ...]:
        """Columns that a panel must have."""
        return self.witnesses[RECORD].recipe.figures

    def judged(self, panel: Panel) -> NDArray[np.bool_]:
        """The rows that get a probability; the others are their past."""
        return newest(panel) if self.window else np.ones(len(panel), dtype=np.bool_)

    def chances(self, panel: Panel, *, shift: float = 0.0) -> dict[str, Floats]:
        """Probabilities of a panel's rows by each witness, and by the mean of their log-odds where there are both."""
        found = {name: witness.estimate(panel, shift=shift).probability for name, witness in self.witnesses.items()}
        if len(found) > 1:
            found[BOTH] = probability(np.mean([log_odds(each) for each in found.values()], axis=0))
        return found

    def to_parts(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """The model as JSON and, for the trees, arrays by name."""
        arrays: dict[str, NDArray[Any]] = {}
        raw: dict[str, Any] = {
            "version": VERSION, "about": dict(self.about), "base_rate": self.base_rate, "window": self.window,
        }  # fmt: skip
        for name, witness in self.witnesses.items():
            raw[name] = {
                "recipe": witness.recipe.to_dict(),
                "calibration": witness.calibration.to_dict(),
                "without_fold": [each.to_dict() for each in witness.without_fold],
                **_scorer_to_dict(witness.scorer, name, arrays),
            }
        return raw, arrays

    @classmethod
    def from_parts(cls, raw: Any, arrays: Arrays) -> "FailureModel":
        """What `to_parts` gave.

        Raises:
            InputError: if it is anything else, or its parts do not fit each other.
        """
        try:
            if raw["version"] != VERSION:
                raise InputError(
                    f"the model is of version {raw['version']!r}; this program reads version {VERSION}",
                    next_step="Train it again.",
                )
            witnesses = {name: _witness(raw[name], name, arrays) for name in (RECORD, CHALLENGER) if name in raw}
            made = cls(dict(raw["about"]), float(raw["base_rate"]), bool(raw["window"]), witnesses)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(f"not a model: {error!r}", next_step="Give what `oversight train` wrote.") from error
        if RECORD not in witnesses or not 0 < made.base_rate < 1:
            raise InputError("not a model: it lacks the model of record, or its base rate")
        return made


def _scorer_to_dict(scorer: Curves | Forest, name: str, arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    if isinstance(scorer, Forest):
        for place, member in enumerate(scorer.members):
            arrays |= member.to_arrays(f"{name}.{place}.")
        return {"members": len(scorer.members), "setting": scorer.setting}
    lines = [scorer.line, *scorer.copies]
    return {
        "ridge": scorer.ridge,
        "ramps": scorer.ramps.to_dict(),
        "lines": [[line.intercept, *line.coefficients.tolist()] for line in lines],
    }


def _witness(raw: Any, name: str, arrays: Arrays) -> Witness:
    recipe = Recipe.from_dict(raw["recipe"])
    features = len(recipe.names)
    scorer: Curves | Forest
    if name == CHALLENGER:
        members = tuple(Trees.from_arrays(arrays, f"{name}.{place}.") for place in range(int(raw["members"])))
        scorer = Forest(members, int(raw["setting"]))
        fits = bool(members) and all(member.columns <= features for member in members)
        folds = len(members)
    else:
        ramps = Ramps.from_dict(raw["ramps"])
        lines = [Line(float(line[0]), np.array(line[1:], dtype=np.float64)) for line in raw["lines"]]
        scorer = Curves(ramps, lines[0], tuple(lines[1:]), float(raw["ridge"]))
        width = len(ramps.average)
        finite = all(np.isfinite(line.coefficients).all() and np.isfinite(line.intercept) for line in lines)
        fits = len(ramps.knots) == features and finite and all(len(line.coefficients) == width for line in lines)
        folds = len(lines) - 1
    without = tuple(Calibration.from_dict(each) for each in raw["without_fold"])
    if not fits or folds < 2 or len(without) != folds:  # noqa: PLR2004 - fewer give no interval
        raise InputError(f"not a model: the parts of its {name.replace('_', ' ')} do not fit each other")
    return Witness(recipe, scorer, Calibration.from_dict(raw["calibration"]), without)
