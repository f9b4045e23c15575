"""The register as a tidy CSV: one header row, snake_case names, UTF-8, ISO dates, figures unrounded.

Columns are those of `register_entry`, in its units (percentages as 12.3), then `missing_values`, which names each
metric without a value and why (`interest_cover=not_applicable`, joined by `; `), then what the file would
otherwise need a cover for: as-at date, run, version, marking, label, draft or final, and decisions
(`awaiting`) that await a second person's approval.

A spreadsheet that opens a CSV runs text that looks like a formula. Text is therefore put on one line, without control
characters or leading white space, and has an apostrophe in front where it then starts with `=`, `+`, `-` or `@` (or
their full-width forms). Numbers are untouched.
"""

from typing import Final

import polars as pl

from reports.frames import RunView, register, statuses
from reports.marking import marking_text
from reports.standing import by_entry, standing
from reports.style import clean

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_METRICS: Final = (
    "turnover",
    "operating_margin",
    "ebitda_margin",
    "net_debt",
    "net_debt_to_ebitda",
    "interest_cover",
    "current_ratio",
    "net_assets",
    "altman_z2",
)


def csv_bytes(view: RunView) -> bytes:
    """The register of one run as UTF-8 CSV, highest rating first, entries without a likelihood last."""
    frame = register(view)
    said = frame.with_columns(
        _missing_values(frame, statuses(view)),
        pl.lit(view.as_at.on).alias("as_at_on"),
        pl.lit(view.as_at.known_by.isoformat()).alias("known_by"),
        pl.lit(view.run_id).alias("run_id"),
        pl.lit(view.code_version).alias("code_version"),
        pl.lit(marking_text(view.marking)).alias("marking"),
        pl.lit(clean(view.label)).alias("label"),
        pl.lit(standing(view)).alias("standing"),
    ).join(by_entry(view), on="entry_id", how="left", maintain_order="left")
    return neutral(said).write_csv(date_format="%Y-%m-%d").encode()


def neutral(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with its text columns made safe for spreadsheets; nulls and numbers untouched."""
    return frame.with_columns(pl.col(pl.String).map_elements(neutral_text, return_dtype=pl.String, skip_nulls=True))


def neutral_text(text: str) -> str:
    """Text on one line, with an apostrophe in front where a spreadsheet would take it for a formula."""
    line = clean(text)
    return f"'{line}" if line.startswith(_FORMULA_STARTS) else line


def _missing_values(frame: pl.DataFrame, reasons: pl.DataFrame) -> pl.Series:
    """For each row, the metrics without a value and why, as `name=reason` joined by `; `."""
    joined = frame.join(reasons, on="group_id", how="left", maintain_order="left")
    parts = []
    for name in _METRICS:
        status = pl.col(f"{name}_status") if f"{name}_status" in joined.columns else pl.lit(None, dtype=pl.String)
        told = pl.when(status == "value").then(None).otherwise(status).fill_null("not_available")
        parts.append(pl.when(pl.col(name).is_null()).then(pl.concat_str(pl.lit(f"{name}="), told)))
    return joined.select(pl.concat_str(parts, separator="; ", ignore_nulls=True).alias("missing_values")).to_series()
