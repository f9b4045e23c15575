"""Growth and trend: the same measure at two year ends, compared only where the accounts are on the same basis."""

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from oversight.model.tables.derived import NOT_FILED, VALUE
from risk.findings import Findings, indicator_id
from risk.parameters import Values
from risk.words import day_in_words

_QUARTER: Final = 92
_YEAR: Final = 365.25
_LEASES_CHANGED: Final = "; leases came onto the balance sheet between the two, so part of the change is accounting"


@dataclass(frozen=True, slots=True)
class Trend:
    """A change of one measure.

    Attributes:
        code: name of the indicator.
        of: the measure that changes.
        unit: unit of the change.
        kind: growth (percent of the earlier figure) or change (difference).
        years: years between the two year ends; None for the length of the trend in the parameters.
        leases: whether it moves when rent becomes debt, as under the change of FRS 102.
    """

    code: str
    of: str
    unit: str
    kind: Literal["growth", "change"]
    years: int | None
    leases: bool = False


TRENDS: Final = (
    Trend("turnover_growth", "turnover", "percent", "growth", 1),
    Trend("operating_margin_change", "operating_margin", "percentage points", "change", None, leases=True),
    Trend("ebitda_margin_change", "ebitda_margin", "percentage points", "change", None, leases=True),
    Trend("leverage_change", "net_debt_to_ebitda", "times", "change", None, leases=True),
    Trend("cash_days_change", "cash_days", "days", "change", None),
    Trend("net_assets_change", "net_assets", "pounds", "change", 1),
)


def measure(ratios: pl.DataFrame, record: pl.DataFrame, values: Values) -> Findings:
    """Changes of the ratios between year ends of the same basis.

    Args:
        ratios: indicator rows of the ratios.
        record: the periods of record, with basis.
        values: parameters in force.
    """
    years = int(values.number("accounts.trend_years"))
    based = ratios.join(basis(record, values), on=["group_id", "dated_on"])
    return Findings.together(
        _one(based.filter(pl.col("code") == trend.of), trend, trend.years or years) for trend in TRENDS
    )


def basis(record: pl.DataFrame, values: Values) -> pl.DataFrame:
    """group_id, dated_on, basis, and new_leases: whether the period begins on or after the change of lease accounting.

    Where no start is given, the period is taken to be as long as it says, else a year.
    """
    change = values.day("accounts.lease_change_from")
    days = (pl.col("months").fill_null(12.0) * (_YEAR / 12)).round().cast(pl.Int64)
    begins = pl.coalesce("period_start", pl.col("period_end") - pl.duration(days=days - 1))
    return record.select(
        "group_id", pl.col("period_end").alias("dated_on"), "basis", (begins >= change).alias("new_leases")
    )


def _one(rows: pl.DataFrame, trend: Trend, years: int) -> Findings:
    known = rows.filter(pl.col("status") == VALUE).select(
        "group_id", "basis", "dated_on", "value", "indicator_id", "new_leases"
    )
    gap = ((pl.col("dated_on") - pl.col("dated_on_before")).dt.total_days() - years * _YEAR).abs()
    pairs = (
        known.join(known, on=["group_id", "basis"], suffix="_before")
        .filter(gap <= _QUARTER)
        .with_columns(gap.alias("gap"))
        .sort("group_id", "dated_on", "gap", "dated_on_before")
        .unique(["group_id", "dated_on"], keep="first", maintain_order=True)
    )
    difference = pl.col("value") - pl.col("value_before")
    base = pl.col("value_before")
    change = difference / base * 100 if trend.kind == "growth" else difference
    across = pl.lit(trend.leases) & (pl.col("new_leases") != pl.col("new_leases_before"))
    meaningful = base > 0 if trend.kind == "growth" else pl.lit(True)
    found = (
        rows.select("group_id", "subject_kind", "subject", "dated_on", "latest")
        .join(
            pairs.filter(meaningful).select(
                "group_id", "dated_on", change.alias("value"), "dated_on_before", across.alias("across"),
                pl.col("indicator_id").alias("now"), pl.col("indicator_id_before").alias("before"),
            ),
            on=["group_id", "dated_on"],
            how="left",
        )
        .with_columns(pl.lit(trend.code).alias("code"), pl.lit(trend.unit).alias("unit"))
        .with_columns(
            indicator_id().alias("indicator_id"),
            pl.when(pl.col("value").is_null()).then(pl.lit(NOT_FILED)).otherwise(pl.lit(VALUE)).alias("status"),
            pl.when(pl.col("value").is_null())
            .then(pl.lit(f"no comparable accounts {years} year{'s' if years > 1 else ''} earlier"))
            .otherwise(
                pl.concat_str(
                    pl.format("against the year to {}", day_in_words("dated_on_before")),
                    pl.when(pl.col("across")).then(pl.lit(_LEASES_CHANGED)).otherwise(pl.lit("")),
                )
            )
            .alias("reason"),
        )
    )  # fmt: skip
    compared = found.filter(pl.col("status") == VALUE).select(pl.col("indicator_id").alias("item_id"), "now", "before")
    lineage = compared.unpivot(on=["now", "before"], index="item_id", variable_name="role", value_name="input_id")
    return Findings.of(indicator=found, lineage=lineage)
