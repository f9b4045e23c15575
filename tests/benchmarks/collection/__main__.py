"""What collecting promises, measured on the example market: `python -m tests.benchmarks.collection [PROOF…]`.

lost     a sweep through every fault leaves the ledger of a clean sweep
killed   `kill -9` at random points of 200 sweeps, each taken up again
limit    a first sweep of 3,000 companies by a simulated clock
sample   the same rate in real time, two processes with one key (seven minutes)
quiet    the second sweep of 3,000 companies, streams followed, 1% changed
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from oversight.example.market import DEFAULT_SEED, generate
from tests.benchmarks.collection.killed import kill_sweeps
from tests.benchmarks.collection.limit import REQUESTS_A_COMPANY, first_sweep
from tests.benchmarks.collection.lost import compare
from tests.benchmarks.collection.quiet import second_sweep
from tests.benchmarks.collection.sample import PROCESSES, sample
from tests.benchmarks.collection.sweeps import UNTIL, part_of_market

SMALL = ("G00-10", "G00-23")
"""Two companies and a charity: enough for a sweep of every kind of request, small enough for hundreds of sweeps."""


def lost(folder: Path, options: argparse.Namespace) -> bool:
    """Nothing lost."""
    right = True
    for seed in range(1, options.seeds + 1):
        result = compare(generate(DEFAULT_SEED, UNTIL), folder / str(seed), seed=seed)
        faults = ", ".join(f"{kind} {count}" for kind, count in sorted(result.done.items()))
        print(
            f"seed {seed}: {sum(result.done.values()):,} faults in {result.asked[1]:,} requests ({result.asked[0]:,} "
            f"without faults), {result.rows:,} rows compared: {len(result.differences)} tables differ, "
            f"{len(result.failures)} subjects failed, {result.seconds:.0f} s. {faults}."
        )
        for line in (*result.differences, *(f"{subject}: {why}" for subject, why in result.failures.items())):
            print(f"  {line}")
        right = right and not result.differences and not result.failures
    return right


def killed(folder: Path, options: argparse.Namespace) -> bool:
    """Killed anywhere."""
    right = True
    market = part_of_market(*SMALL)
    for connections, sweeps in ((1, options.sweeps // 2), (16, options.sweeps - options.sweeps // 2)):
        result = kill_sweeps(
            market, folder / str(connections), sweeps=sweeps, connections=connections, seed=connections
        )
        most = max(result.repeated, default=0)
        print(
            f"{connections} under way at once: {result.kills} of {result.sweeps} sweeps ({result.requests} requests, "
            f"{result.rows:,} rows) killed at work; {len(result.differences)} ledgers differ; of {result.recorded:,} "
            f"answers recorded by then {len(result.recorded_again)} were asked for again; requests repeated after a "
            f"kill: at most {most}, {sum(result.repeated) / max(1, len(result.repeated)):.1f} on average."
        )
        right = right and not result.differences and not result.recorded_again and most <= connections
    return right


def limit(folder: Path, options: argparse.Namespace) -> bool:
    """At the limit."""
    result = first_sweep(folder, options.companies)
    print(
        f"{options.companies:,} companies, {result.requests:,} requests, two seconds an answer: "
        f"{_hours(result.seconds)} by the simulated clock, {result.off:+.2%} of {_hours(result.theory)}; "
        f"{result.refused} answers were 429."
    )
    return abs(result.off) <= 0.02 and not result.refused and result.requests == options.companies * REQUESTS_A_COMPANY


def real(folder: Path, options: argparse.Namespace) -> bool:
    """At the limit, in real time."""
    result = sample(generate(DEFAULT_SEED, UNTIL), folder, options.seconds)
    print(
        f"{PROCESSES} processes, two seconds an answer: {result.asked} requests in {result.seconds:.0f} s, "
        f"{result.off:+.2%} of what the limit allows for; {result.refused} answers were 429."
    )
    return not result.refused and abs(result.off) <= 0.02


def quiet(folder: Path, options: argparse.Namespace) -> bool:
    """Cheap when quiet."""
    result = second_sweep(folder, options.companies)
    total = sum(result.second.values())
    print(
        f"{result.companies:,} companies: {result.first:,} requests at first ({result.seconds[0]:.0f} s); after "
        f"{result.changed} of them changed {total} ({result.seconds[1]:.0f} s), and {result.connections} "
        f"connections to streams; {result.found} of {result.changed} new sets of accounts held."
    )
    print("  " + ", ".join(f"{kind} {count}" for kind, count in result.second.most_common()))
    return total <= 250 and result.found == result.changed


PROOFS: dict[str, Callable[[Path, argparse.Namespace], bool]] = {
    "lost": lost,
    "killed": killed,
    "limit": limit,
    "sample": real,
    "quiet": quiet,
}


def _hours(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600} h {whole % 3600 // 60} min {whole % 60} s"


def main() -> int:
    """Measure what was asked for; 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("proofs", nargs="*", choices=[*PROOFS, []], default=[], help="all where none is named")
    parser.add_argument("--companies", type=int, default=3_000, help="for limit and quiet")
    parser.add_argument("--sweeps", type=int, default=200, help="for killed")
    parser.add_argument("--seeds", type=int, default=3, help="for lost")
    parser.add_argument("--seconds", type=float, default=420.0, help="for sample")
    options = parser.parse_args()
    broken = []
    for name in options.proofs or PROOFS:
        started = time.monotonic()
        print(f"## {name}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            kept = PROOFS[name](Path(folder), options)
        print(f"{'kept' if kept else 'NOT KEPT'}, {time.monotonic() - started:.0f} s\n", flush=True)
        broken += [] if kept else [name]
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
