"""Kill senders at random moments against a mail server that misbehaves, and count.

    python -m tests.benchmarks.outbox --kills 200

Each policy for letters whose outcome is unknown (`sending.unknown` of the alert rules) is tried against a relay that
throws repeats of a Message-ID away and one that does not. They are held against `simple`: a sender that records a
letter when the server has taken it and keeps no other account, so that it sends again whatever it was killed over.
"""

import argparse
import tempfile
from pathlib import Path

from tests.benchmarks.outbox.kills import Counted, count
from tests.benchmarks.outbox.life import SIMPLE

COLUMNS = (
    ("due", "due"),
    ("once", "delivered once"),
    ("twice", "twice"),
    ("lost", "lost"),
    ("held", "held, not there"),
    ("held_though_there", "held, yet there"),
    ("letters_held", "letters held"),
    ("unfinished", "still waiting"),
)


def main() -> None:
    """Run and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200, help="senders killed in each row")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--policy", choices=("hold", "retry", SIMPLE), help="only this one")
    chosen = parser.parse_args()
    heads = "".join(f"{words:>17}" for _, words in COLUMNS)
    print(f"{'unknown':<8}{'repeats':<14}{'kills':>6}{heads}")
    found = []
    for policy in (chosen.policy,) if chosen.policy else ("hold", "retry", SIMPLE):
        for sees in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                row = count(
                    Path(folder) / "home", kills=chosen.kills, policy=policy, sees_repeats=sees, seed=chosen.seed
                )
            found.append(row)
            print(_line(row), flush=True)
    print("\nWhat the relay did, over all rows:")
    for what in sorted({name for row in found for name in row.conversations}):
        print(f"  {what:<32}{sum(row.conversations.get(what, 0) for row in found):>7}")


def _line(row: Counted) -> str:
    relay = "thrown away" if row.sees_repeats else "delivered"
    return f"{row.policy:<8}{relay:<14}{row.kills:>6}" + "".join(f"{getattr(row, name):>17,}" for name, _ in COLUMNS)


if __name__ == "__main__":
    main()
