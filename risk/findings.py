"""What the measuring modules hand on: indicators, events and lineage, and the ids these have.

An indicator's id is `subject.code.date`, an account's `period.line`: they read as what they are and are the same in
every run. A place in a document, where no row of a run stands for it, is written `document_id locator`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from oversight.model.evidence import schema_of
from oversight.model.ids import row_id

LINEAGE: pl.Schema = pl.Schema({"item_id": pl.String, "input_id": pl.String, "role": pl.String})


@dataclass(frozen=True, slots=True)
class Findings:
    """Rows of `indicator`, `event` and `lineage`."""

    indicator: pl.DataFrame
    event: pl.DataFrame
    lineage: pl.DataFrame

    @classmethod
    def of(
        cls,
        *,
        indicator: pl.DataFrame | None = None,
        event: pl.DataFrame | None = None,
        lineage: pl.DataFrame | None = None,
    ) -> "Findings":
        """Findings with the tables given; the others are empty."""
        return cls(
            indicator=empty("indicator") if indicator is None else indicator.select(empty("indicator").columns),
            event=empty("event") if event is None else event.select(empty("event").columns),
            lineage=empty("lineage") if lineage is None else lineage.select(LINEAGE.names()),
        )

    @classmethod
    def together(cls, parts: Iterable["Findings"]) -> "Findings":
        """All rows of several findings."""
        found = [*parts, cls.of()]
        return cls(
            indicator=pl.concat([part.indicator for part in found]),
            event=pl.concat([part.event for part in found]).unique("event_id", keep="first", maintain_order=True),
            lineage=pl.concat([part.lineage for part in found]),
        )


@cache
def empty(name: str) -> pl.DataFrame:
    """A declared table without rows."""
    frame: pl.DataFrame = schema_of(name).create_empty()
    return frame


def distinct_lineage(parts: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Lineage rows, one for each item and input; where an input has two roles, the first by name."""
    rows = pl.concat([part.select(LINEAGE.names()) for part in parts])
    return rows.group_by("item_id", "input_id").agg(pl.col("role").min())


def indicator_id() -> pl.Expr:
    """The id of an indicator, from the columns subject, code and dated_on."""
    return pl.concat_str([pl.col("subject"), pl.col("code"), pl.col("dated_on").cast(pl.String)], separator=".")


def place(document: str = "document_id", locator: str = "locator") -> pl.Expr:
    """A place in a document as an id of lineage: `document_id locator`."""
    return pl.concat_str([pl.col(document), pl.col(locator)], separator=" ")


def hashed(frame: pl.DataFrame, name: str, prefix: str, columns: Sequence[str]) -> pl.DataFrame:
    """The frame with a column of row ids made of a prefix and some columns."""
    ids = [row_id(prefix, *parts) for parts in frame.select(columns).iter_rows()]
    return frame.with_columns(pl.Series(name, ids, dtype=pl.String))


def months_between(earlier: pl.Expr, later: pl.Expr) -> pl.Expr:
    """Length of time from one day to another in months of 30.436875 days, to one decimal."""
    return ((later - earlier).dt.total_days() / 30.436875).round(1)
