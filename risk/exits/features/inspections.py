"""Visits in the last year, where Ofsted's list of the year's inspections is known: how many, and of what kind."""

from typing import Final

import polars as pl

from risk.exits.publications import Publications
from risk.exits.register import Register

_FRESH_DAYS: Final = 190
_YEAR_DAYS: Final = 365


def measure(known: Publications, register: Register) -> pl.DataFrame:
    """The visits (all), full_inspections, monitoring_visits of the year that the newest fresh list covers; else null.

    A home without a visit in a year that is covered has none, not a gap. Monitoring visits follow concern.
    """
    names = ["visits", "full_inspections", "monitoring_visits"]
    recent = known.inspection.join(known.described, on="document_id").filter(
        (pl.lit(register.day) - pl.col("day")).dt.total_days() <= _FRESH_DAYS
    )
    if recent.is_empty():
        return register.homes.select("urn", *(pl.lit(None, dtype=pl.Float64).alias(name) for name in names))
    ago = (pl.col("day") - pl.col("inspected_on")).dt.total_days()
    kind = pl.col("event_type").str.to_lowercase()
    counts = (
        recent.filter(ago >= 0, ago <= _YEAR_DAYS)
        .unique(["urn", "inspected_on", "event_type"])
        .group_by("urn")
        .agg(
            pl.len().alias("visits"),
            kind.str.contains("full").sum().alias("full_inspections"),
            (kind.str.contains("monitor") | kind.str.contains("emergency")).sum().alias("monitoring_visits"),
        )
    )
    return register.homes.select("urn").join(counts, on="urn", how="left").with_columns(
        pl.col(names).cast(pl.Float64).fill_null(0.0)
    ).select("urn", *names)  # fmt: skip
