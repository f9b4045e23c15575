"""What people are told: alerts raised, who is to be told of them and when, letters made of them, and their fate.

Nothing here is ever changed: what became of a letter is the sum of its events. `reports.alerts.fate` reads them.
"""

from collections.abc import Mapping
from typing import Final

import dataframely as dy

STARTED: Final = "started"
HANDING_OVER: Final = "handing over"
ABANDONED: Final = "abandoned"
ACCEPTED: Final = "accepted"
PUT_OFF: Final = "put off"
REFUSED: Final = "refused"
HELD: Final = "held"
UNKNOWN: Final = "unknown"
SETTLED: Final = "settled as delivered"
RELEASED: Final = "released to be sent again"


def _moment(description: str) -> dy.Datetime:
    return dy.Datetime(time_unit="us", time_zone="UTC", description=description)


class RunTold(dy.Schema):
    """A run whose alerts were decided, in one transaction with the rows that say who is to be told of them."""

    run_id = dy.String(primary_key=True)
    compared_with = dy.String(nullable=True, description="run told before, against which moves of bands were taken")
    rules = dy.String(description="hash of the rules in force")
    decided_at = _moment("when it was decided")


class AlertRaised(dy.Schema):
    """An alert as it stood when somebody was first to be told of it."""

    alert_id = dy.String(primary_key=True)
    run_id = dy.String(nullable=True, description="run that raised it; null for news that came between runs")
    entry_id = dy.String(description="register entry; empty where it is about a publication")
    subject = dy.String(description="name of the group, or of the publication")
    kind = dy.String()
    dated_on = dy.Date()
    title = dy.String(description="what happened; never part of a letter")
    raised_at = _moment("when it was raised")


class AlertDue(dy.Schema):
    """One alert that one person is to be told of once, from a moment on."""

    alert_due_id = dy.String(primary_key=True, description="hash of alert, recipient and round")
    alert_id = dy.String()
    recipient = dy.String(description="address")
    round = dy.String(description="first; escalation <n> where nobody acknowledged it; snooze where one has ended")
    rule = dy.String(description="rule that says so, by its name")
    urgency = dy.String(description="immediate or digest")
    due_at = _moment("not before this moment")
    decided_at = _moment("when it was decided")


class Letter(dy.Schema):
    """A message for one person, as it is sent however often it is tried."""

    letter_id = dy.String(primary_key=True, description="hash of the recipient and the dues in it")
    recipient = dy.String()
    kind = dy.String(description="immediate or digest")
    message_id = dy.String(description="Message-ID, the same at every attempt")
    subject = dy.String()
    text = dy.String()
    html = dy.String()
    composed_at = _moment("when it was composed; its Date header")
    any_hour = dy.Bool(description="whether it keeps no quiet hours")


class LetterPart(dy.Schema):
    """A due is in exactly one letter: its id is the key."""

    alert_due_id = dy.String(primary_key=True)
    letter_id = dy.String()


class LetterEvent(dy.Schema):
    """One step of one attempt to hand a letter over. An attempt has one row a step, whoever is first to write it."""

    letter_event_id = dy.String(primary_key=True, description="hash of letter, attempt and step")
    letter_id = dy.String()
    attempt = dy.Int64(min=1)
    step = dy.Int64(min=1, description="1 begun, 2 the point of no return, 3 outcome, from 4 on what was learnt later")
    event = dy.String(
        description="started; handing over, abandoned (before the server could take it); accepted, put off, refused, "
        "unknown (the server may have taken it); held (for a person); settled as delivered, released to be sent again"
    )
    channel = dy.String(description="smtp, notify or file")
    at = _moment("when")
    until = dy.Datetime(
        time_unit="us", time_zone="UTC", nullable=True, description="lease of a step under way, or not tried before"
    )
    author = dy.String(description="process that did it, or the person who settled it")
    detail = dy.String(nullable=True, description="what the server said, or the person's reason")


TABLES: Mapping[str, type[dy.Schema]] = {
    "run_told": RunTold,
    "alert_raised": AlertRaised,
    "alert_due": AlertDue,
    "letter": Letter,
    "letter_part": LetterPart,
    "letter_event": LetterEvent,
}
