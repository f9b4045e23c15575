"""How fast accounts are read in bulk, beside other readers: `python -m tests.benchmarks.bulk_accounts FOLDER`.

Makes a zip of the real documents under a folder, replicated to `--documents`, and has it read in one process by a floor
(unzip, parse with lxml, walk the tags), by expat (unzip, parse, a handler called for each tag), by stream-read-xbrl, by
ixbrlparse and by us. One pass is all real documents once; readers take turns pass by pass, so that a busy machine is as
busy for all, and processor time is what counts. Slow readers do fewer passes. Then `oversight accounts --bulk` reads
the zip with one process and with two, and with `--memory` zips four and sixteen times as large.
"""

import argparse
import gc
import io
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock
from xml.parsers import expat

from ixbrlparse import IXBRL
from lxml import etree

from collectors.accounts import reader
from collectors.accounts.catalogue import catalogue
from collectors.accounts.parse import parse
from collectors.accounts.reader import read_document
from collectors.accounts.tags import read_tags
from collectors.accounts.zips import Entry, contents, entries
from collectors.reading import Origin, Rows
from oversight.model.ids import document_id
from tests.benchmarks.accounts_reading import contents as real_documents

sys.modules.setdefault("mypy_boto3_s3", MagicMock())  # stream-read-xbrl imports it for its annotations alone
from stream_read_xbrl import _xbrl_to_rows, stream_read_xbrl_zip  # noqa: E402

COMMAND = "from oversight.cli import main\nif __name__ == '__main__':\n    main()"
STATUS = "print(open('/proc/self/status').read())"
IMPORTS = f"import oversight.pipeline.accounts.block; {STATUS}"
TAGS_ALONE = f"""
import sys, zipfile
from collectors.accounts.catalogue import catalogue
from collectors.accounts.parse import parse
from collectors.accounts.tags import read_tags
texts = catalogue().texts
{STATUS}
with zipfile.ZipFile(sys.argv[1]) as archive:
    for name in archive.namelist():
        tagged = read_tags(parse(archive.read(name), name).root, texts)
        held = [(fact.locator, fact.value) for fact in tagged.facts]
{STATUS}
"""
"""A process that does nothing but read tags, with what it holds before and after."""
Read = Callable[[str, bytes], object]


@dataclass
class Passes:
    """Processor seconds of one reader: unpacking, and reading, pass by pass."""

    documents: int
    seconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Documents a second, in the middle pass."""
        return self.documents / statistics.median(self.seconds)


def make(path: Path, held: Sequence[tuple[str, bytes]], documents: int) -> None:
    """A zip of that many documents, no two the same to the byte."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for number in range(documents):
            name, content = held[number % len(held)]
            suffix = "xml" if name.endswith(("xml", "xml.gz")) else "html"
            archive.writestr(f"Prod223_{number:06d}_{number:08d}_20201231.{suffix}", content + b"<!-- %d -->" % number)


def walked(_name: str, content: bytes) -> int:
    """The floor: every tag looked at, nothing kept."""
    root = etree.fromstring(content, etree.XMLParser(recover=True, huge_tree=True, resolve_entities=False))
    return sum(1 for element in root.iter() if element.tag is not None)


def expatted(_name: str, content: bytes) -> None:
    """The floor of a streaming reader: expat calls a function for each tag."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _tag, _attributes: None
    parser.Parse(content, True)


def facts(name: str, content: bytes) -> int:
    """All facts with their values and places."""
    tagged = read_tags(parse(content, name).root, catalogue().texts)
    return sum(1 for fact in tagged.facts if (fact.locator, fact.value))


def everything(name: str, content: bytes) -> Rows:
    """Facts, lines, statements and issues, as rows."""
    rows = Rows()
    read_document(content, Origin(document_id(content), "benchmark", "", name), rows)
    return rows


def streamed(name: str, content: bytes) -> tuple[Any, ...]:
    """stream-read-xbrl's own function for one document, without its pool."""
    found: tuple[Any, ...] = _xbrl_to_rows((name, content))
    return found


def published(path: Path) -> float:
    """stream-read-xbrl as it is published, a pool of processes and all: processor seconds for a zip."""
    before = time.process_time() + _of_children()
    with path.open("rb") as stream, stream_read_xbrl_zip(iter(lambda: stream.read(65536), b"")) as (_, rows):
        for _ in rows:
            pass
    return time.process_time() + _of_children() - before


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def ixbrlparsed(_name: str, content: bytes) -> int:
    """ixbrlparse, contexts and all."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return len(IXBRL(io.BytesIO(content), raise_on_error=False).numeric)


READERS: Mapping[str, tuple[Read, int]] = {
    "floor: unzip, lxml, walk the tags": (walked, 99),
    "expat: unzip, a call for each tag": (expatted, 99),
    "all facts with places": (facts, 99),
    "facts, lines, statements, issues": (everything, 2),
    "stream-read-xbrl, its function for one document": (streamed, 2),
    "ixbrlparse": (ixbrlparsed, 1),
}
"""Each reader, and the most passes it makes."""


def unzipped(path: Path, wanted: range) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of the members at some positions."""
    with path.open("rb") as stream:
        listed: list[Entry] = list(entries(stream))
        for position in wanted:
            entry = listed[position]
            yield entry.name, b"".join(contents(stream, entry))


def take_turns(path: Path, documents: int, each: int) -> dict[str, Passes]:
    """Processor time of every reader, pass by pass, in turns; no search for cycles sees what was imported before."""
    gc.collect()
    gc.freeze()
    done = {name: Passes(each) for name in READERS}
    for number, start in enumerate(range(0, documents - each + 1, each)):
        for name, (read, most) in READERS.items():
            if number >= most:
                continue
            started = time.process_time()
            for member, content in unzipped(path, range(start, start + each)):
                read(member, content)
            done[name].seconds.append(time.process_time() - started)
    return done


class Stopwatch:
    """Processor time spent in some functions of the reader, counted from outside."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.calls: dict[str, int] = {}
        self._depth = 0

    def around(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, timed; what it calls that is timed as well counts once."""

        def timed(*args: Any, **more: Any) -> Any:
            self._depth += 1
            started = time.process_time()
            try:
                return function(*args, **more)
            finally:
                self._depth -= 1
                if not self._depth:
                    self.seconds[name] = self.seconds.get(name, 0.0) + time.process_time() - started
                    self.calls[name] = self.calls.get(name, 0) + 1

        return timed


def cost_of_pages(held: Sequence[tuple[str, bytes]]) -> tuple[int, float, float]:
    """Documents whose page was read, its seconds, and the seconds of everything, in one pass."""
    watch = Stopwatch()
    names = ("sheet", "read_statements", "printed_choices", "weigh")
    kept = {name: getattr(reader, name) for name in names}
    for name in names:
        setattr(reader, name, watch.around(name, kept[name]))
    try:
        started = time.process_time()
        for name, content in held:
            everything(name, content)
        whole = time.process_time() - started
    finally:
        for name in names:
            setattr(reader, name, kept[name])
    return watch.calls.get("sheet", 0), sum(watch.seconds.values()), whole


def in_bulk(path: Path, folder: Path, workers: int) -> tuple[float, float, str]:
    """Seconds the command took, the most memory (MB) of one of its workers, and what it said."""
    command = [sys.executable, "-c", COMMAND, "accounts", "--bulk", str(path), "--out", str(folder)]
    started = time.monotonic()
    most = 0.0
    with subprocess.Popen([*command, "--workers", str(workers)], stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            most = max([most, *(_peak(pid) for pid in _children(process.pid))])
            time.sleep(0.02)
        assert process.stderr is not None
        said = process.stderr.read()
    return time.monotonic() - started, most, said


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for path in Path(f"/proc/{pid}/task").glob("*/children") for each in path.read_text().split()]
    except OSError:
        return []


def _peak(pid: int) -> float:
    try:
        return _megabytes(Path(f"/proc/{pid}/status").read_text())
    except (OSError, ValueError, IndexError):
        return 0.0


def _said(*words: str) -> str:
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True).stdout


def _megabytes(status: str) -> float:
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--documents", type=int, default=2_000)
    asked.add_argument("--memory", action="store_true", help="read larger zips too, and show the memory of a worker")
    options = asked.parse_args()
    held = real_documents(options.folder)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "bulk.zip"
        make(path, held, options.documents)
        print(f"{len(held)} real documents, {options.documents:,} in the zip, {path.stat().st_size / 1e6:.0f} MB")
        done = take_turns(path, options.documents, len(held))
        once = folder / "once.zip"
        make(once, held, len(held))
        done["stream-read-xbrl, as published"] = Passes(len(held), [published(once)])
        show_turns(done)
        documents, pages, whole = cost_of_pages(held)
        print(
            f"\nPages read where tags leave a statement unread: {documents} of {len(held)} documents, {pages:.2f} s of "
            f"{whole:.2f} s; without them {len(held) / (whole - pages):,.0f} documents a second."
        )
        show_bulk(folder, path, options.documents)
        if options.memory:
            show_memory(folder, held, options.documents)


def show_turns(done: Mapping[str, Passes]) -> None:
    """The rates of the readers, beside ours."""
    ours, floor = done["all facts with places"].rate, done["floor: unzip, lxml, walk the tags"].rate
    print("\n| one process, processor time | documents a second | of the floor | all facts to this |", end="")
    print("\n|---|---:|---:|---:|")
    for name, passes in done.items():
        print(f"| {name} | {passes.rate:,.0f} | {passes.rate / floor:.0%} | {ours / passes.rate:.1f} times |")


def show_bulk(folder: Path, path: Path, documents: int) -> None:
    """The command with one process and with two."""
    print("\n| oversight accounts --bulk | seconds | documents a second | most MB a worker |\n|---|---:|---:|---:|")
    taken = {}
    for workers in (1, 2):
        taken[workers], most, _ = in_bulk(path, folder / f"out{workers}", workers)
        print(f"| {workers} workers | {taken[workers]:.1f} | {documents / taken[workers]:,.0f} | {most:.0f} |")
    print(f"\nTwo processes are {taken[1] / taken[2]:.2f} times as fast as one.")


def show_memory(folder: Path, held: Sequence[tuple[str, bytes]], documents: int) -> None:
    """The memory of a worker as the zip grows."""
    imports = _megabytes(_said("-c", IMPORTS))
    print(f"\nA process that has imported all it needs holds {imports:.0f} MB.")
    make(folder / "once.zip", held, len(held))
    before, _, after = _said("-c", TAGS_ALONE, str(folder / "once.zip")).partition("\n\n")
    least, most = _megabytes(before), _megabytes(after)
    print(
        f"One that reads tags alone: {least:.0f} MB before, {most:.0f} MB at most, {most - least:.0f} MB for reading."
    )
    print("\n| documents in the zip | MB of the zip | most MB a worker | beyond imports |\n|---:|---:|---:|---:|")
    for times in (1, 4, 16):
        path = folder / f"bulk{times}.zip"
        make(path, held, documents * times)
        _, most, _ = in_bulk(path, folder / f"memory{times}", 1)
        size = path.stat().st_size / 1e6
        print(f"| {documents * times:,} | {size:.0f} | {most:.0f} | {most - imports:.0f} |", flush=True)


if __name__ == "__main__":
    main()
