"""What is read and sent: `brief`, `warn`, `bulletin`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from oversight.cli.console import errors, progress, workspace
from oversight.cli.days import day
from oversight.errors import InputError
from oversight.pipeline import brief as writing
from oversight.pipeline.brief import FORMATS, Order, run_of


class Paper(StrEnum):
    """How a document is written."""

    BOTH = "both"
    DOCX = "docx"
    PDF = "pdf"

    @property
    def formats(self) -> tuple[str, ...]:
        """The endings of the files."""
        return FORMATS if self is Paper.BOTH else (self.value,)


_Out = Annotated[Path, typer.Option("--out", help="The folder for the files; made where there is none.")]
_Run = Annotated[str | None, typer.Option("--run", help="The run; the newest where not given.")]
_Form = Annotated[Paper, typer.Option("--format", help="docx, pdf (the extra `pdf`) or both.")]
_Groups = Annotated[
    list[str] | None,
    typer.Option("--group", help="Register id (R-...), company number, or a name or part of one; may be repeated."),
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: oversight brief --group R-1a2b3c4d --out briefings/")(brief)
    app.command(epilog="Example: oversight warn --authority Birmingham --out packs/")(warn)
    app.command(epilog="Example: oversight bulletin --on 2026-09-30 --out bulletins/")(bulletin)


def brief(
    out: _Out,
    group: _Groups = None,
    every: Annotated[bool, typer.Option("--all", help="Every group on the register.")] = False,
    run_id: _Run = None,
    form: _Form = Paper.BOTH,
) -> None:
    """Write the briefing on a group: two pages and annexes, each figure with its source."""
    if bool(group) == every:
        raise InputError("give either --group or --all", next_step="`oversight brief --group NAME --out FOLDER`.")
    with workspace() as opened, progress() as tell:
        order = Order(run_of(opened, run_id, None), out, form.formats)
        _say(writing.write_briefings(opened, order, group or (), tell=tell))


def warn(
    authority: Annotated[str, typer.Option("--authority", help="Local authority: its name or ONS code.")],
    out: _Out,
    group: _Groups = None,
    run_id: _Run = None,
    form: _Form = Paper.BOTH,
) -> None:
    """Draft an advance-warning pack for a local authority, for a person to complete and approve; nothing is sent.

    About the groups given; where none is, about those with homes there that the run proposes a stage of concern for.
    """
    with workspace() as opened:
        order = Order(run_of(opened, run_id, None), out, form.formats)
        _say(writing.write_warning(opened, order, authority, group or ()))
    errors.print("A draft: a person completes, approves and sends it.", markup=False)


def bulletin(
    out: _Out,
    on: Annotated[
        str | None, typer.Option(help="The run of this day (YYYY-MM-DD); the newest where not given.")
    ] = None,
    run_id: _Run = None,
    form: _Form = Paper.BOTH,
) -> None:
    """Write the market bulletin: the state of the sector on two pages, with the map."""
    if on and run_id:
        raise InputError("--run and --on exclude each other", next_step="A run keeps the day it has.")
    with workspace() as opened:
        order = Order(run_of(opened, run_id, day(on, "--on")), out, form.formats)
        _say(writing.write_bulletin(opened, order))


def _say(paths: list[Path]) -> None:
    for path in paths:
        typer.echo(str(path))
