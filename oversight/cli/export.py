"""The command `report`: the register of a run as files. Apart from the stages, because a person waits for it."""

from pathlib import Path
from typing import Annotated

import typer

from oversight.cli.console import workspace
from oversight.pipeline import past


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(epilog="Example: oversight report --out register/")(report)


def report(
    run_id: Annotated[str | None, typer.Argument(help="The run; the newest where not given.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write into; default: the run's own is named.")] = None,
) -> None:
    """Write a run's risk register (ODS, XLSX, CSV) into a folder, or say where it is."""
    with workspace() as opened:
        for path in past.report(opened, run_id, out):
            typer.echo(str(path))
