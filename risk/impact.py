"""Impact: how much would have to be replaced, as indicators that rest on rows of the newest publication."""

from typing import Final

import polars as pl

from risk.findings import Findings
from risk.indicators.scene import Scene, of_groups

_LOCAL: Final = "largest_share_of_places"
_MEASURES: Final = {
    "homes": ("homes", "count"),
    "places": ("places", "count"),
    "authorities": ("authorities", "count"),
    "regions": ("regions", "count"),
    _LOCAL: ("largest_authority_share", "percent"),
    "largest_region_share": ("largest_region_share", "percent"),
    "england_share": ("england_share", "percent"),
}
_NO_PLACES: Final = "no places are published"


def measure(scene: Scene, spread: pl.DataFrame, exposure: pl.DataFrame) -> Findings:
    """One indicator a measure for each group with homes."""
    parts = []
    for code, (column, unit) in _MEASURES.items():
        value = pl.col(column)
        caveat = pl.format("in {}", "largest_authority") if code == _LOCAL else pl.lit(None, dtype=pl.String)
        reason = pl.when(value.is_null()).then(pl.lit(_NO_PLACES)).otherwise(caveat)
        rows = spread.select(
            "group_id",
            value.alias("value"),
            reason.alias("reason"),
            dated_on=pl.lit(scene.registered_at, dtype=pl.Date),
        )
        indicator = of_groups(scene, rows, code=code, unit=unit)
        rests = indicator.select("group_id", "indicator_id").join(
            exposure.select("group_id", "exposure_id"), on="group_id"
        )
        if code == _LOCAL:
            rests = rests.join(
                spread.select(pl.col("largest_exposure_id").alias("exposure_id")), on="exposure_id", how="semi"
            )
        lineage = rests.select(
            pl.col("indicator_id").alias("item_id"), pl.col("exposure_id").alias("input_id"), role=pl.lit("exposure")
        )
        parts.append(Findings.of(indicator=indicator, lineage=lineage))
    return Findings.together(parts)
