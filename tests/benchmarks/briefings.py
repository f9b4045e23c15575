"""How long the briefings of a whole register take: `python -m tests.benchmarks.briefings --groups 40 --scale 3`.

Makes the example market in a temporary folder (or takes an installation with `--home`), judges it, and writes the
briefings of so many groups as Word and PDF, as `oversight brief` does. Prints seconds of the clock and of the
processors (which hold on a busy machine too, child processes included), seconds for each, how many pages the front of
each takes, and the ratio to the floor: reading the run and drawing nothing.
"""

import argparse
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import pypdfium2

from oversight.cli.demonstration import Stages, work_on
from oversight.example.market import DEFAULT_SEED, generate
from oversight.model.times import utc_now
from oversight.pipeline.brief import Order, write_briefings
from oversight.pipeline.past import view_of
from oversight.pipeline.workspace import open_workspace
from oversight.settings import Settings
from reports.briefing import register_order
from tests.benchmarks.main_job import server

UNTIL = date(2026, 9, 30)


def measure(home: Path, groups: int, folder: Path) -> None:
    """Write the briefings of the first groups of the newest run and print the table."""
    with open_workspace(Settings(home=home), utc_now) as workspace:
        run_id = workspace.runs.newest()
        started = time.perf_counter()
        view = view_of(workspace, run_id)
        floor = time.perf_counter() - started
        wanted = register_order(view)[:groups]
        started, before = time.perf_counter(), spent()
        paths = write_briefings(workspace, Order(run_id, folder), wanted)
        taken, used = time.perf_counter() - started, spent() - before
    fronts = [front(path) for path in paths if path.suffix == ".pdf"]
    size = sum(path.stat().st_size for path in paths) / len(paths) / 1e6
    print("| briefings | seconds | CPU seconds | seconds each | times reading the run | longest front | MB a file |")
    print("|---|---|---|---|---|---|---|")
    each, ratio = taken / len(wanted), taken / floor
    print(f"| {len(wanted)} | {taken:.1f} | {used:.1f} | {each:.2f} | {ratio:.0f} | {max(fronts)} | {size:.2f} |")


def spent() -> float:
    """CPU seconds of this process and of those it started that have ended."""
    every = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in every)


def front(path: Path) -> int:
    """Pages before the first annex."""
    read = pypdfium2.PdfDocument(path)
    texts = (read[page].get_textpage().get_text_range() for page in range(len(read)))
    return next(number for number, text in enumerate(texts) if "Annex A. " in text)


def make(home: Path, scale: int) -> None:
    """An installation with a run of the example market."""
    with server(scale) as base:
        work_on(generate(DEFAULT_SEED, UNTIL, scale), base, home, Stages())


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--groups", type=int, default=40)
    parser.add_argument("--scale", type=int, default=3, help="of the example market; 3 has over 40 groups")
    parser.add_argument("--home", type=Path, help="an installation with a run, instead of the example market")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = options.home or Path(folder) / "home"
        if options.home is None:
            print(f"making the example market {options.scale} times as large", file=sys.stderr)
            make(home, options.scale)
        measure(home, options.groups, Path(folder) / "briefings")


if __name__ == "__main__":
    main()
