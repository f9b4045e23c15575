"""Figures a place: the newest accounts against the registered places of the newest publication."""

import polars as pl

from risk.findings import Findings
from risk.groups import Market
from risk.parameters import Values
from risk.ratios.compute import measure as measure_ratios
from risk.ratios.ratio import Ratio
from risk.replace.assumptions import assumptions

_PLACES = pl.col("registered_places")
_NONE = ((_PLACES == 0, "no places are registered"),)
_CAVEAT = "At full occupancy, which no home reaches; a group may do other work and work in other nations."


def ratios(values: Values) -> tuple[Ratio, ...]:
    """The measures that set accounts against places."""
    weeks = values.number("measures.weeks_in_year")
    filled = assumptions(values).occupancy.likely
    assumed = f"Occupancy is not published: {filled:.0%} is assumed for every home (parameter replace.occupancy)."
    return (
        Ratio(
            "revenue_per_place_week", "Turnover a place and week", "pounds",
            f"turnover / (registered places x {weeks:g})", "What a place earns in a week if every place is filled.",
            _CAVEAT, pl.col("turnover") / (_PLACES * weeks), not_applicable=_NONE, by_year=True,
        ),
        Ratio(
            "operating_profit_per_place", "Operating profit a place and year", "pounds",
            "operating profit / registered places", "What a place leaves in a year if every place is filled.",
            _CAVEAT, pl.col("operating_profit") / _PLACES, not_applicable=_NONE, by_year=True,
        ),
        Ratio(
            "revenue_per_occupied_place_week", "Turnover an occupied place and week", "pounds",
            f"turnover / (registered places x {weeks:g} x {filled:g})", "What a child\u2019s place earns in a week.",
            assumed, pl.col("turnover") / (_PLACES * weeks * filled), not_applicable=_NONE, by_year=True,
        ),
        Ratio(
            "operating_profit_per_occupied_place_week", "Operating profit an occupied place and week", "pounds",
            f"operating profit / (registered places x {weeks:g} x {filled:g})",
            "What a child\u2019s place leaves in a week.",
            assumed, pl.col("operating_profit") / (_PLACES * weeks * filled), not_applicable=_NONE, by_year=True,
        ),
        Ratio(
            "staff_per_place", "Staff a place", "ratio", "average employees / registered places",
            "How many people are employed for a place.", _CAVEAT, pl.col("average_employees") / _PLACES,
            not_applicable=_NONE,
        ),
    )  # fmt: skip


def measure(wide: pl.DataFrame, market: Market, exposure: pl.DataFrame, values: Values) -> Findings:
    """Indicators of groups with homes, on their newest accounts."""
    runs = market.provider.group_by("group_id").agg(pl.col("homes", "settings", "places").sum())
    mixed = pl.when(pl.col("settings") > pl.col("homes")).then(pl.lit("turnover covers other registered settings too"))
    frame = (
        wide.filter(pl.col("latest"))
        .join(runs.filter(pl.col("homes") > 0), on="group_id")
        .with_columns(
            pl.col("places").cast(pl.Float64).alias("registered_places"),
            pl.concat_str([pl.col("note"), mixed], separator="; ", ignore_nulls=True).alias("note"),
        )
        .with_columns(pl.when(pl.col("note") != "").then("note").alias("note"))
        .drop("homes", "settings", "places")
    )
    found = measure_ratios(frame, ratios(values), values)
    is_places = pl.col("role") == "registered_places"
    counted = (
        found.lineage.filter(is_places)
        .join(found.indicator.select("indicator_id", "group_id"), left_on="item_id", right_on="indicator_id")
        .join(exposure.select("group_id", "exposure_id"), on="group_id")
        .select("item_id", pl.col("exposure_id").alias("input_id"), "role")
    )
    return Findings.of(indicator=found.indicator, lineage=pl.concat([found.lineage.filter(~is_places), counted]))
