"""`audit`: who looked at what and who changed what, and whether anybody has tampered with that."""

import re
from typing import Annotated

import polars as pl
import typer

from oversight.cli.console import Format, print_frame
from oversight.cli.days import day
from oversight.errors import InputError, StoreError
from oversight.settings import load_settings
from oversight.store.audit import AuditLog, Head

_HEAD = re.compile(r"(\d{1,12}):([0-9a-f]{64})")


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(epilog="Example: oversight audit --on 2026-11-22 --format csv · oversight audit --verify")(audit)


def audit(
    on: Annotated[str | None, typer.Option(help="Only this day (YYYY-MM-DD), in London.")] = None,
    person: Annotated[str | None, typer.Option(help="Only this person.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check every row instead; leaves with 5 where one is broken.")
    ] = False,
    head: Annotated[
        str | None,
        typer.Option(help="With --verify: NUMBER:HASH of the newest row noted earlier, which must still stand."),
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.TABLE,
) -> None:
    """Who read which page and who changed what, from the log that nothing can edit.

    --verify prints the newest row's number and hash. Note them elsewhere: given back with --head, they show whether
    rows were cut off at the end.
    """
    if head is not None and not verify:
        raise typer.BadParameter("--head goes with --verify")
    settings = load_settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    with AuditLog(settings.audit_url) as log:
        if verify:
            _verify(log, _noted(head))
            return
        rows = log.rows(day(on, "--on"))
    print_frame(rows if person is None else rows.filter(pl.col("person") == person), form, title="Audit log")


def _verify(log: AuditLog, noted: Head | None) -> None:
    verdict = log.verify(noted)
    if verdict.broken is not None:
        raise StoreError(
            f"the audit log is broken: {verdict.why}",
            where=f"row {verdict.broken:,} of the audit log",
            next_step="Keep a copy of the database as it is, and find out who could reach it since the row before.",
        )
    typer.echo(f"Whole: {verdict.rows:,} rows. Newest: {verdict.head}")


def _noted(text: str | None) -> Head | None:
    if text is None:
        return None
    match = _HEAD.fullmatch(text)
    if match is None:
        raise InputError(
            "not a row's number and hash",
            where=f"--head {text}",
            next_step="Give what `oversight audit --verify` prints.",
        )
    return Head(int(match[1]), match[2])
