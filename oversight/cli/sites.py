"""`oversight collect gazette`, `oversight collect pages`, `oversight notices`, `oversight accept`."""

from typing import Annotated

import typer

from oversight.cli.console import Format, print_frame, progress, workspace
from oversight.errors import CollectError
from oversight.pipeline import fitness
from oversight.pipeline import notices as noticing
from oversight.pipeline.pages import collect_pages as fetch_pages
from oversight.pipeline.read import read_documents


def register_sources(app: typer.Typer) -> None:
    """Add the commands that collect."""
    app.command("gazette", epilog="Example: oversight collect gazette")(collect_gazette)
    app.command("pages", epilog="Example: oversight collect pages --limit 100")(collect_pages)


def register(app: typer.Typer) -> None:
    """Add the commands for what was collected."""
    app.command(epilog="Example: oversight notices --format csv")(notices)
    app.command(epilog='Example: oversight accept 1a2b3c4d --author "A Name" --reason "Ofsted confirms the fall"')(
        accept
    )


def collect_gazette(
    days: Annotated[int, typer.Option(min=0, max=10_000, help="How many days to look back.")] = noticing.DAYS_BACK,
) -> None:
    """Collect The Gazette's corporate insolvency notices and find those of companies followed."""
    with workspace() as opened, progress() as tell:
        summary = noticing.collect_notices(opened, tell, days=days)
    typer.echo(summary.sentence())
    for day, why in summary.failures.items():
        raise CollectError(f"{day}: {why}", next_step="Run the same command again; what came is kept.")


def collect_pages(
    limit: Annotated[int | None, typer.Option(min=1, help="Fetch at most so many; those never fetched first.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Ask again for what is still fresh.")] = False,
) -> None:
    """Collect the homes' pages on Ofsted's reports site: status, inspections, links to reports. One at a time."""
    with workspace() as opened, progress() as tell:
        summary = fetch_pages(opened, tell, force=force, limit=limit)
        read_documents(opened, tell)
    typer.echo(summary.sentence())


def notices(form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.TABLE) -> None:
    """Insolvency notices of companies followed, the newest first; a match by name is a candidate to look at."""
    with workspace() as opened:
        print_frame(noticing.notices(opened), form, title="Notices in The Gazette")


def accept(
    document: Annotated[str, typer.Argument(help="Id of the publication, or its first eight characters or more.")],
    author: Annotated[str, typer.Option(help="Who decides.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="Take an acceptance back.")] = False,
) -> None:
    """Use a publication although it gives less than its source usually gives. Prints the decision's id."""
    with workspace() as opened:
        typer.echo(fitness.accept(opened, document, author, reason, accepted=not undo))
