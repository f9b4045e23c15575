"""The stages after collecting: `read`, `run`, `papers`, `schedule`."""

from pathlib import Path
from typing import Annotated

import typer

from oversight import schedule as scheduling
from oversight.cli.console import progress, workspace
from oversight.cli.days import day
from oversight.errors import InputError
from oversight.pipeline.papers import papers as draft_papers
from oversight.pipeline.read import read_documents
from oversight.pipeline.run import run as make_run
from oversight.pipeline.run import run_like


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: oversight read")(read)
    app.command(epilog="Example: oversight run --on 2025-09-30")(run)
    app.command(epilog="Example: oversight papers --out papers/")(papers)
    app.command(epilog="Example: oversight schedule --once")(schedule)


def read() -> None:
    """Read collected documents into rows: whatever was not read by the present readers."""
    with workspace() as opened, progress() as tell:
        summary = read_documents(opened, tell)
    total = sum(summary.documents.values())
    typer.echo(
        f"{total:,} documents read; rows: "
        + (", ".join(f"{n:,} {t}" for t, n in sorted(summary.rows.items())) or "none")
    )


def run(
    on: Annotated[
        str | None, typer.Option(help="Judge what was public by this day (YYYY-MM-DD); default today.")
    ] = None,
    like: Annotated[str | None, typer.Option(help="Repeat this past run and compare it byte for byte.")] = None,
) -> None:
    """Judge the evidence and write a run: register, tables and manifest. Prints the run's id."""
    if on and like:
        raise InputError("--on and --like exclude each other", next_step="A repeated run keeps the day it had.")
    with workspace() as opened, progress() as tell:
        if like:
            result = run_like(opened, like, tell)
            typer.echo(
                f"{result.run_id} reproduced: {result.files} of {result.files} outputs are identical byte for byte."
            )
            return
        read_documents(opened, tell)
        manifest = make_run(opened, on=day(on, "--on"), tell=tell)
    typer.echo(manifest.run_id)


def papers(
    out: Annotated[Path, typer.Option(help="The folder for the papers; made where there is none.")],
    run: Annotated[str | None, typer.Option(help="The run; the newest where not given.")] = None,
) -> None:
    """Draft the papers of governance: assumptions, data and quality logs, transparency record, model cards."""
    with workspace() as opened:
        for path in draft_papers(opened, out, run):
            typer.echo(str(path))


def schedule(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now and leave.")] = False,
    every_minutes: Annotated[int, typer.Option(min=1, max=1440, help="How often to look for what is due.")] = 60,
) -> None:
    """Collect, read, link, run and alert, each when due, until stopped.

    When a source is due stands in its YAML file. What failed is in the ledger: `oversight status --check` tells of it.
    """
    with workspace() as opened:
        if not once:
            scheduling.serve(opened, every_minutes)
            return
        ended = scheduling.once(opened)
    for outcome in ended:
        typer.echo(f"{outcome.job:<13} {outcome.event:<8} {' '.join(outcome.detail.split())}")
    if not ended:
        typer.echo("Nothing was due.")
