"""The market around a home: homes and owners in its authority, how many came and went, there and in the region."""

from datetime import timedelta
from typing import Final

import polars as pl

from risk.exits.publications import Publications
from risk.exits.register import Register

_SHORTEST, _LONGEST = timedelta(days=150), timedelta(days=800)
_KNOWN_OWNERS: Final = 0.5


def measure(known: Publications, register: Register) -> pl.DataFrame:  # noqa: ARG001 - all families are called alike
    """For the authority of each home: homes, places a home, concentration, private share, exits, entries; region too.

    `authority_concentration` is the Herfindahl index of homes by owner (0 to 1), null where most owners are not named.
    `authority_exits` and `region_exits` are homes gone over homes on the list nearest to a year ago, put on a year;
    `authority_entries` homes now that were not on that list, over the same.
    """
    homes = register.homes.select("urn", "local_authority", "region", "places", "sector", "owner_key")
    shares = (
        homes.filter(pl.col("owner_key").is_not_null())
        .group_by("local_authority", "owner_key").len("held")
        .group_by("local_authority")
        .agg((pl.col("held") / pl.col("held").sum()).pow(2).sum().alias("squares"), pl.col("held").sum())
    )  # fmt: skip
    around = (
        homes.group_by("local_authority")
        .agg(
            pl.len().alias("authority_homes"),
            pl.col("places").mean().alias("authority_places_a_home"),
            (pl.col("sector") == "Private").mean().alias("authority_private_share"),
        )
        .join(shares, on="local_authority", how="left")
        .with_columns(
            pl.when(pl.col("held") >= _KNOWN_OWNERS * pl.col("authority_homes"))
            .then(pl.col("squares")).alias("authority_concentration")
        )
        .drop("squares", "held")
    )  # fmt: skip
    return (
        homes.join(around, on="local_authority", how="left")
        .join(_flow(register, "local_authority", "authority"), on="local_authority", how="left")
        .join(_flow(register, "region", "region"), on="region", how="left")
        .select("urn", pl.col("authority_homes").cast(pl.Float64), "authority_places_a_home",
                "authority_private_share", "authority_concentration", "authority_exits", "authority_entries",
                "region_exits")
    )  # fmt: skip


def _flow(register: Register, by: str, name: str) -> pl.DataFrame:
    """Exits and entries over the homes of the list nearest to a year ago, by a column; no row without such a list."""
    exits, entries = f"{name}_exits", f"{name}_entries"
    day = register.day
    days = [each for each in register.lists["day"].unique() if _SHORTEST <= day - each <= _LONGEST]
    if not days:
        return pl.DataFrame(schema={by: pl.String, exits: pl.Float64, entries: pl.Float64})
    then = min(days, key=lambda each: (abs((day - each).days - 365), each))
    years = (day - then).days / 365.25
    before = register.lists.filter(pl.col("day") == then)
    gone = (~pl.col("urn").is_in(register.homes["urn"].implode())).sum() / pl.len() / years
    new = (~pl.col("urn").is_in(before["urn"].implode())).sum() / years
    return (
        before.group_by(by).agg(gone.alias(exits), pl.len().alias("homes_then"))
        .join(register.homes.group_by(by).agg(new.alias("new")), on=by, how="left")
        .select(by, exits, (pl.col("new").fill_null(0) / pl.col("homes_then")).alias(entries))
    )  # fmt: skip
