"""`oversight picture`: maps, the curve of concentration, ownership trees."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from oversight.cli.console import errors, progress, workspace
from oversight.cli.days import day
from oversight.errors import InputError
from oversight.pipeline.past import view_of
from oversight.pipeline.picture import view_of_day, write_picture
from reports.charts import (
    Picture,
    bands,
    concentration_curve,
    debt_by_year,
    map_of_shares,
    margins_by_year,
    ownership_tree,
    peers,
    replacement_map,
    stress_by_scenario,
)
from reports.charts.market import largest_by_authority
from reports.frames import RunView

app = typer.Typer(no_args_is_help=True, help="Draw a picture of a run or of a day, as SVG or PNG.")

_Run = Annotated[str | None, typer.Option("--run", help="The run; the newest where neither this nor --on is given.")]
_On = Annotated[str | None, typer.Option("--on", help="Draw from the ledger as at this day (YYYY-MM-DD), not a run.")]
_Out = Annotated[Path, typer.Option("--out", help="File to write: .svg or .png. Data and words go beside it.")]
_Group = Annotated[
    str, typer.Option("--group", help="Group: its id, its name, or a part of the name that only it has.")
]


def register(parent: typer.Typer) -> None:
    """Add the commands of this module."""
    parent.add_typer(app, name="picture")


@app.command("map", epilog='Example: oversight picture map --group "example care" --on 2025-03-31 --out map.svg')
def shares_map(
    group: _Group,
    out: _Out,
    run_id: _Run = None,
    on: _On = None,
    hexagons: Annotated[bool, typer.Option("--hexagons", help="One hexagon an authority, all of one size.")] = False,
) -> None:
    """A group's share of places in each local authority of England."""
    _draw(lambda view: map_of_shares(view, group, "hexagons" if hexagons else "ground"), out, run_id, on)


@app.command(epilog="Example: oversight picture concentration --on 2025-03-31 --out curve.png")
def concentration(out: _Out, run_id: _Run = None, on: _On = None) -> None:
    """Share of all places that the largest groups hold together."""
    _draw(concentration_curve, out, run_id, on)


@app.command(epilog='Example: oversight picture tree --group "example care" --out tree.svg')
def tree(group: _Group, out: _Out, run_id: _Run = None, on: _On = None) -> None:
    """The companies of a group from the top down, with shares and dates."""
    _draw(lambda view: ownership_tree(view, group), out, run_id, on)


@app.command(epilog='Example: oversight picture replacement --group "example care" --region London --out lost.svg')
def replacement(
    group: _Group,
    out: _Out,
    run_id: _Run = None,
    on: _On = None,
    region: Annotated[str | None, typer.Option(help="One region of England, such as 'West Midlands'.")] = None,
    miles: Annotated[float | None, typer.Option(help="Distance; the shortest measured where not given.")] = None,
) -> None:
    """If a group stopped: where the children are who might have no place."""
    _draw(lambda view: replacement_map(view, group, region=region, miles=miles), out, run_id, on, displaced=True)


@app.command(epilog='Example: oversight picture debt --group "example care" --out debt.svg')
def debt(group: _Group, out: _Out, run_id: _Run = None) -> None:
    """Five years of a group's net debt against its EBITDA, with dated lines to compare with."""
    _draw(lambda view: debt_by_year(view, group).picture(view), out, run_id, None)


@app.command(epilog='Example: oversight picture margins --group "example care" --out margins.svg')
def margins(group: _Group, out: _Out, run_id: _Run = None) -> None:
    """Five years of a group's operating and EBITDA margins, with dated lines to compare with."""
    _draw(lambda view: margins_by_year(view, group).picture(view), out, run_id, None)


@app.command(epilog='Example: oversight picture stress --group "example care" --out stress.png')
def stress(group: _Group, out: _Out, run_id: _Run = None) -> None:
    """What each scenario of a worse year leaves of a group's earnings after interest."""
    _draw(lambda view: stress_by_scenario(view, group).picture(view), out, run_id, None)


@app.command("peers", epilog='Example: oversight picture peers --group "example care" --out peers.svg')
def among_peers(group: _Group, out: _Out, run_id: _Run = None) -> None:
    """Where the main measures of a group stand among groups of its size and kind of owner."""
    _draw(lambda view: peers(view, group).picture(view), out, run_id, None)


@app.command("bands", epilog="Example: oversight picture bands --out bands.svg")
def likelihood_by_impact(
    out: _Out,
    run_id: _Run = None,
    group: Annotated[str | None, typer.Option("--group", help="A group whose field stands out.")] = None,
) -> None:
    """Entries of the register by likelihood and impact, five by five."""
    _draw(lambda view: bands(view, group).picture(view), out, run_id, None)


@app.command(epilog="Example: oversight picture authorities --out authorities.svg")
def authorities(out: _Out, run_id: _Run = None) -> None:
    """Each local authority by the share of its places that its largest owner holds."""
    _draw(lambda view: largest_by_authority(view).picture(view), out, run_id, None)


def _draw(
    drawn: Callable[[RunView], Picture], out: Path, run_id: str | None, on: str | None, *, displaced: bool = False
) -> None:
    if run_id and on:
        raise InputError("--run and --on exclude each other", next_step="A run keeps the day it has.")
    at = day(on, "--on")
    with workspace() as opened, progress() as tell:
        tell("choosing evidence", 0, None)
        view = view_of(opened, run_id) if at is None else view_of_day(opened, at, displaced=displaced)
        tell("drawing", 0, None)
        picture = drawn(view)
        for path in write_picture(picture, out):
            typer.echo(str(path))
    errors.print(picture.title, markup=False)
