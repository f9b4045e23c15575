"""The post: letters composed of what is due, handed to their channel, and what became of each recorded.

Each step of an attempt is a row that only one process can write, written before the step is taken. So a letter whose
sender was killed is taken up by the next one exactly where it was: before the point of no return it is sent again,
after it nobody knows whether the server has it, and the rule `sending.unknown` holds.
"""

import os
import socket
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any, Final

import polars as pl
import structlog

from oversight.errors import OversightError
from oversight.model.ids import row_id
from oversight.model.tables import told
from oversight.pipeline.alert import decide_now, outstanding, rules_of, style_of
from oversight.pipeline.workspace import Workspace
from reports.alerts.again import Answers, raised_again
from reports.alerts.fate import DELIVERED, HELD, IN_DOUBT, UNDER_WAY, WAITING, Fate, fate, wait
from reports.alerts.hours import is_open, next_open
from reports.alerts.letters import Composed, compose
from reports.alerts.rules import Rules, Sending
from reports.channels import Channel, Handed
from reports.channels.addresses import check_recipient
from reports.channels.files import FileChannel
from reports.channels.letter import Letter
from reports.channels.notify import NotifyChannel
from reports.channels.smtp import SmtpChannel

AUTHOR: Final = "rule:alerts-v2"
_BEGUN, _NO_RETURN, _OUTCOME, _LEARNT, _LAST = 1, 2, 3, 4, 8

log = structlog.get_logger()


class _SupersededError(Exception):
    """Another process took the attempt over, so this one must not go on."""


@dataclass(slots=True)
class Sent:
    """What one sending did.

    Attributes:
        channel: smtp, notify or file.
        sent: letters that were taken.
        failed: what was said of each letter that was not, in the order met.
        held: letters that wait for a person.
        waiting: letters and dues that wait for their time.
    """

    channel: str
    sent: int = 0
    failed: list[str] = field(default_factory=list)
    held: int = 0
    waiting: int = 0

    def sentence(self) -> str:
        """The sending in words."""
        told_of = [f"{self.sent} letters handed to {self.channel}", f"{self.waiting} wait for their time"]
        if self.held:
            told_of.append(f"{self.held} are held for a person (`oversight alert letters`)")
        return "; ".join(told_of) + "."


def send(workspace: Workspace, *, hours: bool = True, channel: Channel | None = None) -> Sent:
    """Decide what is new, compose what is due, and hand over what waits.

    Args:
        workspace: the installation.
        hours: keep to quiet hours, times of the digest and waits between attempts; else everything goes out now.
        channel: what carries the letters; the one the settings name where not given.

    Raises:
        SettingsError: where rules or addresses are wrong, or a person may not be written to.
    """
    rules = rules_of(workspace)
    carrier = channel or channel_of(workspace, rules.sending)
    if carrier.name != "file":
        for person in rules.everybody():
            check_recipient(person, workspace.settings.allowed_domains)
    decide_now(workspace)
    compose_due(workspace, rules, hours=hours)
    sender = _Sender(workspace, carrier, rules, hours=hours)
    result = Sent(carrier.name)
    for letter_id in sender.open_letters():
        sender.attend(letter_id, result)
    left = [one.state for one in fates(workspace).values()]
    result.held = left.count(HELD)
    result.waiting = len(left) - result.held - left.count(DELIVERED) + outstanding(workspace, rules).height
    return result


def compose_due(workspace: Workspace, rules: Rules, *, hours: bool = True) -> list[Composed]:
    """Make letters of the dues whose time has come; each letter and its parts in one transaction."""
    dues, now = outstanding(workspace, rules), workspace.clock()
    if hours:
        dues = dues.filter(pl.col("due_at") <= now)
        if not is_open(now, rules.hours.hours):  # what is answered until it opens is not written about at all
            dues = dues.filter(pl.col("rule").is_in(rules.any_hour()))
    composed = compose(dues, style_of(workspace, rules))
    for one in composed:
        row = dict(zip((each.name for each in fields(Letter)), astuple(one.letter), strict=True))
        parts = [{"alert_due_id": due, "letter_id": one.letter.letter_id} for due in one.due_ids]
        workspace.ledger.add_new({"letter_part": parts, "letter": [row]})  # not where another process was first
    return composed


def fates(workspace: Workspace) -> dict[str, Fate]:
    """How every letter stands, by its id."""
    events = _events(workspace)
    return {letter: fate(events[letter]) for letter in sorted(set(workspace.ledger.frame("letter_part")["letter_id"]))}


def _events(workspace: Workspace) -> Mapping[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in workspace.ledger.frame("letter_event").iter_rows(named=True):
        found[row["letter_id"]].append(row)
    return found


def channel_of(workspace: Workspace, sending: Sending) -> Channel:
    """The channel that the settings name: GOV.UK Notify, else a mail server, else files."""
    settings = workspace.settings
    if settings.notify_api_key.get_secret_value():
        return NotifyChannel(
            settings.notify_api_key.get_secret_value(),
            settings.notify_template_id,
            settings.notify_url,
            allowed_domains=settings.allowed_domains,
            seconds=sending.command_seconds,
        )
    if not settings.smtp_host:
        return FileChannel(settings.home / "outbox", settings.mail_from)
    return SmtpChannel(
        settings.smtp_host,
        settings.smtp_port,
        settings.mail_from,
        starttls=settings.smtp_starttls,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value(),
        allowed_domains=settings.allowed_domains,
        command_seconds=sending.command_seconds,
        answer_seconds=sending.answer_seconds,
    )


def _urgent_and_oldest(letter: Letter) -> tuple[bool, datetime, str]:
    return letter.kind != "immediate", letter.composed_at, letter.letter_id


class _Sender:
    """One process's round over the letters that are not delivered."""

    def __init__(self, workspace: Workspace, channel: Channel, rules: Rules, *, hours: bool) -> None:
        self._workspace = workspace
        self._channel = channel
        self._rules = rules
        self._hours = hours
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._letters: dict[str, Letter] = {}

    def open_letters(self) -> list[str]:
        """Letters that are neither delivered nor held: those tried least first, so that none bars another's way."""
        states = fates(self._workspace)
        left = [letter for letter, one in states.items() if one.state not in {DELIVERED, HELD}]
        column = self._workspace.ledger.columns("letter").letter_id
        rows = self._workspace.ledger.frame("letter", column.in_(left)).iter_rows(named=True)
        self._letters = {row["letter_id"]: Letter(**row) for row in rows}
        return sorted(left, key=lambda letter: (states[letter].tries, _urgent_and_oldest(self._letters[letter])))

    def attend(self, letter_id: str, result: Sent) -> None:
        """Bring one letter as far as it can be brought now."""
        letter = self._letters[letter_id]
        standing = self._fate(letter)
        if standing.state == UNDER_WAY:
            standing = self._taken_over(letter, standing)
        if standing.state == IN_DOUBT:
            standing = self._looked_into(letter, standing)
        if standing.state != WAITING or not self._may_be_tried(letter):
            return
        if letter.recipient not in self._rules.everybody():
            self._write(letter, standing.attempt + 1, _BEGUN, told.HELD, "its recipient is on no list any more")
            return
        handed = self._tried(letter, standing)
        if handed is None:
            return
        if handed.outcome == told.ACCEPTED:
            result.sent += 1
        else:
            result.failed.append(handed.detail)

    def _may_be_tried(self, letter: Letter) -> bool:
        """Whether neither quiet hours nor a wait, of this letter or another to the same person, holds it back."""
        now = self._workspace.clock()
        if not self._hours:
            return True
        if not letter.any_hour and not is_open(now, self._rules.hours.hours):
            return False
        return all(one.state != WAITING or one.until is None or one.until <= now for one in self._same_person(letter))

    def _same_person(self, letter: Letter) -> list[Fate]:
        """How the letters to the same person stand, this one among them, that were open when the round began."""
        mine = [one.letter_id for one in self._letters.values() if one.recipient == letter.recipient]
        column = self._workspace.ledger.columns("letter_event").letter_id
        rows = self._workspace.ledger.frame("letter_event", column.in_(mine))
        return [fate(rows.filter(pl.col("letter_id") == one).to_dicts()) for one in mine]

    def _taken_over(self, letter: Letter, standing: Fate) -> Fate:
        """A step under way whose lease has ended was left by a process that is gone, or as good as gone."""
        now = self._workspace.clock()
        if standing.until is not None and standing.until > now:
            return standing
        if standing.event == told.STARTED:
            self._write(letter, standing.attempt, _NO_RETURN, told.ABANDONED, "its process ended before the last step")
        else:
            until = self._until(letter, told.UNKNOWN)
            said = "its process ended before it recorded the server's answer"
            self._write(letter, standing.attempt, _OUTCOME, told.UNKNOWN, said, until)
        return self._fate(letter)

    def _looked_into(self, letter: Letter, standing: Fate) -> Fate:
        """A letter that the other side may have: it is asked where it can be; else the rule holds."""
        now = self._workspace.clock()
        if standing.until is not None and standing.until > now:
            return standing
        try:
            found = self._channel.find(letter)
        except OversightError as error:
            log.warning("a letter in doubt cannot be asked about", letter=letter.letter_id, error=str(error))
            return standing
        if found is None and self._channel.asked:
            return standing
        if found:
            event, said = told.ACCEPTED, f"{self._channel.name} has it"
        elif found is False:
            event, said = told.ABANDONED, f"{self._channel.name} does not have it"
        elif self._rules.sending.unknown == "retry" and not self._given_up(standing):
            event, said = told.ABANDONED, "it is tried again with the same Message-ID"
        else:
            event, said = told.HELD, f"the server may have it: {standing.detail}"
        self._write(letter, standing.attempt, _LEARNT, event, said)
        return self._fate(letter)

    def _tried(self, letter: Letter, standing: Fate) -> Handed | None:
        """One attempt. None where another process is at it."""
        attempt = standing.attempt + 1
        lease = timedelta(seconds=self._rules.sending.lease_seconds)
        until = self._workspace.clock() + lease
        if not self._write(letter, attempt, _BEGUN, told.STARTED, None, until):
            return None

        def no_return() -> None:
            late = self._workspace.clock() + lease + timedelta(seconds=self._rules.sending.answer_seconds)
            if not self._write(letter, attempt, _NO_RETURN, told.HANDING_OVER, None, late):
                raise _SupersededError

        try:
            handed = self._channel.hand_over(letter, no_return)
        except _SupersededError:
            return None
        except OversightError as error:
            handed = Handed("put off", str(error))
        self._conclude(letter, attempt, handed, standing)
        if handed.outcome == told.UNKNOWN:
            self._looked_into(letter, self._fate(letter))
        return handed

    def _conclude(self, letter: Letter, attempt: int, handed: Handed, standing: Fate) -> None:
        event, detail = str(handed.outcome), handed.detail
        if event == told.PUT_OFF and self._given_up(standing):
            event, detail = told.HELD, f"tried for long enough: {detail}"
        until = self._until(letter, event)
        for step in range(_OUTCOME, _LAST):  # a later one where it was thought to be gone, and was not
            if self._write(letter, attempt, step, event, detail, until):
                return

    def _until(self, letter: Letter, event: str) -> datetime | None:
        """Before when a letter is not tried again, or not asked about."""
        sending = self._rules.sending
        if event == told.UNKNOWN and not self._channel.asked and sending.unknown == "hold":
            return self._workspace.clock()
        if event not in {told.PUT_OFF, told.UNKNOWN}:
            return None
        tries = 1 + sum(one.tries for one in self._same_person(letter))
        seed = (letter.recipient, letter.letter_id)
        return self._workspace.clock() + wait(sending.first_wait_seconds, sending.longest_wait_seconds, tries, *seed)

    def _given_up(self, standing: Fate) -> bool:
        patience = timedelta(days=self._rules.sending.give_up_after_days)
        return standing.since is not None and self._workspace.clock() - standing.since > patience

    def _fate(self, letter: Letter) -> Fate:
        column = self._workspace.ledger.columns("letter_event").letter_id
        return fate(self._workspace.ledger.frame("letter_event", column == letter.letter_id).to_dicts())

    def _write(
        self, letter: Letter, attempt: int, step: int, event: str, detail: str | None, until: datetime | None = None
    ) -> bool:
        """Write a step, unless it is there; where the letter was taken, with the deliveries, in one transaction."""
        now = self._workspace.clock()
        row = {
            "letter_event_id": row_id(letter.letter_id, attempt, step),
            "letter_id": letter.letter_id,
            "attempt": attempt,
            "step": step,
            "event": event,
            "channel": self._channel.name,
            "at": now,
            "until": until,
            "author": self._holder,
            "detail": detail,
        }
        if event != told.ACCEPTED:
            return self._workspace.ledger.add_new({"letter_event": [row]})
        taken = deliveries(self._workspace, letter, self._channel.name, now)
        return self._workspace.ledger.add_new({"letter_event": [row]}, {"delivery": taken})


def deliveries(
    workspace: Workspace, letter: Letter, channel: str, now: datetime, author: str = AUTHOR
) -> list[dict[str, object]]:
    """Rows of `delivery` for the alerts of a letter that was taken."""
    parts = workspace.ledger.frame("letter_part", workspace.ledger.columns("letter_part").letter_id == letter.letter_id)
    dues = workspace.ledger.columns("alert_due").alert_due_id.in_(list(parts["alert_due_id"]))
    alerts = workspace.ledger.frame("alert_due", dues)["alert_id"].unique().sort()
    return [
        {
            "delivery_id": row_id(alert_id, letter.recipient, channel),
            "alert_id": alert_id,
            "recipient": letter.recipient,
            "channel": channel,
            "message_id": letter.message_id,
            "author": author,
            "decided_at": now,
            "reason": "letter taken by the channel",
        }
        for alert_id in alerts
    ]


def next_post(workspace: Workspace) -> datetime | None:
    """The moment from which the post has something to do; None where nothing waits or alerts are off."""
    if not workspace.settings.alerts:
        return None
    ledger, now = workspace.ledger, workspace.clock()
    rules = rules_of(workspace)
    ids = workspace.runs.ids()
    dues = ledger.frame("alert_due")
    again = raised_again(dues, Answers.of(ledger.frame("alert_answer")), rules, now)
    if again or (ids and ids[-1] not in set(ledger.frame("run_told")["run_id"])):
        return now
    moments = [
        _may_go(row["due_at"], row["rule"], rules) for row in outstanding(workspace, rules).iter_rows(named=True)
    ]
    ready: dict[str, datetime] = {}
    states = fates(workspace)
    parts = ledger.frame("letter_part").join(dues, on="alert_due_id").sort("alert_due_id").unique("letter_id")
    for row in parts.iter_rows(named=True):
        one, person = states[row["letter_id"]], row["recipient"]
        if one.state in {WAITING, UNDER_WAY, IN_DOUBT}:  # each wait holds back all letters to the same person
            ready[person] = max(ready.get(person, now), _may_go(one.until or now, row["rule"], rules))
    return min([*moments, *ready.values()], default=None)


def _may_go(moment: datetime, rule: str, rules: Rules) -> datetime:
    """The first moment from one on at which a letter of a rule may go out."""
    return moment if rule in rules.any_hour() else next_open(moment, rules.hours.hours)
