"""Published scores of failure, each one versioned object of coefficients and cut-offs.

They rank; none is a probability here, and each says how far its coefficients were verified. To add one: a module with
the object and its `ratio()`, its parameters in `risk/parameters/measures.yaml`, and a worked case in
`tests/cases/ratios.yaml`.
"""

from typing import Final

import polars as pl

from risk.findings import Findings
from risk.parameters import Values
from risk.ratios.compute import measure as measure_ratios
from risk.ratios.ratio import Ratio
from risk.scores.altman import AltmanZ1, AltmanZ2
from risk.scores.ohlson import BEFORE, Ohlson
from risk.scores.taffler import Taffler
from risk.scores.zmijewski import Zmijewski

__all__ = ["altman_z2", "catalogue", "measure"]

_QUARTER: Final = 92
_YEAR: Final = 365.25


def altman_z2(values: Values) -> AltmanZ2:
    """The score in force."""
    return values.parse("measures.altman_z2", AltmanZ2)


def catalogue(values: Values) -> tuple[Ratio, ...]:
    """Every score in force, the one that counts in the judgement first."""
    return (
        altman_z2(values).ratio(),
        values.parse("measures.altman_z1", AltmanZ1).ratio(),
        values.parse("measures.taffler_z", Taffler).ratio(),
        values.parse("measures.ohlson_o", Ohlson).ratio(),
        values.parse("measures.zmijewski_x", Zmijewski).ratio(),
    )


def measure(wide: pl.DataFrame, values: Values) -> Findings:
    """Scores of every period of record.

    Args:
        wide: `risk.accounts.books.wide`: one row a period of record, one column a line.
        values: parameters in force.
    """
    frame, rests = _with_year_before(wide, values)
    found = measure_ratios(frame, catalogue(values), values)
    is_before = pl.col("role") == BEFORE
    before = (
        found.lineage.filter(is_before)
        .with_columns(pl.col("input_id").str.strip_suffix(f".{BEFORE}").alias("period_id"))
        .join(rests, on="period_id")
        .select("item_id", pl.format("{}.profit_after_tax", "period_before").alias("input_id"), "role")
    )
    return Findings.of(indicator=found.indicator, lineage=pl.concat([found.lineage.filter(~is_before), before]))


def _with_year_before(wide: pl.DataFrame, values: Values) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The frame with last year's profit after tax beside this year's, and which period that is.

    Only a year on the same basis that ended about a year earlier counts as the year before; a longer or shorter period
    is put on twelve months as everywhere, one too short for that does not count.
    """
    if "profit_after_tax" not in wide.columns:
        return wide, pl.DataFrame(schema={"period_id": pl.String, "period_before": pl.String})
    gap = ((pl.col("period_end") - pl.col("period_end_before")).dt.total_days() - _YEAR).abs()
    months = pl.col("months")
    off_year = ((months - 12).abs() > values.number("accounts.year_tolerance_months")).fill_null(False)
    long_enough = (months >= values.number("accounts.shortest_months")).fill_null(True)
    profit = pl.col("profit_after_tax")
    earlier = wide.filter(long_enough).select(
        "group_id", "basis",
        pl.col("period_end").alias("period_end_before"),
        pl.col("period_id").alias("period_before"),
        pl.when(off_year).then(profit * 12 / months).otherwise(profit).alias(BEFORE),
    ).drop_nulls(BEFORE)  # fmt: skip
    pairs = (
        wide.select("group_id", "basis", "period_id", "period_end")
        .join(earlier, on=["group_id", "basis"])
        .filter(gap <= _QUARTER)
        .sort("period_id", gap, "period_before")
        .unique("period_id", keep="first", maintain_order=True)
        .select("period_id", "period_before", BEFORE)
    )
    return wide.join(pairs.select("period_id", BEFORE), on="period_id", how="left"), pairs
