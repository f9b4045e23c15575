"""Letters made of dues: marking, names and links, and nothing of what happened or how bad it is. Pure.

Immediate dues go in one letter for each person and group, the others in one digest for each person. A letter's id is
made of the person and the dues in it, so the same letter composed twice is seen to be the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import polars as pl

from oversight.model.ids import row_id
from reports.alerts.decide import DIGEST, FIRST, IMMEDIATE
from reports.alerts.links import Claim, sign, usable
from reports.alerts.page import Block, html_page
from reports.channels.addresses import address
from reports.channels.letter import Letter
from reports.marking import banner
from reports.style import clean

_LONGEST_NAME: Final = 120
_LONGEST_SUBJECT_NAME: Final = 70
_SERVICE: Final = "Homes market oversight"
_NAMELESS: Final = "A group without a name"
_ESCALATION: Final = "escalation"
_FOOTER: Final = (
    "An indicator for further enquiry, from public records. It is not a finding about any company.",
    "Do not forward it outside the department.",
)
_WHY: Final = {
    IMMEDIATE: "There is something to look at today.",
    DIGEST: "There is something new to look at.",
    _ESCALATION: "Nobody has acknowledged this yet, so it is raised with you.",
    "snooze": "This was put off until now and is raised again.",
}


@dataclass(frozen=True, slots=True)
class Style:
    """What every letter of one composing shares.

    Attributes:
        marking: protective marking; first in the subject, first and last in the body.
        label: a warning such as that the data are invented; may be empty.
        link_base: address that links start with; without http or https there are no links.
        sender: address in From, whose domain the Message-ID takes.
        key: signs links to acknowledge and snooze; too short a one leaves them out.
        link_days: how long those links hold.
        any_hour: names of the rules whose letters keep no quiet hours.
        moment: time in the Date header, from the caller's clock.
    """

    marking: str
    label: str
    link_base: str
    sender: str
    key: str
    link_days: int
    any_hour: frozenset[str]
    moment: datetime


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter and the dues in it."""

    letter: Letter
    due_ids: tuple[str, ...]


def compose(dues: pl.DataFrame, style: Style) -> list[Composed]:
    """Letters for dues that wait.

    Args:
        dues: rows of `alert_due` with the columns entry_id and subject of `alert_raised`.
        style: what the letters share.

    Returns:
        By recipient, the immediate ones first.

    Raises:
        SettingsError: for an address that is none, or a missing marking.
    """
    ordered = dues.with_columns(pl.col("round").str.extract(r"^(\w+)").alias("turn")).sort(
        pl.col("recipient"), pl.col("urgency") != IMMEDIATE, pl.col("turn") != FIRST, "turn", "entry_id", "alert_due_id"
    )
    found = []
    now = ordered.filter(pl.col("urgency") == IMMEDIATE)
    for (person, turn, _entry), rows in now.group_by("recipient", "turn", "entry_id", maintain_order=True):
        found.append(_composed(str(person), IMMEDIATE, _WHY[IMMEDIATE if turn == FIRST else str(turn)], rows, style))
    rest = ordered.filter(pl.col("urgency") != IMMEDIATE)
    for (person,), rows in rest.group_by("recipient", maintain_order=True):
        found.append(_composed(str(person), DIGEST, _WHY[DIGEST], rows, style))
    return sorted(found, key=lambda one: (one.letter.recipient, one.letter.kind != IMMEDIATE))


def _composed(person: str, kind: str, why: str, rows: pl.DataFrame, style: Style) -> Composed:
    ids = tuple(sorted(rows["alert_due_id"]))
    recipient = address(person, "recipients")
    letter_id = row_id("letter", recipient, *ids)
    named = rows.sort("subject", "entry_id").group_by("entry_id", maintain_order=True)
    blocks = [_block(letter_id, str(entry), list(group["subject"]), style) for (entry,), group in named]
    head = banner(style.marking, style.label)
    domain = address(style.sender, "mail_from").rpartition("@")[2]
    letter = Letter(
        letter_id=letter_id,
        recipient=recipient,
        kind=kind,
        message_id=f"<{letter_id}.alert@{domain}>",
        subject=f"{head.rstrip('.')}. {_SERVICE}: {_about(blocks, kind)}",
        text="\n".join(_text(head, why, blocks)) + "\n",
        html=html_page(head, _SERVICE, why, blocks, _FOOTER),
        composed_at=style.moment.replace(microsecond=0),
        any_hour=not style.any_hour.isdisjoint(rows["rule"]),
    )
    return Composed(letter, ids)


def _about(blocks: Sequence[Block], kind: str) -> str:
    if len(blocks) > 1:
        return "digest" if kind == DIGEST else "several groups"
    name = blocks[0].heading
    return name if len(name) <= _LONGEST_SUBJECT_NAME else f"{name[:_LONGEST_SUBJECT_NAME]}\u2026"


def _block(letter_id: str, entry_id: str, names: Sequence[str], style: Style) -> Block:
    word = _word(entry_id)
    base = clean(style.link_base).rstrip("/")
    linked = base.startswith(("http://", "https://"))
    if not word:
        named = "; ".join(dict.fromkeys(_inert(name) for name in names))
        health = (("Open the page on data", f"{base}/data"),) if linked else ()
        return Block(named, "This publication is not used yet: it needs a person.", health, "oversight status")
    links = []
    if linked:
        links.append(("Open the group", f"{base}/groups/{word}"))
        if usable(style.key):
            expires = (style.moment + timedelta(days=style.link_days)).replace(microsecond=0)
            token = sign(Claim(letter_id, entry_id, expires), style.key)
            links.append(("Acknowledge or put off", f"{base}/alerts/{token}"))
    return Block(_inert(names[0]) or _NAMELESS, "", tuple(links), f"oversight alert list {word}")


def _text(head: str, why: str, blocks: Sequence[Block]) -> Iterator[str]:
    yield head
    yield ""
    yield why
    yield ""
    for block in blocks:
        yield block.heading
        if block.note:
            yield f"  {block.note}"
        for words, link in block.links:
            yield f"  {words}: {link}"
        if not block.links:
            yield f"  {block.command}"
        yield ""
    yield from _FOOTER
    yield ""
    yield head


def _inert(text: str) -> str:
    """Text from outside on one line, without encoded words for headers and without addresses to click on."""
    plain = clean(text).replace("=?", "= ?").replace("?=", "? =").replace("://", ": //")
    return plain if len(plain) <= _LONGEST_NAME else f"{plain[:_LONGEST_NAME]}\u2026"


def _word(entry_id: str) -> str:
    """An id as it can stand in a command line: nothing but letters, digits, dot and hyphen."""
    return "".join(letter for letter in entry_id if letter.isascii() and (letter.isalnum() or letter in ".-_"))
