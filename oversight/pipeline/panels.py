"""The panel of UK company-years: accounts read in bulk or held here, joined to what became of the companies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from oversight.errors import InputError, StoreError
from oversight.model.times import AsAt, london_date
from oversight.pipeline.panel_files import read_panel
from oversight.pipeline.select import latest_moment, select_evidence
from oversight.pipeline.workspace import Workspace
from risk.accounts.lines import usable_lines
from risk.failure.company_years import COMPANY, PERIOD, TARGET, figures, labelled
from risk.parameters import load

LINES: Final = "lines/*.parquet"
_NEEDED: Final = (
    "line_id", "document_id", COMPANY, "period_start", PERIOD, "consolidated", "comparative", "line", "value", "method",
    "confidence",
)  # fmt: skip
_INSOLVENT: Final = ("liquidation", "administration", "receivership", "voluntary arrangement", "insolvency")
_OUTCOME: Final = pl.Schema({COMPANY: pl.String, "failed_on": pl.Date, "exact": pl.Boolean})
_SHAPE: Final = (
    "Give CSV with the columns company_number and failed_on, or the free company data product "
    "(CompanyNumber, CompanyStatus) with --observed, the day it describes."
)


@dataclass(frozen=True, slots=True)
class CompanyYears:
    """A panel, and how it came about in words."""

    frame: pl.DataFrame
    said: tuple[str, ...]


def from_ledger(workspace: Workspace, *, months: int, on: date | None, dissolved: bool) -> CompanyYears:
    """The panel of the companies whose accounts and registers are held here.

    Args:
        workspace: the installation.
        months: length of the window after filing.
        on: the last day of which outcomes are known; today in London where not given.
        dissolved: whether a dissolution without an insolvency counts as a failure.
    """
    now = workspace.clock()
    day = on or london_date(now)
    wanted = {"line", "filing", "company", "insolvency", "override"}
    evidence = select_evidence(workspace, AsAt(on=day, known_by=latest_moment(workspace, now)), only=wanted)
    values = load().at(day)
    lines = usable_lines(evidence).join(evidence.company.select(COMPANY), on=COMPANY, how="semi")
    solvent = pl.col("case_type").is_in(values.texts("signals.solvent_cases"))
    cases = evidence.insolvency.filter(~solvent, pl.col("dated_on") <= day)
    parts = [cases.select(COMPANY, pl.col("dated_on").alias("failed_on"), exact=pl.lit(True))]
    if dissolved:
        gone = evidence.company.filter(pl.col("dissolved_on") <= day)
        parts.append(gone.select(COMPANY, pl.col("dissolved_on").alias("failed_on"), exact=pl.lit(True)))
    return _joined(figures(lines, values), pl.concat(parts), months=months, observed=day)


def from_files(
    places: list[Path], outcomes: list[Path], *, months: int, observed: date | None, dissolved: bool
) -> CompanyYears:
    """The panel of accounts read in bulk.

    Args:
        places: folders that `oversight accounts --bulk` wrote, or files of lines.
        outcomes: files of failures, or of the status of every company on one day.
        months: length of the window after filing.
        observed: the last day of which outcomes are known; the last failure where not given.
        dissolved: whether a dissolution counts as a failure.

    Raises:
        InputError: if there are no lines, or the outcomes are of another shape.
    """
    outcome = pl.concat([_outcomes(path, observed, dissolved=dissolved) for path in outcomes])
    last = outcome["failed_on"].max()
    until = observed or (last if isinstance(last, date) else None)
    if until is None:
        raise InputError("the outcomes hold no failure", where=", ".join(map(str, outcomes)), next_step=_SHAPE)
    values = load().at(until)
    parts = [figures(lines, values) for lines in _lines(places)]
    years = (
        pl.concat(parts, how="diagonal_relaxed")
        .sort(COMPANY, PERIOD, "known_on", "consolidated")
        .unique([COMPANY, PERIOD], keep="first", maintain_order=True)
    )
    return _joined(years, outcome, months=months, observed=until)


def write_panel(frame: pl.DataFrame, path: Path) -> None:
    """Write a panel as Parquet, or as CSV where the name ends so.

    Raises:
        StoreError: if it cannot be written.
    """
    try:
        if path.suffix == ".csv":
            frame.write_csv(path)
        else:
            frame.write_parquet(path, compression="zstd")
    except OSError as error:
        raise StoreError(
            f"the panel cannot be written: {error.strerror or error}", where=str(path), next_step="Check the folder."
        ) from error


def _joined(years: pl.DataFrame, outcome: pl.DataFrame, *, months: int, observed: date) -> CompanyYears:
    frame = labelled(years, outcome, months=months, observed=pl.lit(observed))
    certain = f"{len(frame):,} whose outcome within {months} months of filing is certain"
    said = (
        f"{len(years):,} company-years of {years[COMPANY].n_unique():,} companies; outcomes known to {observed}",
        f"{certain}, {int(frame[TARGET].sum()):,} failures",
        f"{int((~frame['filed']).sum()):,} taken as known nine months after the period's end, the last day to file",
    )
    return CompanyYears(frame, said)


def _lines(places: list[Path]) -> Iterator[pl.DataFrame]:
    """Lines file by file, so that memory holds one."""
    for place in places:
        files = sorted(place.rglob(LINES)) if place.is_dir() else [place]
        if not files:
            raise InputError(
                f"the folder holds no {LINES}",
                where=str(place),
                next_step="Give the folder that `oversight accounts --bulk ZIP --out FOLDER` wrote.",
            )
        for file in files:
            frame = read_panel(file)
            missing = [name for name in _NEEDED if name not in frame.columns]
            if missing:
                raise InputError(
                    f"not a table of lines of account: it lacks {', '.join(missing)}",
                    where=str(file),
                    next_step="Read the accounts again with `oversight accounts --bulk`.",
                )
            yield frame


def _outcomes(path: Path, observed: date | None, *, dissolved: bool) -> pl.DataFrame:
    raw = read_panel(path)
    table = raw.rename({name: name.strip() for name in raw.columns})
    if {COMPANY, "failed_on"} <= set(table.columns):
        days = table["failed_on"].cast(pl.String).str.to_date(strict=False)
        if days.null_count() > table["failed_on"].null_count():
            raise InputError("a day of failure is no date", where=str(path), next_step="Write days as YYYY-MM-DD.")
        found = table.select(_number(COMPANY), failed_on=days, exact=pl.lit(True)).drop_nulls("failed_on")
        return found.cast(_OUTCOME)
    if {"CompanyNumber", "CompanyStatus"} <= set(table.columns) and observed is not None:
        status = pl.col("CompanyStatus").cast(pl.String).str.to_lowercase()
        bad = pl.any_horizontal([status.str.contains(word, literal=True) for word in _INSOLVENT])
        gone = status.str.contains("dissolved", literal=True) if dissolved else pl.lit(False)
        found = table.filter(bad | gone).select(
            _number("CompanyNumber"), failed_on=pl.lit(observed), exact=pl.lit(False)
        )
        return found.cast(_OUTCOME)
    raise InputError("the outcomes have other columns", where=str(path), next_step=_SHAPE)


def _number(column: str) -> pl.Expr:
    """Company numbers of eight characters; a spreadsheet may have taken the zeros in front."""
    return pl.col(column).cast(pl.String).str.strip_chars().str.to_uppercase().str.zfill(8).alias(COMPANY)
