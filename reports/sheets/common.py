"""Columns, notes and small expressions that several sheets share."""

from typing import Final

import polars as pl

from reports.sheet import Column
from reports.style import words
from reports.symbols import NOT_APPLICABLE

TRACE_NOTE: Final = "To see what a row rests on, run: oversight trace ID, with the ID from the first column."
SHORTHAND_NOTE: Final = "Shorthand such as [x] stands for a missing value; the Notes sheet says what each means."

GATHERED_NOTE: Final = "Where several have no value for the same reason, they share a row that says how many they are."
_ALIKE: Final = 3
"""Rows without a value and of one reason from which they share a row."""

ENTRY: Final = Column("entry_id", "ID", width=12, missing=NOT_APPLICABLE)
GROUP: Final = Column("group_name", "Group", width=32)


def in_words(column: str) -> pl.Expr:
    """A snake_case code in words."""
    return pl.col(column).map_elements(words, return_dtype=pl.String)


def sentence(*columns: str) -> pl.Expr:
    """Text with a capital at its start."""
    text = pl.col(columns)
    return text.str.slice(0, 1).str.to_uppercase() + text.str.slice(1)


def gathered(
    frame: pl.DataFrame, absent: pl.Expr, keys: tuple[str, ...], *, name: str, key: str, noun: str
) -> pl.DataFrame:
    """The frame with one row for those that lack a value for the same reason, where they are three or more.

    Args:
        frame: rows in the order they are shown in.
        absent: whether a row lacks its value.
        keys: columns on which rows must agree to share one; the others are taken from the first of them.
        name: column that names a row; becomes `12 metrics`.
        key: column with a row's ID; null for a shared row.
        noun: what the rows are, in the plural.
    """
    found = frame.with_row_index("_at").with_columns(
        _alike=pl.when(absent).then(pl.len().over(*keys, absent)).otherwise(0),
    )
    many = pl.col("_alike") >= _ALIKE
    shared = found.filter(many).unique(keys, keep="first", maintain_order=True)
    shared = shared.with_columns(
        pl.format("{} {}", "_alike", pl.lit(noun)).alias(name), pl.lit(None, pl.String).alias(key)
    )
    return pl.concat([found.filter(~many), shared]).sort("_at").drop("_at", "_alike")
