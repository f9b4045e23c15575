"""A letter as a channel takes it, and as a MIME message."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from reports.channels.addresses import address

_LINE: Final = 78


@dataclass(frozen=True, slots=True)
class Letter:
    """A message for one person, the same at every attempt. Its fields are those of the table `letter`."""

    letter_id: str
    recipient: str
    kind: str
    message_id: str
    subject: str
    text: str
    html: str
    composed_at: datetime
    any_hour: bool = False


def mime(letter: Letter, sender: str) -> EmailMessage:
    """The letter as plain text with HTML beside it. The same letter gives the same bytes.

    Raises:
        SettingsError: where sender or recipient is no plain address.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = address(sender, "mail_from")
    message["To"] = address(letter.recipient, "recipients")
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.composed_at)
    message["Message-ID"] = letter.message_id
    message["Auto-Submitted"] = "auto-generated"
    plain = letter.text.isascii() and all(len(line) <= _LINE for line in letter.text.splitlines())
    message.set_content(letter.text, cte="7bit" if plain else "quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{letter.letter_id}")
    return message
