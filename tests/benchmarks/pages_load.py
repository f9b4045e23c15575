"""How fast are the pages for twenty readers while a run is made? `python -m tests.benchmarks.pages_load HOME`.

HOME is the home folder of the example market (`oversight example demo --home HOME`). Its newest run and homes are
multiplied, each copy with names and ids of its own, until the run is of real size: an invented run, made to be large.
Readers ask one page after another with a pause between, as people do who read; a process of its own judges the example
market and writes the large run again under new names, so that the newest run changes under the readers.
"""

import argparse
import http.client
import multiprocessing
import os
import random
import shutil
import statistics
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl
import uvicorn

from oversight.model.ids import row_id
from oversight.model.times import utc_now
from oversight.pipeline.run import run_tables
from oversight.pipeline.select import select_evidence
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings
from oversight.store.runs import Manifest
from oversight.web.app import create_app
from risk.parameters import load

READERS: Final = 20
_JUDGED: Final = 10
"""How often the writer judges the small market before it writes the large run: a large run takes that long."""
PROXY: Final = "127.0.0.1"
_ALONE: Final = frozenset({"parameter", "visible", "attribution", "issue", "stress_market", "market", "register_field"})
_KEYS: Final = ("group_id", "entry_id", "company_number", "uk_parent_number", "owner_key", "period_id", "indicator_id",
                "evidence_id", "exposure_id", "contribution_id", "score_id", "scope_id", "stress_id", "account_id",
                "displacement_id", "event_id", "holding_id", "urn", "item_id", "input_id")  # fmt: skip
_NAMES: Final = ("name", "group_name", "owner", "company_name", "owner_name", "parent_name")


def main() -> None:
    """Make the large run, start pages, writer and readers, and print what the readers waited."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("home", type=Path)
    asked.add_argument("--copies", type=int, default=100, help="how often the example market is multiplied")
    asked.add_argument("--seconds", type=float, default=60.0)
    asked.add_argument("--pause", type=float, default=1.0, help="seconds a reader reads before the next page")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        for name in ("ledger.sqlite", "settings.toml"):
            shutil.copy(given.home / name, home / name)
        with open_workspace(_settings(given.home), utc_now) as source:
            manifest = source.runs.manifest(source.runs.newest())
            small = source.runs.tables(manifest.run_id)
        large = multiplied(small, given.copies)
        print(", ".join(f"{name} {large[name].height:,}" for name in ("group", "membership", "provider", "indicator")))
        with open_workspace(_settings(home), utc_now) as opened:
            _write(opened, manifest, large, 0)
            _measure(opened, given, manifest, large)


def multiplied(tables: Mapping[str, pl.DataFrame], copies: int) -> dict[str, pl.DataFrame]:
    """Every table that is about groups, as often as asked, each copy with its own ids and names."""
    made = {}
    for name, frame in tables.items():
        if name in _ALONE or name == "lineage":
            made[name] = frame
            continue
        keys = [column for column in _KEYS if column in frame.columns]
        names = [column for column in _NAMES if column in frame.columns]
        parts = []
        for copy in range(copies):
            tag = f"{copy:03d}"
            parts.append(
                frame.with_columns(
                    *(pl.col(key) + pl.lit(tag) for key in keys), *(pl.col(each) + pl.lit(f" {tag}") for each in names)
                )
            )
        made[name] = pl.concat(parts)
    return made


def _settings(home: Path) -> Settings:
    people = {f"reader {number}": "viewer" for number in range(READERS)}
    return Settings.model_validate(
        {
            "home": home, "ledger_url": f"sqlite:///{home / 'ledger.sqlite'}", "marking": "OFFICIAL",
            "label": "EXAMPLE DATA, multiplied", "web_sign_in": "proxy", "web_trusted_proxies": [PROXY],
            "web_roles": people,
        }
    )  # fmt: skip


def _write(opened: Workspace, manifest: Manifest, tables: Mapping[str, pl.DataFrame], number: int) -> None:
    now = utc_now()
    run_id = f"{manifest.on:%Y%m%d}-{row_id('pages_load', number, now)[:10]}"
    opened.runs.write(replace(manifest, run_id=run_id, known_by=now, outputs={}), tables, lambda _: None)


def _keep_writing(source: Path, home: Path, tables: Mapping[str, pl.DataFrame], stop: threading.Event) -> None:
    """Judge the example market and write the large run, again and again."""
    os.nice(10)  # as a scheduled run should
    with open_workspace(_settings(source), utc_now) as held, open_workspace(_settings(home), utc_now) as opened:
        manifest = held.runs.manifest(held.runs.newest())
        evidence = select_evidence(held, manifest.as_at)
        number = 1
        while not stop.is_set():
            for _ in range(_JUDGED):
                run_tables(evidence, load())
            _write(opened, manifest, tables, number)
            number += 1
        print(f"runs written meanwhile: {number - 1}")


def _measure(
    opened: Workspace, given: argparse.Namespace, manifest: Manifest, large: Mapping[str, pl.DataFrame]
) -> None:
    server = uvicorn.Server(
        uvicorn.Config(create_app(opened, ready=True), port=0, log_level="error", proxy_headers=False)
    )
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    port = server.servers[0].sockets[0].getsockname()[1]
    pages = _addresses(large)
    _get(port, 0, "/register")  # the run is opened before anybody is timed
    spawn = multiprocessing.get_context("spawn")
    stop, said = spawn.Event(), spawn.Queue()
    writer = spawn.Process(target=_keep_writing, args=(given.home, opened.settings.home, large, stop))
    readers = spawn.Process(target=_read, args=(port, pages, given.seconds, given.pause, said))
    writer.start()
    readers.start()
    waited: dict[str, list[float]] = said.get()
    readers.join()
    stop.set()
    writer.join()
    server.should_exit = True
    _print(waited, manifest)


def _addresses(large: Mapping[str, pl.DataFrame]) -> dict[str, list[str]]:
    entries = large["register_entry"]["entry_id"].to_list()
    companies = large["membership"]["company_number"].to_list()
    codes = large["exposure"]["local_authority_code"].unique().sort().to_list()
    return {
        "register": ["/register", *(f"/register?sort=homes&order=descending&page={page}" for page in range(2, 30))],
        "register, searched": [f"/register?text={text}" for text in ("larkspur", "heather", "juniper", "tansy")],
        "group": [f"/groups/{entry}" for entry in entries],
        "company": [f"/companies/{number}" for number in companies],
        "authority": [f"/authorities/{code}" for code in codes],
        "authorities": ["/authorities"],
        "market": ["/market"],
        "runs": ["/runs"],
        "method": ["/method", "/method/parameters", "/method/indicators", "/method/conditions"],
        "review": ["/review", "/review/figures", "/review/owners"],
        "approvals": ["/approvals"],
        "data health": ["/data"],
    }


def _read(
    port: int, pages: Mapping[str, Sequence[str]], seconds: float, pause: float, said: "multiprocessing.Queue[object]"
) -> None:
    """Twenty readers, each with a connection of its own."""
    waited: defaultdict[str, list[float]] = defaultdict(list)
    until = time.monotonic() + seconds
    kinds = [*pages, "register", "group", "group", "group", "company"]  # what analysts look at most

    def reader(number: int) -> None:
        chosen = random.Random(number)  # noqa: S311 - which page is next
        time.sleep(chosen.random() * pause)
        while time.monotonic() < until:
            kind = chosen.choice(kinds)
            waited[kind].append(_get(port, number, chosen.choice(pages[kind])))
            time.sleep(pause * chosen.uniform(0.5, 1.5))

    threads = [threading.Thread(target=reader, args=(number,)) for number in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said.put(dict(waited))


def _get(port: int, number: int, address: str) -> float:
    """Milliseconds until a page is here whole."""
    started = time.perf_counter()
    connection = http.client.HTTPConnection("localhost", port, timeout=120)
    connection.request("GET", address, headers={"X-Forwarded-User": f"reader {number}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{address} answered {answer.status}: {body[:500]!r}")
    return (time.perf_counter() - started) * 1_000


def _print(waited: Mapping[str, Sequence[float]], manifest: Manifest) -> None:
    print(f"made of run {manifest.run_id}; {READERS} readers, milliseconds a page")
    print(f"{'page':22}{'asked':>8}{'median':>9}{'95th':>9}{'longest':>9}")
    everything = [each for times in waited.values() for each in times]
    for kind, times in [*sorted(waited.items()), ("all", everything)]:
        ordered = sorted(times)
        late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
        print(f"{kind:22}{len(times):8,}{statistics.median(times):9.0f}{late:9.0f}{ordered[-1]:9.0f}")


if __name__ == "__main__":
    main()
