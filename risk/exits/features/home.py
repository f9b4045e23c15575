"""The home itself: its age, size, kind, sector, region, and whether its registration is suspended."""

import polars as pl

from risk.exits.features.numbering import registered_by_number
from risk.exits.publications import Publications
from risk.exits.register import Register

_YEAR = 365.25


def measure(known: Publications, register: Register) -> pl.DataFrame:
    """The age (years since registration, from the URN where no date is given), places, and kinds as words.

    `places_change` is the registered places now less those first known; `owner_changed` whether an earlier list names
    another owner; `suspended` 1 or 0.
    """
    history = register.lists.sort("urn", "day").group_by("urn", maintain_order=True).agg(
        pl.col("places").drop_nulls().first().alias("first_places"),
        pl.col("places").drop_nulls().last().alias("last_places"),
        pl.col("registered_on").drop_nulls().last().alias("listed_registration"),
        pl.col("owner_key").drop_nulls().n_unique().alias("owners"),
        pl.col("owner_key").drop_nulls().len().alias("owners_told"),
    )  # fmt: skip
    moved = known.movement.group_by("urn").agg(pl.col("registered_on").min().alias("moved_registration"))
    homes = register.homes.join(history, on="urn", how="left").join(moved, on="urn", how="left")
    registered = pl.coalesce("registered_on", "listed_registration", "moved_registration")
    by_number = registered_by_number(homes["urn"])
    age = (pl.lit(register.day) - pl.coalesce(registered, by_number)).dt.total_days() / _YEAR
    kind = pl.col("provision_type").str.to_lowercase()
    return homes.with_columns(by_number).select(
        "urn",
        age.clip(0, None).alias("age"),
        pl.coalesce("places", "last_places").cast(pl.Float64).alias("places"),
        (pl.coalesce("places", "last_places") - pl.col("first_places")).cast(pl.Float64).alias("places_change"),
        pl.when(kind.str.contains("secure")).then(pl.lit("secure"))
        .when(kind.str.contains("school")).then(pl.lit("special school"))
        .otherwise(pl.lit("children's home")).alias("kind"),
        pl.col("sector").alias("sector"),
        pl.col("region").alias("region"),
        pl.col("short_breaks_only").cast(pl.String).alias("short_breaks"),
        (pl.col("status").str.to_lowercase() == "suspended").cast(pl.Float64).alias("suspended"),
        pl.when(pl.col("owners_told") > 1).then((pl.col("owners") > 1).cast(pl.Float64)).alias("owner_changed"),
    )  # fmt: skip
