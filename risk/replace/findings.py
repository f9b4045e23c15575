"""Children without a place as indicators of a group, with what they rest on."""

import polars as pl

from risk.findings import LINEAGE, Findings
from risk.indicators.scene import Scene, of_groups
from risk.replace.assumptions import Assumptions
from risk.replace.measure import ALL_KINDS, Replacement
from risk.replace.stock import Stock

_UNJUDGED = "the publication gives no judgements, so it is not known which homes are good"
_ELSEWHERE = "the local authority of its homes is not known"


def findings(scene: Scene, spread: pl.DataFrame, stock: Stock, lost: Replacement, assumed: Assumptions) -> Findings:
    """One indicator a distance for each group with homes that was measured or could not be.

    Args:
        scene: for the day of the publication.
        spread: group_id of the groups to speak of.
        stock: for why there may be no figure.
        lost: what was measured.
        assumed: for the distances.
    """
    missing = _ELSEWHERE if stock.judged else _UNJUDGED
    parts = []
    for miles in assumed.miles:
        found = lost.displacement.filter(pl.col("kind") == ALL_KINDS, pl.col("miles") == miles)
        shown = pl.format(
            "between {} and {} as occupancy varies",
            pl.col("unplaced_low").cast(pl.Int64),
            pl.col("unplaced_high").cast(pl.Int64),
        )
        rows = (
            spread.select("group_id")
            .join(found, on="group_id", how="left")
            .select(
                "group_id",
                pl.col("unplaced_central").alias("value"),
                pl.when(pl.col("unplaced_central").is_null()).then(pl.lit(missing)).otherwise(shown).alias("reason"),
                dated_on=pl.lit(scene.registered_at, dtype=pl.Date),
            )
        )
        indicator = of_groups(scene, rows, code=f"children_without_place_{miles:g}", unit="count")
        rests = indicator.join(found.select("group_id", "displacement_id"), on="group_id").select(
            pl.col("indicator_id").alias("item_id"),
            pl.col("displacement_id").alias("input_id"),
            role=pl.lit("displacement"),
        )
        parts.append(Findings.of(indicator=indicator, lineage=rests))
    return Findings.together([*parts, Findings.of(lineage=lineage(lost))])


def lineage(lost: Replacement) -> pl.DataFrame:
    """From all kinds to each kind, from a kind to its authorities, from there to what the group runs in each."""
    total = lost.displacement.select("displacement_id", "group_id", "kind", "miles")
    each = total.filter(pl.col("kind") != ALL_KINDS)
    below = total.filter(pl.col("kind") == ALL_KINDS).join(each, on=["group_id", "miles"], suffix="_each")
    local = each.join(lost.by_authority, on=["group_id", "kind", "miles"], suffix="_local")
    exposed = lost.by_authority.with_columns(
        pl.concat_str(["group_id", "local_authority_code"], separator=".").alias("exposure_id")
    )
    parts = (
        (below, "displacement_id", "displacement_id_each", "kind of home"),
        (local, "displacement_id", "displacement_id_local", "local authority"),
        (exposed, "displacement_id", "exposure_id", "exposure"),
    )
    return pl.concat(
        [
            frame.select(pl.col(item).alias("item_id"), pl.col(under).alias("input_id"), role=pl.lit(role))
            for frame, item, under, role in parts
        ]
    ).select(LINEAGE.names())
