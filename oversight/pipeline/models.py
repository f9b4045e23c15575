"""Training and measuring models on panels: tables in, a fitted model and figures out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oversight.errors import InputError
from risk.failure.model import FailureModel
from risk.failure.panel import Panel, at_risk, build
from risk.failure.train import Settings, train
from risk.failure.validate import cross_validate, held_back, last_period_of_unseen, on_panel
from risk.learning.folds import grouped, last_period

_FIFTH = 5
_FILE = "file of the panel"


class Split(StrEnum):
    """What is held back to measure on."""

    NONE = "none"
    ENTITY = "entity"
    TIME = "time"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Task:
    """What to train and measure.

    Attributes:
        panels: tables of company-years; several are put below each other.
        target: column of the outcome.
        entity: column of the company.
        period: column of the period.
        split: what is held back.
        folds: figures out of so many folds, where given.
        signs: 1 or -1 for figures whose sign is known.
        exclude: columns that are no figures.
        amounts: whether figures are amounts of money; judged where None.
        repeats: ensembles of trees a fold; by the size of the panel where None.
        seed: of folds and trees.
        fit: whether a model is wanted, or figures only.
    """

    panels: Sequence[pl.DataFrame]
    target: str
    entity: str | None = None
    period: str | None = None
    split: Split = Split.NONE
    folds: int | None = None
    signs: dict[str, int] = field(default_factory=dict)
    exclude: Sequence[str] = ()
    amounts: bool | None = None
    repeats: int | None = None
    seed: int = 0
    fit: bool = True


@dataclass(frozen=True, slots=True)
class Trained:
    """A fitted model (None where only figures were asked for), figures by test, and what the guards say."""

    model: FailureModel | None
    figures: dict[str, Any]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of a model on a panel, and each row's probabilities with their intervals."""

    figures: dict[str, Any]
    estimates: pl.DataFrame


def train_model(task: Task, tell: Callable[[str], None]) -> Trained:
    """Fit on the rows that are not held back, and measure on those that are.

    Raises:
        InputError: if a column is missing, the split is not possible, or there are too few failures.
    """
    panel, file = _panel(task)
    options: dict[str, Any] = {
        "signs": {name: sign for name, sign in task.signs.items() if name in panel.columns},
        "settings": Settings(repeats=task.repeats, seed=task.seed),
        "amounts": task.amounts,
    }
    unknown = sorted(set(task.signs) - set(panel.columns))
    notes = (*panel.notes, *(f"{name}: its sign is not used, the panel has no such figure" for name in unknown))
    names = {"target": task.target, "entity": task.entity, "period": task.period}
    figures: dict[str, Any] = {}
    if task.folds is not None:
        figures["out_of_fold"], _ = cross_validate(panel, task.folds, tell=tell, **options)
    model: FailureModel | None = None
    if task.split is not Split.NONE:
        seen = _seen(task, panel, file)
        model, figures[f"held_back_by_{task.split}"] = held_back(panel, seen, names=names, tell=tell, **options)
        if task.split is Split.TIME and panel.entity is not None:
            tell("measuring on companies and a period never seen")
            figures["held_back_by_time_and_entity"] = last_period_of_unseen(panel, **options)
    elif task.fit:
        model = train(panel, names=names, tell=tell, **options)
    return Trained(model, figures, notes)


def evaluate_model(
    model: FailureModel,
    frame: pl.DataFrame,
    *,
    target: str | None,
    entity: str | None,
    period: str | None,
    base_rate: float | None,
) -> Measured:
    """Figures of a model on a table, in the columns it was trained on unless others are named.

    Raises:
        InputError: if a column is missing or the outcome cannot be read.
    """
    about = model.about

    def column(given: str | None, known: str) -> str | None:
        trained_on = about.get(known)
        return given or (trained_on if trained_on in frame.columns else None)

    panel = build(
        frame,
        target=target or about.get("target"),
        entity=column(entity, "entity"),
        period=column(period, "period"),
        only=model.figures,
    )
    rows = model.judged(panel)
    parts: dict[str, NDArray[Any]] = {"row": np.flatnonzero(rows) + 1, "outcome": panel.outcome[rows]}
    for name, witness in model.witnesses.items():
        estimate = witness.estimate(panel)
        for part in ("probability", "low", "high"):
            parts[f"{name}_{part}"] = getattr(estimate, part)[rows]
    return Measured(on_panel(model, panel, base_rate=base_rate), pl.DataFrame(parts))


def _panel(task: Task) -> tuple[Panel, NDArray[np.int64]]:
    """The panel without what is after a failure, and the number of the file that each row came from."""
    if not task.panels:
        raise InputError("no panel was given", next_step="Give one with --panel.")
    numbered = [frame.with_columns(pl.lit(place).alias(_FILE)) for place, frame in enumerate(task.panels)]
    frame = pl.concat(numbered, how="diagonal_relaxed")
    panel = build(frame, target=task.target, entity=task.entity, period=task.period, exclude=[*task.exclude, _FILE])
    file = frame[_FILE].to_numpy().astype(np.int64)
    kept = at_risk(replace(panel, columns=(*panel.columns, _FILE), values=np.column_stack([panel.values, file])))
    return (
        replace(kept, columns=panel.columns, values=kept.values[:, :-1]),
        kept.values[:, -1].astype(np.int64),
    )


def _seen(task: Task, panel: Panel, file: NDArray[np.int64]) -> NDArray[np.bool_]:
    if task.split is Split.ENTITY:
        return np.asarray(grouped(panel.outcome, panel.group, _FIFTH, task.seed + 20) != 0)
    if task.split is Split.TIME:
        if panel.period is None:
            raise InputError("there are no periods to split by", next_step="Name the column with --period.")
        return last_period(panel.period)[0]
    if len(task.panels) < 2:  # noqa: PLR2004 - one to train on, one to test on
        raise InputError("one file cannot be split by file", next_step="Give --panel twice; the last is held back.")
    held = file == len(task.panels) - 1
    shared = np.isin(panel.group, np.unique(panel.group[held]))
    return np.asarray(~held & ~shared)
