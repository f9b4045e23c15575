"""Columns, notes and small expressions that several sheets share."""

from typing import Final

import polars as pl

from reports.sheet import Column
from reports.style import words
from reports.symbols import NOT_APPLICABLE

TRACE_NOTE: Final = "To see what a row rests on, run: oversight trace ID, with the ID from the first column."
SHORTHAND_NOTE: Final = "Shorthand such as [x] stands for a missing value; the Notes sheet says what each means."

ENTRY: Final = Column("entry_id", "ID", width=12, missing=NOT_APPLICABLE)
GROUP: Final = Column("group_name", "Group", width=32)


def in_words(column: str) -> pl.Expr:
    """A snake_case code in words."""
    return pl.col(column).map_elements(words, return_dtype=pl.String)


def sentence(*columns: str) -> pl.Expr:
    """Text with a capital at its start."""
    text = pl.col(columns)
    return text.str.slice(0, 1).str.to_uppercase() + text.str.slice(1)
