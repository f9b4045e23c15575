"""Which emails are due, and what they say. Pure: alerts and deliveries in, messages out.

An email carries the marking, the group's name, what happened and where to look; never a score, a band or an
allegation. Immediate alerts go in one message a group, digest ones together. A message's id is made from the alerts
in it and its recipient, so that the same message sent twice is seen to be the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

import polars as pl

from oversight.errors import SettingsError
from oversight.model.ids import row_id
from reports.marking import banner
from reports.style import clean, date_text

IMMEDIATE: Final = "immediate"
_LONGEST_NAME: Final = 120
_LONGEST_SUBJECT_NAME: Final = 70
_LONGEST_ADDRESS: Final = 254
_SERVICE: Final = "Homes market oversight"
_NAMELESS: Final = "A group without a name"
_LINE: Final = 78
_FOOTER: Final = (
    "An indicator for further enquiry, from public records. It is not a finding",
    "about any company. Do not forward it outside the department.",
)


@dataclass(frozen=True, slots=True)
class AlertContext:
    """What every message of one sending shares.

    Attributes:
        marking: protective marking; first in the subject and in the body.
        label: a warning such as that the data are invented; may be empty.
        link_base: address that links start with; without http or https there are no links.
        sender: address in From.
        moment: time in the Date header, from the caller's clock.
    """

    marking: str
    label: str
    link_base: str
    sender: str
    moment: datetime


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message for one recipient, and the alerts it tells of."""

    alert_ids: tuple[str, ...]
    recipient: str
    channel: str
    message: EmailMessage


@dataclass(frozen=True, slots=True)
class _Alert:
    alert_id: str
    entry_id: str
    group_name: str
    dated_on: date
    title: str


def pending(
    alerts: pl.DataFrame, deliveries: pl.DataFrame, recipients: Sequence[str], channel: str, context: AlertContext
) -> list[Outgoing]:
    """Messages that no recipient has had on this channel: alerts less deliveries.

    Args:
        alerts: table `alert`.
        deliveries: table `delivery`, all of it.
        recipients: addresses; a repeated one counts once.
        channel: smtp or file.
        context: what the messages share.

    Returns:
        For each recipient one message for each group with immediate alerts, oldest first, then one digest of the
        others.

    Raises:
        SettingsError: for an address that is none, or a missing marking.
    """
    delivered = set(deliveries.filter(pl.col("channel") == channel).select("alert_id", "recipient").iter_rows())
    ordered = alerts.sort("dated_on", "group_name", "alert_id")
    outgoing = []
    for recipient in dict.fromkeys(address(text, "recipients") for text in recipients):
        due = ordered.filter(~pl.col("alert_id").is_in([alert for alert, to in delivered if to == recipient]))
        immediate = _alerts(due.filter(pl.col("urgency") == IMMEDIATE))
        digest = _alerts(due.filter(pl.col("urgency") != IMMEDIATE))
        batches = [*_by_entry(immediate).values(), *([digest] if digest else [])]
        outgoing += [_outgoing(tuple(batch), recipient, channel, context) for batch in batches]
    return outgoing


def delivery_rows(outgoing: Outgoing, author: str, moment: datetime) -> list[dict[str, object]]:
    """Rows for the `delivery` table, one for each alert of a message that was handed over."""
    return [
        {
            "delivery_id": row_id(alert_id, outgoing.recipient, outgoing.channel),
            "alert_id": alert_id,
            "recipient": outgoing.recipient,
            "channel": outgoing.channel,
            "message_id": str(outgoing.message["Message-ID"]),
            "author": author,
            "decided_at": moment,
            "reason": "alert handed to the channel",
        }
        for alert_id in outgoing.alert_ids
    ]


def address(text: str, setting: str) -> str:
    """A plain email address, lower case, as one would type it: no name, no list, no line break.

    Raises:
        SettingsError: naming the setting, for anything else.
    """
    plain = text.strip().lower()
    local, at, domain = plain.rpartition("@")
    sound = plain.isascii() and plain.isprintable() and not set(plain) & set(' ,;:<>()[]"\\')
    if not (at and local and domain and sound and len(plain) <= _LONGEST_ADDRESS and parseaddr(plain)[1] == plain):
        raise SettingsError(
            f"not an email address: {clean(text)[:80]!r}",
            where=f"setting {setting}",
            next_step="Give plain addresses, such as name@department.gov.uk.",
        )
    return plain


def _alerts(frame: pl.DataFrame) -> tuple[_Alert, ...]:
    return tuple(
        _Alert(
            alert_id=row["alert_id"],
            entry_id=row["entry_id"],
            group_name=_inert(row["group_name"]) or _NAMELESS,
            dated_on=row["dated_on"],
            title=_inert(row["title"]),
        )
        for row in frame.iter_rows(named=True)
    )


def _inert(text: str) -> str:
    """Text from outside on one line, without encoded words for headers and without addresses to click on."""
    plain = clean(text).replace("=?", "= ?").replace("?=", "? =").replace("://", ": //")
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[:_LONGEST_NAME]}\u2026"


def _outgoing(batch: tuple[_Alert, ...], recipient: str, channel: str, context: AlertContext) -> Outgoing:
    ids = tuple(alert.alert_id for alert in batch)
    message = EmailMessage(policy=SMTP)
    sender = address(context.sender, "mail_from")
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = _subject(batch, context)
    message["Date"] = format_datetime(context.moment)
    message["Message-ID"] = f"<{row_id(channel, recipient, *sorted(ids))}.alert@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    body = "\n".join(_body(batch, context))
    plain = body.isascii() and all(len(line) <= _LINE for line in body.splitlines())
    message.set_content(body, cte="7bit" if plain else "quoted-printable")
    return Outgoing(ids, recipient, channel, message)


def _subject(batch: tuple[_Alert, ...], context: AlertContext) -> str:
    names = list(dict.fromkeys(alert.group_name for alert in batch))
    name = names[0] if len(names[0]) <= _LONGEST_SUBJECT_NAME else f"{names[0][:_LONGEST_SUBJECT_NAME]}\u2026"
    about = name if len(names) == 1 else f"{len(names)} groups"
    return f"{banner(context.marking, context.label)}. {_SERVICE}: {about}"


def _body(batch: tuple[_Alert, ...], context: AlertContext) -> Iterable[str]:
    head = banner(context.marking, context.label)
    yield head
    yield ""
    by_name = sorted(batch, key=lambda one: (one.group_name, one.entry_id, one.dated_on, one.alert_id))
    for entry_id, alerts in _by_entry(by_name).items():
        yield alerts[0].group_name
        yield from dict.fromkeys(f"- {date_text(alert.dated_on)}: {alert.title}" for alert in alerts)
        yield from _where(entry_id, context.link_base)
        yield ""
    yield from _FOOTER
    yield ""
    yield head


def _by_entry(batch: Sequence[_Alert]) -> Mapping[str, list[_Alert]]:
    found: dict[str, list[_Alert]] = {}
    for alert in batch:
        found.setdefault(alert.entry_id, []).append(alert)
    return found


def _where(entry_id: str, link_base: str) -> Iterable[str]:
    base = clean(link_base).rstrip("/")
    if base.startswith(("http://", "https://")):
        yield f"  {base}/groups/{_word(entry_id)}"
    yield f"  oversight trace {_word(entry_id)}"


def _word(entry_id: str) -> str:
    """An id as it can stand in a command line: nothing but letters, digits, dot and hyphen."""
    return "".join(letter for letter in entry_id if letter.isascii() and (letter.isalnum() or letter in ".-_"))
