"""What conditions are tested on: the homes, places, spread and local shares of each group."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from risk.market.areas import BESIDE, areas_on, codes_on
from risk.scope.conditions import Requirement

_DECIMALS: Final = 9
"""Kept of a measure: 29 of 100 places are 29%, and not a hair less."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What groups hold, and the market they hold it in.

    Attributes:
        spread: rows of `risk.exposure.spread`, one a group that is tested.
        exposure: rows of `exposure`.
        neighbourhood: group_id, share_of_places and area_places of each group in each authority with those beside it.
        homes: children's homes in England, whoever runs them.
        places: their registered places; None where the list does not publish places.
    """

    spread: pl.DataFrame
    exposure: pl.DataFrame
    neighbourhood: pl.DataFrame
    homes: int
    places: int | None

    @classmethod
    def of(cls, home: pl.DataFrame, spread: pl.DataFrame, exposure: pl.DataFrame) -> "Holdings":
        """Holdings of the groups of `spread` in a market of settings.

        Args:
            home: settings of one list with `is_home`, `places`, `local_authority_code` and `as_at`.
            spread: the groups to be tested.
            exposure: what they hold in each authority.
        """
        homes = home.filter(pl.col("is_home"))
        places = homes["places"].drop_nulls()
        around = _neighbourhoods(homes, exposure)
        return cls(spread, exposure, around, homes.height, int(places.sum()) if places.len() else None)

    def total(self, measure: str) -> float | None:
        """The whole market in homes or places."""
        return self.homes if measure == "homes" else self.places

    def threshold(self, requirement: Requirement) -> float | None:
        """The threshold used: as written, or scaled to this market; None where that is not published."""
        if requirement.scaled_from is None:
            return requirement.threshold
        total = self.total(requirement.measure)
        return None if total is None else requirement.threshold * total / requirement.scaled_from

    def values(self, requirement: Requirement) -> pl.DataFrame:
        """group_id and value of a requirement's measure, one row a group; null where no places are published."""
        everyone = self.spread.select("group_id")
        if self.places is None and requirement.measure not in {"homes", "authorities", "regions"}:
            return everyone.with_columns(value=pl.lit(None, dtype=pl.Float64))
        if requirement.measure == "largest_neighbourhood_share":
            local = self.neighbourhood.filter(pl.col("area_places") >= requirement.least_places)
        else:
            local = self.exposure.filter(pl.col("authority_places") >= requirement.least_places)
        if requirement.measure == "authorities_over_share":
            over = local.filter(pl.col("share_of_places") >= (requirement.local_share or 0))
            found = over.group_by("group_id").agg(pl.len().alias("value"))
        elif requirement.measure in {"largest_authority_share", "largest_neighbourhood_share"}:
            found = local.group_by("group_id").agg(pl.col("share_of_places").max().alias("value"))
        else:
            found = self.spread.select("group_id", pl.col(requirement.measure).alias("value"))
        return everyone.join(found, on="group_id", how="left", maintain_order="left").with_columns(
            pl.col("value").cast(pl.Float64).fill_null(0.0).round(_DECIMALS)
        )


def _neighbourhoods(homes: pl.DataFrame, exposure: pl.DataFrame) -> pl.DataFrame:
    """group_id, share_of_places and area_places in each authority with those beside it."""
    as_at = homes["as_at"].max()
    schema = {"group_id": pl.String, "share_of_places": pl.Float64, "area_places": pl.Int64}
    if not isinstance(as_at, date):
        return pl.DataFrame(schema=schema)
    codes = codes_on(homes["local_authority_code"].drop_nulls(), as_at)
    member = areas_on(as_at, 0.0, (BESIDE,)).member
    keyed = pl.col("local_authority_code").replace_strict(codes, default=None, return_dtype=pl.String).alias("member")
    around = homes.with_columns(keyed).join(member, on="member").group_by("area_code")
    held = exposure.with_columns(keyed).join(member, on="member").group_by("group_id", "area_code")
    share = pl.when(pl.col("area_places") > 0).then(pl.col("places") / pl.col("area_places") * 100)
    return (
        held.agg(pl.col("places").sum())
        .join(around.agg(pl.col("places").sum().alias("area_places")), on="area_code")
        .select("group_id", share.alias("share_of_places"), "area_places")
    )
