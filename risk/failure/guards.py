"""Columns that give the answer away, or name the row: left out, and said so.

A figure that alone all but decides the outcome is far likelier to be the outcome in another dress (a date of
dissolution, a status, a count of insolvency cases) than a ratio that good: no ratio on any public panel comes near.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import polars as pl

from oversight.errors import InputError
from risk.learning.metrics import Floats, Ints, roc_auc

_GIVES_AWAY: Final = 0.99
_TELLING: Final = 10
"""With fewer of either outcome a figure decides it by chance."""
_MOSTLY_TEXT: Final = 0.5
_NAME: Final = (
    r"(?i)(^|_|\s|\b)(id|ids|urn|cik|ticker|isin|lei|code|name|number|no|crn|index|row|firm|company|entity)(_|\s|$)"
)
_DISTINCT: Final = 0.5


def screen(
    frame: pl.DataFrame, outcome: Floats, entity: Ints | None
) -> tuple[tuple[str, ...], Floats, tuple[str, ...]]:
    """The figures of a table.

    Args:
        frame: columns that may be figures.
        outcome: 0, 1 or NaN for each row.
        entity: number of each row's company, where known.

    Returns:
        Names of the columns kept, their values (rows by columns, NaN for gaps), and what was left out and why.

    Raises:
        InputError: if nothing is left.
    """
    kept: list[str] = []
    values: list[Floats] = []
    notes: list[str] = []
    for column in frame:
        numbers, gone = figures(column)
        why = _why_not(column, numbers, outcome, entity)
        if why:
            notes.append(f"{column.name}: {why}")
            continue
        twin = next((name for name, held in zip(kept, values, strict=True) if _same(held, numbers)), None)
        if twin is not None:
            notes.append(f"{column.name}: left out: it is a copy of {twin}")
            continue
        if gone:
            notes.append(f"{column.name}: {gone:,} values are no numbers and count as gaps")
        kept.append(column.name)
        values.append(numbers)
    if not kept:
        raise InputError(
            "no column of the panel is a figure that can be learnt from",
            where="; ".join(notes[:5]),
            next_step="Give numeric columns that are known before the outcome.",
        )
    return tuple(kept), np.column_stack(values), tuple(notes)


def figures(column: pl.Series) -> tuple[Floats, int]:
    """A column as numbers, gaps and infinities as NaN, and how many values were no numbers."""
    if column.dtype == pl.Boolean or column.dtype.is_numeric():
        numbers = column.cast(pl.Float64)
    else:
        numbers = column.cast(pl.String, strict=False).str.strip_chars().cast(pl.Float64, strict=False)
    gone = numbers.null_count() - column.null_count()
    values = numbers.fill_null(float("nan")).to_numpy().astype(np.float64)
    return np.where(np.isfinite(values), values, np.nan), gone


def _same(first: Floats, second: Floats) -> bool:
    return np.array_equal(first, second, equal_nan=True)


def _why_not(column: pl.Series, numbers: Floats, outcome: Floats, entity: Ints | None) -> str:
    """Why a column is no figure; empty where it is one."""
    filled, known = np.isfinite(numbers), np.isfinite(outcome)
    given = len(column) - column.null_count()
    levels = np.unique(numbers[filled])
    faults: dict[str, Callable[[], Any]] = {
        "it is empty": lambda: not given,
        "it says the same as the outcome": lambda: _mirrors(column, outcome),
        "it is text": lambda: filled.sum() < _MOSTLY_TEXT * given,
        "it never varies": lambda: len(levels) == 1 and filled.all(),
        "it names rows or companies": lambda: _names_rows(column.name, numbers, levels, entity),
        "it alone all but decides the outcome, as only the outcome itself does": lambda: _gives_away(
            numbers[known], outcome[known]
        ),
    }
    return next((f"left out: {fault}" for fault, holds in faults.items() if holds()), "")


def _mirrors(column: pl.Series, outcome: Floats) -> bool:
    """Whether each value of a column of few values goes with one outcome."""
    pairs = pl.DataFrame({"value": column.cast(pl.String, strict=False), "outcome": outcome}).filter(
        pl.col("outcome").is_not_nan()
    )
    levels = pairs["value"].n_unique()
    few = 2 <= levels <= max(2, 0.01 * len(pairs))  # noqa: PLR2004 - a yes and a no
    return bool(few and pairs.unique().height == levels and pairs["outcome"].n_unique() > 1)


def _names_rows(name: str, numbers: Floats, levels: Floats, entity: Ints | None) -> bool:
    whole = bool((levels == np.round(levels)).all())
    if not whole:
        return False
    filled = np.isfinite(numbers)
    counts_rows = bool(filled.all() and len(numbers) > 2 and (np.diff(numbers) == 1).all())  # noqa: PLR2004
    named = pl.Series([name]).str.contains(_NAME).item() and len(levels) > _DISTINCT * filled.sum()
    return counts_rows or bool(named) or (entity is not None and _is_entity(numbers, levels, entity))


def _is_entity(numbers: Floats, levels: Floats, entity: Ints) -> bool:
    """Whether a column of whole numbers tells companies apart and never changes within one."""
    companies = int(entity.max()) + 1
    if companies == len(entity) or np.isnan(numbers).any() or len(levels) != companies:
        return False
    pairs = np.unique(np.column_stack([entity, numbers]), axis=0)
    return len(pairs) == companies


def _gives_away(numbers: Floats, outcome: Floats) -> bool:
    filled = np.isfinite(numbers)
    if not filled.all() and _decides((~filled).astype(np.float64), outcome):
        return True
    return _decides(numbers[filled], outcome[filled])


def _decides(score: Floats, outcome: Floats) -> bool:
    if min(outcome.sum(), len(outcome) - outcome.sum()) < _TELLING:
        return False
    area = roc_auc(outcome, score)
    return max(area, 1 - area) > _GIVES_AWAY
