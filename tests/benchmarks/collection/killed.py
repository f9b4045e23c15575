"""Killed anywhere: `kill -9` at random points of many sweeps, each taken up again by the same command."""

import multiprocessing
import os
import signal
import sqlite3
import time
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from oversight.example.faults import Faults
from oversight.example.server import run as serve
from oversight.example.shapes import Market
from tests.benchmarks.collection.sweeps import PAGE, contents, differences, rows_in, sweep

_PATIENCE = 120.0


@dataclass(slots=True)
class Killed:
    """What came of it.

    Attributes:
        sweeps: swept, each into its own installation.
        kills: processes killed while they were at work.
        differences: by sweep, where its ledger differs from the unbroken one's.
        recorded: answers that were in the ledgers when the processes were killed.
        recorded_again: addresses asked for again though their answer was in the ledger.
        repeated: exchanges repeated after each kill.
        connections: under way at once in each sweep.
        rows: of the unbroken ledger.
        requests: of the unbroken sweep.
    """

    sweeps: int
    connections: int
    kills: int = 0
    rows: int = 0
    recorded: int = 0
    requests: int = 0
    differences: dict[int, list[str]] = field(default_factory=dict)
    recorded_again: list[str] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)


def processes() -> ForkServerContext:
    """Processes that start quickly: forked from one that has imported everything and done nothing."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.benchmarks.collection.sweeps"])
    return context


def kill_sweeps(market: Market, folder: Path, *, sweeps: int, connections: int, seed: int) -> Killed:
    """Kill each sweep once, at a random point, and take it up again.

    Args:
        market: what is collected.
        folder: for the installations.
        sweeps: how many.
        connections: requests under way at once.
        seed: of the moments.
    """
    dice, result, context = Random(seed), Killed(sweeps, connections), processes()  # noqa: S311 - no secret
    server = Faults(seed, share=0.0)
    with serve(market, page=PAGE, faults=server) as base:
        started = time.monotonic()
        sweep(folder / "unbroken", base, connections)
        seconds = time.monotonic() - started
        result.requests = len(server.asked)
        expected = contents(folder / "unbroken", base)
        result.rows = rows_in(expected)
        for number in range(sweeps):
            home = folder / str(number)
            before = len(server.asked)
            at = before + dice.randrange(result.requests + 1)
            killed = _sweep_and_kill(context, home, base, server, at, dice.uniform(0, seconds / 10), connections)
            known, asked = _recorded(home), len(server.asked)
            result.kills += killed
            _sweep(context, home, base, connections)
            again = [_path(address) for _, address in server.asked[asked:]]
            result.recorded_again += [address for address in again if address in known]
            result.recorded += len(known & {_path(address) for _, address in server.asked[before:asked]})
            earlier = {_path(address) for _, address in server.asked[before:asked]}
            result.repeated.append(len(_exchanges(set(again) & earlier)))
            if found := differences(expected, contents(home, base)):
                result.differences[number] = found
    return result


def _sweep(context: ForkServerContext, home: Path, base: str, connections: int) -> None:
    process = context.Process(target=sweep, args=(home, base, connections))
    process.start()
    process.join(_PATIENCE)
    assert process.exitcode == 0, f"the sweep of {home} did not end well: {process.exitcode}"


def _sweep_and_kill(
    context: ForkServerContext, home: Path, base: str, server: Faults, at: int, delay: float, connections: int
) -> int:
    """Start a sweep and kill it a moment after so many requests had come; 0 where it ended before."""
    process: BaseProcess = context.Process(target=sweep, args=(home, base, connections))
    process.start()
    ended = time.monotonic() + _PATIENCE
    while process.is_alive() and len(server.asked) < at and time.monotonic() < ended:
        time.sleep(0.0005)
    time.sleep(delay)
    alive = process.is_alive()
    if alive and process.pid:
        os.kill(process.pid, signal.SIGKILL)
    process.join(_PATIENCE)
    return int(alive and process.exitcode == -signal.SIGKILL)


def _recorded(home: Path) -> set[str]:
    """Addresses whose answers the ledger has."""
    ledger = home / "ledger.sqlite"
    if not ledger.exists():
        return set()
    with sqlite3.connect(ledger) as connection:
        known = connection.execute("select 1 from sqlite_master where name = 'fetch'").fetchall()
        rows = connection.execute("select url from fetch where status <> 'failed'").fetchall() if known else []
    return {_path(url) for (url,) in rows}


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _exchanges(addresses: set[str]) -> set[str]:
    """Addresses of whole exchanges: a redirect and where it leads are one."""
    return {address for address in addresses if not address.startswith("/signed/")}
