"""Fitting both witnesses on one panel. Whatever is chosen is chosen out of fold, on the rows given and no others."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from oversight.errors import InputError
from risk.failure.features import Recipe, learn
from risk.failure.model import CHALLENGER, RECORD, Curves, FailureModel, Forest, Witness
from risk.failure.panel import Panel, is_window, newest
from risk.learning import calibration, logistic, trees
from risk.learning.calibration import KINDS, Kind
from risk.learning.folds import grouped, numbered, splits
from risk.learning.logistic import Line
from risk.learning.metrics import Floats, Ints, roc_auc
from risk.learning.ramps import Ramps
from risk.learning.trees import Boosting, Trees

Tell = Callable[[str], None]
Fit = Callable[..., tuple[Curves | Forest, Floats]]
_DIGITS: Final = 10
_SMALL: Final = 4_000
"""Rows under which a panel is small: every row counts, and fitting is quick."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a training may choose from.

    Attributes:
        folds: inner folds, for choices, calibration and intervals; 10 for a small panel and 5 for others where None.
        repeats: ensembles of trees a fold, each with its own seed; 3 for a small panel and 1 for others where None.
        pieces: straight pieces of a ramp.
        ridges: penalties to choose from, by log loss out of fold; the strongest first.
        near_for_record: rank correlation from which the difference of two ratios is a feature of the model of record.
        near_for_challenger: the same for the challenger.
        boostings: settings of the trees to choose from, by AUC out of fold; no challenger where there are none.
        calibrations: kinds to choose from, by log loss out of fold.
        gaps_speak: whether a gap, or a value that many rows share, is information of its own; where not, a gap stands
            at the average and the value on the curve.
        seed: of folds and trees.
    """

    folds: int | None = None
    repeats: int | None = None
    pieces: int = 8
    ridges: tuple[float, ...] = (300.0, 100.0, 30.0, 10.0, 3.0, 1.0)
    near_for_record: float = 0.9
    near_for_challenger: float = 0.75
    boostings: tuple[Boosting, ...] = field(
        default=(
            Boosting(rounds=250, rate=0.03, leaves=8, rows_a_leaf=40, ridge=5.0, columns_a_split=8),
            Boosting(rounds=500, rate=0.05, leaves=15, rows_a_leaf=20, ridge=1.0, columns_a_split=20),
        )
    )
    calibrations: tuple[Kind, ...] = KINDS
    gaps_speak: bool = True
    seed: int = 0


@dataclass(frozen=True, slots=True)
class _Plan:
    """The settings with folds and repeats settled, and the fold of each row."""

    settings: Settings
    fold: Ints
    folds: int
    repeats: int


def _plan(settings: Settings, outcome: Floats, group: Ints) -> _Plan:
    small = len(outcome) < _SMALL
    folds = settings.folds or (10 if small else 5)
    repeats = settings.repeats or (3 if small else 1)
    return _Plan(settings, grouped(outcome, group, folds, settings.seed), folds, repeats)


def _silent(_: str) -> None:
    return


def train(
    panel: Panel,
    *,
    signs: Mapping[str, int] | None = None,
    settings: Settings | None = None,
    judged: NDArray[np.bool_] | None = None,
    amounts: bool | None = None,
    names: Mapping[str, str | None] | None = None,
    tell: Tell = _silent,
) -> FailureModel:
    """Fit, choose and calibrate the model of record and the challenger.

    Args:
        panel: company-years, their outcomes known where `judged`.
        signs: for figures, 1 where risk can only rise with it, -1 where it can only fall.
        settings: what may be chosen from.
        judged: rows to learn the outcome of; the others are their past only. All, or the newest of each company
            where the panel is one of windows, when not given.
        amounts: whether the figures are amounts of money; judged from them where None.
        names: target, entity and period columns, for the record.
        tell: told of progress.

    Raises:
        InputError: if a sign names no figure, or there are too few failures for the folds.
    """
    chosen = settings or Settings()
    expected = dict(signs or {})
    _known(expected, panel)
    window = is_window(panel)
    rows = (newest(panel) if window else np.ones(len(panel), dtype=np.bool_)) if judged is None else judged
    outcome = panel.outcome[rows]
    group = numbered(panel.group[rows])
    plan = _plan(chosen, outcome, group)
    witnesses = {}
    fits: list[tuple[str, float, Fit]] = [
        (RECORD, chosen.near_for_record, _fit_curves),
        (CHALLENGER, chosen.near_for_challenger, _fit_forest),
    ]
    for name, near, fit in fits if chosen.boostings else fits[:1]:
        tell(f"fitting the {name.replace('_', ' ')}")
        recipe = learn(
            panel.rows(rows) if not window else panel,
            near=near, amounts=amounts, past=_has_past(panel), count_gaps=chosen.gaps_speak,
        )  # fmt: skip
        features = recipe.make(panel)[rows]
        scorer, score = fit(features, outcome, recipe.signs(expected), plan)
        witnesses[name] = _calibrated(recipe, scorer, score, outcome, group, plan)
    about = {
        **{key: (names or {}).get(key) for key in ("target", "entity", "period")},
        "rows": int(rows.sum()),
        "companies": None if panel.entity is None else len(np.unique(panel.entity[rows])),
        "failures": int(outcome.sum()),
        "panel_sha256": fingerprint(panel),
        "signs": expected,
        "settings": asdict(chosen) | {"folds": plan.folds, "repeats": plan.repeats},
        "notes": list(panel.notes),
    }
    return FailureModel(about, float(outcome.mean()), window, witnesses)


def fingerprint(panel: Panel) -> str:
    """SHA-256 of the figures and outcomes that a model was fitted on."""
    digest = hashlib.sha256("\n".join(panel.columns).encode())
    for part in (panel.values, panel.outcome):
        digest.update(np.ascontiguousarray(part).tobytes())
    return digest.hexdigest()


def _known(signs: Mapping[str, int], panel: Panel) -> None:
    wrong = [f"{name}: {sign}" for name, sign in signs.items() if name not in panel.columns or sign not in {-1, 0, 1}]
    if wrong:
        raise InputError(
            f"a sign is 1, 0 or -1 for a figure of the panel, not {', '.join(wrong[:4])}",
            next_step="Give signs for figures that the panel has and the guards kept.",
        )


def _has_past(panel: Panel) -> bool:
    return panel.entity is not None and panel.period is not None and len(np.unique(panel.entity)) < len(panel)


def _fit_curves(features: Floats, outcome: Floats, signs: Ints, plan: _Plan) -> tuple[Curves, Floats]:
    """The model of record with its copies, and its scores out of fold."""
    settings = plan.settings
    ramps = Ramps.learn(features, settings.pieces)
    basis = ramps.basis(features)
    basis[:, _muted(ramps, signs, gaps_speak=settings.gaps_speak)] = 0.0
    sign = signs[ramps.owner] * ramps.is_ramp
    tried: dict[float, tuple[float, Floats, list[Line]]] = {}
    starts: list[Line | None] = [None] * plan.folds
    for ridge in settings.ridges:
        score = np.empty(len(outcome))
        lines = []
        for place, (seen, held) in enumerate(splits(plan.fold)):
            line = logistic.fit(basis[seen], outcome[seen], ridge, sign=sign, start=starts[place])
            score[held] = line.log_odds(basis[held])
            lines.append(line)
        starts = list(lines)
        loss = float(np.mean(np.logaddexp(0, score) - outcome * score))
        tried[ridge] = (loss, score, lines)
        if loss > 1.02 * min(each[0] for each in tried.values()):
            break
    ridge = min(tried, key=lambda each: tried[each][0])
    out_of_fold, copies = tried[ridge][1:]
    whole = logistic.fit(basis, outcome, ridge, sign=sign, start=copies[0])
    return Curves(ramps, _rounded(whole), tuple(_rounded(copy) for copy in copies), ridge), out_of_fold


def _muted(ramps: Ramps, signs: Ints, *, gaps_speak: bool) -> NDArray[np.bool_]:
    """Basis columns that get no coefficient: a shared value must not break a sign; see `Settings.gaps_speak`."""
    spike = (ramps.is_ramp == 0) & ~ramps.is_gap
    signed = signs[ramps.owner] != 0
    return np.asarray((spike & signed) | (~np.bool_(gaps_speak) & (spike | ramps.is_gap)))


def _fit_forest(features: Floats, outcome: Floats, signs: Ints, plan: _Plan) -> tuple[Forest, Floats]:
    """The challenger, and its scores out of fold (the mean over repeats)."""
    settings = plan.settings
    best: tuple[float, Forest, Floats] | None = None
    for number, boosting in enumerate(settings.boostings):
        score = np.zeros(len(outcome))
        members: list[Trees] = []
        for place, (seen, held) in enumerate(splits(plan.fold)):
            seeds = [settings.seed + 1000 * repeat + place for repeat in range(plan.repeats)]
            fitted = [trees.fit(features[seen], outcome[seen], boosting, sign=signs, seed=seed) for seed in seeds]
            member = trees.averaged(fitted)
            score[held] = member.log_odds(features[held])
            members.append(member)
        area = roc_auc(outcome, score)
        if best is None or area > best[0]:
            best = (area, Forest(tuple(members), number), score)
    if best is None:
        raise InputError("no settings of trees were given to choose from")
    return best[1], best[2]


def _calibrated(
    recipe: Recipe, scorer: Curves | Forest, score: Floats, outcome: Floats, group: Ints, plan: _Plan
) -> Witness:
    """Probabilities that hold out of fold; once with all rows, once without each fold for the intervals."""
    settings = plan.settings
    whole = calibration.choose(score, outcome, group, settings.seed, settings.calibrations)
    without = [calibration.fit(whole.kind, score[seen], outcome[seen]) for seen, _ in splits(plan.fold)]
    return Witness(recipe, scorer, whole, tuple(without))


def _rounded(line: Line) -> Line:
    """Ten significant digits, so that the bytes do not hang on the last bits of a linear algebra library."""
    values: list[Any] = [float(f"{value:.{_DIGITS}g}") for value in (line.intercept, *line.coefficients)]
    return Line(values[0], np.array(values[1:]))
