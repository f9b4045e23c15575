"""Alerts: what the newest run raises, less what was delivered, sent to those who want it."""

from dataclasses import dataclass

import polars as pl

from oversight.errors import OversightError
from oversight.pipeline.workspace import Workspace
from reports.alerts import AlertContext, Outgoing, delivery_rows, pending
from reports.email import FileSender, Sender, SmtpSender
from risk.alerts import band_changes

AUTHOR = "rule:alerts-v1"


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
    """Alerts of the newest run, with the bands that moved since the run before it.

    Raises:
        InputError: if there is no run yet.
    """
    newest = workspace.runs.tables(workspace.runs.newest())
    ids = workspace.runs.ids()
    alerts = newest["alert"]
    if len(ids) > 1:
        alerts = pl.concat([alerts, band_changes(workspace.runs.tables(ids[-2]), newest)])
    return alerts.unique("alert_id", keep="first", maintain_order=True)


def waiting(workspace: Workspace, channel: str) -> list[Outgoing]:
    """Messages that nobody has sent yet: alerts less deliveries, for each recipient."""
    settings = workspace.settings
    context = AlertContext(
        marking=settings.marking,
        label=settings.label,
        link_base=settings.link_base,
        sender=settings.mail_from,
        moment=workspace.clock(),
    )
    return pending(raised(workspace), workspace.ledger.frame("delivery"), settings.recipients, channel, context)


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
