"""Alerts: what the newest run raises, less what was delivered, sent to those who want it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from oversight.errors import OversightError
from oversight.model.evidence import schema_of
from oversight.model.ids import row_id
from oversight.model.times import london_date
from oversight.pipeline.notices import notices
from oversight.pipeline.select import publications_withheld
from oversight.pipeline.workspace import Workspace
from reports.alerts import AlertContext, Outgoing, delivery_rows, pending
from reports.email import FileSender, Sender, SmtpSender
from reports.source_messages import source_messages
from risk.alerts import band_changes

AUTHOR = "rule:alerts-v1"
_NEWS = timedelta(days=31)
"""How long a notice is news."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What one sending did.

    Attributes:
        sent: messages handed over.
        failed: error of each message that was not, in the order met.
        channel: smtp or file.
    """

    sent: int
    failed: tuple[str, ...]
    channel: str


def raised(workspace: Workspace) -> pl.DataFrame:
    """Alerts of the newest run, with the bands that moved since the run before it and new notices in The Gazette.

    Raises:
        InputError: if there is no run yet.
    """
    newest = workspace.runs.tables(workspace.runs.newest())
    ids = workspace.runs.ids()
    alerts = newest["alert"]
    if len(ids) > 1:
        alerts = pl.concat([alerts, band_changes(workspace.runs.tables(ids[-2]), newest)])
    alerts = pl.concat([alerts, notice_alerts(workspace, newest)])
    return alerts.unique("alert_id", keep="first", maintain_order=True)


def notice_alerts(workspace: Workspace, newest: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """An alert for each notice of the last month about a company of a group in the register.

    One matched by number is sent at once; one matched by name is a candidate and waits for the digest.
    """
    since = london_date(workspace.clock()) - _NEWS
    entry = newest["register_entry"].select("entry_id", "group_id", "group_name")
    found = (
        notices(workspace)
        .filter(pl.col("published_on") >= since)
        .join(newest["membership"].select("company_number", "group_id"), on="company_number")
        .join(entry, on="group_id")
        .sort("notice_id", "company_number", "entry_id")
    )
    rows = [
        {
            "alert_id": row_id("alert", "gazette_notice", row["notice_id"], row["company_number"], row["entry_id"]),
            "group_id": row["group_id"],
            "entry_id": row["entry_id"],
            "group_name": row["group_name"],
            "kind": "gazette_notice",
            "urgency": "immediate" if row["matched_by"] == "number" else "digest",
            "dated_on": row["published_on"],
            "title": f"{row['kind'] or 'Insolvency notice'} in The Gazette"
            + ("" if row["matched_by"] == "number" else " (matched by name only: to be checked)"),
            "evidence_id": row["notice_id"],
        }
        for row in found.iter_rows(named=True)
    ]
    schema = {name: column.dtype for name, column in schema_of("alert").columns().items()}
    return pl.DataFrame(rows, schema=schema).select(newest["alert"].columns)


def waiting(workspace: Workspace, channel: str) -> list[Outgoing]:
    """Messages that nobody has sent yet: about sources, then alerts, less deliveries, for each recipient."""
    settings = workspace.settings
    context = AlertContext(
        marking=settings.marking,
        label=settings.label,
        link_base=settings.link_base,
        sender=settings.mail_from,
        moment=workspace.clock(),
    )
    deliveries = workspace.ledger.frame("delivery")
    about = source_messages(_problems(workspace), deliveries, settings.recipients, channel, context)
    if about and not workspace.runs.ids():
        return about
    return about + pending(raised(workspace), deliveries, settings.recipients, channel, context)


def _problems(workspace: Workspace) -> list[tuple[str, str, str]]:
    """Publications that are not used: id, what it is, what is wrong."""
    return [
        (
            row_id("withheld", short.document_id, short.table, short.kind),
            f"{short.source} of {short.subject}",
            short.message,
        )
        for short in publications_withheld(workspace)
    ]


def send(workspace: Workspace) -> Sent:
    """Send what waits; each message is recorded as delivered the moment it was handed over.

    A message that cannot be sent is left for the next time and the rest go on.
    """
    sender, channel = _sender(workspace)
    failed: list[str] = []
    sent = 0
    for outgoing in waiting(workspace, channel):
        try:
            sender.send(outgoing.message)
        except OversightError as error:
            failed.append(str(error))
            continue
        workspace.ledger.add("delivery", delivery_rows(outgoing, AUTHOR, workspace.clock()))
        sent += 1
    return Sent(sent, tuple(failed), channel)


def _sender(workspace: Workspace) -> tuple[Sender, str]:
    settings = workspace.settings
    if not settings.smtp_host:
        return FileSender(settings.home / "outbox"), "file"
    sender = SmtpSender(
        settings.smtp_host,
        settings.smtp_port,
        starttls=settings.smtp_starttls,
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value(),
        allowed_domains=settings.allowed_domains,
    )
    return sender, "smtp"
