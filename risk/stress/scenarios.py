"""Named scenarios: the year under each, and the likelihood band that the stressed accounts would give."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from oversight.model.tables.derived import NOT_FILED, VALUE
from risk import ratios, scorecard, scores
from risk.findings import empty
from risk.groups import Market
from risk.parameters import Parameters, Values
from risk.ratios.compute import indicators
from risk.stress.base import year_before
from risk.stress.project import BASE, Change, Year, project
from risk.stress.shocks import Assumptions, Shock, Shocks

_MONTHS: Final = 12


def under_scenarios(
    wide: pl.DataFrame,
    market: Market,
    group: pl.DataFrame,
    indicator: pl.DataFrame,
    parameters: Parameters,
    values: Values,
) -> pl.DataFrame:
    """Rows of `stress`: each group of the register under each scenario.

    Args:
        wide: `risk.accounts.books.wide`.
        market: for the places of each home.
        group: the groups of the register.
        indicator: every indicator of the run.
        parameters: for the labels of the rules.
        values: parameters in force.
    """
    assumed = values.parse("stress.assumptions", Assumptions)
    base = year_before(wide, market, assumed, values).join(group, on="group_id", how="semi")
    before = _bands(base, indicator, parameters, values).rename({"band": "band_before"})
    parts = [
        _one(name, shock, base, wide, before, indicator, assumed, parameters, values)
        for name, shock in values.parse("stress.scenarios", Shocks).root.items()
    ]
    return pl.concat([empty("stress"), *parts]).sort("stress_id")


def _one(
    name: str,
    shock: Shock,
    base: pl.DataFrame,
    wide: pl.DataFrame,
    before: pl.DataFrame,
    indicator: pl.DataFrame,
    assumed: Assumptions,
    parameters: Parameters,
    values: Values,
) -> pl.DataFrame:
    outcome = project(Year(*(pl.col(column) for column in BASE)), change_of(shock), assumed)
    year = base.with_columns(
        outcome.turnover.alias("stressed_turnover"),
        outcome.staff.alias("stressed_staff"),
        outcome.ebitda.alias("ebitda"),
        outcome.interest.alias("stressed_interest"),
        outcome.cash.alias("cash_after"),
    ).with_columns(_read())
    stressed = _again(year, wide, indicator, values)
    after = _bands(base, stressed, parameters, values).rename({"band": "band_after"})
    known = pl.col("lacking") == ""
    figures = ("ebitda", "ebitda_interest_cover", "headroom", "cash_after", "runway_months", "out_of_cash")
    said = pl.when(known).then(pl.col("note")).otherwise(pl.format("not filed: {}", "lacking"))
    return (
        year.join(before, on="group_id")
        .join(after, on="group_id")
        .with_columns(pl.when(known).then(pl.col(column)).alias(column) for column in (*figures, "band_after"))
        .with_columns(
            pl.format("{}.stress.{}", "group_id", pl.lit(name)).alias("stress_id"),
            pl.lit(name).alias("scenario"),
            pl.when(known).then("stressed_turnover").alias("turnover"),
            pl.when(known).then(pl.lit(VALUE)).otherwise(pl.lit(NOT_FILED)).alias("status"),
            pl.when(said != "").then(said).alias("reason"),
        )
        .select(empty("stress").columns)
    )


def change_of(shock: Shock) -> Change:
    """A scenario's shocks as the projection takes them."""
    return Change(
        shock.occupancy_points, shock.fee_growth, shock.wage_growth, shock.cost_growth, shock.agency_points,
        shock.rate_points, shock.refinanced, 1.0 if shock.largest_home_lost else 0.0,
    )  # fmt: skip


def _read() -> Sequence[pl.Expr]:
    """Cover, headroom and runway of a year under shocks.

    Cover is EBITDA over net interest; headroom the percentage of turnover that could still be lost before EBITDA no
    longer pays the interest, costs unchanged; runway the months until cash is gone at the year's pace, null for never.
    """
    turnover, ebitda, interest, after = (
        pl.col("stressed_turnover"), pl.col("ebitda"), pl.col("stressed_interest"), pl.col("cash_after"),
    )  # fmt: skip
    burnt = pl.col("cash") - after
    return (
        pl.when(interest > 0).then(ebitda / interest).alias("ebitda_interest_cover"),
        pl.when(turnover > 0).then((ebitda - interest) / turnover * 100).alias("headroom"),
        pl.when(burnt > 0).then((pl.col("cash") / burnt * _MONTHS).clip(0)).alias("runway_months"),
        (after < 0).alias("out_of_cash"),
    )


def _again(year: pl.DataFrame, wide: pl.DataFrame, indicator: pl.DataFrame, values: Values) -> pl.DataFrame:
    """The run's indicators, with those of the newest accounts measured anew on the stressed year."""
    latest = wide.filter("latest").join(year.filter(pl.col("lacking") == ""), on="group_id", how="semi")
    months = pl.col("months").fill_null(float(_MONTHS)) / _MONTHS
    off_year = ((pl.col("months") - _MONTHS).abs() > values.number("accounts.year_tolerance_months")).fill_null(False)
    share = pl.when(off_year).then(months).otherwise(1.0)
    profit = pl.col("stressed_ebitda") - pl.col("stressed_non_cash")
    added = {
        "turnover": pl.col("stressed_turnover") * share,
        "operating_profit": profit * share,
        "staff_costs": -pl.col("stressed_staff") * share,
        "interest_payable": -pl.col("stressed_interest").clip(0) * share,
        "interest_receivable": (-pl.col("stressed_interest")).clip(0) * share,
        "profit_before_tax": (profit - pl.col("stressed_interest")) * share,
        "cash": pl.col("cash_after").clip(0),
    }
    stressed = year.select(
        "group_id", "stressed_turnover", "stressed_staff", "stressed_interest", "cash_after",
        pl.col("ebitda").alias("stressed_ebitda"), pl.col("non_cash").alias("stressed_non_cash"),
    )  # fmt: skip
    changed = latest.join(stressed, on="group_id").with_columns(
        expression.alias(line) for line, expression in added.items()
    )
    anew = indicators(changed.select(pl.exclude(*stressed.columns[1:])), ratios.catalogue(values), values)
    scored = scores.measure(changed.select(pl.exclude(*stressed.columns[1:])), values).indicator
    fresh = pl.concat([anew, scored])
    return pl.concat([indicator.join(fresh, on=["group_id", "code", "dated_on"], how="anti"), fresh])


def _bands(groups: pl.DataFrame, indicator: pl.DataFrame, parameters: Parameters, values: Values) -> pl.DataFrame:
    """group_id and likelihood band, null where there is none."""
    judged = scorecard.judge(groups.select("group_id"), indicator, parameters, values).score
    return judged.filter(pl.col("axis") == "likelihood").select("group_id", "band")
