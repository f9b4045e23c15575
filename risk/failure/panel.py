"""A panel of company-years, checked for what would leak the answer before anything is fitted on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from oversight.errors import InputError
from risk.failure import guards
from risk.learning.folds import identical_rows, joined, numbered
from risk.learning.metrics import Floats, Ints

MOST_COLUMNS: Final = 2_000
_YES: Final = frozenset({"1", "1.0", "true", "yes", "y", "failed", "bankrupt", "insolvent", "default"})
_NO: Final = frozenset({"0", "0.0", "false", "no", "n", "alive", "healthy", "active", "solvent"})


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Company-years that can be learnt from.

    Attributes:
        columns: names of the figures.
        values: rows by columns, NaN for gaps.
        outcome: 1 where the company fails, else 0; NaN where it is not known.
        entity: number of each row's company; None where the panel has no ids.
        period: when each row's accounts end, as a number that rises with time; None where not given.
        notes: what the guards left out or found, in words.
    """

    columns: tuple[str, ...]
    values: Floats
    outcome: Floats
    entity: Ints | None
    period: Floats | None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    @property
    def group(self) -> Ints:
        """Rows that must stay together: those of a company, and rows that are copies of each other."""
        copies = identical_rows(self.values)
        return copies if self.entity is None else joined(self.entity, copies)

    @property
    def cluster(self) -> Ints:
        """What the bootstrap draws: companies, or rows where there are no ids."""
        return np.arange(len(self)) if self.entity is None else self.entity

    def rows(self, chosen: NDArray[Any]) -> "Panel":
        """Some of the rows."""
        return replace(
            self,
            values=self.values[chosen],
            outcome=self.outcome[chosen],
            entity=None if self.entity is None else numbered(self.entity[chosen]),
            period=None if self.period is None else self.period[chosen],
        )


def build(
    frame: pl.DataFrame,
    *,
    target: str | None,
    entity: str | None = None,
    period: str | None = None,
    exclude: Sequence[str] = (),
    only: Sequence[str] | None = None,
) -> Panel:
    """A panel from a table.

    Args:
        frame: one row a company and year.
        target: column that says whether the company failed; None where outcomes are not known.
        entity: column that names the company, where there is one.
        period: column that dates the accounts, a number or a date, where there is one.
        exclude: columns that are no figures.
        only: columns to take, in this order (those a model was fitted on): the guards then choose nothing.

    Raises:
        InputError: if a column is missing, the outcome is not yes or no or never varies, a company has two rows of
            one period, or no figure is left; names the columns.
    """
    special = [name for name in (target, entity, period) if name is not None]
    _present(frame, [*special, *exclude, *(only or ())])
    if not len(frame):
        raise InputError("the panel has no rows", next_step="Give a panel with one row a company and year.")
    outcome = np.full(len(frame), np.nan) if target is None else _outcome(frame[target])
    named = None if entity is None else numbered(frame[entity].cast(pl.String).fill_null("").to_numpy())
    dated = None if period is None else _period(frame[period])
    if named is not None and dated is not None:
        _once(frame, str(entity), str(period))
    if only is not None:
        values = np.column_stack([guards.figures(frame[name])[0] for name in only])
        return Panel(tuple(only), values, outcome, named, dated)
    candidates = [name for name in frame.columns if name not in {*special, *exclude}]
    if len(candidates) > MOST_COLUMNS:
        raise InputError(f"the panel has {len(candidates):,} columns; at most {MOST_COLUMNS:,} are read")
    kept, values, notes = guards.screen(frame.select(candidates), outcome, named)
    return Panel(kept, values, outcome, named, dated, notes)


def at_risk(panel: Panel) -> Panel:
    """The panel without company-years after the company failed, which cannot fail again.

    Only where companies fail in one year and not in those before: where a company has one outcome on all its rows,
    see `is_window`.
    """
    if panel.entity is None or panel.period is None or is_window(panel):
        return panel
    first = np.full(int(panel.entity.max()) + 1, np.inf)
    failed = panel.outcome > 0
    np.minimum.at(first, panel.entity[failed], panel.period[failed])
    late = panel.period > first[panel.entity]
    if not late.any():
        return panel
    note = f"{int(late.sum()):,} rows after their company's failure were left out"
    kept = panel.rows(~late)
    return replace(kept, notes=(*panel.notes, note))


def is_window(panel: Panel) -> bool:
    """Whether each company has one outcome on all its rows, so that its years are one window before one outcome."""
    if panel.entity is None or panel.period is None or np.isnan(panel.outcome).any():
        return False
    rows = np.bincount(panel.entity)
    failed = np.bincount(panel.entity, panel.outcome)
    several = rows > 1
    return bool(
        several.any() and (failed[several] > 0).any() and np.isin(failed[several] / rows[several], (0, 1)).all()
    )


def newest(panel: Panel) -> NDArray[np.bool_]:
    """The last row of each company."""
    if panel.entity is None or panel.period is None:
        return np.ones(len(panel), dtype=np.bool_)
    last = np.full(int(panel.entity.max()) + 1, -np.inf)
    np.maximum.at(last, panel.entity, panel.period)
    return np.asarray(panel.period == last[panel.entity])


def _present(frame: pl.DataFrame, names: Sequence[str]) -> None:
    missing = [name for name in names if name not in frame.columns]
    if missing:
        shown = ", ".join(frame.columns[:30]) + (" …" if len(frame.columns) > 30 else "")  # noqa: PLR2004 - what fits
        raise InputError(
            f"the panel has no column {', '.join(repr(name) for name in missing)}",
            where=f"columns: {shown}",
            next_step="Name a column of the panel; capitals count.",
        )


def _outcome(column: pl.Series) -> Floats:
    words = column.cast(pl.String).str.strip_chars().str.to_lowercase()
    found = set(words.unique().to_list())
    if not found <= _YES | _NO:
        shown = ", ".join(repr(value) for value in sorted(found - _YES - _NO, key=str)[:4])
        raise InputError(
            f"the outcome {column.name!r} is neither yes nor no in some rows: {shown}",
            next_step="Give 0 and 1 (or alive and failed); leave out rows whose outcome is not known.",
        )
    if not (found & _YES and found & _NO):
        raise InputError(
            f"the outcome {column.name!r} is the same in every row",
            next_step="Give a panel with companies that failed and companies that did not.",
        )
    return words.is_in(list(_YES)).cast(pl.Float64).to_numpy()


def _period(column: pl.Series) -> Floats:
    if column.dtype == pl.String:
        dates = column.str.to_date(strict=False)
        column = dates if not dates.has_nulls() else column.cast(pl.Float64, strict=False)
    elif column.dtype.is_temporal():
        column = column.cast(pl.Date)
    if column.dtype == pl.Date:
        column = column.cast(pl.Int32)
    numbers = column.cast(pl.Float64, strict=False)
    if numbers.has_nulls() or not numbers.is_finite().all():
        raise InputError(
            f"the period {column.name!r} is neither a number nor a date in some rows",
            next_step="Give a year, or dates as YYYY-MM-DD, in every row.",
        )
    return numbers.to_numpy()


def _once(frame: pl.DataFrame, entity: str, period: str) -> None:
    twice = frame.select(entity, period).filter(pl.struct(entity, period).is_duplicated())
    if len(twice):
        raise InputError(
            f"{len(twice):,} rows share their company and period with another row",
            where=f"for example {entity} {twice[entity][0]}, {period} {twice[period][0]}",
            next_step="Keep one row a company and period: the accounts that were known first.",
        )
