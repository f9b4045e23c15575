"""The ledger: an append-only SQL database of what was fetched, what it said and what people decided."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Self, TypeVar

import polars as pl
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

from oversight.errors import StoreError
from oversight.store import sql

Row = Mapping[str, object]
_T = TypeVar("_T")
_BATCH = 500
_OPENINGS = 100
_MADE_ALREADY = ("already exists", "duplicate column")
_ANSWERED = ("ok", "unchanged", "absent")


class Ledger:
    """One database, SQLite or PostgreSQL, safe to use from several threads and processes.

    Args:
        url: SQLAlchemy address, such as `sqlite:///…/ledger.sqlite` or `postgresql+psycopg://…`.

    Raises:
        StoreError: if the database cannot be opened.
    """

    def __init__(self, url: str) -> None:
        self._url = sa.make_url(url)
        self._write_lock = threading.Lock()
        meta, self._tables = sql.metadata()
        self._notes = sql.notes(meta)
        try:
            self._engine = _engine(self._url)
            self._prepare(meta)
        except (SQLAlchemyError, OSError) as error:
            raise self._error(error) from error

    def _prepare(self, meta: sa.MetaData) -> None:
        """Make the tables that are not there yet, though other processes may open a new database at the same moment."""
        for attempt in range(1, _OPENINGS + 1):
            try:
                with self._engine.begin() as connection:
                    if self._dialect == "postgresql":
                        connection.execute(sa.text("select pg_advisory_xact_lock(30051)"))
                    meta.create_all(connection)
                    sql.add_columns(connection, meta)
            except OperationalError as error:  # in SQLite another may make it between our look and our try
                if not any(text in str(error) for text in _MADE_ALREADY) or attempt == _OPENINGS:
                    raise
            else:
                return

    @property
    def _dialect(self) -> str:
        return self._engine.dialect.name

    def add(self, table: str, rows: Sequence[Row]) -> int:
        """Insert rows, leaving those whose primary key is there already.

        Args:
            table: name of a ledger table.
            rows: column to value; columns left out are null.

        Returns:
            How many rows were new.
        """
        return self.add_all({table: rows})

    def add_all(self, tables: Mapping[str, Sequence[Row]]) -> int:
        """Insert rows into several tables in one transaction: all of them or none."""
        added = 0
        with self._writing() as connection:
            for name, rows in tables.items():
                added += self._insert(connection, name, rows)
        return added

    def add_new(self, tables: Mapping[str, Sequence[Row]], beside: Mapping[str, Sequence[Row]] | None = None) -> bool:
        """Insert rows into several tables in one transaction, unless one of them is there already: then none.

        It decides who goes on where two processes would do the same thing.

        Args:
            tables: rows that all have to be new.
            beside: rows inserted with them, leaving those that are there already.

        Returns:
            Whether they were inserted.
        """
        with self._writing() as connection:
            added = sum(self._insert(connection, name, rows) for name, rows in tables.items())
            whole = added == sum(len(rows) for rows in tables.values())
            if whole:
                for name, rows in (beside or {}).items():
                    self._insert(connection, name, rows)
            else:
                connection.rollback()
        return whole

    def replace_readings(self, tables: Mapping[str, Sequence[Row]], readings: Sequence[Row]) -> None:
        """Put rows read from documents in place of what an earlier version of the same reader read from them.

        Only read tables are touched; fetched and decided rows can never be removed.
        """
        with self._writing() as connection:
            earlier = self._already_read(
                connection, {(str(row["document_id"]), str(row["reader"])) for row in readings}
            )
            for name in sorted(set(sql.LEDGER_TABLES) - sql.APPEND_ONLY):
                self._drop(connection, name, earlier)
            for name, rows in sorted(tables.items()):
                self._insert(connection, name, rows)
            self._insert(connection, "reading", readings)

    def _already_read(self, connection: Connection, wanted: set[tuple[str, str]]) -> list[str]:
        reading = self._tables["reading"].c
        found: set[tuple[str, str]] = set()
        for part in _batches(sorted({document for document, _ in wanted})):
            query = sa.select(reading.document_id, reading.reader).where(reading.document_id.in_(part))
            found.update((row.document_id, row.reader) for row in connection.execute(query))
        return sorted(document for document, _ in found & wanted)

    def _drop(self, connection: Connection, name: str, documents: Sequence[str]) -> None:
        table = self._tables[name]
        for part in _batches(documents):
            connection.execute(sa.delete(table).where(table.c.document_id.in_(part)))

    def _insert(self, connection: Connection, name: str, rows: Sequence[Row]) -> int:
        table = self._table(name)
        columns = [column.name for column in table.columns]
        added = 0
        for part in _batches(rows):
            complete = [{column: row.get(column) for column in columns} for row in part]
            if unknown := {key for row in part for key in row}.difference(columns):
                raise ValueError(f"{name} has no column {sorted(unknown)}")
            statement = sql.insert_ignoring(table, self._dialect).returning(sa.literal(1))
            added += len(connection.execute(statement, complete).all())
        return added

    def frame(self, table: str, where: sa.ColumnElement[bool] | None = None) -> pl.DataFrame:
        """A table as a frame, sorted by its primary key."""
        target = self._table(table)
        query = sa.select(target).order_by(*target.primary_key.columns)
        if where is not None:
            query = query.where(where)
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return pl.DataFrame([tuple(row) for row in rows], schema=sql.polars_schema(table), orient="row")

    def columns(self, table: str) -> sa.ColumnCollection[str, sa.Column[object]]:
        """Columns of a table, for a condition given to `frame`."""
        return self._table(table).c

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with self._reading() as connection:
            return connection.scalar(sa.select(sa.func.count()).select_from(self._table(table))) or 0

    def filled(self, table: str, columns: Sequence[str]) -> dict[str, tuple[int, dict[str, int]]]:
        """For each document its rows in a read table, and for each column how many of them have a value."""
        target = self._table(table)
        counts = [sa.func.count(target.c[name]) for name in columns]
        query = sa.select(target.c.document_id, sa.func.count(), *counts).group_by(target.c.document_id)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(target.c.document_id)).all()
        return {row[0]: (row[1], dict(zip(columns, row[2:], strict=True))) for row in rows}

    def last_fetch(self, source: str, subject: str) -> dict[str, object] | None:
        """The newest attempt for a subject that was answered (ok, unchanged or absent), as a row."""
        fetch = self._tables["fetch"]
        query = (
            sa.select(fetch)
            .where(fetch.c.source == source, fetch.c.subject == subject, fetch.c.status.in_(_ANSWERED))
            .order_by(fetch.c.requested_at.desc(), fetch.c.fetch_id)
            .limit(1)
        )
        with self._reading() as connection:
            row = connection.execute(query).mappings().first()
        return dict(row) if row else None

    def noted(self, prefix: str = "") -> dict[str, str]:
        """What processes have noted for each other, by name, for names that start so."""
        note = self._notes.c
        query = sa.select(note.name, note.value).where(note.name.startswith(prefix, autoescape=True))
        with self._reading() as connection:
            return {row.name: row.value for row in connection.execute(query) if row.value}

    def change(self, name: str, rewrite: Callable[[str | None], tuple[str, _T]]) -> _T:
        """Rewrite one note while no other thread or process can.

        Args:
            name: of the note.
            rewrite: from the note as it stands (None where there is none) to what is to stand there, and a result.

        Returns:
            The result. Where `rewrite` raises, the note stays as it was.
        """
        notes = self._notes
        with self._writing() as connection:
            lock = sa.update(notes).where(notes.c.name == name).values(changes=notes.c.changes + 1)
            if not connection.execute(lock).rowcount:
                new = {"name": name, "changes": 0, "value": ""}
                connection.execute(sql.insert_ignoring(notes, self._dialect), [new])
                connection.execute(lock)
            held = connection.scalar(sa.select(notes.c.value).where(notes.c.name == name))
            value, result = rewrite(held or None)
            connection.execute(sa.update(notes).where(notes.c.name == name).values(value=value))
        return result

    def _table(self, name: str) -> sa.Table:
        if name not in self._tables:
            raise KeyError(f"no ledger table {name}")
        return self._tables[name]

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        try:
            with self._write_lock, self._engine.begin() as connection:
                yield connection
        except (DBAPIError, OSError) as error:
            raise self._error(error) from error

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except (DBAPIError, OSError) as error:
            raise self._error(error) from error

    def _error(self, error: Exception) -> StoreError:
        cause = getattr(error, "orig", None) or error
        return StoreError(
            f"the ledger cannot be used: {' '.join(str(cause).split())}",
            where=self._url.render_as_string(hide_password=True),
            next_step="Check that the place exists, has space and may be written; what was committed is still there.",
        )

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _engine(url: sa.URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, pool_pre_ping=True)
    engine = sa.create_engine(url, connect_args={"timeout": 60, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: object, _record: object) -> None:
        cursor = connection.cursor()  # type: ignore[attr-defined]
        cursor.execute("pragma journal_mode = wal")  # readers go on while one process writes
        cursor.execute("pragma synchronous = normal")
        cursor.close()

    return engine


def _batches(rows: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(rows), _BATCH):
        yield rows[start : start + _BATCH]
