"""SQL tables made from the declarations in `oversight.model.tables`, the same for SQLite and PostgreSQL."""

from collections.abc import Mapping
from datetime import UTC, datetime

import dataframely as dy
import polars as pl
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from oversight.model.tables import TABLES, decided, fetched, read, told, worked

BULKY = frozenset({"fact", "line"})
"""Read tables kept as Parquet beside the ledger, because SQL takes thirteen times their space."""

LEDGER_TABLES: tuple[str, ...] = tuple(
    name for name in (*fetched.TABLES, *read.TABLES, *decided.TABLES, *told.TABLES, *worked.TABLES) if name not in BULKY
)
APPEND_ONLY: frozenset[str] = frozenset({*fetched.TABLES, *decided.TABLES, *told.TABLES, *worked.TABLES})


class UtcMoment(sa.TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no time zone, so it is written as ISO text that sorts by time."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[datetime]:
        """Text in SQLite, a real moment elsewhere."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.String(32))  # type: ignore[arg-type]
        return dialect.type_descriptor(sa.DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> object:
        """A moment on its way in; one without a time zone is a defect."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: object, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """A moment on its way out."""
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
        if not isinstance(moment, datetime):
            raise TypeError(f"not a moment: {moment!r}")
        return moment.astimezone(UTC)


def metadata() -> tuple[sa.MetaData, Mapping[str, sa.Table]]:
    """SQLAlchemy tables for all ledger tables."""
    meta = sa.MetaData()
    tables = {name: table_of(name, TABLES[name], meta) for name in LEDGER_TABLES}
    sa.Index("fetch_by_subject", tables["fetch"].c.source, tables["fetch"].c.subject, tables["fetch"].c.requested_at)
    return meta, tables


def table_of(name: str, schema: type[dy.Schema], meta: sa.MetaData) -> sa.Table:
    """The SQL table of a declaration."""
    columns = schema.to_sqlalchemy_columns(postgresql.dialect())  # type: ignore[no-untyped-call]
    for column in columns:
        if isinstance(column.type, sa.DateTime):
            column.type = UtcMoment()
    return sa.Table(name, meta, *columns)


def notes(meta: sa.MetaData) -> sa.Table:
    """What processes that share a ledger note for each other: budgets of requests, who is at work.

    It is no evidence: it may be emptied when nobody is at work.
    """
    return sa.Table(
        "coordination",
        meta,
        sa.Column("name", sa.String, primary_key=True),
        sa.Column("value", sa.String, nullable=False),
        sa.Column("changes", sa.Integer, nullable=False),
    )


def add_columns(connection: sa.Connection, meta: sa.MetaData) -> None:
    """Give the tables of an older ledger the columns that were declared since, empty in the rows that are there.

    Raises:
        ValueError: for a new column that may not be empty, which an older ledger cannot have: a defect of ours.
    """
    there = sa.inspect(connection)
    for table in meta.sorted_tables:
        present = {column["name"] for column in there.get_columns(table.name)}
        for column in table.columns:
            if column.name in present:
                continue
            if not column.nullable:
                raise ValueError(f"{table.name}.{column.name} is new and must be nullable")
            kind = column.type.compile(connection.dialect)
            name = connection.dialect.identifier_preparer.quote(column.name)
            connection.execute(sa.text(f"alter table {table.name} add column {name} {kind}"))


def insert_ignoring(table: sa.Table, dialect: str) -> sa.Insert:
    """An insert that leaves rows already there as they are."""
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


def polars_schema(name: str) -> dict[str, pl.DataType]:
    """Column names and types of a table's frame."""
    return {column: declared.dtype for column, declared in TABLES[name].columns().items()}
