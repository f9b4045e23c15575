"""`oversight backtest`: how rules, signals and models would have done."""

from pathlib import Path
from typing import Annotated

import typer

from oversight.cli.console import progress, workspace
from oversight.pipeline.backtest import backtest as measure


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: oversight backtest --out backtest/. "
        "Example: oversight train --panel panel.csv --target failed --entity company_number --period year "
        "--cross-validate 5 > mine.json; oversight backtest --out backtest/ --figures mine.json"
    )(backtest)


def backtest(
    out: Annotated[Path, typer.Option(help="The folder for paper, CSV and JSON; made where there is none.")],
    run: Annotated[str | None, typer.Option(help="The run; the newest where not given.")] = None,
    figures: Annotated[
        Path | None, typer.Option(help="What `oversight train` printed about a panel of your own, to tell beside.")
    ] = None,
) -> None:
    """Known cases, real panels and a run's events: hits, false alarms and lead times at several operating points."""
    with workspace() as opened, progress() as tell:
        for path in measure(opened, out, run_id=run, figures=figures, tell=tell):
            typer.echo(str(path))
