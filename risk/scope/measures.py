"""What conditions are tested on: the homes, places, spread and local shares of each group."""

from dataclasses import dataclass

import polars as pl

from risk.scope.conditions import Requirement


@dataclass(frozen=True, slots=True)
class Holdings:
    """What groups hold, and the market they hold it in.

    Attributes:
        spread: rows of `risk.exposure.spread`, one a group that is tested.
        exposure: rows of `exposure`.
        homes: children's homes in England, whoever runs them.
        places: their registered places; None where the list does not publish places.
    """

    spread: pl.DataFrame
    exposure: pl.DataFrame
    homes: int
    places: int | None

    @classmethod
    def of(cls, home: pl.DataFrame, spread: pl.DataFrame, exposure: pl.DataFrame) -> "Holdings":
        """Holdings of the groups of `spread` in a market of settings.

        Args:
            home: settings with `is_home` and `places`.
            spread: the groups to be tested.
            exposure: what they hold in each authority.
        """
        homes = home.filter(pl.col("is_home"))
        places = homes["places"].drop_nulls()
        return cls(spread, exposure, homes.height, int(places.sum()) if places.len() else None)

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
        local = self.exposure.filter(pl.col("authority_places") >= requirement.least_places)
        if requirement.measure == "authorities_over_share":
            over = local.filter(pl.col("share_of_places") >= (requirement.local_share or 0))
            found = over.group_by("group_id").agg(pl.len().alias("value"))
        elif requirement.measure == "largest_authority_share":
            found = local.group_by("group_id").agg(pl.col("share_of_places").max().alias("value"))
        else:
            found = self.spread.select("group_id", pl.col(requirement.measure).alias("value"))
        return everyone.join(found, on="group_id", how="left", maintain_order="left").with_columns(
            pl.col("value").cast(pl.Float64).fill_null(0.0)
        )
