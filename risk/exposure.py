"""What each group runs in each local authority, and how much of the authority's homes that is."""

import polars as pl

from risk.findings import LINEAGE, place
from risk.groups import Market

UNKNOWN_AUTHORITY = "authority not given"


def measure(market: Market) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows of `exposure`, and the lineage from each to the rows of the publication it counts.

    Shares are of the places in all children's homes of the authority, whoever runs them, councils included.
    """
    homes = market.home.filter(pl.col("is_home")).with_columns(
        pl.coalesce("local_authority_code", "local_authority", pl.lit(UNKNOWN_AUTHORITY)).alias("code"),
        pl.coalesce("local_authority", "local_authority_code", pl.lit(UNKNOWN_AUTHORITY)).alias("authority"),
    )
    totals = homes.group_by("code").agg(
        pl.len().cast(pl.Int64).alias("authority_homes"), pl.col("places").sum().alias("authority_places")
    )
    owned = homes.filter(pl.col("group_id").is_not_null()).with_columns(
        pl.concat_str(["group_id", "code"], separator=".").alias("exposure_id")
    )
    share = pl.col("places") / pl.col("authority_places") * 100
    exposure = (
        owned.group_by("exposure_id", "group_id", "code")
        .agg(
            pl.col("authority").min().alias("local_authority"),
            pl.col("region").drop_nulls().min(),
            pl.len().cast(pl.Int64).alias("homes"),
            pl.col("places").sum(),
            pl.col("document_id").min(),
        )
        .join(totals, on="code")
        .with_columns(pl.when(pl.col("authority_places") > 0).then(share).alias("share_of_places"))
        .rename({"code": "local_authority_code"})
        .sort("group_id", "local_authority_code")
    )
    lineage = owned.select(pl.col("exposure_id").alias("item_id"), place().alias("input_id"), role=pl.lit("home"))
    return exposure, lineage.select(LINEAGE.names())


def spread(market: Market, exposure: pl.DataFrame) -> pl.DataFrame:
    """One row a group with homes: totals, number of authorities and regions, largest local and regional share."""
    homes = market.home.filter(pl.col("is_home"))
    england = homes["places"].sum() or 0
    region_places = homes.group_by("region").agg(pl.col("places").sum().alias("region_places"))
    regional = (
        exposure.filter(pl.col("region").is_not_null())
        .group_by("group_id", "region")
        .agg(pl.col("places").sum())
        .join(region_places, on="region")
        .filter(pl.col("region_places") > 0)
        .group_by("group_id")
        .agg((pl.col("places") / pl.col("region_places") * 100).max().alias("largest_region_share"))
    )
    largest = (
        exposure.sort("share_of_places", "local_authority_code", descending=[True, False], nulls_last=True)
        .unique("group_id", keep="first", maintain_order=True)
        .select(
            "group_id",
            pl.col("local_authority").alias("largest_authority"),
            pl.col("share_of_places").alias("largest_authority_share"),
            pl.col("exposure_id").alias("largest_exposure_id"),
        )
    )
    total = pl.lit(float(england))
    return (
        exposure.group_by("group_id")
        .agg(
            pl.col("homes").sum(),
            pl.col("places").sum(),
            pl.len().cast(pl.Int64).alias("authorities"),
            pl.col("region").drop_nulls().n_unique().cast(pl.Int64).alias("regions"),
        )
        .with_columns(
            pl.when(total > 0).then(pl.col("places") / total * 100).otherwise(None).alias("england_share"),
        )
        .join(largest, on="group_id", how="left")
        .join(regional, on="group_id", how="left")
        .sort("group_id")
    )
