"""Stress: the year under each scenario, random shocks, and the market as a whole."""

import polars as pl

from reports.frames import RunView, by_group
from reports.sheet import Column, Kind, Sheet, sheet_of
from reports.sheets.common import ENTRY, GROUP, SHORTHAND_NOTE, in_words, sentence
from reports.symbols import NOT_APPLICABLE

_CAVEAT = "A projection of the newest accounts by the shocks and assumptions in Parameters used, not a forecast."


def scenarios(view: RunView) -> Sheet:
    """One row a group and scenario."""
    frame = by_group(view, "stress", ("scenario",)).with_columns(
        in_words("scenario"),
        sentence("reason"),
        pl.when("out_of_cash").then(pl.lit("Would not last")).when(~pl.col("out_of_cash")).then(pl.lit("Would last"))
        .alias("lasts"),
    )  # fmt: skip
    columns = (
        ENTRY,
        GROUP,
        Column("scenario", "Scenario", width=24),
        Column("turnover", "Turnover (£)", Kind.MONEY, 16, 0, status="status"),
        Column("ebitda", "EBITDA (£)", Kind.MONEY, 15, 0, status="status"),
        Column("ebitda_interest_cover", "EBITDA interest cover (times)", Kind.DECIMAL, 13, 1, NOT_APPLICABLE),
        Column("headroom", "Headroom (% of turnover)", Kind.DECIMAL, 13, 1, status="status"),
        Column("cash_after", "Cash after a year (£)", Kind.MONEY, 15, 0, status="status"),
        Column("runway_months", "Cash runway (months)", Kind.DECIMAL, 11, 0, NOT_APPLICABLE),
        Column("lasts", "Cash over the year", width=15, missing=NOT_APPLICABLE),
        Column("band_before", "Likelihood as filed", Kind.INTEGER, 11, missing=NOT_APPLICABLE),
        Column("band_after", "Likelihood under stress", Kind.INTEGER, 11, missing=NOT_APPLICABLE),
        Column("period_end", "Accounts made up to", Kind.DATE, 18),
        Column("reason", "What is not filed or was assumed", width=40, missing="None"),
    )
    return sheet_of(
        "Stress",
        "Stress: each group in a worse year",
        "Cover, headroom, cash and likelihood band under each scenario",
        frame,
        columns,
        notes=(
            _CAVEAT,
            "Cash counts EBITDA, interest and debt that is not replaced; no tax, dividends or new building.",
            SHORTHAND_NOTE,
        ),
    )


def draws(view: RunView) -> Sheet:
    """One row a group under random shocks."""
    frame = by_group(view, "stress_draw", ("out_of_cash",), descending=("out_of_cash",)).with_columns(
        sentence("reason")
    )
    columns = (
        ENTRY,
        GROUP,
        Column("out_of_cash", "Draws in which cash would not last (%)", Kind.DECIMAL, 15, 1),
        Column("cover_low", "EBITDA interest cover, 5th percentile", Kind.DECIMAL, 14, 1, NOT_APPLICABLE),
        Column("cover_median", "EBITDA interest cover, median", Kind.DECIMAL, 14, 1, NOT_APPLICABLE),
        Column("cover_high", "EBITDA interest cover, 95th percentile", Kind.DECIMAL, 14, 1, NOT_APPLICABLE),
        Column("draws", "Draws", Kind.INTEGER, 9),
        Column("period_end", "Accounts made up to", Kind.DATE, 18),
        Column("reason", "What was assumed", width=40, missing="None"),
    )
    return sheet_of(
        "Random shocks",
        "Random shocks: each group under shocks drawn at random, some shared by all",
        "How often cash would not last the year",
        frame,
        columns,
        notes=(_CAVEAT, "A share of draws is not a probability of failure."),
    )


def market(view: RunView) -> Sheet:
    """The market as a whole under random shocks."""
    frame = view.table("stress_market").sort("measure").with_columns(in_words("measure"))
    columns = (
        Column("measure", "Measure", width=52),
        Column("value", "Value", Kind.DECIMAL, 14, 1),
        Column("unit", "Unit", width=10),
    )
    return sheet_of(
        "Shocks together",
        "Shocks together: places with groups whose cash would not last in the same draw",
        "Places with groups that break together",
        frame,
        columns,
        notes=(
            _CAVEAT,
            "Only groups whose accounts give every input are drawn.",
            "The last rows show the same shocks with nothing shared between groups.",
        ),
    )
