"""A block of members of a zip of accounts, read by one worker into files of its own.

What a worker does depends on nothing but the block: done twice it writes the same, and only a whole block is seen.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import polars as pl

from collectors.accounts.files import placed
from collectors.accounts.reader import VERSION, read_document
from collectors.accounts.tags import Problem
from collectors.accounts.unpack import Member, kind_of, member, path_problem
from collectors.accounts.zips import Entry
from collectors.reading import Origin, Row, Rows
from oversight.errors import StoreError
from oversight.model.ids import document_id

SOURCE = "bulk"
Schemas = Mapping[str, Mapping[str, pl.DataType]]
"""Tables by name, and the columns of each."""
_OF_READER = {"fact": "facts", "line": "lines", "statement": "statements", "issue": "issues"}
_KEYS = {
    "facts": ["document_id", "concept", "context", "occurrence"],
    "lines": ["document_id", "period_end", "consolidated", "line"],
    "statements": ["document_id", "kind"],
    "issues": ["document_id", "kind", "issue_id"],
    "documents": ["position", "number"],
}
"""What rows are sorted by: those of a document stay together, which packs well, and each row is found by its key."""
_IDS = {"facts": ["fact_id"], "lines": ["line_id"], "statements": ["document_id", "kind"], "issues": ["issue_id"]}
_ROWS_HELD = 4_000
"""Rows kept as objects before they become columns, which take a tenth of the memory."""


@dataclass(frozen=True, slots=True)
class Block:
    """Members of one zip that one worker reads.

    Attributes:
        archive: the zip.
        key: hash of its directory.
        members: position among the members worth reading, and the entry of the directory; in order.
        schemas: the tables to write. Told, since what declares them is large: a worker does not load it.
    """

    archive: Path
    key: str
    members: tuple[tuple[int, Entry], ...]
    schemas: Schemas

    @property
    def first(self) -> int:
        """Position of the first member."""
        return self.members[0][0]

    @property
    def last(self) -> int:
        """Position of the last member."""
        return self.members[-1][0]

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"{self.key}-{self.first:08d}-{self.last:08d}"

    def halves(self) -> tuple["Block", "Block"]:
        """Two smaller blocks of the same members."""
        middle = len(self.members) // 2
        return replace(self, members=self.members[:middle]), replace(self, members=self.members[middle:])


def read_block(block: Block, folder: Path) -> str:
    """Read every member of a block and leave its tables in a folder of the block's name, which appears whole.

    Args:
        block: the members; the zip is opened here.
        folder: where finished blocks are laid, seen by all workers.

    Returns:
        The name of the block.

    Raises:
        StoreError: if the zip cannot be opened, or the tables not written.
    """
    tables = _Tables(block.schemas)
    try:
        with block.archive.open("rb") as archive:
            for position, entry in block.members:
                for number, item in enumerate(_items(archive, entry, block.archive.name)):
                    tables.add(block, position, number, item)
    except OSError as error:
        raise _unusable(block.archive, error) from error
    _leave(block, tables.frames(), folder)
    return block.name


def reader_version() -> int:
    """The version of the reader that a worker has; asked of it to learn whether it can work at all."""
    return VERSION


def give_up(block: Block, folder: Path, why: str) -> str:
    """Leave for a block of one member that no worker lives through its one issue; gives the name of the block."""
    tables = _Tables(block.schemas)
    ((position, entry),) = block.members
    path = f"{block.archive.name}!{entry.name}"
    message = f"the process that read it died or failed: {why}"
    tables.add(block, position, 0, Problem("reader_died", message, path, severity="error"))
    _leave(block, tables.frames(), folder)
    return block.name


def _items(archive: BinaryIO, entry: Entry, name: str) -> Iterator[Member | Problem]:
    if problem := path_problem(entry, name):
        yield problem
    yield from member(archive, entry, name)


class _Tables:
    """Rows of a block, turned into columns as they come."""

    def __init__(self, schemas: Schemas) -> None:
        self._schemas = schemas
        self._rows: dict[str, list[Row]] = {name: [] for name in schemas}
        self._columns: dict[str, list[pl.DataFrame]] = {name: [] for name in schemas}
        self._seen: set[str] = set()

    def add(self, block: Block, position: int, number: int, item: Member | Problem) -> None:
        """Read one document, or keep a problem, and add what it gives."""
        rows = Rows()
        row: Row = {"archive": block.key, "position": position, "number": number}
        if isinstance(item, Problem):
            origin = Origin(document_id(item.locator.encode()), SOURCE, "", item.locator)
            rows.issue(origin, item.kind, item.message, locator=item.locator, value=item.value, severity=item.severity)
            row |= _described(rows, item.locator, item.kind) | {"document_id": None, "first": True, "size": 0}
        else:
            identifier = document_id(item.content)
            first = identifier not in self._seen
            self._seen.add(identifier)
            if first:
                _read(item, Origin(identifier, SOURCE, "", item.name), rows)
            row |= _described(rows, item.name, kind_of(item.content))
            row |= {"document_id": identifier, "first": first, "size": len(item.content)}
        self._rows["documents"].append(row)
        for name, added in rows.tables.items():
            self._rows[_OF_READER[name]].extend(added)
        if sum(map(len, self._rows.values())) > _ROWS_HELD:
            self._turn()

    def frames(self) -> dict[str, pl.DataFrame]:
        """The tables: each row once, sorted."""
        self._turn()
        return {
            name: (frame.unique(_IDS[name], keep="first", maintain_order=True) if name in _IDS else frame).sort(
                _KEYS[name]
            )
            for name, parts in self._columns.items()
            for frame in (pl.concat(parts),)
        }

    def _turn(self) -> None:
        for name, rows in self._rows.items():
            schema = self._schemas[name]
            columns = {column: [row.get(column) for row in rows] for column in schema}
            self._columns[name].append(pl.DataFrame(columns, schema=dict(schema)))
            rows.clear()


def _read(document: Member, origin: Origin, rows: Rows) -> None:
    """Rows of one document. What fails in the reader is an issue: one document never stops the rest."""
    try:
        read_document(document.content, origin, rows)
    except Exception as error:  # noqa: BLE001 - whatever a document brings about ends with the document
        rows.tables.clear()
        rows.issue(origin, "reader_failed", f"the reader failed: {error!r}", severity="error")


def _described(rows: Rows, path: str, kind: str) -> Row:
    facts, lines = rows.tables.get("fact", []), rows.tables.get("line", [])
    current = next((line for line in lines if not line["comparative"]), None)
    about = current or next(iter(facts), {})
    return {
        "member": path,
        "kind": kind,
        "company_number": about.get("company_number"),
        "period_end": current["period_end"] if current else None,
        "facts": len(facts),
        "figures": sum(fact["number"] is not None for fact in facts),
        "placed": placed(rows),
        "lines": len(lines),
    }


def _leave(block: Block, frames: Mapping[str, pl.DataFrame], folder: Path) -> None:
    """Write the tables beside their place, then put them there in one step; what already stands there is the same."""
    made = ""
    try:
        made = tempfile.mkdtemp(dir=folder, prefix=".part-")
        for name, frame in frames.items():
            frame.write_parquet(Path(made) / f"{name}.parquet", compression="zstd", statistics=True)
        if not (folder / block.name).exists():
            os.rename(made, folder / block.name)  # noqa: PTH104 - fails where another worker was first, as it should
    except OSError as error:
        if not (folder / block.name).exists():
            raise _unusable(folder, error) from error
    finally:
        if made:
            shutil.rmtree(made, ignore_errors=True)


def _unusable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"it cannot be used by a worker: {error.strerror or error}",
        where=str(path),
        next_step="Zips and output must be where every worker sees them under the same path, with room to write; "
        "then run the same command again: what was read is kept.",
    )
