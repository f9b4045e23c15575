"""The tables `account_period` and `account`, their lineage, and the wide frame that ratios are taken from."""

from dataclasses import dataclass

import polars as pl

from oversight.model.evidence import Evidence
from oversight.model.tables.derived import VALUE
from risk.accounts.lines import usable_lines
from risk.accounts.periods import Periods, choose
from risk.accounts.record import SUM, of_record, parts_of_sums, summed_lines, summed_periods
from risk.findings import empty
from risk.parameters import Values


@dataclass(frozen=True, slots=True)
class Books:
    """Accounts of the companies and groups under watch.

    Attributes:
        period: rows of `account_period`.
        account: rows of `account`.
        lineage: from accounts to overrides, parts of a sum and figures first filed.
        record: the periods groups are judged on: group_id, period_id, period_start (null where not given), period_end,
            months, basis, note, latest.
    """

    period: pl.DataFrame
    account: pl.DataFrame
    lineage: pl.DataFrame
    record: pl.DataFrame


def keep(evidence: Evidence, companies: pl.DataFrame, values: Values) -> Books:
    """Accounts from the evidence's lines.

    Args:
        evidence: its lines, filings, visible documents and overrides are used.
        companies: group_id, company_number, depth of every company in a group; others' lines are left aside.
        values: parameters in force.
    """
    lines = usable_lines(evidence).join(companies, on="company_number", how="semi")
    periods = choose(lines, values)
    period = periods.period.join(companies, on="company_number")
    account = _accounts(periods)
    record = of_record(period, companies)
    parts = parts_of_sums(period, companies, record)
    sums = summed_periods(parts)
    added = summed_lines(parts, sums, account, values)
    table = _period_table(period, record, sums)
    return Books(
        period=table,
        account=pl.concat([account, _sum_accounts(added)]),
        lineage=pl.concat([_from_lines(periods), _from_parts(added)]),
        record=_record(table, record, sums, added),
    )


def _account_id() -> pl.Expr:
    return pl.concat_str(["period_id", "line"], separator=".").alias("account_id")


def _accounts(periods: Periods) -> pl.DataFrame:
    return periods.line.with_columns(_account_id()).select(empty("account").columns)


def _sum_accounts(added: pl.DataFrame) -> pl.DataFrame:
    return added.with_columns(
        _account_id(),
        pl.lit(None, dtype=pl.String).alias("line_id"),
        pl.format("sum of {} companies", "filed_by").alias("locator"),
        pl.lit("sum").alias("method"),
    ).select(empty("account").columns)


def _period_table(period: pl.DataFrame, record: pl.DataFrame, sums: pl.DataFrame) -> pl.DataFrame:
    columns = empty("account_period").columns
    single = period.join(record.select("period_id", of_record=pl.lit(True)), on="period_id", how="left").with_columns(
        pl.col("of_record").fill_null(False)
    )
    summed = sums.with_columns(
        pl.lit(None, dtype=pl.Date).alias("period_start"),
        pl.col("sum_end").alias("period_end"),
        pl.lit(False).alias("consolidated"),
        pl.lit(True).alias("of_record"),
    )
    return pl.concat([single.select(columns), summed.select(columns)]).sort("period_id")


def _record(table: pl.DataFrame, record: pl.DataFrame, sums: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    fewest = (
        added.filter(pl.col("is_flow"))
        .group_by("period_id")
        .agg(pl.col("filed_by").min().alias("fewest"))
        .join(sums.select("period_id", "parts"), on="period_id", how="right")
    )
    several = pl.format("sum of {} companies, balances between them not eliminated", "parts")
    partly = pl.format("; some profit and loss lines filed by {} only", "fewest")
    note = pl.when(pl.col("fewest") < pl.col("parts")).then(partly).otherwise(pl.lit(""))
    notes = fewest.select("period_id", pl.concat_str([several, note]).alias("note"), basis=pl.lit(SUM))
    basis = pl.concat(
        [record.select("period_id", "basis", pl.lit(None, dtype=pl.String).alias("note")),
         notes.select("period_id", "basis", "note")]
    )  # fmt: skip
    return (
        table.join(basis, on="period_id")
        .with_columns((pl.col("period_end") == pl.col("period_end").max().over("group_id")).alias("latest"))
        .select(
            "group_id", "period_id", "period_start", "period_end", "months", "basis", "note", "latest", "document_id"
        )
        .sort("group_id", "period_end", "period_id")
    )


def _from_lines(periods: Periods) -> pl.DataFrame:
    """Overrides and figures first filed; the line itself is named in the account's `line_id`."""
    account = periods.line.with_columns(_account_id())
    item = pl.col("account_id").alias("item_id")
    decided = account.filter(pl.col("override_id").is_not_null()).select(
        item, pl.col("override_id").alias("input_id"), role=pl.lit("override")
    )
    earlier = (
        account.select("account_id", "line_id")
        .join(periods.superseded, left_on="line_id", right_on="item_id")
        .select(item, "input_id", role=pl.lit("first filed as"))
    )
    return pl.concat([decided, earlier])


def _from_parts(added: pl.DataFrame) -> pl.DataFrame:
    return (
        added.with_columns(_account_id())
        .explode("part_ids")
        .select(pl.col("account_id").alias("item_id"), pl.col("part_ids").alias("input_id"), role=pl.lit("part"))
    )


def wide(books: Books) -> pl.DataFrame:
    """The accounts of record, one row a period, one column a line; with `unreliable`, the lines that cannot be used."""
    figures = books.account.join(books.record.select("period_id"), on="period_id", how="semi")
    unreliable = figures.filter(pl.col("status") != VALUE).group_by("period_id").agg(pl.col("line").alias("unreliable"))
    lines = sorted(figures["line"].unique().to_list())
    table = figures.pivot(on="line", index="period_id", values="value", on_columns=lines, aggregate_function="first")
    return (
        books.record.join(table, on="period_id", how="left")
        .join(unreliable, on="period_id", how="left")
        .with_columns(pl.col("unreliable").fill_null(pl.lit([], dtype=pl.List(pl.String))))
    )
