"""What is read of each Ofsted file: `python -m tests.benchmarks.ofsted_files PATH` prints a table in Markdown.

PATH is a file or a folder. For every file: rows that hold anything, rows read by table, rows refused and why, cells
reported, seconds.
"""

import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from collectors.ofsted import READERS, identify
from collectors.ofsted.tables import find_tables
from collectors.reading import Origin, Rows
from collectors.sheets import open_book
from oversight.errors import OversightError

HEADER: Final = ("file", "source", "as at", "rows in the file", "rows read", "refused", "reported", "seconds")
REFUSED: Final = "row refused"
_ENDINGS: Final = (".csv", ".gz", ".ods", ".xlsx")


def main(path: Path) -> str:
    """The table, as Markdown."""
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.suffix in _ENDINGS)
    lines = [_line(HEADER), _line(["---"] * len(HEADER))]
    lines += [_line(measure(file)) for file in files]
    return "\n".join(lines)


def measure(file: Path) -> tuple[str, ...]:
    """One line of the table: `HEADER`'s columns."""
    content = file.read_bytes()
    start = time.perf_counter()
    try:
        publication = identify(content, file.name)
        origin = Origin(hashlib.sha256(content).hexdigest(), publication.source, publication.subject, file.name)
        rows = READERS[publication.source].read(content, origin)
    except OversightError as error:
        return file.name, type(error).__name__, "", "", "", error.message, "", _seconds(start)
    return (
        file.name,
        publication.source,
        publication.subject,
        str(rows_below_headers(content, file.name)),
        ", ".join(f"{len(read)} {name}" for name, read in sorted(rows.tables.items()) if name != "issue"),
        _counts(kind for kind, message in _issues(rows) if message.startswith(REFUSED)),
        _counts(kind for kind, message in _issues(rows) if not message.startswith(REFUSED)),
        _seconds(start),
    )


def rows_below_headers(content: bytes, name: str) -> int:
    """Rows below the headers of a file's tables in which any cell holds anything."""
    tables = find_tables(open_book(content, name)).tables
    return sum(
        1
        for table in tables
        for row in table.layout.sheet.rows[table.layout.header + 1 :]
        if any(cell.strip() for cell in row)
    )


def _issues(rows: Rows) -> list[tuple[str, str]]:
    return [(str(issue["kind"]), str(issue["message"])) for issue in rows.tables["issue"]]


def _counts(kinds: Iterable[str]) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in sorted(Counter(kinds).items())) or "0"


def _seconds(start: float) -> str:
    return f"{time.perf_counter() - start:.2f}"


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(main(Path(sys.argv[1])) + "\n")
