"""How the main job grows with the market: `python -m tests.benchmarks.main_job --scale 1 --scale 10`.

Serves the example market from one process and works on it in another, a fresh one for each scale. Prints seconds and
peak memory by stage, and how many times as much the last scale takes as the first.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from oversight.cli.demonstration import Stages, work_on
from oversight.example.market import DEFAULT_SEED, generate

UNTIL = date(2026, 9, 30)


@contextmanager
def server(scale: int) -> Iterator[str]:
    """The example server in a process of its own; gives its address."""
    command = [sys.executable, "-c", "from oversight.cli import main; main()", "example", "serve"]
    words = ["--scale", str(scale), "--until", UNTIL.isoformat()]
    with subprocess.Popen([*command, *words], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip().partition("=")[2].rpartition("/")[0]
        try:
            yield address
        finally:
            process.terminate()


class Measured(Stages):
    """Stages that note the peak memory after each."""

    def say(self, name: str, text: str) -> None:
        print(f"{name:<9} {self.seconds[name]:6.1f} s  {text}", file=sys.stderr)
        MEMORY[name] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


MEMORY: dict[str, float] = {}


def measure(scale: int) -> None:
    """Work on one market and print seconds and peak memory by stage as JSON."""
    stages = Measured()
    with tempfile.TemporaryDirectory() as folder, server(scale) as base:
        work_on(generate(DEFAULT_SEED, UNTIL, scale), base, Path(folder), stages)
    workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(json.dumps({"seconds": stages.seconds, "memory": MEMORY, "workers": workers}))


def main() -> None:
    """Measure each scale and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=int, action="append")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        measure(options.one)
        return
    scales = options.scale or [1]
    results = {}
    for scale in scales:
        command = [sys.executable, "-m", "tests.benchmarks.main_job", "--one", str(scale)]
        output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        results[scale] = json.loads(output.splitlines()[-1])
    print("| stage | " + " | ".join(f"scale {s}: s | peak MB" for s in scales) + " | growth |")
    print("|---" * (2 * len(scales) + 2) + "|")
    for name in results[scales[0]]["seconds"]:
        cells = [f"{results[s]['seconds'][name]:.1f} | {results[s]['memory'][name]:.0f}" for s in scales]
        growth = results[scales[-1]]["seconds"][name] / max(results[scales[0]]["seconds"][name], 0.05)
        print(f"| {name} | {' | '.join(cells)} | {growth:.1f} |")
    workers = [f" | {results[s]['workers']:.0f}" for s in scales]
    print(f"| a reading process | {' | '.join(workers)} | |")


if __name__ == "__main__":
    main()
