"""At the limit, in real time: two processes with one key and one ledger, against a server that answers slowly."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from collectors.pacing import COMPANIES_HOUSE_LIMIT
from oversight.cli.demonstration import demo_settings
from oversight.errors import RefusedError
from oversight.example.faults import LATENCY, Faults
from oversight.example.server import run as serve
from oversight.example.shapes import Market
from oversight.model.times import utc_now
from oversight.pipeline.calls import make
from oversight.pipeline.collect import house_of, recorder_for
from oversight.pipeline.workspace import open_workspace, tell_nobody
from tests.benchmarks.collection.killed import processes
from tests.benchmarks.collection.limit import LATENCY as SECONDS

PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """What came of it.

    Attributes:
        seconds: sampled.
        asked: requests by then.
        refused: requests that got a 429.
    """

    seconds: float
    asked: int
    refused: int

    @property
    def off(self) -> float:
        """By how much it asked for more than the limit allows for in that time, as a share."""
        return self.asked / (self.seconds / COMPANIES_HOUSE_LIMIT.spacing) - 1


def ask_for_profiles(home: Path, base: str, numbers: Sequence[str], seconds: float) -> None:
    """Ask for one profile after the other, many at a time, for so many seconds from when the process is ready."""
    with open_workspace(demo_settings(home, base), utc_now) as workspace, recorder_for(workspace, refresh=True) as kept:
        house = house_of(workspace, kept)
        until = time.monotonic() + seconds

        def ask(number: str) -> list[object]:
            if time.monotonic() > until:
                raise RefusedError("the sample is over")
            return [house.profile(number)]

        calls = {f"{number}/{turn}": lambda number=number: ask(number) for turn in range(500) for number in numbers}
        make(calls, workspace.settings.connections // PROCESSES, "asking", tell_nobody)  # type: ignore[arg-type]


def sample(market: Market, home: Path, seconds: float) -> Sample:
    """Ask for so many seconds and count at the server."""
    slow = Faults(1, share=1.0, kinds=(LATENCY,), latency=(SECONDS, SECONDS), in_a_row=10**9)
    numbers = [company.number for company in market.companies]
    context = processes()
    with serve(market, rate_limit=COMPANIES_HOUSE_LIMIT.requests, faults=slow) as base:
        with open_workspace(demo_settings(home, base), utc_now):
            pass  # the ledger is there before they start
        workers = [
            context.Process(target=ask_for_profiles, args=(home, base, numbers, seconds)) for _ in range(PROCESSES)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
            assert worker.exitcode == 0, "a process failed"
    moments = [moment for moment, _ in slow.asked]
    return Sample(moments[-1] - moments[0], len(moments), slow.told[429])
