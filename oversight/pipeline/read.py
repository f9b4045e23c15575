"""Documents to rows: whatever was fetched and not yet read by its reader's present version."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context

import polars as pl

from collectors.accounts.files import placed
from collectors.accounts.reader import READER as ACCOUNTS_READER
from collectors.reading import Origin, Reader, Row, Rows
from collectors.registry import READERS
from oversight.errors import InputError, StoreError
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody
from oversight.store.archive import Archive
from oversight.store.bulk import NO_MONTH
from oversight.store.sql import BULKY

MapFunction = Callable[[Callable[[Origin], Rows], Iterable[Origin]], Iterable[Rows]]

_PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class Pace:
    """How many documents of a kind are read at a time.

    Attributes:
        batch: documents whose rows are kept together; a stop loses no more than that.
        pool_from: documents from which on several processes are worth their start,
        pool_bytes: where they hold so many bytes between them: a process takes more than a second to start.
        chunk: documents handed to a process at a time.
        most_workers: processes at most, whatever the setting; None for no bound.
    """

    batch: int
    pool_from: int
    pool_bytes: int
    chunk: int
    most_workers: int | None = None


QUICK = Pace(batch=200, pool_from=100, pool_bytes=25_000_000, chunk=25, most_workers=os.cpu_count())
"""Everything else: about a megabyte of tagged accounts is read in a third of a second."""
_SLOW = Pace(batch=8, pool_from=2, pool_bytes=0, chunk=1, most_workers=os.cpu_count())
"""Accounts filed as pictures: each process holds half a gigabyte, and more processes than cores gain nothing."""


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
    documents = workspace.ledger.frame("document")
    pictures = _pictures(documents, waiting)
    sizes = dict(documents.select("document_id", "size").iter_rows())
    done = 0
    slow = frozenset(pictures)
    for pace, part in ((QUICK, [each for each in waiting if each not in slow]), (_SLOW, pictures)):
        held = sum(sizes[each.document_id] for each in part)
        with _mapping(workspace.settings.workers, len(part), held, pace) as mapping:
            for batch in _batches(part, pace.batch):
                _keep(workspace, batch, list(mapping(partial(read_one, workspace.archive), batch)), summary)
                done += len(batch)
                tell("reading documents", done, len(waiting))
    return summary


def _pictures(documents: pl.DataFrame, waiting: Sequence[Origin]) -> list[Origin]:
    """The documents that are PDFs of accounts, which take as long as a thousand others."""
    pdf = set(documents.filter(pl.col("media_type") == _PDF)["document_id"])
    return [each for each in waiting if each.document_id in pdf and READERS[each.source] is ACCOUNTS_READER]


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


def _batches(waiting: Sequence[Origin], size: int) -> Iterator[Sequence[Origin]]:
    for start in range(0, len(waiting), size):
        yield waiting[start : start + size]


@contextmanager
def _mapping(workers: int, documents: int, held: int, pace: Pace) -> Iterator[MapFunction]:
    """A `map` over several processes where there is enough to do, else over none."""
    if documents < pace.pool_from or held < pace.pool_bytes or workers == 1:
        yield map
        return
    workers = min(workers, documents, pace.most_workers or workers)
    with ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn")) as pool:
        yield partial(pool.map, chunksize=pace.chunk)


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
