"""Documents to rows: whatever was fetched and not yet read by its reader's present version."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context

import polars as pl

from collectors.accounts.files import placed
from collectors.reading import Origin, Reader, Row, Rows
from collectors.registry import READERS
from oversight.errors import InputError, StoreError
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody
from oversight.store.archive import Archive
from oversight.store.bulk import NO_MONTH
from oversight.store.sql import BULKY

MapFunction = Callable[[Callable[[Origin], Rows], Iterable[Origin]], Iterable[Rows]]

_BATCH = 200
_POOL_FROM = 100
"""Documents from which on several processes are worth their start."""


@dataclass(slots=True)
class ReadSummary:
    """What one reading did: documents by reader, rows by table."""

    documents: dict[str, int] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)

    def count(self, reader: str, read: Rows) -> None:
        """Add one document."""
        self.documents[reader] = self.documents.get(reader, 0) + 1
        for table, rows in read.tables.items():
            self.rows[table] = self.rows.get(table, 0) + len(rows)


def read_documents(workspace: Workspace, tell: Tell = tell_nobody, *, sources: Sequence[str] = ()) -> ReadSummary:
    """Read every document that its reader's present version has not read.

    Args:
        workspace: the installation.
        tell: told of progress.
        sources: only documents of these sources; all where empty.
    """
    waiting = pending_documents(workspace, sources)
    summary = ReadSummary()
    if not waiting:
        return summary
    with _mapping(workspace.settings.workers, len(waiting)) as mapping:
        done = 0
        for batch in _batches(waiting):
            _keep(workspace, batch, list(mapping(partial(read_one, workspace.archive), batch)), summary)
            done += len(batch)
            tell("reading documents", done, len(waiting))
    return summary


def pending_documents(workspace: Workspace, sources: Sequence[str] = ()) -> list[Origin]:
    """Documents fetched but not read by their reader's present version, by source and day of publication."""
    fetched = workspace.ledger.frame("fetch").filter(
        pl.col("document_id").is_not_null(), pl.col("source").is_in(list(sources or READERS))
    )
    versions = pl.DataFrame(
        {"source": list(READERS), "reader": [reader.name for reader in READERS.values()],
         "version": [reader.version for reader in READERS.values()]},
        schema={"source": pl.String, "reader": pl.String, "version": pl.Int64},
    )  # fmt: skip
    waiting = (
        fetched.join(versions, on="source")
        .join(workspace.ledger.frame("reading"), on=["document_id", "reader", "version"], how="anti")
        .sort("source", "published_on", "subject", "retrieved_at", nulls_last=True)
        .unique(["document_id", "source"], keep="first", maintain_order=True)
    )
    return [
        Origin(row["document_id"], row["source"], row["subject"], row["url"], row["published_on"])
        for row in waiting.iter_rows(named=True)
    ]


def _batches(waiting: Sequence[Origin]) -> Iterator[Sequence[Origin]]:
    for start in range(0, len(waiting), _BATCH):
        yield waiting[start : start + _BATCH]


@contextmanager
def _mapping(workers: int, documents: int) -> Iterator[MapFunction]:
    """A `map` over several processes where there is enough to do, else over none."""
    if documents < _POOL_FROM or workers == 1:
        yield map
        return
    with ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn")) as pool:
        yield partial(pool.map, chunksize=25)


def read_one(archive: Archive, origin: Origin) -> Rows:
    """Rows of one document. A document that cannot be read gives an issue row, never an exception."""
    reader = READERS[origin.source]
    rows = Rows()
    try:
        return reader.read(archive.get(origin.document_id), origin)
    except InputError as error:
        rows.issue(origin, "unreadable_document", f"{error.message} ({error.where})", severity="error")
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - one bad document never stops the rest; the row names the defect
        rows.issue(origin, "reader_failed", f"the reader {reader.name} failed: {error!r}", severity="error")
    return rows


def _keep(workspace: Workspace, batch: Sequence[Origin], read: Sequence[Rows], summary: ReadSummary) -> None:
    """Write the rows of a batch: bulky tables to Parquet first, then the ledger with the mark that they are read."""
    tables: dict[str, list[Row]] = {}
    bulky: dict[tuple[str, str, int], list[Row]] = {}
    readings: list[Row] = []
    for origin, rows in zip(batch, read, strict=True):
        reader = READERS[origin.source]
        summary.count(reader.name, rows)
        for table, added in rows.tables.items():
            if table in BULKY:
                month = origin.published_on.strftime("%Y-%m") if origin.published_on else NO_MONTH
                bulky.setdefault((table, month, reader.version), []).extend(added)
            else:
                tables.setdefault(table, []).extend(added)
        readings.append(_reading(origin, reader, rows))
    for (table, month, version), added in sorted(bulky.items(), key=lambda item: item[0]):
        workspace.bulk.put(table, added, month=month, version=version)
    workspace.ledger.replace_readings(tables, readings)


def _reading(origin: Origin, reader: Reader, rows: Rows) -> Row:
    count: Mapping[str, object] = {
        "document_id": origin.document_id,
        "reader": reader.name,
        "version": reader.version,
        "rows": rows.count(),
        "placed": placed(rows),
    }
    return dict(count)
