"""How long the whole register takes to export: `python -m tests.benchmarks.register_export`.

Makes an installation of Ofsted's whole real list that comes with the product and judges it, or takes an installation
with a run (HOME). Then writes its register with the command, start of the process included, as a person waits for it;
and each format by itself. Beside them what the same cells cost at least: xlsxwriter with no styles, links or layout,
and polars writing the tables as CSV. Seconds are of the clock; CPU seconds hold on a busy machine too.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path

import polars as pl
import xlsxwriter

from oversight.model.times import utc_now
from oversight.pipeline.collect import collect_bundled
from oversight.pipeline.past import view_of
from oversight.pipeline.read import read_documents
from oversight.pipeline.run import run
from oversight.pipeline.workspace import open_workspace
from oversight.settings import Settings
from reports.csv import csv_bytes
from reports.ods import ods_bytes
from reports.sheet import Link, Workbook
from reports.workbook import build
from reports.xlsx import xlsx_bytes

ON = date(2025, 12, 31)
COMMAND = "from oversight.cli import main; main()"


def make(home: Path) -> None:
    """An installation with a run of the real list."""
    with open_workspace(settings_of(home), utc_now) as workspace:
        collect_bundled(workspace)
        read_documents(workspace)
        run(workspace, on=ON)


def settings_of(home: Path) -> Settings:
    """The settings of an installation with nothing but a ledger."""
    return Settings(home=home, ledger_url=f"sqlite:///{home / 'ledger.sqlite'}", marking="OFFICIAL")


def measure(home: Path, folder: Path) -> None:
    """Print what the command and each format take."""
    with open_workspace(settings_of(home), utc_now) as workspace:
        view = view_of(workspace)
    book = build(view)
    rows = sum(len(sheet.table.rows) for sheet in book.sheets)
    cells = sum(len(sheet.table.rows) * len(sheet.table.columns) for sheet in book.sheets)
    print(f"{view.table('register_entry').height:,} entries, {len(book.sheets)} sheets, {rows:,} rows, {cells:,} cells")
    print("\n| what | seconds | CPU seconds | MB |\n|---|---|---|---|")
    told("`oversight report --out`", lambda: command(home, folder), children=True)
    told("its sheets", lambda: [b"" for _ in build(view).sheets])
    told("its CSV", lambda: [csv_bytes(view)])
    told("its ODS", lambda: [ods_bytes(book)])
    told("its XLSX", lambda: [xlsx_bytes(book)])
    told("floor: xlsxwriter, no styles", lambda: [plain(book)])
    told("floor: polars, the run's tables as CSV", lambda: [tables(view.tables)])


def told(what: str, work: Callable[[], list[bytes]], *, children: bool = False) -> None:
    """Print a line of the table."""
    whose = resource.RUSAGE_CHILDREN if children else resource.RUSAGE_SELF
    before, started = resource.getrusage(whose), time.perf_counter()
    size = sum(map(len, work())) / 1e6
    seconds, after = time.perf_counter() - started, resource.getrusage(whose)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"| {what} | {seconds:.2f} | {spent:.2f} | {f'{size:.1f}' if size else ''} |")


def command(home: Path, folder: Path) -> list[bytes]:
    """The command in a process of its own; its files."""
    environment = {**os.environ, "OVERSIGHT_HOME": str(home), "OVERSIGHT_LEDGER_URL": settings_of(home).ledger_url}
    words = [sys.executable, "-c", COMMAND, "report", "--out", str(folder)]
    subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)
    return [path.read_bytes() for path in sorted(folder.iterdir())]


def plain(book: Workbook) -> bytes:
    """The same cells by xlsxwriter, and nothing else."""
    buffer = BytesIO()
    made = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False})
    for sheet in book.sheets:
        page = made.add_worksheet(sheet.name)
        for number, row in enumerate(sheet.table.rows):
            page.write_row(number, 0, [cell.text if isinstance(cell, Link) else cell for cell in row])
    made.close()
    return buffer.getvalue()


def tables(held: Mapping[str, pl.DataFrame]) -> bytes:
    """The tables of the run as CSV."""
    return b"".join(frame.write_csv().encode() for frame in held.values())


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path, nargs="?", help="an installation with a run, instead of the real list")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder) / "home"
        if options.home is None:
            print("judging the real list", file=sys.stderr)
            make(home)
        measure(home, Path(folder) / "register")


if __name__ == "__main__":
    main()
