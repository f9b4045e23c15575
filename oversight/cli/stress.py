"""`oversight stress`: each group in a worse year."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from oversight.cli.console import Format, print_frame, workspace
from oversight.pipeline import stress as stages


class Show(StrEnum):
    """Which table is printed."""

    SCENARIOS = "scenarios"
    DRAWS = "draws"
    MARKET = "market"


_TABLES = {Show.SCENARIOS: "stress", Show.DRAWS: "stress_draw", Show.MARKET: "stress_market"}
_TITLES = {
    Show.SCENARIOS: "The year after the accounts under each scenario: a projection, not a forecast",
    Show.DRAWS: "Groups under random shocks, some shared: a share of draws, not a probability",
    Show.MARKET: "Places with groups whose cash would not last in the same draw",
}


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(epilog="Example: oversight stress --scenarios winter.yaml --format csv")(stress)


def stress(
    run: Annotated[str | None, typer.Option(help="The run; the newest where not given.")] = None,
    scenarios: Annotated[
        Path | None, typer.Option(help="A YAML file of your own scenarios, as in risk/parameters/stress.yaml.")
    ] = None,
    show: Annotated[Show, typer.Option(help="scenarios, draws (random shocks) or market (all together).")] = (
        Show.SCENARIOS
    ),
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.TABLE,
) -> None:
    """What a worse year would do to each group: cover, headroom, cash, likelihood band."""
    with workspace() as opened:
        table = stages.stress(opened, run, scenarios)[_TABLES[show]]
    first = [name for name in ("group_name", "scenario") if name in table.columns]
    frame = table.select(*first, pl.exclude(*first, "stress_id", "group_id"))
    print_frame(frame, form, title=_TITLES[show])
