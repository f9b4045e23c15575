"""Taking a register back to a day: rows dated later disappear, endings dated later are undone.

The register's answer of today tells when each thing happened, so a back-test may use it, provided that
everything that happened after the day looked at is taken out again. What carries no date of its own
(a status, a next due date) is blanked where the answer was fetched after that day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl


@dataclass(frozen=True, slots=True)
class Rewind:
    """How one table is taken back.

    Attributes:
        public_on: columns that say when the row became public; the first that is filled counts. A row with
            none of them filled is kept only where the document itself was fetched by the day.
        endings: columns blanked when they lie after the day.
        undated: columns blanked in documents fetched after the day, because they describe the fetch's day.
        ever: flags that tell whether something ever happened: a later "no" is a "no" on the day too, a later
            "yes" is blanked.
    """

    public_on: tuple[str, ...]
    endings: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    ever: tuple[str, ...] = ()


REWINDS: Mapping[str, Rewind] = {
    "company": Rewind(
        public_on=("incorporated_on",),
        endings=("dissolved_on",),
        undated=(
            "status",
            "accounts_next_due",
            "accounts_next_made_up_to",
            "accounts_overdue",
            "accounts_last_made_up_to",
            "accounts_last_type",
            "confirmation_next_due",
            "confirmation_overdue",
        ),
        ever=("has_charges", "has_insolvency_history"),
    ),
    "filing": Rewind(public_on=("filed_on",)),
    "charge": Rewind(public_on=("delivered_on", "created_on"), endings=("satisfied_on",), undated=("status",)),
    "officer": Rewind(public_on=("appointed_on",), endings=("resigned_on",)),
    "ownership": Rewind(public_on=("notified_on",), endings=("ceased_on",)),
    "insolvency": Rewind(public_on=("dated_on",)),
}


def rewind(table: str, rows: pl.DataFrame, on: date, fetched_later: pl.Series) -> pl.DataFrame:
    """Rows of a register table as they were public on a day.

    Args:
        table: name of a read table in `REWINDS`.
        rows: its rows, with `document_id`.
        on: the day.
        fetched_later: ids of documents fetched after the day.
    """
    rule = REWINDS[table]
    late = pl.col("document_id").is_in(fetched_later.implode())
    public = pl.coalesce([pl.col(column) for column in rule.public_on])
    kept = rows.filter((public <= on) | (public.is_null() & ~late))
    return kept.with_columns(
        *(pl.when(pl.col(column) <= on).then(pl.col(column)).alias(column) for column in rule.endings),
        *(pl.when(~late).then(pl.col(column)).alias(column) for column in rule.undated),
        *(pl.when(~late | ~pl.col(column)).then(pl.col(column)).alias(column) for column in rule.ever),
    )
