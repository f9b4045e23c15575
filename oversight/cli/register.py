"""`oversight register import`: what analysts wrote in a register, read back."""

from pathlib import Path
from typing import Annotated

import typer

from oversight.cli.console import Format, errors, print_frame, workspace
from oversight.errors import InputError
from oversight.pipeline.register_import import read_register, record_changes
from reports.sheets.risks import MANUAL

app = typer.Typer(help="The risk register as people keep it.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add the commands of this module."""
    parent.add_typer(app, name="register")


@app.callback()
def _register() -> None:
    """The risk register as people keep it."""


@app.command("import", epilog='Example: oversight register import register.ods --author "A Name" --reason "…"')
def import_register(
    file: Annotated[Path, typer.Argument(help="A register.ods or register.xlsx in which people have written.")],
    author: Annotated[str, typer.Option(help="Who wrote it.")] = "",
    reason: Annotated[str, typer.Option(help="Why, such as the meeting it comes from.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Keep the differences without asking.")] = False,
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.TABLE,
) -> None:
    """Read what people wrote in the manual columns of a register, show the differences, ask, and keep them."""
    with workspace() as opened:
        reading = read_register(opened, file)
        changes = reading.changes
        print_frame(
            changes.with_columns(changes["field"].replace(MANUAL)), form, title=f"Differences from run {reading.run_id}"
        )
        if changes.is_empty():
            return
        clash = changes["changed_since_by"].drop_nulls()
        if len(clash):
            errors.print(
                f"{len(clash)} of these cells were changed by {', '.join(sorted(set(clash)))} after this register was "
                "made; keeping yours takes theirs out of view (both stay in the ledger).",
                markup=False,
                style="yellow",
            )
        if not yes and not _asked(changes.height):
            errors.print("Nothing was kept.")
            return
        errors.print(f"{record_changes(opened, reading, author=author, reason=reason):,} kept.")


def _asked(count: int) -> bool:
    try:
        return typer.confirm(f"Keep {count:,} differences?", err=True)
    except typer.Abort as error:
        raise InputError(
            "nobody is there to ask",
            where="oversight register import",
            next_step="Look at the differences, give --yes.",
        ) from error
