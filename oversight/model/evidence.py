"""The evidence one assessment may see: frames chosen by `AsAt`, and nothing else."""

from dataclasses import dataclass, fields

import dataframely as dy
import polars as pl

from oversight.model.tables import TABLES
from oversight.model.times import AsAt

VISIBLE_SCHEMA: pl.Schema = pl.Schema(
    [
        ("document_id", pl.String),
        ("source", pl.String),
        ("subject", pl.String),
        ("url", pl.String),
        ("published_on", pl.Date),
        ("retrieved_at", pl.Datetime("us", "UTC")),
        ("media_type", pl.String),
    ]
)
"""Columns of `Evidence.visible`: one row for each document the `AsAt` admits, by source and subject."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows read from the visible documents, and decisions made by then.

    `home`, `inspection`, `movement` and `premises` hold every visible publication (filter by `as_at`
    or `document_id` for one). Register tables (`company`, `charge`, ...) hold the newest visible
    document of each subject, with rows dated after `as_at.on` taken back. `line` and `statement` hold
    every visible filing. Field names are table names in `oversight.model.tables`.
    """

    as_at: AsAt
    visible: pl.DataFrame
    home: pl.DataFrame
    inspection: pl.DataFrame
    movement: pl.DataFrame
    premises: pl.DataFrame
    company: pl.DataFrame
    filing: pl.DataFrame
    charge: pl.DataFrame
    officer: pl.DataFrame
    ownership: pl.DataFrame
    insolvency: pl.DataFrame
    line: pl.DataFrame
    statement: pl.DataFrame
    issue: pl.DataFrame
    link: pl.DataFrame
    ownership_decision: pl.DataFrame
    override: pl.DataFrame
    hand_read: pl.DataFrame
    determination: pl.DataFrame
    register_field: pl.DataFrame
    approval: pl.DataFrame

    @classmethod
    def empty(cls, as_at: AsAt) -> "Evidence":
        """No evidence at all: every table with its columns and no row."""
        tables = {name: schema_of(name).create_empty() for name in cls.table_names()}
        return cls(as_at=as_at, visible=pl.DataFrame(schema=VISIBLE_SCHEMA), **tables)

    @classmethod
    def table_names(cls) -> tuple[str, ...]:
        """Names of the tables the evidence holds, in order."""
        return tuple(field.name for field in fields(cls) if field.name not in {"as_at", "visible"})


def schema_of(name: str) -> type[dy.Schema]:
    """The declaration of a table.

    Raises:
        KeyError: for a name that is no table.
    """
    return TABLES[name]
