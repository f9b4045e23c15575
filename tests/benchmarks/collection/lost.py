"""Nothing lost: a sweep through every fault leaves the ledger that a clean sweep leaves."""

import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from oversight.example.faults import KINDS, Faults
from oversight.example.server import run as serve
from oversight.example.shapes import Market
from tests.benchmarks.collection.sweeps import PAGE, contents, differences, rows_in, sweep


@dataclass(frozen=True, slots=True)
class Lost:
    """What came of it.

    Attributes:
        differences: tables in which the two ledgers differ.
        rows: rows compared.
        asked: requests of the clean sweep, and of the faulty one.
        done: faults that happened, by kind.
        failures: what could not be fetched in the faulty sweep.
        seconds: the faulty sweep took.
    """

    differences: list[str]
    rows: int
    asked: tuple[int, int]
    done: Counter[str]
    failures: dict[str, str]
    seconds: float


def compare(market: Market, folder: Path, *, seed: int, share: float = 0.4) -> Lost:
    """Sweep a market twice from the same address: cleanly, then through faults."""
    clean, faulty = Faults(seed, share=0.0), Faults(seed, share=share, kinds=KINDS)
    with serve(market, page=PAGE, faults=clean) as base:
        failures = sweep(folder / "clean", base)
        assert not failures, failures
        expected = contents(folder / "clean", base)
    port = int(base.rpartition(":")[2])
    started = time.monotonic()
    with serve(market, port=port, page=PAGE, faults=faulty) as base:
        failures = sweep(folder / "faulty", base)
        seconds = time.monotonic() - started
        found = contents(folder / "faulty", base)
    return Lost(
        differences=differences(expected, found),
        rows=rows_in(expected),
        asked=(len(clean.asked), len(faulty.asked)),
        done=faulty.done,
        failures=failures,
        seconds=seconds,
    )
