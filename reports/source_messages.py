"""Emails about sources: that a publication is not used, and why. Pure: what is wrong in, messages out."""

from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

import polars as pl

from oversight.model.ids import row_id
from reports.alerts import AlertContext, Outgoing, address
from reports.marking import banner
from reports.style import clean

_LONGEST = 300


def source_messages(
    problems: Sequence[tuple[str, str, str]],
    deliveries: pl.DataFrame,
    recipients: Sequence[str],
    channel: str,
    context: AlertContext,
) -> list[Outgoing]:
    """Messages that no recipient has had on this channel.

    Args:
        problems: for each its id, the publication in words, what is wrong with it in words.
        deliveries: table `delivery`, all of it.
        recipients: addresses; a repeated one counts once.
        channel: smtp or file.
        context: what the messages share.

    Raises:
        SettingsError: for an address that is none, or a missing marking.
    """
    delivered = set(deliveries.filter(pl.col("channel") == channel).select("alert_id", "recipient").iter_rows())
    return [
        _message(problem, recipient, channel, context)
        for recipient in dict.fromkeys(address(text, "recipients") for text in recipients)
        for problem in problems
        if (problem[0], recipient) not in delivered
    ]


def _message(problem: tuple[str, str, str], recipient: str, channel: str, context: AlertContext) -> Outgoing:
    identifier, publication, wrong = problem
    head = banner(context.marking, context.label)
    sender = address(context.sender, "mail_from")
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = f"{head}. Homes market oversight: a publication is not used"
    message["Date"] = format_datetime(context.moment)
    message["Message-ID"] = f"<{row_id(channel, recipient, identifier)}.source@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    lines = (
        head,
        "",
        f"{clean(publication)[:_LONGEST]} is not used:",
        clean(wrong)[:_LONGEST],
        "",
        "The last good publication stands, so nothing is reported as closed.",
        "If the publisher corrects it, the correction is used. `oversight status`",
        "shows it; `oversight accept` uses it as it is.",
        "",
        head,
    )
    message.set_content("\n".join(lines), cte="quoted-printable")
    return Outgoing((identifier,), recipient, channel, message)
