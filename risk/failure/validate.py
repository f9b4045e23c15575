"""How good a model is on rows it never saw: out of fold, companies held back, the last period, another file."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oversight.errors import InputError
from risk.failure.model import FailureModel
from risk.failure.panel import Panel, is_window, newest
from risk.failure.train import Settings, Tell, train
from risk.learning.calibration import prior_weight, shift_for
from risk.learning.folds import grouped, last_period, numbered
from risk.learning.metrics import Floats, evaluate, reliability
from risk.learning.operating import at_points

_DRAWS = 500


def measure(
    panel: Panel, estimates: Mapping[str, Floats], rows: NDArray[np.bool_], *, base_rate: float | None = None
) -> dict[str, Any]:
    """Figures of each witness, for JSON.

    Args:
        panel: with known outcomes.
        estimates: probabilities of the rows judged, by witness.
        rows: the rows judged.
        base_rate: share of failures in the population that the rows are weighted to stand for, where it is not theirs.
    """
    outcome, cluster = panel.outcome[rows], panel.cluster[rows]
    weight = None if base_rate is None else prior_weight(outcome, base_rate)
    entity = None if panel.entity is None else panel.entity[rows]
    period = None if panel.period is None else panel.period[rows]
    as_it_is = base_rate is None  # counts of rows that stand for others would mislead
    return {
        name: {
            **evaluate(outcome, probability, cluster=cluster, weight=weight, draws=_DRAWS).to_dict(),
            "reliability": reliability(outcome, probability, weight=weight),
            **({"operating_points": at_points(outcome, probability, entity=entity, period=period)} if as_it_is else {}),
        }
        for name, probability in estimates.items()
    }


def on_panel(model: FailureModel, panel: Panel, *, base_rate: float | None = None) -> dict[str, Any]:
    """Figures of a fitted model on a panel with outcomes.

    Args:
        model: fitted on other rows.
        panel: with the model's figures.
        base_rate: re-anchor probabilities and weigh rows to this share of failures.
    """
    rows = model.judged(panel)
    shift = 0.0 if base_rate is None else shift_for(model.base_rate, base_rate)
    estimates = {name: chance[rows] for name, chance in model.chances(panel, shift=shift).items()}
    return measure(panel, estimates, rows, base_rate=base_rate)


def held_back(
    panel: Panel,
    seen: NDArray[np.bool_],
    *,
    signs: Mapping[str, int] | None = None,
    settings: Settings | None = None,
    amounts: bool | None = None,
    names: Mapping[str, str | None] | None = None,
    tell: Tell = lambda _: None,
) -> tuple[FailureModel, dict[str, Any]]:
    """A model fitted on some rows, and its figures on the others.

    The rows held back may look at earlier rows of their own company, seen or not; nothing looks at a later row.
    """
    model = train(panel.rows(seen), signs=signs, settings=settings, amounts=amounts, names=names, tell=tell)
    held = ~seen & model.judged(panel)
    estimates = {name: chance[held] for name, chance in model.chances(panel).items()}
    return model, measure(panel, estimates, held)


def cross_validate(
    panel: Panel,
    k: int,
    *,
    signs: Mapping[str, int] | None = None,
    settings: Settings | None = None,
    amounts: bool | None = None,
    seed: int = 20,
    tell: Tell = lambda _: None,
) -> tuple[dict[str, Any], dict[str, Floats]]:
    """Figures out of fold; everything that a training chooses is chosen anew in each fold (nested).

    Args:
        panel: company-years.
        k: folds; companies, and rows that are copies of each other, stay whole.
        signs: as in training.
        settings: as in training.
        amounts: as in training.
        seed: of these folds, which are not those of the training.
        tell: told of progress.

    Returns:
        Figures of each witness, and the probabilities of the rows judged.

    Raises:
        InputError: if k is under 2, or there are too few failures.
    """
    if k < 2:  # noqa: PLR2004 - one to learn from, one to test on
        raise InputError(f"{k} folds cannot be held against each other", next_step="Ask for 2 or more.")
    rows = newest(panel) if is_window(panel) else np.ones(len(panel), dtype=np.bool_)
    group = panel.group
    fold = np.full(len(panel), -1)
    fold[rows] = grouped(panel.outcome[rows], numbered(group[rows]), k, seed)
    of_group = np.full(int(group.max()) + 1, -1)
    of_group[group[rows]] = fold[rows]
    fold = of_group[group]
    found: dict[str, Floats] = {}
    for number in range(k):
        tell(f"fold {number + 1} of {k}")
        model = train(panel.rows(fold != number), signs=signs, settings=settings, amounts=amounts)
        held = panel.rows(fold == number)
        judged = rows & (fold == number)
        for name, chance in model.chances(held).items():
            found.setdefault(name, np.full(len(panel), np.nan))[judged] = chance[rows[fold == number]]
    estimates = {name: probability[rows] for name, probability in found.items()}
    return measure(panel, estimates, rows), estimates


def last_period_of_unseen(
    panel: Panel,
    k: int = 5,
    *,
    signs: Mapping[str, int] | None = None,
    settings: Settings | None = None,
    amounts: bool | None = None,
    seed: int = 20,
) -> dict[str, Any]:
    """Figures on the last period by models that saw neither that period nor the company.

    Companies are dealt to folds; for each fold a model is fitted on the earlier periods of the other folds' companies.

    Raises:
        InputError: if the panel has no periods, or one only.
    """
    if panel.period is None:
        raise InputError("the panel has no periods to split by", next_step="Name the column with --period.")
    past, last = last_period(panel.period)
    fold = grouped(panel.outcome, panel.group, k, seed)
    found: dict[str, Floats] = {}
    for number in range(k):
        model = train(panel.rows(past & (fold != number)), signs=signs, settings=settings, amounts=amounts)
        held = last & (fold == number)
        for name, chance in model.chances(panel).items():
            found.setdefault(name, np.full(len(panel), np.nan))[held] = chance[held]
    return measure(panel, {name: probability[last] for name, probability in found.items()}, last)
