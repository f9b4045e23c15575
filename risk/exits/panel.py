"""Rows to learn from: each home at each day for which a list is known, with its features and what became of it."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from risk.exits.features import measure
from risk.exits.labels import HORIZON_DAYS, Later, outcomes
from risk.exits.publications import Publications
from risk.exits.register import standing


def days_to_learn(known: Publications) -> list[date]:
    """Days on which the register is known to have stood: those of lists, and of lists of movements after the first."""
    lists = known.days()
    moved = set(
        known.movement.join(known.described.filter(pl.col("source") == "ofsted.movements"), on="document_id")["day"]
    )
    return sorted({*lists, *(day for day in moved if lists and day > lists[0])})


def rows(known: Publications, days: Sequence[date], later: Later, horizon_days: int = HORIZON_DAYS) -> pl.DataFrame:
    """Features as known on each day, joined to outcomes.

    Args:
        known: every publication held; each day sees only those that describe it or an earlier day.
        days: days to look from.
        later: what became of homes.
        horizon_days: how far ahead.

    Returns:
        `day`, `urn`, `owner_key`, `local_authority`, features, `outcome`, `how`; homes whose outcome is not known
        included, with a null outcome.
    """
    parts = []
    for day in days:
        seen = known.by(day)
        register = standing(seen)
        if register is None or register.day != day:
            continue
        named = register.homes.select("urn", "owner_key", "local_authority")
        parts.append(
            measure(seen, register)
            .join(named, on="urn")
            .join(outcomes(register, later, horizon_days), on="urn")
            .with_columns(day=pl.lit(day))
        )
    return pl.concat(parts).sort("day", "urn")
