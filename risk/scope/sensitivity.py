"""Who enters and who leaves as each threshold of a set moves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from risk.scope.conditions import Condition, ConditionSet, Requirement
from risk.scope.measures import Holdings
from risk.scope.screen import judge

ALL: Final = "all thresholds together"
SCHEMA: Final = pl.Schema(
    [
        ("condition", pl.String),
        ("varied", pl.String),
        ("threshold", pl.Float64),
        ("unit", pl.String),
        ("as_set", pl.Boolean),
        ("candidates", pl.Int64),
        ("entering", pl.List(pl.String)),
        ("leaving", pl.List(pl.String)),
    ]
)
"""One row a threshold tried: which one, its figure, how many groups meet any condition then, and the group ids that
enter and leave against the set as it stands."""
_WHOLE: Final = frozenset({"homes", "places", "authorities", "regions", "authorities_over_share"})


@dataclass(frozen=True, slots=True)
class _Trial:
    condition: str
    varied: str
    threshold: float
    unit: str
    as_set: bool
    conditions: ConditionSet


def sensitivity(holdings: Holdings, conditions: ConditionSet, factors: Sequence[float]) -> pl.DataFrame:
    """The set with one threshold at a time, and with all together, at several multiples of what they are.

    Thresholds on counts are rounded to whole numbers, so that two factors may try the same one: it is tried once.

    Args:
        holdings: what groups hold.
        conditions: the set as it stands.
        factors: multiples; the set as it stands is always among them.

    Returns:
        Rows of `SCHEMA`, by condition in the order of the set, then by threshold.
    """
    base = _candidates(holdings, conditions)
    rows = []
    for trial in _trials(holdings, conditions, sorted({*factors, 1.0})):
        found = base if trial.as_set else _candidates(holdings, trial.conditions)
        rows.append(
            {
                "condition": trial.condition, "varied": trial.varied, "threshold": trial.threshold,
                "unit": trial.unit, "as_set": trial.as_set, "candidates": len(found),
                "entering": sorted(found - base), "leaving": sorted(base - found),
            }
        )  # fmt: skip
    return pl.DataFrame(rows, schema=SCHEMA)


def _candidates(holdings: Holdings, conditions: ConditionSet) -> set[str]:
    return set(judge(holdings, conditions).filter("met")["group_id"])


def _trials(holdings: Holdings, conditions: ConditionSet, factors: Sequence[float]) -> Iterator[_Trial]:
    for name, condition in conditions.conditions.items():
        for number, requirement in enumerate(condition.all_of):
            yield from _of_requirement(holdings, conditions, name, number, requirement, factors)
    for factor in factors:
        changed = {
            name: Condition(kind=each.kind, all_of=tuple(_times(requirement, factor) for requirement in each.all_of))
            for name, each in conditions.conditions.items()
        }
        yield _Trial(ALL, "factor", factor, "times", factor == 1, ConditionSet(changed))


def _of_requirement(
    holdings: Holdings,
    conditions: ConditionSet,
    name: str,
    number: int,
    requirement: Requirement,
    factors: Sequence[float],
) -> Iterator[_Trial]:
    """One requirement's threshold at each factor, then the share that counts as over, where it has one."""
    stands = holdings.threshold(requirement)
    if stands is None:  # it cannot be tested whatever the threshold
        return
    tried: set[float] = set()
    for factor in factors:
        threshold = stands if factor == 1 else _rounded(stands * factor, requirement)
        if threshold <= 0 or threshold in tried or (factor != 1 and threshold == stands):
            continue
        tried.add(threshold)
        moved = requirement.model_copy(update={"threshold": threshold, "scaled_from": None})
        yield _Trial(
            name, requirement.measure, threshold, requirement.unit, factor == 1, _with(conditions, name, number, moved)
        )
    if requirement.local_share is not None:
        for factor in factors:
            share = min(100.0, requirement.local_share * factor)
            moved = requirement.model_copy(update={"local_share": share})
            yield _Trial(name, "local_share", share, "percent", factor == 1, _with(conditions, name, number, moved))


def _rounded(threshold: float, requirement: Requirement) -> float:
    return float(round(threshold)) if requirement.measure in _WHOLE else round(threshold, 2)


def _times(requirement: Requirement, factor: float) -> Requirement:
    return requirement.model_copy(update={"threshold": requirement.threshold * factor})


def _with(conditions: ConditionSet, name: str, number: int, requirement: Requirement) -> ConditionSet:
    """The set with one requirement in place of another."""
    condition = conditions.conditions[name]
    requirements = tuple(requirement if place == number else each for place, each in enumerate(condition.all_of))
    return ConditionSet({**conditions.conditions, name: Condition(kind=condition.kind, all_of=requirements)})
