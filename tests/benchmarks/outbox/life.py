"""What a process does until it is killed: makes runs, decides, composes, sends.

Run as a module it imports everything once and forks a life for each line it reads (`make` or `send`), so that a life
begins at once. It answers with the life's process id. Nothing of Polars runs before the fork.
"""

import os
import sys
import time
import traceback
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from collectors.source import load_sources
from oversight.model.evidence import schema_of
from oversight.model.times import utc_now
from oversight.pipeline.alert import _kinds, decide_now, outstanding, rules_of, style_of
from oversight.pipeline.post import channel_of, send
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings
from oversight.store.runs import Manifest
from reports.alerts.letters import compose

PEOPLE = ("ann@dept.test", "bob@dept.test", "cy@dept.test")
NEWS_A_RUN = 3
RULES = """\
rules:
  - {name: at_once, description: x, kinds: [insolvency], urgency: immediate, to: [analysts], quiet: ignore}
  - {name: rest, description: x, kinds: ["*"], urgency: digest, to: [analysts]}
hours: {from: "00:00", to: "23:59", days: every}
sending:
  first_wait_seconds: 0.05
  longest_wait_seconds: 0.2
  give_up_after_days: 1
  answer_seconds: 1.0
  command_seconds: 1.0
  lease_seconds: 0.5
  unknown: POLICY
"""
"""A sender of little patience, so that many lives fit into a minute."""


SIMPLE = "simple"
"""The sender that others are held against: it records a letter when the server has taken it, and nothing before."""


def rules(policy: str) -> str:
    """The file of rules."""
    return RULES.replace("POLICY", "hold" if policy == SIMPLE else policy)


def settings(home: Path, port: int) -> Settings:
    """An installation whose mail server is the relay."""
    return Settings(
        home=home,
        ledger_url=f"sqlite:///{home / 'ledger.sqlite'}",
        alerts=True,
        alert_rules=home / "rules.yaml",
        smtp_host="127.0.0.1",
        smtp_port=port,
        mail_from="monitor@mail.test",
        marking="OFFICIAL",
        label="EXAMPLE DATA",
        recipients=list(PEOPLE),
        allowed_domains=["dept.test"],
    )


def make_run(workspace: Workspace) -> int:
    """Write one more run, with a few more alerts than the one before; how many alerts it has."""
    number = len(workspace.runs.ids()) + 1
    tables = {name: empty(name) for name in ("register_entry", "membership", "indicator")}
    rows = [alert(each) for each in range(number * NEWS_A_RUN)]
    tables["alert"] = pl.DataFrame(rows, schema=empty("alert").schema)
    manifest = Manifest(
        run_id=f"20261101-{number:010x}",
        on=date(2026, 11, 1),
        known_by=datetime(2026, 11, 1, tzinfo=UTC).replace(microsecond=number),
        code_version="",
        parameters_fingerprint="",
        evidence_fingerprint="",
        label="",
        marking="OFFICIAL",
    )
    workspace.runs.write(manifest, tables, lambda _: None)
    return len(rows)


def empty(name: str) -> pl.DataFrame:
    """A declared table without rows."""
    frame: pl.DataFrame = schema_of(name).create_empty()
    return frame


def alert(number: int) -> dict[str, object]:
    """One invented alert about an invented group of its own; two of three are immediate."""
    return {
        "alert_id": f"alert-{number:05d}",
        "group_id": f"group-{number:05d}",
        "entry_id": f"R-{number:05d}",
        "group_name": f"Example Group {number:05d} Limited",
        "kind": "charge_created" if number % NEWS_A_RUN == 0 else "insolvency",
        "urgency": "digest" if number % NEWS_A_RUN == 0 else "immediate",
        "dated_on": date(2026, 10, 31),
        "title": "Invented",
        "evidence_id": f"event-{number}",
    }


def send_simply(workspace: Workspace) -> int:
    """Send every due that is not recorded as delivered, and record it afterwards; how many are left.

    A letter that is refused for good is recorded too, so that it does not come back for ever.
    """
    decide_now(workspace)
    chosen = rules_of(workspace)
    channel = channel_of(workspace, chosen.sending)
    left = 0
    delivered = workspace.ledger.frame("delivery")
    dues = outstanding(workspace, chosen).join(delivered, on=["alert_id", "recipient"], how="anti")
    for composed in compose(dues, style_of(workspace, chosen)):
        handed = channel.hand_over(composed.letter, lambda: None)
        if handed.outcome not in {"accepted", "refused"}:
            left += 1
            continue
        named = dues.filter(pl.col("alert_due_id").is_in(composed.due_ids))
        rows = [
            {
                "delivery_id": row["alert_due_id"],
                "alert_id": row["alert_id"],
                "recipient": row["recipient"],
                "channel": channel.name,
                "message_id": composed.letter.message_id,
                "author": "rule:simple-v1",
                "decided_at": workspace.clock(),
                "reason": "taken",
            }
            for row in named.iter_rows(named=True)
        ]
        workspace.ledger.add("delivery", rows)
    return left


def live(home: Path, port: int, policy: str, *, make: bool) -> None:
    """Work until killed.

    Args:
        home: the installation.
        port: of the relay.
        policy: hold, retry or simple.
        make: begin with a new run, which a crash may leave undecided.
    """
    parent = os.getppid()
    with open_workspace(settings(home, port), utc_now) as workspace:
        if make:
            make_run(workspace)
            decide_now(workspace)
        done = 0
        while os.getppid() == parent:  # it does not outlive who would kill it
            if policy == SIMPLE:
                send_simply(workspace)
            else:
                send(workspace, hours=done % 3 != 0)
            done += 1
            time.sleep(0.02)


def _fork(home: Path, port: int, policy: str, *, make: bool) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        live(home, port, policy, make=make)
    except BaseException:  # noqa: BLE001 - a life must never go on as the parent's loop
        traceback.print_exc()
    os._exit(1)


def main() -> None:
    """Fork a life for each line of stdin; tell its process id on stdout."""
    home, port, policy = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    load_sources()  # read once, for every life
    _kinds()
    for line in sys.stdin:
        word, _, pid = line.strip().partition(" ")
        if word == "reap":
            _, status = os.waitpid(int(pid), 0)
            print(status, flush=True)
        else:
            print(_fork(home, port, policy, make=word == "make"), flush=True)


if __name__ == "__main__":
    main()
