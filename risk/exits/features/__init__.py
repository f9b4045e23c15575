"""What is known of a home on a day, in families: the home itself, its judgements, its inspections, owner, market."""

import polars as pl

from risk.exits.features import home, inspections, judgements, market, owner
from risk.exits.publications import Publications
from risk.exits.register import Register

_DIGITS = 9
"""Digits kept: sums differ beyond them by the order in which rows come."""

FAMILIES = {
    "home": home.measure,
    "judgements": judgements.measure,
    "inspections": inspections.measure,
    "owner": owner.measure,
    "market": market.measure,
}
"""Family to the function that measures it."""


def measure(known: Publications, register: Register) -> pl.DataFrame:
    """One row for each home of the register: urn and every feature, gaps left as gaps; sorted by URN.

    `unjudged_years` is the home's age where no judgement of it is known, else nil.
    """
    table = register.homes.select("urn").sort("urn")
    for family in FAMILIES.values():
        table = table.join(family(known, register), on="urn", how="left", validate="1:1")
    unjudged = pl.when(pl.col("severity").is_null()).then(pl.col("age")).otherwise(0.0)
    full = table.with_columns(unjudged.alias("unjudged_years"))
    return full.with_columns(pl.col(pl.Float64).round(_DIGITS)).sort("urn")
