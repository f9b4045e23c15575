"""The audit log: rows that can only be added, each holding the hash of the one before it.

The database itself refuses to change, delete or slip in a row; who may drop its guards still can, and `verify` tells.
Rows cut off at the end leave a whole chain: note `head` elsewhere and give it to `verify` later.
"""

import hashlib
import json
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final, Self

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from oversight.errors import StoreError
from oversight.model.tables.audited import FIRST, Audit
from oversight.model.times import LONDON
from oversight.store.guards import GUARDS, guard
from oversight.store.sql import polars_schema, table_of

_LOCK: Final = 30052
_BATCH: Final = 5_000
_SEALED: Final = ("number", "at", "person", "role", "method", "path", "run_id", "outcome", "previous")


@dataclass(frozen=True, slots=True)
class Entry:
    """One request, as it is written down; the fields are those of `Audit`."""

    at: datetime
    person: str
    role: str
    method: str
    path: str
    run_id: str | None
    outcome: int | None


@dataclass(frozen=True, slots=True)
class Head:
    """The newest row: its number (0 for an empty log) and its hash."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the log is whole.

    Attributes:
        rows: how many were looked at.
        head: the newest row.
        broken: number of the first row that is not what it was; None for a whole log.
        why: what is wrong with it.
    """

    rows: int
    head: Head
    broken: int | None = None
    why: str = ""


class AuditLog:
    """One log, in SQLite or PostgreSQL, safe to write to from several threads and processes.

    Args:
        url: SQLAlchemy address.

    Raises:
        StoreError: if the database cannot be opened.
    """

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url)
        meta = sa.MetaData()
        self._table = table_of("audit", Audit, meta)
        self._engine = _engine(self._url)
        self._close = weakref.finalize(self, self._engine.dispose)
        self._lock = threading.Lock()
        with self._writing() as connection:
            meta.create_all(connection)
            guard(connection)

    def append(self, entry: Entry) -> Head:
        """Add a row at the end of the chain.

        Raises:
            StoreError: if it cannot be written; then nothing is.
        """
        with self._writing() as connection:
            head = self._head(connection)
            row = _sealed(entry, head)
            connection.execute(sa.insert(self._table), row)
        return Head(row["number"], row["hash"])

    def head(self) -> Head:
        """The newest row."""
        with self._reading() as connection:
            return self._head(connection)

    def rows(self, on: date | None = None, newest: int | None = None) -> pl.DataFrame:
        """Rows by number.

        Args:
            on: a day in London; all where not given.
            newest: at most so many, the last of them.
        """
        query = sa.select(self._table).order_by(self._table.c.number.desc()).limit(newest)
        if on is not None:
            starts = datetime.combine(on, time(), LONDON).astimezone(UTC)
            ends = datetime.combine(on + timedelta(days=1), time(), LONDON).astimezone(UTC)
            query = query.where(self._table.c.at >= starts, self._table.c.at < ends)
        with self._reading() as connection:
            found = [tuple(row) for row in connection.execute(query)][::-1]
        return pl.DataFrame(found, schema=polars_schema("audit"), orient="row")

    def verify(self, noted: Head | None = None) -> Verdict:
        """Read the whole chain and say whether every row is what it was when it was written.

        Args:
            noted: a newest row noted earlier, which must still stand as it did.
        """
        with self._reading() as connection:
            missing = GUARDS[connection.dialect.name].missing(connection)
            verdict = self._verdict(connection, noted)
        if verdict.broken is None and missing:
            why = f"the database no longer refuses changes ({', '.join(missing)} is gone)"
            return Verdict(verdict.rows, verdict.head, verdict.head.number, why)
        return verdict

    def _verdict(self, connection: Connection, noted: Head | None) -> Verdict:
        head = Head(0, FIRST)
        query = sa.select(self._table).order_by(self._table.c.number)
        with connection.execution_options(yield_per=_BATCH).execute(query) as found:
            for row in found.mappings():
                if problem := _problem(row, head, noted):
                    return Verdict(head.number + 1, head, head.number + 1, problem)
                head = Head(row["number"], row["hash"])
        if noted is not None and noted.number > head.number:
            return Verdict(head.number, head, head.number + 1, "it and those after it are gone from the end")
        return Verdict(head.number, head)

    def _head(self, connection: Connection) -> Head:
        table = self._table.c
        row = connection.execute(sa.select(table.number, table.hash).order_by(table.number.desc()).limit(1)).first()
        return Head(0, FIRST) if row is None else Head(row.number, row.hash)

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that no other writer shares the time of: no thread by the lock, no process by the database."""
        try:
            with self._lock, self._engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(sa.text(f"select pg_advisory_xact_lock({_LOCK})"))
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise self._error(error) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect().execution_options(reading=True) as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise self._error(error) from error

    def _error(self, error: Exception) -> StoreError:
        cause = getattr(error, "orig", None) or error
        return StoreError(
            f"the audit log cannot be used: {' '.join(str(cause).split())}",
            where=self._url.render_as_string(hide_password=True),
            next_step="Check that the place exists, has space and may be written; until then no page is shown.",
        )

    def close(self) -> None:
        """Let go of the database; so does forgetting the log."""
        self._close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _sealed(entry: Entry, head: Head) -> dict[str, Any]:
    row = {
        "number": head.number + 1,
        "at": entry.at.astimezone(UTC),
        "person": entry.person,
        "role": entry.role,
        "method": entry.method,
        "path": entry.path,
        "run_id": entry.run_id,
        "outcome": entry.outcome,
        "previous": head.hash,
    }
    return {**row, "hash": seal(row)}


def seal(row: Mapping[str, Any]) -> str:
    """The hash of a row: SHA-256 over its other fields in their order, as JSON, moments in UTC."""
    said = [row[name].isoformat(timespec="microseconds") if name == "at" else row[name] for name in _SEALED]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True, separators=(",", ":")).encode()).hexdigest()


def _problem(row: sa.RowMapping, head: Head, noted: Head | None) -> str:
    """What is wrong with the row after `head`; empty where nothing is."""
    if row["number"] != head.number + 1:
        return f"it is missing; row {row['number']} stands in its place"
    if row["previous"] != head.hash:
        return "it does not follow the row before it"
    if row["hash"] != seal(dict(row)):
        return "what it says is not what was sealed"
    if noted is not None and noted.number == row["number"] and noted.hash != row["hash"]:
        return "it is not the row that was noted"
    return ""


def _engine(url: sa.URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(url, connect_args={"timeout": 60, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions begin as said below, not when the driver thinks fit
        cursor = connection.cursor()
        cursor.execute("pragma journal_mode = wal")
        cursor.execute("pragma synchronous = normal")
        cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("begin" if reading else "begin immediate")  # one writer reads the head at a time

    return engine
