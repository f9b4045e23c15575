"""The accounts of record of a group: consolidated ones of the highest UK company, else its company's, else a sum."""

from datetime import timedelta
from typing import Final

import polars as pl

from oversight.model.tables.derived import NOT_RELIABLE, VALUE
from risk.findings import hashed
from risk.parameters import Values

CONSOLIDATED: Final = "consolidated"
COMPANY: Final = "company"
SUM: Final = "sum of companies"
_HALF_YEAR: Final = timedelta(days=183)
_YEAR: Final = timedelta(days=366)


def of_record(period: pl.DataFrame, companies: pl.DataFrame) -> pl.DataFrame:
    """The chosen periods that a group is judged on as they stand.

    Args:
        period: periods with group_id, depth, chosen.
        companies: group_id, company_number of every member.

    Returns:
        group_id, period_id, basis. A year end within half a year of one of a higher company is left out.
    """
    chosen = period.filter(pl.col("chosen"))
    consolidated = _highest(chosen.filter(pl.col("consolidated"))).with_columns(basis=pl.lit(CONSOLIDATED))
    single = companies.group_by("group_id").len().filter(pl.col("len") == 1)
    alone = _uncovered(
        chosen.filter(~pl.col("consolidated")).join(single, on="group_id", how="semi"), consolidated
    ).with_columns(basis=pl.lit(COMPANY))
    columns = ["group_id", "period_id", "basis"]
    return pl.concat([consolidated.select(columns), alone.select(columns)])


def parts_of_sums(period: pl.DataFrame, companies: pl.DataFrame, record: pl.DataFrame) -> pl.DataFrame:
    """Company accounts to be added up, for groups of several companies and years without consolidated accounts.

    Returns:
        group_id, sum_end, period_id, company_number, months and period_end of each part: for each year end of the
        group's commonest accounting month, the newest accounts of each company made up in the twelve months to it.
    """
    several = companies.group_by("group_id").len().filter(pl.col("len") > 1)
    own = period.filter(pl.col("chosen"), ~pl.col("consolidated")).join(several, on="group_id", how="semi")
    covered = period.join(record.select("period_id"), on="period_id", how="semi")
    anchors = _uncovered(_anchors(own), covered)
    window = pl.col("period_end") > pl.col("sum_end") - _YEAR
    return (
        anchors.rename({"period_end": "sum_end"})
        .join(own, on="group_id")
        .filter(pl.col("period_end") <= pl.col("sum_end"), window)
        .sort("group_id", "sum_end", "company_number", "period_end")
        .unique(["group_id", "sum_end", "company_number"], keep="last", maintain_order=True)
        .select(
            "group_id", "sum_end", "period_id", "company_number", "months", "period_end", "document_id", "filed_on",
            "depth", "restated",
        )
    )  # fmt: skip


def summed_periods(parts: pl.DataFrame) -> pl.DataFrame:
    """A period for each sum, under the company nearest the group's top."""
    first = parts.sort("group_id", "sum_end", "depth", "company_number").group_by(
        "group_id", "sum_end", maintain_order=True
    )
    period = first.agg(
        pl.col("company_number", "document_id").first(),
        pl.col("filed_on").max(),
        pl.len().cast(pl.Int64).alias("parts"),
        pl.col("restated").any(),
        pl.lit(12.0).alias("months"),
    )
    return hashed(period, "period_id", "sum", ["group_id", "sum_end"])


def summed_lines(parts: pl.DataFrame, sums: pl.DataFrame, account: pl.DataFrame, values: Values) -> pl.DataFrame:
    """Account lines of the sums, with the ids of their parts in `part_ids` and the number of parts in `filed_by`.

    Flows are put on twelve months before they are added.
    """
    flows = values.texts("accounts.additive_flows")
    balances = values.texts("accounts.additive_balances")
    unless = values.texts("accounts.additive_without_investments")
    tolerance = values.number("accounts.year_tolerance_months")
    figures = parts.select("group_id", "sum_end", "period_id", "months").join(account, on="period_id")
    is_flow = pl.col("line").is_in(flows)
    off_year = ((pl.col("months") - 12).abs() > tolerance).fill_null(False) & (pl.col("line") != "average_employees")
    scaled = pl.when(is_flow & off_year).then(pl.col("value") * 12 / pl.col("months")).otherwise("value")
    holds = (
        figures.filter(pl.col("line") == "investments", pl.col("value") != 0)
        .select("group_id", "sum_end", holds=pl.lit(True))
        .unique()
    )
    added = (
        figures.with_columns(scaled.alias("value"))
        .sort("group_id", "sum_end", "line", "account_id")
        .group_by("group_id", "sum_end", "line", maintain_order=True)
        .agg(
            pl.col("value").sum(),
            pl.col("status").eq(VALUE).all().alias("sound"),
            pl.len().cast(pl.Int64).alias("filed_by"),
            pl.col("unit", "document_id").first(),
            pl.col("confidence").min(),
            pl.col("account_id").alias("part_ids"),
        )
        .join(sums.select("group_id", "sum_end", "parts", pl.col("period_id")), on=["group_id", "sum_end"])
        .join(holds, on=["group_id", "sum_end"], how="left")
    )
    complete = pl.col("filed_by") == pl.col("parts")
    additive = (
        is_flow
        | (pl.col("line").is_in(balances) & complete)
        | (pl.col("line").is_in(unless) & complete & pl.col("holds").is_null())
    )
    usable = pl.col("sound") & additive
    return added.with_columns(
        pl.when(usable).then("value").alias("value"),
        pl.when(usable).then(pl.lit(VALUE)).otherwise(pl.lit(NOT_RELIABLE)).alias("status"),
        is_flow.alias("is_flow"),
    )


def _highest(period: pl.DataFrame) -> pl.DataFrame:
    """Periods without one of a higher company of the group within half a year."""
    rank = period.select("group_id", "depth", "company_number", "period_end")
    higher = (
        period.join(rank, on="group_id", suffix="_other")
        .filter(
            (pl.col("depth_other") < pl.col("depth"))
            | (
                (pl.col("depth_other") == pl.col("depth")) & (pl.col("company_number_other") < pl.col("company_number"))
            ),
            (pl.col("period_end_other") - pl.col("period_end")).abs() < _HALF_YEAR,
        )
        .select("period_id")
        .unique()
    )
    return period.join(higher, on="period_id", how="anti")


def _uncovered(period: pl.DataFrame, covering: pl.DataFrame) -> pl.DataFrame:
    """Year ends that are not within half a year of a covering one of the same group."""
    near = (
        period.select("group_id", "period_end")
        .join(covering.select("group_id", "period_end"), on="group_id", suffix="_other")
        .filter((pl.col("period_end_other") - pl.col("period_end")).abs() < _HALF_YEAR)
        .select("group_id", "period_end")
        .unique()
    )
    return period.join(near, on=["group_id", "period_end"], how="anti")


def _anchors(own: pl.DataFrame) -> pl.DataFrame:
    """Year ends in the commonest accounting month of each group, and a newer one in another month."""
    dated = own.with_columns(pl.col("period_end").dt.month().alias("month"))
    common = (
        dated.group_by("group_id", "month")
        .agg(pl.len().alias("times"), pl.col("period_end").max().alias("newest"))
        .sort("group_id", "times", "newest", "month")
        .unique("group_id", keep="last", maintain_order=True)
        .select("group_id", "month", "newest")
    )
    joined = dated.join(common, on="group_id", suffix="_common")
    usual = pl.col("month") == pl.col("month_common")
    newer = pl.col("period_end") > pl.col("newest") + _HALF_YEAR
    last = joined.filter(newer).group_by("group_id").agg(pl.col("period_end").max())
    return (
        pl.concat([joined.filter(usual).select("group_id", "period_end"), last.select("group_id", "period_end")])
        .unique()
        .sort("group_id", "period_end")
    )
