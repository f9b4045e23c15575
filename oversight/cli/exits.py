"""`oversight exits`: forecasts of homes leaving the register."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from oversight.cli.console import Format, errors, print_frame, progress, workspace
from oversight.cli.days import day
from oversight.errors import SettingsError
from oversight.pipeline import exits as stage

_DIGITS = 6
_COLUMNS = ("urn", "probability", "rank", "top_reasons")
_FOR_PEOPLE = ("rank", "urn", "probability", "owner", "local_authority", "places", "top_reasons")


class By(StrEnum):
    """What a line of the forecast is."""

    HOME = "home"
    OWNER = "owner"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: oversight exits --on 2023-03-31 --format csv. "
        "Example: oversight exits --evaluate --on 2023-03-31 --outcomes provider_level_2025.csv"
    )(exits)


def exits(
    on: Annotated[str | None, typer.Option(help="From what describes this day (YYYY-MM-DD) or earlier.")] = None,
    by: Annotated[By, typer.Option(help="A line a home, or a line an owner.")] = By.HOME,
    top: Annotated[int | None, typer.Option(min=1, help="Only so many lines.")] = None,
    public: Annotated[bool, typer.Option("--public", help="Leave out what was published only after the day.")] = False,
    evaluate: Annotated[bool, typer.Option("--evaluate", help="Measure the forecast; give --outcomes.")] = False,
    outcomes: Annotated[Path | None, typer.Option(help="A later publication of Ofsted's, to measure against.")] = None,
    as_at: Annotated[
        str | None, typer.Option(help="Day the outcomes describe (YYYY-MM-DD), where they do not say.")
    ] = None,
    train: Annotated[
        Path | None, typer.Option(help="Fit models on what the ledger holds and write them into this folder.")
    ] = None,
    models: Annotated[
        Path | None, typer.Option(help="Folder of models to use; default: those that come with the tool.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.TABLE,
) -> None:
    """How likely homes are to leave the register within a year, and why: a second opinion that ranks, no verdict."""
    _check(on, outcomes, train, evaluate=evaluate)
    with workspace() as opened, progress() as tell:
        if train is not None:
            for path in stage.train(opened, train, tell):
                typer.echo(str(path))
            return
        wanted = day(on, "--on")
        if evaluate and wanted is not None and outcomes is not None:
            found = stage.evaluate(opened, wanted, outcomes, models=models, as_at=day(as_at, "--as-at"))
            typer.echo(json.dumps(found, indent=2))
            return
        made = stage.make(opened, wanted, models=models, strictly_public=public)
    for remark in made.remarks:
        errors.print(remark, markup=False)
    if by is By.OWNER:
        frame = stage.owners(made.forecast)
    else:
        frame = made.forecast.homes.select(_FOR_PEOPLE if form is Format.TABLE else _COLUMNS)
    frame = frame.with_columns(pl.col(pl.Float64).round(_DIGITS))
    print_frame(frame.head(top) if top else frame, form)


def _check(on: str | None, outcomes: Path | None, train: Path | None, *, evaluate: bool) -> None:
    """Stop where the options contradict each other.

    Raises:
        SettingsError: saying which.
    """
    if train is not None and (evaluate or on is not None):
        raise SettingsError(
            "--train goes with neither --on nor --evaluate",
            next_step="Train first; then give the folder with --models.",
        )
    if evaluate and (outcomes is None or on is None):
        raise SettingsError(
            "--evaluate needs --on and --outcomes",
            next_step="Give the day of the forecast and a later publication of Ofsted's.",
        )
    if outcomes is not None and not evaluate:
        raise SettingsError("--outcomes is used with --evaluate only", next_step="Add --evaluate.")
