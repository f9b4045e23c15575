"""The owner and its other homes: how many, how judged, how many it opened and closed lately."""

from datetime import timedelta
from typing import Final

import polars as pl

from oversight.identity.kinds import kind_of_owner
from risk.exits.features.judgements import judged
from risk.exits.publications import Publications
from risk.exits.register import Register

_YEAR: Final = 365.25
_NEW_YEARS: Final = 2.0
_BELOW_GOOD: Final = 3
_WORST: Final = 4
_SHORTEST, _LONGEST = timedelta(days=300), timedelta(days=800)


def measure(known: Publications, register: Register) -> pl.DataFrame:
    """What is known of the owner of each home; gaps where the list names no owner.

    `owner_homes`, `owner_authorities`: homes it runs, and in how many authorities. `owner_growth`: homes now over homes
    a year or two ago (natural logarithm). `siblings_below_good`, `siblings_inadequate`: shares of its other homes so
    judged.
    `siblings_gone`: homes of its that left in the last two years, over its homes then; `siblings_new`: share of its
    other homes under two years old. `owner_kind`: council, company, charity, individual or partnership by its name.
    """
    homes = register.homes.select("urn", "owner_key", "owner", "sector", "places", "local_authority", "registered_on")
    last = judged(known, register).group_by("urn", maintain_order=True).agg(pl.col("overall").last())
    age = (pl.lit(register.day) - pl.col("registered_on")).dt.total_days() / _YEAR
    stock = (
        homes.join(last, on="urn", how="left")
        .with_columns(
            (pl.col("overall") >= _BELOW_GOOD).cast(pl.Int64).alias("below"),
            (pl.col("overall") == _WORST).cast(pl.Int64).alias("bad"),
            pl.col("overall").is_not_null().cast(pl.Int64).alias("told"),
            (age < _NEW_YEARS).cast(pl.Int64).alias("young"),
        )
    )  # fmt: skip
    totals = (
        stock.filter(pl.col("owner_key").is_not_null())
        .group_by("owner_key")
        .agg(
            pl.len().alias("owner_homes"),
            pl.col("local_authority").n_unique().alias("owner_authorities"),
            *(pl.col(name).sum().alias(f"all_{name}") for name in ("below", "bad", "told", "young")),
        )
    )
    others = pl.col("all_told") - pl.col("told")
    joined = (
        stock.join(totals, on="owner_key", how="left")
        .join(_past(register), on="owner_key", how="left")
        .with_columns(pl.col("told", "below", "bad", "young").fill_null(0))
    )
    kinds = [
        kind_of_owner(owner, sector) if owner else None for owner, sector in homes.select("owner", "sector").rows()
    ]
    return joined.with_columns(pl.Series("owner_kind", kinds, dtype=pl.String)).select(
        "urn",
        pl.col("owner_homes", "owner_authorities").cast(pl.Float64),
        (pl.col("owner_homes") / pl.col("homes_then")).log().alias("owner_growth"),
        pl.when(others > 0).then((pl.col("all_below") - pl.col("below")) / others).alias("siblings_below_good"),
        pl.when(others > 0).then((pl.col("all_bad") - pl.col("bad")) / others).alias("siblings_inadequate"),
        pl.when(pl.col("homes_then") > 0).then(pl.col("gone") / pl.col("homes_then")).alias("siblings_gone"),
        pl.when(pl.col("owner_homes") > 1)
        .then((pl.col("all_young") - pl.col("young")) / (pl.col("owner_homes") - 1)).alias("siblings_new"),
        "owner_kind",
    )  # fmt: skip


def _past(register: Register) -> pl.DataFrame:
    """owner_key, homes_then (on the list nearest to one year ago within bounds) and how many of them are gone."""
    schema = pl.Schema({"owner_key": pl.String, "homes_then": pl.UInt32, "gone": pl.UInt32})
    day = register.day
    owned = register.lists.filter(pl.col("owner_key").is_not_null())
    days = [each for each in owned["day"].unique() if _SHORTEST <= day - each <= _LONGEST]
    if not days:
        return pl.DataFrame(schema=schema)
    then = min(days, key=lambda each: (abs((day - each).days - 365), each))
    return (
        owned.filter(pl.col("day") == then)
        .with_columns((~pl.col("urn").is_in(register.homes["urn"].implode())).alias("left"))
        .group_by("owner_key")
        .agg(pl.len().alias("homes_then"), pl.col("left").sum().alias("gone"))
        .cast(dict(schema.items()))
    )
