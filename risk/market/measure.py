"""Each market of one list: its size, who holds how much of it, and how concentrated it is."""

from dataclasses import dataclass
from typing import Final

import polars as pl

from risk.market.areas import Areas, settle
from risk.market.types import PLACES, typed
from risk.parameters import Values

NOBODY: Final = "there is no such setting"
NO_OWNERS: Final = "the list names no owners"
TOO_FEW_OWNERS: Final = "too many settings have no owner"
AREA: Final = ["area_kind", "area_code"]
MARKET: Final = [*AREA, "market_type"]
_FULL: Final = 100.0
_TOP: Final = (1, 3, 5, 10)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one list says of each market.

    Attributes:
        market: area_kind, area_code, market_type, basis, caveat, settings, places (null where not published), size
            (what shares are of), holders, council_share, unattributed_share, hhi, top1_share to top10_share, and
            reason: why something is missing. Every type in every area has a row.
        holding: area_kind, area_code, market_type, group_id, settings, places, size, share (percent) and place (1
            for the largest; equals by group_id).
    """

    market: pl.DataFrame
    holding: pl.DataFrame


def measure(settings: pl.DataFrame, areas: Areas, member: pl.DataFrame, council: pl.Series, values: Values) -> Measured:
    """Measure every market of a list.

    Args:
        settings: open settings of one list, with code (of the authority), region, group_id (null without an owner),
            provision_type, is_home, short_breaks_only and places.
        areas: the areas.
        member: which authorities, regions and so on make up an area: `areas.member`, or the same in the codes of
            another day.
        council: group ids of councils.
        values: parameters in force.
    """
    of_type, types = typed(settings, values)
    settled = settle(of_type, member)
    counted = [pl.len().cast(pl.Int64).alias("settings"), pl.col("places").sum().cast(pl.Int64), pl.col("size").sum()]
    total = settled.group_by(MARKET).agg(
        *counted, pl.col("size").filter(pl.col("group_id").is_null()).sum().alias("_nobody")
    )
    owned = settled.filter(pl.col("group_id").is_not_null())
    holding = (
        owned.group_by(*MARKET, "group_id")
        .agg(*counted)
        .join(total.select(*MARKET, pl.col("size").alias("_of")), on=MARKET)
        .with_columns((_FULL * pl.col("size") / pl.col("_of")).fill_nan(None).alias("share"))
        .sort(*MARKET, "size", "settings", "group_id", descending=[False] * 3 + [True, True, False])
        .with_columns(pl.int_range(1, pl.len() + 1).over(MARKET).cast(pl.Int64).alias("place"))
        .drop("_of")
    )
    concentration = holding.group_by(MARKET).agg(
        pl.len().cast(pl.Int64).alias("holders"),
        pl.col("share").filter(pl.col("group_id").is_in(council.implode())).sum().alias("council_share"),
        (pl.col("share") ** 2).sum().alias("hhi"),
        *(pl.col("share").filter(pl.col("place") <= first).sum().alias(f"top{first}_share") for first in _TOP),
    )
    market = (
        areas.area.select(AREA)
        .join(types, how="cross")
        .join(total, on=MARKET, how="left")
        .join(concentration, on=MARKET, how="left")
        .with_columns(pl.col("settings", "places", "size", "holders").fill_null(0))
        .with_columns((_FULL * pl.col("_nobody") / pl.col("size")).fill_nan(None).alias("unattributed_share"))
        .drop("_nobody")
    )
    return Measured(_said(market, owned=not owned.is_empty(), most=values.number("market.most_unattributed")), holding)


def _said(market: pl.DataFrame, *, owned: bool, most: float) -> pl.DataFrame:
    """The markets with what cannot be said left out, and why."""
    missing = pl.col("missing").is_not_null()
    reason = (
        pl.when(missing)
        .then(pl.col("missing"))
        .when(pl.col("size") == 0)
        .then(pl.lit(NOBODY))
        .when(pl.lit(not owned))
        .then(pl.lit(NO_OWNERS))
        .when(pl.col("unattributed_share") > most)
        .then(pl.lit(TOO_FEW_OWNERS))
    )
    shares = ["hhi", "council_share", *(f"top{first}_share" for first in _TOP)]
    return (
        market.with_columns(reason.alias("reason"))
        .with_columns(
            pl.when(pl.col("reason").is_null()).then(pl.col(shares)),
            pl.when(~missing & pl.lit(owned)).then(pl.col("holders", "unattributed_share")),
            pl.when(~missing).then(pl.col("settings", "size")),
            pl.when(~missing & (pl.col("basis") == PLACES)).then(pl.col("places")),
        )
        .drop("missing")
        .sort(MARKET)
    )
