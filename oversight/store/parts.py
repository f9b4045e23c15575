"""Tables that grow block by block, and a journal of what is in them, so that every block is there once or not at all.

One process writes here at a time. A block's files are put in their places, then the journal says so in one step; what a
killed process left between the two is overwritten with the same bytes when the block is read again.
"""

import contextlib
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl

from oversight.errors import InputError, StoreError

JOURNAL = "journal.sqlite"
_WORK = ".work"
_FORMAT = 1
_TABLES = """
create table if not exists about (name text primary key, value text not null);
create table if not exists archive (
    key text primary key, name text not null, members integer not null, block integer not null
);
create table if not exists part (
    archive text not null, first integer not null, last integer not null, told text not null,
    primary key (archive, first)
);
create table if not exists seen (
    document_id blob primary key, archive text not null, position integer not null, number integer not null
) without rowid;
"""


@dataclass(slots=True)
class Counts:
    """What is in the tables: members, documents, facts, figures and lines, and issues by kind."""

    members: int = 0
    documents: int = 0
    repeated: int = 0
    facts: int = 0
    figures: int = 0
    placed: int = 0
    lines: int = 0
    issues: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Counts") -> None:
        """Add what another part holds."""
        for name in ("members", "documents", "repeated", "facts", "figures", "placed", "lines"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.issues += other.issues


class Parts:
    """A folder of tables in parts, opened by one process.

    Args:
        folder: where the tables are, made if need be.
        version: of the reader; tables of another version are not added to.

    Raises:
        StoreError: if the folder cannot be used, or another process uses it.
        InputError: if it holds tables of another version.
    """

    def __init__(self, folder: Path, version: int) -> None:
        self._folder = folder
        self.work = folder / _WORK
        try:
            self.work.mkdir(parents=True, exist_ok=True)
            self._base = sqlite3.connect(folder / JOURNAL, timeout=1, isolation_level=None)
            self._base.execute("pragma locking_mode = exclusive")
            self._base.execute("begin immediate")
            self._base.execute("commit")
            self._base.executescript(_TABLES)
        except (OSError, sqlite3.Error) as error:
            raise StoreError(
                f"the folder cannot be used: {error}",
                where=str(folder),
                next_step="Give a folder you may write to and that no other command writes to now.",
            ) from error
        self._check(f"{_FORMAT}.{version}")
        self._clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()
        if kind is None:
            shutil.rmtree(self.work, ignore_errors=True)

    def _clear(self) -> None:
        """Throw away what a killed run left with the workers: a block may be half in the tables, and is read again."""
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(exist_ok=True)

    def _check(self, version: str) -> None:
        self._base.execute("insert or ignore into about values ('version', ?)", (version,))
        (held,) = self._base.execute("select value from about where name = 'version'").fetchone()
        if held != version:
            self._base.close()
            raise InputError(
                f"the folder holds tables of reader {held}, this is {version}",
                where=str(self._folder),
                next_step="Give another folder, so that all rows of a table are read alike.",
            )

    def archive(self, key: str, name: str, members: int, block: int) -> int:
        """Take note of an archive; gives the size of its blocks, which stays what it was the first time."""
        self._base.execute("insert or ignore into archive values (?, ?, ?, ?)", (key, name, members, block))
        (size,) = self._base.execute("select block from archive where key = ?", (key,)).fetchone()
        return int(size)

    def done(self, key: str) -> Sequence[tuple[int, int]]:
        """First and last position of every part of an archive that is in the tables, in order."""
        return list(self._base.execute("select first, last from part where archive = ? order by first", (key,)))

    def publish(self, key: str, first: int, last: int, name: str) -> Counts:
        """Bring a finished block from the workers' folder into the tables; gives what it holds.

        Documents whose very bytes came before, in this archive or another, keep their row in `documents` and no others.

        Raises:
            StoreError: if the block is not there, or cannot be moved.
        """
        finished = self.work / name
        try:
            documents = pl.read_parquet(finished / "documents.parquet")
            repeated = self._seen_elsewhere(documents)
            if repeated:
                _leave_out(finished, repeated)
                documents = pl.read_parquet(finished / "documents.parquet")
            counts = _count(documents, pl.read_parquet(finished / "issues.parquet", columns=["kind"]))
            counts.members = last - first + 1
            for path in sorted(finished.glob("*.parquet")):
                place = self._folder / path.stem / f"{name}.parquet"
                place.parent.mkdir(exist_ok=True)
                path.replace(place)
        except OSError as error:
            raise StoreError(
                f"what a worker read cannot be brought into the tables: {error}",
                where=str(finished),
                next_step="Workers must see the output folder under the same path. Run the command again to go on.",
            ) from error
        self._enter(key, first, last, counts, documents)
        with contextlib.suppress(OSError):
            finished.rmdir()
        return counts

    def counts(self) -> Counts:
        """What the tables hold by now."""
        total = Counts()
        for (told,) in self._base.execute("select told from part"):
            held = json.loads(told)
            total.add(Counts(**(held | {"issues": Counter(held["issues"])})))
        return total

    def _enter(self, key: str, first: int, last: int, counts: Counts, documents: pl.DataFrame) -> None:
        told = {name: getattr(counts, name) for name in Counts.__slots__}
        rows = documents.filter("first", pl.col("document_id").is_not_null()).select(
            "document_id", "archive", "position", "number"
        )
        self._base.execute("begin")
        self._base.execute("insert into part values (?, ?, ?, ?)", (key, first, last, json.dumps(told)))
        self._base.executemany(
            "insert or ignore into seen values (?, ?, ?, ?)",
            ((bytes.fromhex(identifier), *place) for identifier, *place in rows.iter_rows()),
        )
        self._base.execute("commit")

    def _seen_elsewhere(self, documents: pl.DataFrame) -> list[str]:
        rows = documents.filter("first", pl.col("document_id").is_not_null())
        return [
            identifier
            for identifier, *place in rows.select("document_id", "archive", "position", "number").iter_rows()
            if (before := self._place(identifier)) is not None and before != tuple(place)
        ]

    def _place(self, identifier: str) -> tuple[str, int, int] | None:
        found: tuple[str, int, int] | None = self._base.execute(
            "select archive, position, number from seen where document_id = ?", (bytes.fromhex(identifier),)
        ).fetchone()
        return found


def _leave_out(finished: Path, repeated: Iterable[str]) -> None:
    """Take the rows of documents that came before out of a block, and mark the documents."""
    again = pl.col("document_id").is_in(list(repeated)).fill_null(value=False)
    for path in sorted(finished.glob("*.parquet")):
        frame = pl.read_parquet(path)
        kept = frame.with_columns(pl.col("first") & ~again) if path.stem == "documents" else frame.filter(~again)
        part = path.with_suffix(".new")
        kept.write_parquet(part, compression="zstd", statistics=True)
        part.replace(path)


def _count(documents: pl.DataFrame, issues: pl.DataFrame) -> Counts:
    read = documents.filter(pl.col("document_id").is_not_null())
    firsts = read.filter("first")
    sums = {name: int(firsts[name].sum()) for name in ("facts", "figures", "placed", "lines")}
    return Counts(documents=firsts.height, repeated=read.height - firsts.height, issues=Counter(issues["kind"]), **sums)
