"""The market as a whole: who holds how much of England, and where one owner holds much of an authority's places."""

from typing import Any, Final

import polars as pl
import vl_convert

from oversight.errors import InputError
from oversight.geography import in_force
from reports.charts.areas import filled
from reports.charts.drawing import Drawing
from reports.charts.palette import DARK_BLUE, PALE, QUIET, SEQUENCE
from reports.charts.picture import inside
from reports.charts.plot import Scale, bar, line, words
from reports.charts.source import registered_on
from reports.frames import RunView
from reports.style import clean, date_text, number_text, percent_text

_WHOLE: Final = "all_homes"
_HELD: Final = (
    ("top1_share", "Largest owner"),
    ("top3_share", "Three largest"),
    ("top5_share", "Five largest"),
    ("top10_share", "Ten largest"),
    ("council_share", "Councils together"),
)
_NONE: Final = "No home"
_BANDS: Final = ((75.0, "75% or more"), (50.0, "50% to under 75%"), (0.0, "Under 50%"))
_COLOURS: Final = {name: colour for (_, name), colour in zip(_BANDS, reversed(SEQUENCE), strict=True)} | {_NONE: PALE}
_HALF: Final = 50.0


def england(view: RunView) -> dict[str, Any]:
    """The row of `market` of all children's homes in England.

    Raises:
        InputError: where the run has none.
    """
    rows = markets(view, "england")
    if rows.is_empty():
        raise InputError(
            "the run has no market of children\u2019s homes",
            where=view.run_id,
            next_step="Collect registrations, then `oversight run`.",
        )
    return rows.row(0, named=True)


def markets(view: RunView, kind: str) -> pl.DataFrame:
    """Markets of all children's homes in areas of a kind that have any, by name."""
    return view.table("market").filter(
        pl.col("area_kind") == kind, pl.col("market_type") == _WHOLE, pl.col("settings") > 0
    ).sort("area_name")  # fmt: skip


def held_by_largest(view: RunView) -> Drawing:
    """Shares of England's places that the largest owners hold together.

    Raises:
        InputError: where the run has no market.
    """
    row = england(view)
    table = pl.DataFrame(
        {"holders": [name for _, name in _HELD], "share": [row[code] for code, _ in _HELD]},
        schema={"holders": pl.String, "share": pl.Float64},
    )
    known = table.drop_nulls("share")
    top = row["top10_share"]
    said = "; ".join(f"{each['holders']} {percent_text(each['share'])}" for each in known.iter_rows(named=True))
    return Drawing(
        title=(
            "Shares of the largest owners are not known"
            if top is None
            else f"The ten largest owners hold {percent_text(top, 0)} of places, "
            f"the largest {percent_text(row['top1_share'], 0)}"
        ),
        subtitle=f"Share of registered places in children\u2019s homes in England, {date_text(row['as_at'])}.",
        alternative=f"{said}.",
        note="An owner is a group, or an owner not linked to one; councils are included.",
        table=table,
        draw=lambda width, height: _bars(known, width, height),
    )


def _bars(table: pl.DataFrame, width: float, height: float) -> str:
    left, right, top, foot = 126.0, width - 58.0, 8.0, height - 34.0
    scale = Scale(0, 100, left, right)
    high = (foot - top) / max(len(table), 1)
    parts = []
    for mark in (0, 25, 50, 75, 100):
        parts.append(line([(scale.at(mark), top), (scale.at(mark), foot)], "#D9D9D9" if mark else "#555555", 1))
        parts.append(words(f"{mark}%", scale.at(mark), foot + 15, 11, colour=QUIET, anchor="middle"))
    for place, row in enumerate(table.iter_rows(named=True)):
        y = top + place * high
        parts.append(words(row["holders"], left - 8, y + high / 2 + 4, 12.5, anchor="end"))
        parts.append(bar(left, y + high * 0.22, scale.at(row["share"]) - left, high * 0.56, DARK_BLUE))
        label = percent_text(row["share"])
        parts.append(words(label, scale.at(row["share"]) + 6, y + high / 2 + 4, 12.5, weight="bold", halo=True))
    return "".join(parts)


def largest_by_authority(view: RunView) -> Drawing:
    """Each local authority by the share of its places that its largest owner holds, on the map.

    Raises:
        InputError: where the run has no market.
    """
    england(view)
    table = markets(view, "authority").select(
        "area_name", "area_code", "settings", "places", "holders", "top1_share", "hhi", "market_id"
    )
    half = table.filter(pl.col("top1_share") >= _HALF).height
    total = table.height
    return Drawing(
        title=(
            f"In {number_text(half)} of {number_text(total)} authorities with homes one owner holds half the places "
            "or more"
        ),
        subtitle=f"Share of registered places held by the largest owner, {date_text(registered_on(view))}.",
        alternative=_words(table),
        note="Councils are owners too.",
        table=table.sort("top1_share", "area_name", descending=[True, False], nulls_last=True),
        draw=lambda width, height: _map(view, table, width, height),
    )


def _words(table: pl.DataFrame) -> str:
    bands = [_band(share) for share in table["top1_share"]]
    counts = [f"{name.lower()} in {number_text(bands.count(name))}" for _, name in _BANDS]
    top = table.filter(pl.col("holders") > 1).sort("top1_share", "area_name", descending=[True, False], nulls_last=True)
    said = [
        f"{clean(row['area_name'])} {percent_text(row['top1_share'], 0)}"
        for row in top.head(8).iter_rows(named=True)
        if row["top1_share"] is not None
    ]
    return f"Share held by the largest owner: {', '.join(counts)}. Most, where there are several: {', '.join(said)}."


def _band(share: float | None) -> str:
    return next((name for start, name in _BANDS if (share or 0.0) >= start), _NONE)


def _map(view: RunView, table: pl.DataFrame, width: float, height: float) -> str:
    on = registered_on(view)
    here = {one.code for one in in_force(on)}
    fills = dict.fromkeys(here, _NONE) | {
        row["area_code"]: _band(row["top1_share"]) for row in table.iter_rows(named=True) if row["area_code"] in here
    }
    size = (int(width), int(height))
    spec = filled(fills, (), _COLOURS, on=on, layout="ground", size=size, legend="Largest owner\u2019s share")
    return inside(str(vl_convert.vegalite_to_svg(spec)))
