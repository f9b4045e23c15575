"""Models of company failure: `panel`, `train`, `evaluate`."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import polars as pl
import typer
import yaml

from oversight.cli.console import errors, workspace
from oversight.cli.days import day
from oversight.errors import InputError
from oversight.pipeline.model_files import read_model, write_model
from oversight.pipeline.models import Split, Task, evaluate_model, train_model
from oversight.pipeline.panel_files import read_panel
from oversight.pipeline.panels import from_files, from_ledger, write_panel

_SIGNS_SHAPE: Final = "Give a mapping of figures to 1 (risk rises with it) or -1 (risk falls)."
PanelOption = Annotated[
    list[Path], typer.Option("--panel", help="One row a company and year: CSV, Parquet or ARFF, also .gz; repeatable.")
]


class Figures(StrEnum):
    """What the figures of a panel are."""

    AUTO = "auto"
    RATIOS = "ratios"
    AMOUNTS = "amounts"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        epilog="Example: oversight train --panel panel.csv --target failed --entity company_number --period year "
        "--split entity --out model/"
    )(train)
    app.command(
        epilog="Example: oversight panel --lines bulk/ --outcomes failures.csv --months 24 --out panel.parquet"
    )(panel)
    app.command(epilog="Example: oversight evaluate --model model/ --panel later.csv")(evaluate)


def train(
    panel: PanelOption,
    target: Annotated[str, typer.Option(help="Column that says whether the company failed: 0 or 1.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write model, calibration and card into.")] = None,
    entity: Annotated[str | None, typer.Option(help="Column that names the company, where there is one.")] = None,
    period: Annotated[str | None, typer.Option(help="Column that dates the accounts, where there is one.")] = None,
    split: Annotated[
        Split, typer.Option(help="Hold back a fifth of the companies, the last period, or the last file.")
    ] = Split.NONE,
    cross_validate: Annotated[
        int | None, typer.Option("--cross-validate", min=2, help="Print figures out of so many folds.")
    ] = None,
    signs: Annotated[
        Path | None, typer.Option(help="YAML or JSON: figure: 1 where risk rises with it, -1 where it falls.")
    ] = None,
    exclude: Annotated[list[str] | None, typer.Option(help="Column that is no figure; repeatable.")] = None,
    figures: Annotated[Figures, typer.Option(help="Whether figures are ratios or amounts of money.")] = Figures.AUTO,
    repeats: Annotated[
        int | None,
        typer.Option(min=1, help="Ensembles of trees a fold: more are steadier and slower; default by size."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Of folds and trees.")] = 0,
) -> None:
    """Fit the model of record and its challenger on any panel of company-years; print how good they are as JSON.

    Companies, and rows that are copies of each other, never stand on both sides of a split; nothing looks at a later
    row. Columns that say the same as the outcome, or name rows, are left out and said so.
    """
    if out is None and cross_validate is None and split is Split.NONE:
        raise InputError("nothing is asked for", next_step="Give --out, --cross-validate or --split.")
    task = Task(
        panels=[read_panel(path) for path in panel],
        target=target,
        entity=entity,
        period=period,
        split=split,
        folds=cross_validate,
        signs=_signs(signs),
        exclude=exclude or [],
        amounts=None if figures is Figures.AUTO else figures is Figures.AMOUNTS,
        repeats=repeats,
        seed=seed,
        fit=out is not None,
    )
    trained = train_model(task, lambda text: errors.print(text, markup=False, style="dim"))
    for note in trained.notes:
        errors.print(f"Note: {note}", markup=False)
    if out is not None and trained.model is not None:
        for path in write_model(trained.model, trained.figures, out):
            errors.print(f"Written: {path}", markup=False)
    typer.echo(json.dumps(trained.figures, indent=2))


def evaluate(
    model: Annotated[Path, typer.Option(help="Folder that `oversight train --out` wrote.")],
    panel: PanelOption,
    target: Annotated[str | None, typer.Option(help="Column of the outcome; default the one trained on.")] = None,
    entity: Annotated[str | None, typer.Option(help="Column of the company; default the one trained on.")] = None,
    period: Annotated[str | None, typer.Option(help="Column of the period; default the one trained on.")] = None,
    base_rate: Annotated[
        float | None,
        typer.Option(help="Real share of failures: re-anchor probabilities and weigh the rows to it.", min=0, max=1),
    ] = None,
    predictions: Annotated[Path | None, typer.Option(help="Write each row's probability and interval as CSV.")] = None,
) -> None:
    """Measure a model on a panel it never saw; print the figures with bootstrap intervals as JSON."""
    frame = _together([read_panel(path) for path in panel])
    measured = evaluate_model(
        read_model(model), frame, target=target, entity=entity, period=period, base_rate=base_rate
    )
    if predictions is not None:
        measured.estimates.write_csv(predictions)
        errors.print(f"Written: {predictions}", markup=False)
    typer.echo(json.dumps(measured.figures, indent=2))


def _together(frames: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames, how="diagonal_relaxed")


def _signs(path: Path | None) -> dict[str, int]:
    if path is None:
        return {}
    try:
        raw: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"the signs cannot be read: {error}", where=str(path), next_step=_SIGNS_SHAPE) from error
    if not isinstance(raw, dict) or not all(sign in {-1, 0, 1} for sign in raw.values()):
        raise InputError("the signs are no mapping of figures to 1 or -1", where=str(path), next_step=_SIGNS_SHAPE)
    return {str(name): int(sign) for name, sign in raw.items()}


def panel(
    out: Annotated[Path, typer.Option(help="File to write: .parquet or .csv.")],
    lines: Annotated[
        list[Path] | None,
        typer.Option(help="Folder that `oversight accounts --bulk` wrote; repeatable. Else what is held here."),
    ] = None,
    outcomes: Annotated[
        list[Path] | None,
        typer.Option(help="With --lines: CSV with company_number and failed_on, or parts of the company data product."),
    ] = None,
    observed: Annotated[
        str | None, typer.Option(help="Last day of which outcomes are known (YYYY-MM-DD); default the newest.")
    ] = None,
    months: Annotated[int, typer.Option(min=1, max=120, help="Failure within so many months of filing.")] = 24,
    dissolved: Annotated[bool, typer.Option("--dissolved", help="Count a dissolution as a failure too.")] = False,
) -> None:
    """Build a panel of UK company-years for `train`: ratios known at filing, and whether the company failed after."""
    day_observed = day(observed, "--observed")
    if (lines is None) != (outcomes is None):
        raise InputError("--lines and --outcomes belong together", next_step="Give both, or neither.")
    if lines is not None and outcomes is not None:
        built = from_files(lines, outcomes, months=months, observed=day_observed, dissolved=dissolved)
    else:
        with workspace() as opened:
            built = from_ledger(opened, months=months, on=day_observed, dissolved=dissolved)
    write_panel(built.frame, out)
    for sentence in built.said:
        errors.print(f"{sentence}.", markup=False)
    typer.echo(str(out))
