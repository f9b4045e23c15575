"""Groups in the order of children left without a place."""

from typing import Final

import polars as pl

from risk.replace.measure import ALL_KINDS

_NEEDED: Final = ("homes", "places_lost", "children_central")


def ranking(displacement: pl.DataFrame, names: pl.DataFrame, kind: str = ALL_KINDS) -> pl.DataFrame:
    """One row a group, those with most children without a place first.

    The order is by the shortest distance: middle of the trials, then their high end, then places lost and name.

    Args:
        displacement: rows of the table.
        names: group_id and name.
        kind: of homes; all together where not given.

    Returns:
        rank, group_id, name, homes, places_lost, children_central, then for each distance within_20,
        within_20_low and within_20_high.
    """
    total = displacement.filter(pl.col("kind") == kind)
    distances = total["miles"].unique().sort().to_list()
    if not distances:
        return pl.DataFrame(schema={"rank": pl.Int64, "group_id": pl.String, "name": pl.String})
    first = f"within_{distances[0]:g}"
    frame = total.filter(pl.col("miles") == distances[0]).select("group_id", *_NEEDED)
    for miles in distances:
        column = f"within_{miles:g}"
        frame = frame.join(
            total.filter(pl.col("miles") == miles).select(
                "group_id",
                pl.col("unplaced_central").alias(column),
                pl.col("unplaced_low").alias(f"{column}_low"),
                pl.col("unplaced_high").alias(f"{column}_high"),
            ),
            on="group_id",
        )
    keys = [first, f"{first}_high", "places_lost", "name", "group_id"]
    named = frame.join(names.select("group_id", "name"), on="group_id", how="left")
    ordered = named.sort(keys, descending=[True, True, True, False, False]).with_row_index("rank", offset=1)
    return ordered.select(pl.col("rank").cast(pl.Int64), "group_id", "name", pl.exclude("rank", "group_id", "name"))
