"""Screen, sensitivity and markets at full size: `python -m tests.benchmarks.market_screen --providers N --companies M`.

Ofsted's bundled list is replicated to N registered providers: extra rows are real rows with a new number, a perturbed
owner's name and one place more or fewer. A second list stands a year before it, with a twentieth of the rows left out.
Owners are linked to M companies with invented names, in chains of five under a common top. Prints seconds by the clock
and of the processor for each step, beside the floor of listing the same providers (`oversight homes`), and the peak
memory of the process that did it.
"""

import argparse
import csv
import gzip
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from typing import TypeVar

from oversight.identity.names import normal_form
from oversight.model.ids import row_id
from oversight.pipeline import collect
from oversight.pipeline.holders import By, holders
from oversight.pipeline.homes import homes
from oversight.pipeline.link import owners
from oversight.pipeline.markets import ALL_TYPES, Wanted, markets_on
from oversight.pipeline.read import read_documents
from oversight.pipeline.scope import moved, screen
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings
from risk.market.areas import KINDS

ON = date(2025, 3, 31)
NOW = datetime(2025, 9, 1, 9, tzinfo=UTC)
_HEADER_ROWS = 3
_CHAIN = 5
_SEED = 20250331
_BATCH = 2_000
_FLOOR = "list the providers (floor)"
_PROCESSOR = "processor: "
_T = TypeVar("_T")


def main() -> None:
    """Build the ledger, then measure in a fresh process."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--providers", type=int, default=6_000)
    parser.add_argument("--companies", type=int, default=5_000)
    parser.add_argument("--home", type=Path, help="measure the ledger in this folder; used by the program itself")
    given = parser.parse_args()
    if given.home:
        print(json.dumps(measure(given.home)))
        return
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        build(home, given.providers, given.companies)
        command = [sys.executable, "-m", "tests.benchmarks.market_screen", "--home", str(home)]
        found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    report(found)


def report(found: dict[str, float]) -> None:
    """Print seconds by step with the ratio to the floor, then what was worked on."""
    floor = found[_FLOOR]
    for name, figure in found.items():
        if name.startswith("#"):
            print(f"{name[1:].strip():<46} {figure:>10,.0f}")
        elif not name.startswith(_PROCESSOR):
            of_processor = found[_PROCESSOR + name]
            print(f"{name:<46} {figure:>10.2f} s  {of_processor:6.2f} s of processor  {figure / floor:5.1f} x floor")


def build(home: Path, providers: int, companies: int) -> None:
    """A ledger with two lists and a register of companies."""
    with open_workspace(Settings(home=home, workers=1), lambda: NOW) as workspace:
        text = gzip.decompress(
            resources.files("collectors.ofsted").joinpath("data", "provider_level_at_31_march_2025.csv.gz").read_bytes()
        ).decode("utf-8-sig")
        rows = list(csv.reader(text.splitlines(keepends=True)))
        dice = random.Random(_SEED)  # noqa: S311 - the same market every time
        full = [*rows[: _HEADER_ROWS + 1], *replicated(rows[_HEADER_ROWS], rows[_HEADER_ROWS + 1 :], providers, dice)]
        before = [*full[: _HEADER_ROWS + 1], *(row for row in full[_HEADER_ROWS + 1 :] if dice.random() > 1 / 20)]
        for as_at, table in ((ON, full), (ON.replace(year=2024), before)):
            path = home / f"provider_level_{as_at}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(
                    [cell.replace("31 March 2025", f"31 March {as_at.year}") for cell in row] for row in table
                )
            collect.collect_files(workspace, [path], as_at=as_at)
        read_documents(workspace)
        register(workspace, companies)


def replicated(header: list[str], rows: list[list[str]], count: int, dice: random.Random) -> list[list[str]]:
    """The real rows, and perturbed copies of some of them up to a count."""
    plain = ["".join(cell.split()).lower() for cell in header]
    urn, places = plain.index("urn"), plain.index("places")
    owner = next(place for place, cell in enumerate(plain) if cell.startswith("organisation"))
    made = [row for row in rows if row[urn].strip()][:count]
    for number in range(count - len(made)):
        row = list(dice.choice(made))
        row[urn] = f"{9_000_000 + number}"
        row[owner] = f"{row[owner].split(' ')[0]} {dice.choice(('House', 'Meadow', 'Grove'))} {number} Ltd"
        if row[places].strip().isdigit():
            row[places] = str(max(1, int(row[places]) + dice.choice((-1, 1))))
        made.append(row)
    return made


def register(workspace: Workspace, count: int) -> None:
    """Companies in chains of five under a top, and a link from every owner to one of them."""
    numbers = [f"{90_000_000 + number:08d}" for number in range(count)]
    for table, rows in _tables(numbers).items():
        for start in range(0, len(rows), _BATCH):
            workspace.ledger.add(table, rows[start : start + _BATCH])
    found = [owner for owner in owners(workspace) if owner.key]
    links = [
        {
            "link_id": row_id(owner.key), "owner_key": normal_form(owner.text), "owner": owner.text,
            "company_number": numbers[place * count // len(found)], "kind": "company", "decision": "confirmed",
            "score": 100.0, "author": "A benchmark", "decided_at": NOW, "reason": "invented",
        }
        for place, owner in enumerate(found)
    ]  # fmt: skip
    workspace.ledger.add("link", links)


def _tables(numbers: list[str]) -> dict[str, list[dict[str, object]]]:
    tables: dict[str, list[dict[str, object]]] = {"fetch": [], "document": [], "company": [], "ownership": []}
    for place, number in enumerate(numbers):
        for source in ("profile", "psc"):
            document = row_id(source, number) * 4
            tables["document"].append({"document_id": document, "media_type": "application/json", "size": 1})
            tables["fetch"].append(
                {
                    "fetch_id": row_id("fetch", source, number), "source": f"companies_house.{source}",
                    "subject": number, "url": f"https://example.org/{source}/{number}", "requested_at": NOW,
                    "retrieved_at": NOW, "status": "ok", "document_id": document,
                }
            )  # fmt: skip
        tables["company"].append(
            {
                "document_id": row_id("profile", number) * 4, "company_number": number, "locator": "",
                "name": f"EXAMPLE COMPANY {place} LTD", "status": "active", "company_type": "ltd",
                "incorporated_on": date(2010, 1, 4),
            }
        )  # fmt: skip
        if place % _CHAIN:
            parent = numbers[place - 1]
            tables["ownership"].append(
                {
                    "document_id": row_id("psc", number) * 4, "locator": "/items/0", "company_number": number,
                    "owner_kind": "corporate", "owner_key": parent, "owner_name": parent,
                    "owner_company_number": parent, "owner_country": "England", "share_min": 75.0, "share_max": 100.0,
                    "natures": "ownership-of-shares-75-to-100-percent", "notified_on": date(2016, 4, 6),
                }
            )  # fmt: skip
    return tables


def measure(home: Path) -> dict[str, float]:
    """Seconds of each step, and (names with #) what was worked on and the peak memory in megabytes."""
    seconds: dict[str, float] = {}

    def timed(name: str, work: Callable[[], _T]) -> _T:
        started, used = time.perf_counter(), time.process_time()
        result = work()
        seconds[name] = time.perf_counter() - started
        seconds[_PROCESSOR + name] = time.process_time() - used
        return result

    with open_workspace(Settings(home=home), lambda: NOW) as workspace:
        listed = timed(_FLOOR, lambda: homes(workspace, on=ON))
        found = timed("groups on the day, from the ledger", lambda: holders(workspace, on=ON, by=By.GROUP))
        screened = timed("screen under one set of conditions", lambda: screen(found, "adult_scheme_scaled"))
        table = timed("sensitivity of every threshold", lambda: moved(found, screened))
        wanted = Wanted(kinds=KINDS, market_type=ALL_TYPES)
        markets = timed("every market and holder, and the year before", lambda: markets_on(found, wanted))
    steps = [name for name in seconds if not name.startswith(_PROCESSOR) and name != _FLOOR]
    for kind in ("", _PROCESSOR):
        seconds[f"{kind}all of it"] = sum(seconds[kind + name] for name in steps)
    counts: Iterator[tuple[str, float]] = iter(
        (
            ("# providers", listed.height),
            ("# companies", found.market.membership.height),
            ("# groups and owners", found.market.tops.height),
            ("# candidates", screened.table.filter("candidate").height),
            ("# thresholds tried", table.height),
            ("# markets", markets.market.height),
            ("# holdings in markets", markets.share.height),
            ("# peak memory, megabytes", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        )
    )
    return seconds | dict(counts)


if __name__ == "__main__":
    main()
