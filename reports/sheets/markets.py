"""Markets by type and area, and who holds most of them."""

from typing import Final

import polars as pl

from reports.frames import RunView, by_group, label_of, labels
from reports.sheet import Column, Kind, Sheet, sheet_of
from reports.sheets.common import ENTRY, GROUP, SHORTHAND_NOTE, sentence
from reports.symbols import NOT_APPLICABLE

_WIDE: Final = ("england", "region")
_WHOLE: Final = "all_homes"
_ORDER: Final = ("england", "region", "authority", "beside", "within")
_MOST: Final = 10
_MOST_LOCAL: Final = 3
_NOTE: Final = (
    "Shares are of registered places, or of settings where no places are published. The index (Herfindahl-Hirschman) "
    "is the sum of squared shares, from near 0 to 10,000 for a single holder."
)


def markets(view: RunView) -> Sheet:
    """England and the regions by every type; authorities and their neighbourhoods for children's homes in all."""
    frame = _shown(view)
    columns = (
        Column("area_name", "Area", width=44),
        Column("type_name", "Type of provision", width=36),
        Column("settings", "Settings", Kind.INTEGER, 10),
        Column("places", "Places", Kind.INTEGER, 10),
        Column("holders", "Holders", Kind.INTEGER, 10),
        Column("hhi", "Concentration index", Kind.DECIMAL, 14, 0),
        Column("top1_share", "Largest holder (%)", Kind.PERCENT, 11, 1),
        Column("top3_share", "Three largest (%)", Kind.PERCENT, 11, 1),
        Column("top10_share", "Ten largest (%)", Kind.PERCENT, 11, 1),
        Column("council_share", "Councils (%)", Kind.PERCENT, 11, 1),
        Column("compared_on", "Compared with the list of", Kind.DATE, 20),
        Column("settings_change", "Change in settings", Kind.INTEGER, 11),
        Column("places_change", "Change in places", Kind.INTEGER, 11),
        Column("growth", "Growth on twelve months (%)", Kind.PERCENT, 13, 1),
        Column("hhi_change", "Change in the index", Kind.DECIMAL, 12, 0),
        Column("note", "What to know", width=44, missing="None"),
        Column("market_id", "ID to trace", width=40),
    )
    return sheet_of(
        "Markets",
        "Markets: size, concentration and change by type and area",
        "How concentrated each market is, nationally, by region, authority and neighbourhood",
        frame,
        columns,
        notes=(_NOTE, SHORTHAND_NOTE, "All types in every area are in the run folder's table market."),
    )


def market_shares(view: RunView) -> Sheet:
    """The largest holders of each market shown."""
    market = _shown(view).select("market_id", "area_name", "area_kind", "type_name", "_row")
    held = by_group(view, "market_share").join(market, on="market_id").sort("_row", "place")
    most = pl.when(pl.col("area_kind").is_in(_WIDE)).then(_MOST).otherwise(_MOST_LOCAL)
    frame = held.filter(pl.col("area_kind").is_in([*_WIDE, "authority"]), pl.col("place") <= most)
    columns = (
        ENTRY,
        GROUP,
        Column("area_name", "Area", width=30),
        Column("type_name", "Type of provision", width=36),
        Column("place", "Place", Kind.INTEGER, 8),
        Column("settings", "Settings", Kind.INTEGER, 10),
        Column("places", "Places", Kind.INTEGER, 10, missing=NOT_APPLICABLE),
        Column("share", "Share (%)", Kind.PERCENT, 10, 1),
        Column("settings_before", "Settings about a year before", Kind.INTEGER, 13),
        Column("share_change", "Change in share (points)", Kind.DECIMAL, 12, 1),
        Column("change_reason", "Why there is no comparison", width=40, missing="None"),
        Column("market_id", "ID to trace", width=40),
    )
    return sheet_of(
        "Market shares",
        "Market shares: the largest holders of each market",
        "The ten largest nationally and by region, the three largest of each authority, with the change",
        frame,
        columns,
        notes=(
            "Homes that an owner held a year before count for the group it is in now. Councils are holders too.",
            SHORTHAND_NOTE,
            "All holders are in the run folder's table market_share.",
        ),
    )


def _shown(view: RunView) -> pl.DataFrame:
    """The markets of the sheet, widest area first, with names and what to know about each."""
    names = labels(view)
    order = {kind: place for place, kind in enumerate(_ORDER)}
    wide = pl.col("area_kind").is_in(_WIDE)
    by_settings = pl.when(pl.col("basis") == "settings").then(pl.lit("shares are of settings"))
    told = pl.concat_str("reason", "caveat", by_settings, "change_reason", separator="; ", ignore_nulls=True)
    return (
        view.table("market")
        .filter(wide | (pl.col("market_type") == _WHOLE), wide | (pl.col("settings") > 0))
        .with_columns(
            pl.col("market_type")
            .map_elements(lambda code: label_of(names, f"market_types.{code}"), return_dtype=pl.String)
            .alias("type_name"),
            pl.when(told != "").then(told).alias("note"),
        )
        .with_columns(sentence("note"))
        .sort(pl.col("area_kind").replace_strict(order, return_dtype=pl.Int64), "area_name", "market_type")
        .with_row_index("_row")
    )
