"""Kills senders at random moments and counts what reached whom, how often."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from oversight.model.times import utc_now
from oversight.pipeline.alert import outstanding, rules_of
from oversight.pipeline.post import fates, send
from oversight.pipeline.workspace import Workspace, open_workspace
from reports.alerts.fate import DELIVERED, HELD
from tests.benchmarks.outbox import life
from tests.benchmarks.outbox.relay import Relay, serve

ROOT = Path(__file__).resolve().parents[3]
_ANY_MOMENT = 1 / 3
_PATIENCE_SECONDS = 3.0
MODULE = "tests.benchmarks.outbox.life"


@dataclass(frozen=True)
class Counted:
    """What became of every alert for every person.

    Attributes:
        policy: hold, retry or simple.
        sees_repeats: whether the relay throws repeats away.
        kills: senders killed.
        due: alerts times people.
        once: reached the person once.
        twice: reached the person more than once.
        lost: neither reached the person, nor waits, nor is held for anybody.
        held: held for a person, and not delivered.
        held_though_there: held for a person, and delivered after all.
        letters_held: letters held.
        unfinished: dues and letters still waiting when the time was up.
        conversations: what the relay did.
        ended: how lives ended that were not killed.
    """

    policy: str
    sees_repeats: bool
    kills: int
    due: int
    once: int
    twice: int
    lost: int
    held: int
    held_though_there: int
    letters_held: int
    unfinished: int
    conversations: dict[str, int]
    ended: int


def count(home: Path, *, kills: int, policy: str, sees_repeats: bool, seed: int = 1, seconds: float = 900) -> Counted:
    """Kill so many senders, let a last one finish, and count.

    Args:
        home: an empty folder.
        kills: how many senders to kill.
        policy: hold or retry, for letters whose outcome is unknown; simple for the sender that others are held against.
        sees_repeats: whether the relay throws away a message whose Message-ID it had.
        seed: of the moments and the relay's faults.
        seconds: patience with the last one.
    """
    dice = random.Random(seed)  # noqa: S311 - the same moments each time
    relay = Relay(random.Random(seed + 1), sees_repeats)  # noqa: S311
    home.mkdir(parents=True, exist_ok=True)
    (home / "rules.yaml").write_text(life.rules(policy), encoding="utf-8")
    controller = serve(relay)
    try:
        killed, ended = _kill(home, controller.port, kills, dice, policy, relay)
        with open_workspace(life.settings(home, controller.port), utc_now) as workspace:
            unfinished = _finish(workspace, seconds, policy)
            return _counted(workspace, relay, policy, killed, ended, unfinished)
    finally:
        controller.stop()


def _kill(home: Path, port: int, kills: int, dice: random.Random, policy: str, relay: Relay) -> tuple[int, int]:
    """Two senders at a time, one of which makes a run first; how many were killed and how many ended by themselves.

    A third of the kills come at any moment of the first half second, where runs are made and decided; the others
    around the moment at which the relay hears of its next letters.
    """
    ended = 0
    with _zygote(home, port, policy) as tell:
        for _ in range(kills // 2):
            pids = [int(tell("make")), int(tell("send"))]
            for pid in pids:
                if dice.random() > _ANY_MOMENT:
                    _until_begun(relay, relay.begun + dice.randint(1, 4))
                    time.sleep(dice.uniform(0.0, 0.06))  # real time: a real process is killed at a real moment
                else:
                    time.sleep(dice.uniform(0.0, 0.5))
                os.kill(pid, signal.SIGKILL)
            ended += sum(int(tell(f"reap {pid}")) != signal.SIGKILL for pid in pids)
    return kills // 2 * 2 - ended, ended


def _until_begun(relay: Relay, conversations: int) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while relay.begun < conversations and time.monotonic() < until:
        time.sleep(0.002)


class _Tell:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, line: str) -> str:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("no pipes")
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline()


@contextmanager
def _zygote(home: Path, port: int, policy: str) -> Iterator[_Tell]:
    command = [sys.executable, "-m", MODULE, str(home), str(port), policy]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield _Tell(process)
    finally:
        if process.stdin is not None:
            process.stdin.close()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def _finish(workspace: Workspace, seconds: float, policy: str) -> int:
    """Send until nothing waits any more; what still waits when the time is up."""
    until = time.monotonic() + seconds
    while True:
        if policy == life.SIMPLE:
            left = life.send_simply(workspace)
        else:
            send(workspace, hours=False)
            states = Counter(one.state for one in fates(workspace).values())
            left = (
                sum(states.values())
                - states[DELIVERED]
                - states[HELD]
                + outstanding(workspace, rules_of(workspace)).height
            )
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.05)


def _counted(workspace: Workspace, relay: Relay, policy: str, kills: int, ended: int, unfinished: int) -> Counted:
    alerts = len(workspace.runs.ids()) * life.NEWS_A_RUN
    states = fates(workspace)
    letters_held = [letter for letter, one in states.items() if one.state == HELD]
    held = _told_in(workspace, letters_held)
    waiting = _told_in(workspace, [letter for letter, one in states.items() if one.state not in {HELD, DELIVERED}])
    if policy != life.SIMPLE:  # which composes no letter that it would keep
        waiting |= _pairs(outstanding(workspace, rules_of(workspace)))
    everyone = [(person, number) for person in life.PEOPLE for number in range(alerts)]
    times = [relay.delivered[each] for each in everyone]
    return Counted(
        policy=policy,
        sees_repeats=relay.sees_repeats,
        kills=kills,
        due=len(everyone),
        once=times.count(1),
        twice=sum(each > 1 for each in times),
        lost=sum(relay.delivered[each] == 0 and each not in held | waiting for each in everyone),
        held=sum(relay.delivered[each] == 0 for each in held),
        held_though_there=sum(relay.delivered[each] > 0 for each in held),
        letters_held=len(letters_held),
        unfinished=unfinished,
        conversations=dict(sorted(relay.conversations.items())),
        ended=ended,
    )


def _told_in(workspace: Workspace, letters: list[str]) -> set[tuple[str, int]]:
    """Person and alert of every due in some letters."""
    parts = workspace.ledger.frame("letter_part").filter(pl.col("letter_id").is_in(letters))
    return _pairs(workspace.ledger.frame("alert_due").join(parts, on="alert_due_id"))


def _pairs(dues: pl.DataFrame) -> set[tuple[str, int]]:
    return {(row["recipient"], int(row["alert_id"].rpartition("-")[2])) for row in dues.iter_rows(named=True)}
