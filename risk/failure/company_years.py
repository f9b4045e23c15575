"""A panel of UK company-years: ratios of filed accounts, and whether the company failed within some months of filing.

Everything in a row was known when the accounts were filed. Where the day of filing is not known, the last day that the
law allows a private company is taken, nine months after the period's end, so that nothing is known too early.
"""

from typing import Final

import polars as pl

from risk.failure.ratios import COMMON
from risk.parameters import Values
from risk.ratios import compute

COMPANY: Final = "company_number"
PERIOD: Final = "period_end"
TARGET: Final = "failed"
_MONTH: Final = 30.436875
_TO_FILE: Final = "9mo"
_CONFLICT: Final = "conflict"


def figures(lines: pl.DataFrame, values: Values) -> pl.DataFrame:
    """Ratios of company-years.

    Args:
        lines: rows of the table `line`, with `filed_on` where it is known.
        values: parameters in force.

    Returns:
        One row a company and period end, the accounts filed first, the company's own before its group's:
        company_number, period_end, known_on, filed (whether `known_on` is the day of filing), months, consolidated, the
        common ratios and `log_assets`, null where they cannot be formed. Sorted.
    """
    dated = lines if "filed_on" in lines.columns else lines.with_columns(filed_on=pl.lit(None, dtype=pl.Date))
    usable = dated.filter(~pl.col("comparative"), pl.col("method") != _CONFLICT, pl.col(COMPANY).is_not_null())
    key = [COMPANY, PERIOD, "consolidated", "document_id"]
    first = (
        usable.group_by(key)
        .agg(pl.col("filed_on").min(), pl.col("period_start").min())
        .sort(COMPANY, PERIOD, "filed_on", "consolidated", "document_id", nulls_last=True)
        .unique([COMPANY, PERIOD], keep="first", maintain_order=True)
    )
    chosen = usable.join(first.select(key), on=key, how="semi").sort(*key, "line", -pl.col("confidence"), "line_id")
    names = sorted(chosen["line"].unique().to_list())
    wide = chosen.pivot(on="line", on_columns=names, index=key, values="value", aggregate_function="first")
    table = first.join(wide, on=key).with_columns(
        ((pl.col(PERIOD) - pl.col("period_start")).dt.total_days() / _MONTH).round(0).alias("months"),
        pl.concat_str([COMPANY, pl.col(PERIOD).cast(pl.String)], separator=".").alias("period_id"),
        pl.col(COMPANY).alias("group_id"),
        pl.lit(None, dtype=pl.String).alias("note"),
        pl.lit(True).alias("latest"),
        pl.lit([], dtype=pl.List(pl.String)).alias("unreliable"),
    )
    return _measured(table, values).sort(COMPANY, PERIOD)


def _measured(table: pl.DataFrame, values: Values) -> pl.DataFrame:
    codes = [common.ratio.code for common in COMMON]
    indicator = compute.measure(table, [common.ratio for common in COMMON], values).indicator
    ratios = indicator.pivot(
        on="code", on_columns=codes, index=["group_id", "dated_on"], values="value", aggregate_function="first"
    )
    assets = [pl.col(line) if line in table.columns else pl.lit(None, dtype=pl.Float64)
              for line in ("fixed_assets", "current_assets")]  # fmt: skip
    total = pl.sum_horizontal(assets)
    return table.join(ratios, left_on=["group_id", PERIOD], right_on=["group_id", "dated_on"], how="left").select(
        COMPANY,
        PERIOD,
        pl.coalesce("filed_on", pl.col(PERIOD).dt.offset_by(_TO_FILE)).alias("known_on"),
        pl.col("filed_on").is_not_null().alias("filed"),
        "months",
        "consolidated",
        *codes,
        pl.when(total > 0).then((total + 1).log()).alias("log_assets"),
    )


def labelled(years: pl.DataFrame, outcome: pl.DataFrame, *, months: int, observed: pl.Expr) -> pl.DataFrame:
    """Company-years with the outcome `failed`, 0 or 1.

    Args:
        years: as `figures` gives them.
        outcome: company_number and failed_on of companies that failed, and `exact`, false where only the day is known
            on which the company was seen to have failed.
        months: length of the window after the day on which the accounts were known.
        observed: the last day of which outcomes are known.

    Returns:
        The rows whose outcome is certain. Left out are accounts that were known only after the failure, windows that
        are not over without a failure, and windows that were over before a failed company was seen to have failed.
    """
    end = pl.col("known_on").dt.offset_by(f"{months}mo")
    first = outcome.sort("failed_on", "exact").unique(COMPANY, keep="first", maintain_order=True)
    joined = years.join(first.select(COMPANY, "failed_on", "exact"), on=COMPANY, how="left")
    failed = pl.col("failed_on").is_not_null()
    within = failed & (pl.col("failed_on") <= end)
    too_late = (failed & (pl.col("failed_on") <= pl.col("known_on"))).fill_null(False)
    unsure = (failed & ~pl.col("exact") & ~within).fill_null(False)
    open_yet = (~within.fill_null(False)) & (end > observed)
    return (
        joined.filter(~too_late, ~unsure, ~open_yet)
        .with_columns(within.fill_null(False).cast(pl.Int64).alias(TARGET))
        .drop("failed_on", "exact")
        .sort(COMPANY, PERIOD)
    )
