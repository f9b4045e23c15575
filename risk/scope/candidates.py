"""The screen of one set as an analyst reads it: candidates, then those that come next."""

from typing import Final

import polars as pl

from risk.scope.measures import Holdings

_PARTS: Final = ("measure", "value", "threshold", "margin", "met")
COLUMNS: Final = (
    "place",
    "name",
    "candidate",
    "conditions_met",
    "homes",
    "places",
    "regions",
    "authorities",
    "over_share_in",
    "largest_authority",
    "largest_authority_share",
    "largest_region_share",
    "england_share",
    "closest_condition",
    "closest_requirements",
    "closest_margin_percent",
    "determination",
    "group_id",
)


def candidates(
    judged: pl.DataFrame, holdings: Holdings, names: pl.DataFrame, *, over_share: float, nearest: int
) -> pl.DataFrame:
    """One row a candidate, most places first, then others of whom a determination is recorded, then those nearest.

    Args:
        judged: what `judge` found.
        holdings: what it was judged on.
        names: group_id, name and determination (null for none).
        over_share: authorities in which a group holds at least this percentage of the places are named.
        nearest: how many that meet no condition are kept.

    Returns:
        `COLUMNS`, then for each condition the measure of its hardest requirement, its value, threshold, margin and
        whether the condition is met. The closest condition
        is, of a candidate, the met one with the most to spare; of the others, the one with the least wanting.
    """
    met = judged.filter("met").sort("condition").group_by("group_id", maintain_order=True).agg(
        pl.col("condition").str.join(", ").alias("conditions_met")
    )  # fmt: skip
    closest = (
        judged.sort("met", "margin_percent", descending=True, nulls_last=True)
        .unique("group_id", keep="first", maintain_order=True)
        .select(
            "group_id",
            pl.col("condition").alias("closest_condition"),
            pl.col("requirements").alias("closest_requirements"),
            pl.col("margin_percent").alias("closest_margin_percent"),
        )
    )
    places = pl.col("places") if holdings.places is not None else pl.lit(None, dtype=pl.Int64).alias("places")
    wide = (
        holdings.spread.with_columns(places)
        .join(names, on="group_id", how="left")
        .join(met, on="group_id", how="left")
        .join(closest, on="group_id", how="left")
        .join(_over(holdings.exposure, over_share), on="group_id", how="left")
        .with_columns(pl.col("conditions_met").is_not_null().alias("candidate"), pl.col("conditions_met").fill_null(""))
    )
    ranked = pl.concat(
        [
            wide.filter("candidate").sort("places", "homes", "name", descending=[True, True, False], nulls_last=True),
            wide.filter(~pl.col("candidate"), pl.col("determination").is_not_null()).sort("name"),
            wide.filter(~pl.col("candidate"), pl.col("determination").is_null())
            .sort("closest_margin_percent", "homes", "name", descending=[True, True, False], nulls_last=True)
            .head(nearest),
        ]
    ).with_columns(pl.int_range(1, pl.len() + 1).alias("place"))
    return ranked.select(COLUMNS).join(_by_condition(judged), on="group_id", how="left", maintain_order="left")


def _over(exposure: pl.DataFrame, share: float) -> pl.DataFrame:
    """group_id and the authorities in which it holds at least a share, the largest first, with the shares."""
    return (
        exposure.filter(pl.col("share_of_places") >= share)
        .sort("share_of_places", "local_authority", descending=[True, False])
        .group_by("group_id", maintain_order=True)
        .agg(
            pl.format("{} {}%", "local_authority", pl.col("share_of_places").round(0).cast(pl.Int64))
            .str.join("; ")
            .alias("over_share_in")
        )
    )


def _by_condition(judged: pl.DataFrame) -> pl.DataFrame:
    """group_id and, for each condition, `<condition>_measure`, `_value`, `_threshold`, `_margin` and `_met`."""
    wide = judged.select("group_id").unique().sort("group_id")
    for name in judged["condition"].unique(maintain_order=True):
        one = judged.filter(pl.col("condition") == name).select(
            "group_id", *(pl.col(part).alias(f"{name}_{part}") for part in _PARTS)
        )
        wide = wide.join(one, on="group_id", how="left")
    return wide
