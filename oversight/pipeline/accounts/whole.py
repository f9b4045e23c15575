"""Zips of accounts into tables, block by block: handed out, gathered in order, taken up again where it stopped."""

import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass, field
from itertools import chain, pairwise
from pathlib import Path
from typing import BinaryIO

from collectors.accounts.reader import VERSION
from collectors.accounts.unpack import is_junk
from collectors.accounts.zips import BadZipError, Entry, entries, fingerprint
from oversight.errors import InputError, OversightError, StoreError
from oversight.model.tables.bulk import BulkDocument
from oversight.model.tables.read import Fact, Issue, Line, Statement
from oversight.pipeline.accounts.block import Block, Schemas, give_up, read_block, reader_version
from oversight.pipeline.accounts.workers import Workers
from oversight.pipeline.workspace import Tell, tell_nobody
from oversight.store.parts import Counts, Parts

MEMBERS = 100
"""Members in a block, unless said otherwise: a second of work, so that handing it out costs little and the last is
soon done."""
SCHEMAS: Schemas = {
    name: {column: declared.dtype for column, declared in schema.columns().items()}
    for name, schema in (
        ("facts", Fact),
        ("lines", Line),
        ("statements", Statement),
        ("issues", Issue),
        ("documents", BulkDocument),
    )
}
"""The tables written, with their columns."""
_BLOCKS_A_WORKER = 2
_MOST_WAITING = 200
"""Finished blocks that may wait for an earlier one, so that a slow block never makes the output grow unseen."""


@dataclass(slots=True)
class BulkReading:
    """What a reading in bulk did.

    Attributes:
        new: what was read now.
        whole: what the tables hold.
        seconds: how long it took.
        failed: zips that could not be opened, and why.
    """

    new: Counts = field(default_factory=Counts)
    whole: Counts = field(default_factory=Counts)
    seconds: float = 0.0
    failed: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Archive:
    path: Path
    key: str
    members: int


def read_zips(
    paths: Sequence[Path], folder: Path, workers: Workers, *, members: int = MEMBERS, tell: Tell = tell_nobody
) -> BulkReading:
    """Read every document in some zips into Parquet tables under a folder.

    What is there already, from a run that was killed or from other zips, is not read again.

    Args:
        paths: zips, or folders of zips.
        folder: the tables `facts`, `lines`, `statements`, `issues` and `documents` are made in it.
        workers: who reads.
        members: how many members make a block.
        tell: told of progress, in members.

    Raises:
        InputError: if there is no zip, or the folder holds tables of another reader.
        StoreError: if the folder or the workers cannot be used.
    """
    reading = BulkReading()
    started = time.monotonic()
    with Parts(folder, VERSION) as parts:
        archives = [archive for path in _zips(paths) if (archive := _survey(path, reading.failed))]
        archives = _once(archives)
        sizes = [parts.archive(each.key, each.path.name, each.members, members) for each in archives]
        done = [parts.done(each.key) for each in archives]
        left = sum(each.members for each in archives) - sum(last - first + 1 for each in done for first, last in each)
        run = _Run(workers, parts, reading.new, lambda: tell("reading accounts", reading.new.members, left))
        run.read(chain.from_iterable(map(_blocks, archives, done, sizes)))
        reading.whole = parts.counts()
    reading.seconds = time.monotonic() - started
    return reading


def _zips(paths: Sequence[Path]) -> list[Path]:
    found = [each for path in paths for each in (sorted(path.rglob("*.zip")) if path.is_dir() else [path])]
    if not found:
        raise InputError(
            "no zip of accounts", where=", ".join(map(str, paths)), next_step="Give zips, or a folder that holds some."
        )
    return [path.resolve() for path in found]


def _once(archives: Iterable[_Archive]) -> list[_Archive]:
    """Each zip once, whatever names it goes by."""
    found: dict[str, _Archive] = {}
    for archive in archives:
        found.setdefault(archive.key, archive)
    return list(found.values())


def _survey(path: Path, failed: list[str]) -> _Archive | None:
    """What a zip holds, from its directory alone; None, with the reason, for one that cannot be read."""
    try:
        with path.open("rb") as stream:
            key = fingerprint(stream)[:16]
            starts, ends = array("Q"), array("Q")
            for entry in _worth_reading(stream):
                starts.append(entry.offset)
                ends.append(entry.offset + entry.packed)
    except (OSError, BadZipError) as error:
        failed.append(f"{path}: {error.strerror if isinstance(error, OSError) else error}")
        return None
    if _overlap(starts, ends):
        failed.append(f"{path}: members of the zip overlap, as in a bomb; none is read")
        return None
    return _Archive(path, key, len(starts))


def _overlap(starts: Sequence[int], ends: Sequence[int]) -> bool:
    """True where two stretches share bytes. Only a directory out of order takes memory to sort."""
    order: Sequence[int] = range(len(starts))
    if any(starts[each] < ends[each - 1] for each in order[1:]):
        order = sorted(order, key=starts.__getitem__)
    return any(starts[after] < ends[before] for before, after in pairwise(order))


def _worth_reading(stream: BinaryIO) -> Iterator[Entry]:
    return (entry for entry in entries(stream) if not is_junk(entry))


def _blocks(archive: _Archive, done: Sequence[tuple[int, int]], size: int) -> Iterator[Block]:
    """Blocks of the members that are in no part yet, read from the directory as they are asked for."""
    parts = iter(done)
    part = next(parts, None)
    held: list[tuple[int, Entry]] = []
    with archive.path.open("rb") as stream:
        for position, entry in enumerate(_worth_reading(stream)):
            while part is not None and part[1] < position:
                part = next(parts, None)
            is_done = part is not None and part[0] <= position
            if held and (is_done or position % size == 0):
                yield Block(archive.path, archive.key, tuple(held), SCHEMAS)
                held = []
            if not is_done:
                held.append((position, entry))
    if held:
        yield Block(archive.path, archive.key, tuple(held), SCHEMAS)


class _Run:
    """Hands blocks out and brings what comes back into the tables, in the order of the archives."""

    def __init__(self, workers: Workers, parts: Parts, new: Counts, told: Callable[[], None]) -> None:
        self._workers, self._parts, self._new, self._told = workers, parts, new, told
        self._running: dict[Future[str], tuple[int, Block]] = {}
        self._ready: dict[int, list[Block]] = {}
        self._published = 0

    def read(self, blocks: Iterator[Block]) -> None:
        """Read all blocks."""
        numbered = enumerate(blocks)
        while True:
            while len(self._running) < _BLOCKS_A_WORKER * self._workers.width and len(self._ready) < _MOST_WAITING:
                number, block = next(numbered, (None, None))
                if number is None or block is None:
                    break
                self._running[self._submit(block)] = number, block
            if not self._running:
                return
            self._gather()
            while finished := self._ready.pop(self._published, None):
                for block in finished:
                    self._new.add(self._parts.publish(block.key, block.first, block.last, block.name))
                self._published += 1
                self._told()

    def _submit(self, block: Block) -> Future[str]:
        try:
            return self._workers.executor().submit(read_block, block, self._parts.work)
        except BrokenExecutor:
            return self._workers.renew().submit(read_block, block, self._parts.work)

    def _check_workers(self) -> None:
        """Stop where workers fail at anything: then no document is at fault.

        Raises:
            StoreError: if a worker cannot say which reader it has, or has another.
        """
        try:
            version = self._workers.executor().submit(reader_version).result()
        except Exception as error:
            raise StoreError(
                f"the workers cannot work: {error!r}",
                next_step="They need this package installed, in the same version. Then run the command again.",
            ) from error
        if version != VERSION:
            raise StoreError(
                f"the workers have reader {version}, this command {VERSION}",
                next_step="Install the same version everywhere, then run the command again.",
            )

    def _gather(self) -> None:
        """Take what is finished. Blocks under way when a worker died are read again one at a time: one is at fault."""
        suspects: list[tuple[int, Block]] = []
        broken = False
        for future in wait(self._running, return_when=FIRST_COMPLETED).done:
            number, block = self._running.pop(future)
            error = future.exception()
            if error is None:
                self._ready[number] = [block]
            elif isinstance(error, OversightError):
                raise error
            else:
                suspects.append((number, block))
                broken = broken or isinstance(error, BrokenExecutor)
        if broken:
            suspects += self._running.values()
            self._running.clear()
            self._workers.renew()
        for number, block in sorted(suspects, key=lambda each: each[0]):
            self._ready[number] = self._alone(block)

    def _alone(self, block: Block) -> list[Block]:
        """Read a block while nothing else is read; cut it in half where that fails, down to the member at fault."""
        future = self._submit(block)
        error = future.exception()
        if error is None:
            return [block]
        if isinstance(error, OversightError):
            raise error
        if isinstance(error, BrokenExecutor):
            self._workers.renew()
        if len(block.members) == 1:
            self._check_workers()
            give_up(block, self._parts.work, repr(error))
            return [block]
        return [part for half in block.halves() for part in self._alone(half)]
