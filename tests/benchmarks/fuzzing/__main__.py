"""Fuzz the readers of accounts: `python -m tests.benchmarks.fuzzing ../shared/data/accounts --minutes 60`.

Every input is made from a seed and its number, so `--only NUMBER` makes it again. Each is read in a process that is
watched: no crash, no more than `--seconds` of processor time (a scan may take `--scan-seconds`), no more than
`--megabytes` with everything imported, and rows that fit their tables. What fails is kept in `--keep` and listed.
"""

import argparse
import random
import sys
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from collectors.accounts.unpack import Member, documents
from tests.benchmarks.fuzzing.archives import PACKS
from tests.benchmarks.fuzzing.damage import DAMAGES
from tests.benchmarks.fuzzing.markup import ATTACKS
from tests.benchmarks.fuzzing.watch import Limits, Outcome, Watched

MOST_BYTES = 20_000_000
_LISTS = (".csv", ".csv.gz", ".jsonl.gz", ".md")


@dataclass(slots=True)
class Tally:
    """What the inputs of one kind did."""

    inputs: int = 0
    facts: int = 0
    slowest: float = 0.0
    largest: float = 0.0
    failures: list[str] = field(default_factory=list)

    def count(self, outcome: Outcome) -> None:
        """Add one input."""
        self.inputs += 1
        self.facts += outcome.facts > 0
        self.slowest = max(self.slowest, outcome.seconds)
        self.largest = max(self.largest, outcome.megabytes)


def seeds(folder: Path) -> Mapping[str, Sequence[bytes]]:
    """Real documents to start from, by kind: tagged, and PDF."""
    found: dict[str, list[bytes]] = {"tagged": [], "pdf": []}
    for path in sorted(each for each in folder.rglob("*") if each.is_file() and not each.name.endswith(_LISTS)):
        for item in documents(path.read_bytes(), path.name):
            if isinstance(item, Member):
                found["pdf" if b"%PDF-" in item.content[:1024] else "tagged"].append(item.content)
    return found


def make(number: int, seed: int, real: Mapping[str, Sequence[bytes]]) -> tuple[str, bytes]:
    """One input and the name of its kind, always the same for a seed and number."""
    chance = random.Random(f"{seed}/{number}")
    way = chance.choices(("damage", "attack", "pack", "pdf"), (45, 30, 20, 5))[0]
    if way == "attack":
        name = chance.choice(sorted(ATTACKS))
        content, kind = ATTACKS[name](chance), f"attack: {name}"
        if chance.random() < 0.2:
            content = DAMAGES[chance.choice(("flip", "truncate", "lose", "insert"))](content, chance)
    elif way == "pdf" and real["pdf"]:
        name = chance.choice(("flip", "truncate", "lose", "double", "move", "insert"))
        content, kind = DAMAGES[name](chance.choice(real["pdf"]), chance), "pdf"
    else:
        name = chance.choice(sorted(DAMAGES))
        content, kind = DAMAGES[name](chance.choice(real["tagged"]), chance), f"damage: {name}"
        for _ in range(chance.randrange(3)):
            content = DAMAGES[chance.choice(sorted(DAMAGES))](content, chance)
    content = content[:MOST_BYTES]
    if way == "pack":
        name = chance.choice(sorted(PACKS))
        content, kind = PACKS[name](content, chance), f"archive: {name}"
        if chance.random() < 0.3:
            content = DAMAGES[chance.choice(("flip", "truncate", "lose", "move"))](content, chance)
    return kind, content[:MOST_BYTES]


def main() -> int:
    """Fuzz, and print what came of it; 1 where anything failed."""
    options = _options()
    real = seeds(options.folder)
    tallies: dict[str, Tally] = defaultdict(Tally)
    until = time.monotonic() + options.minutes * 60
    number = options.first
    with Watched() as watched:
        while options.only is not None or time.monotonic() < until:
            number = options.only if options.only is not None else number
            kind, content = make(number, options.seed, real)
            scan = b"%PDF-" in content
            limits = Limits(options.scan_seconds if scan else options.seconds, options.megabytes)
            outcome = watched.read(content, limits)
            if outcome.verdict:  # judged alone, in a process that holds nothing else
                watched.stop()
                outcome = watched.read(content, limits)
            tallies[kind].count(outcome)
            if outcome.verdict:
                kept = options.keep / f"{options.seed}-{number}"
                options.keep.mkdir(parents=True, exist_ok=True)
                kept.write_bytes(content)
                tallies[kind].failures.append(f"{number}: {outcome.verdict}")
                print(f"{kind} {number} ({len(content):,} bytes): {outcome.verdict}; kept as {kept}", flush=True)
            if options.only is not None:
                print(kind, len(content), outcome)
                break
            number += 1
    _show(tallies)
    return int(any(tally.failures for tally in tallies.values()))


def _options() -> argparse.Namespace:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--first", type=int, default=0, help="number to begin at")
    asked.add_argument("--only", type=int, help="make and read this one input")
    asked.add_argument("--seconds", type=float, default=5)
    asked.add_argument("--scan-seconds", type=float, default=180)
    asked.add_argument("--megabytes", type=float, default=500)
    asked.add_argument("--keep", type=Path, default=Path("fuzz-failures"))
    return asked.parse_args()


def _show(tallies: Mapping[str, Tally]) -> None:
    print("\n| kind | inputs | that gave facts | most seconds | most MB | failures |\n|---|---:|---:|---:|---:|---:|")
    for kind, tally in sorted(tallies.items()):
        print(
            f"| {kind} | {tally.inputs:,} | {tally.facts:,} | {tally.slowest:.2f} | {tally.largest:.0f} "
            f"| {len(tally.failures)} |"
        )
    total = sum(tally.inputs for tally in tallies.values())
    print(f"| all | {total:,} | | | | {sum(len(tally.failures) for tally in tallies.values())} |")


if __name__ == "__main__":
    sys.exit(main())
