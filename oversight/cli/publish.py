"""What leaves the building: `publish`."""

from typing import Annotated

import typer

from oversight.cli.console import Format, print_frame, workspace
from oversight.pipeline import publish as publishing


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(epilog='Example: oversight publish --author "A Name" --reason "Agreed at the board of 3 December"')(
        publish
    )


def publish(
    run_id: Annotated[str | None, typer.Argument(help="The run; the newest where not given.")] = None,
    outstanding: Annotated[
        bool, typer.Option("--outstanding", help="List the decisions that bar it, and publish nothing.")
    ] = False,
    author: Annotated[str, typer.Option(help="Who publishes it.")] = "",
    reason: Annotated[str, typer.Option(help="Why it may leave the building.")] = "",
    form: Annotated[Format, typer.Option("--format", help="table, csv or json, for --outstanding.")] = Format.TABLE,
) -> None:
    """Mark a run as final: refused while a decision in it is not approved by somebody other than its author."""
    with workspace() as opened:
        wanted = run_id or opened.runs.newest()
        if outstanding:
            shown = publishing.outstanding(opened, wanted).drop("group_id", "decided_id", "approver", "approved_at")
            print_frame(shown, form, title=f"Decisions that bar publication of run {wanted}")
            return
        for path in publishing.publish(opened, wanted, author=author, reason=reason):
            typer.echo(str(path))
