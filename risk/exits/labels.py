"""What became of homes: left within a time, still there, registered anew, or not known."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import polars as pl

from risk.exits.departures import departures, leavers_listed
from risk.exits.pairs import STANDARD, Rule, described_homes, registered_anew
from risk.exits.publications import Publications
from risk.exits.register import Register

HORIZON_DAYS: Final = 365
_NEAR: Final = timedelta(days=15)
"""Time by which a list may fall short of the horizon, or go beyond it, and still speak for it."""


@dataclass(frozen=True, slots=True)
class Later:
    """What later publications say, prepared once for several days.

    Attributes:
        left: departures, as `departures` gives them.
        anew: leavers that were registered anew, as `registered_anew` gives them.
        shown: the last day for which homes are known to be there where nothing says they left.
        homes: what is known of every home.
    """

    left: pl.DataFrame
    anew: pl.DataFrame
    shown: date
    homes: pl.DataFrame

    @classmethod
    def of(cls, known: Publications, rule: Rule = STANDARD) -> "Later":
        """From every publication held."""
        homes = described_homes(known)
        left = departures(known)
        days = [*known.days(), *(to for _, to in leavers_listed(known))]
        return cls(left, registered_anew(homes, left, rule), max(days, default=date.min), homes)


def outcomes(register: Register, later: Later, horizon_days: int = HORIZON_DAYS) -> pl.DataFrame:
    """What became of each home of a register.

    Args:
        register: as it stood on a day.
        later: what later publications say.
        horizon_days: length of the time looked at.

    Returns:
        urn, `outcome` (1 left, 0 stayed, null not known) and `how`: `left`, `left, day inferred`, `registered anew`,
        `stayed`, `not known`. Homes registered anew have the outcome 0.
    """
    start, end = register.day, register.day + timedelta(days=horizon_days)
    upper, dated = pl.col("upper"), pl.col("left_on").is_not_null()
    lower = pl.max_horizontal(pl.col("lower"), pl.lit(start))
    homes = (
        register.homes.select("urn")
        .join(later.left.filter(upper > start), on="urn", how="left")
        .join(later.anew.select("urn", anew=pl.lit(True)), on="urn", how="left")
    )
    gone = upper <= pl.when(dated).then(pl.lit(end)).otherwise(pl.lit(end + _NEAR))
    there = (upper.is_null() & pl.lit(later.shown >= end - _NEAR)) | (
        pl.when(dated).then(upper > end).otherwise(lower >= end - _NEAR)
    )
    how = (
        pl.when(gone & pl.col("anew").fill_null(value=False)).then(pl.lit("registered anew"))
        .when(gone & dated).then(pl.lit("left"))
        .when(gone).then(pl.lit("left, day inferred"))
        .when(there).then(pl.lit("stayed"))
        .otherwise(pl.lit("not known"))
    )  # fmt: skip
    outcome = (
        pl.when(pl.col("how").str.starts_with("left")).then(1)
        .when(pl.col("how") != "not known").then(0)
    )  # fmt: skip
    told = homes.with_columns(how.alias("how"))
    return told.select("urn", outcome.cast(pl.Int64).alias("outcome"), "how").sort("urn")
