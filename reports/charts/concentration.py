"""How concentrated the market is: the share of places that the largest groups hold together."""

from typing import Any, Final

import polars as pl

from oversight.errors import InputError
from reports.charts.palette import DARK_BLUE, FONT, GREY, QUIET, TEXT, WHITE
from reports.charts.picture import MARGIN, WIDTH, Part, Picture
from reports.charts.source import registered_on, source_of
from reports.frames import RunView
from reports.marking import banner
from reports.style import date_text, number_text, percent_text

_HEIGHT: Final = 480
_FIRST: Final = 10
_HALF: Final = 50.0
_AXES: Final = 90


def concentration_curve(view: RunView) -> Picture:
    """Cumulative share of places in children's homes, by groups from the largest on.

    Raises:
        InputError: where no group has a place.
    """
    table = _table(view)
    first = min(_FIRST, len(table))
    top = float(table["share_together"][first - 1])
    half = int(table.filter(pl.col("share_together") >= _HALF)["rank"][0])
    title = (
        f"The {number_text(first)} largest owners hold {percent_text(top, 0)} of places in children\u2019s homes; "
        f"half of all places are with {number_text(half)} of {number_text(len(table))}"
    )
    return Picture(
        title=title,
        subtitle=f"Share of registered places held together by the largest owners, {date_text(registered_on(view))}.",
        alternative=(
            f"A curve of the cumulative share of places against the number of owners, largest first. "
            f"{_words(table, (1, _FIRST, 50, 100, 200))} If all were of one size the line would be straight."
        ),
        source=source_of(view, "An owner is a group, or an owner not linked to one; councils are included."),
        banner=banner(view.marking, view.label),
        table=table,
        height=_HEIGHT + _AXES,
        parts=(Part(MARGIN, 0, WIDTH - MARGIN, _HEIGHT + _AXES, spec=_spec(table, (first, half))),),
    )


def _table(view: RunView) -> pl.DataFrame:
    groups = view.table("group").filter(pl.col("places") > 0)
    if groups.is_empty():
        raise InputError("no group of the run has a place", where=view.run_id, next_step="Choose another run or day.")
    total = groups["places"].sum()
    return (
        groups.sort("places", "name", "group_id", descending=[True, False, False])
        .with_row_index("rank", offset=1)
        .select(
            pl.col("rank").cast(pl.Int64),
            "name",
            "kind",
            "homes",
            "places",
            (pl.col("places") / total * 100).alias("share_of_places"),
            (pl.col("places").cum_sum() / total * 100).alias("share_together"),
        )
    )


def _words(table: pl.DataFrame, ranks: tuple[int, ...]) -> str:
    said = [
        f"the largest {number_text(rank)} hold {percent_text(float(table['share_together'][rank - 1]), 0)}"
        for rank in ranks
        if rank <= len(table)
    ]
    text = ", ".join(said)
    return f"{text[:1].upper()}{text[1:]}."


def _spec(table: pl.DataFrame, marked: tuple[int, int]) -> dict[str, Any]:
    line = [{"rank": 0, "share": 0.0}, *_rows(table)]
    points = [
        {
            "rank": rank,
            "share": share,
            "text": f"{number_text(rank)} owners: {percent_text(share, 0)} of places",
        }
        for rank in dict.fromkeys(marked)
        for share in [float(table["share_together"][rank - 1])]
    ]
    even = [{"rank": 0, "share": 0.0, "text": ""}, {"rank": len(table), "share": 100.0, "text": ""}]
    middle = [{"rank": len(table) * 0.62, "share": 58.0, "text": "If all owners were of one size"}]
    x = {
        "field": "rank",
        "type": "quantitative",
        "title": "Owners, from the largest on",
        "axis": {"tickCount": 7},
        "scale": {"domain": [0, len(table)], "nice": False},
    }
    y = {
        "field": "share",
        "type": "quantitative",
        "title": "Share of places (%)",
        "scale": {"domain": [0, 100]},
    }
    text = {"field": "text", "type": "nominal"}
    bold = {"type": "text", "fontSize": 15, "fontWeight": "bold", "align": "left", "dx": 12, "dy": -4}
    halo = {"color": WHITE, "stroke": WHITE, "strokeWidth": 5, "strokeJoin": "round"}
    layers: tuple[tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any]], ...] = (
        (even, {"type": "line", "color": GREY, "strokeWidth": 2, "strokeDash": [6, 4]}, {}),
        (middle, {"type": "text", "color": QUIET, "fontSize": 14, "align": "left", "dy": 6, "dx": 8}, {"text": text}),
        (line, {"type": "line", "color": DARK_BLUE, "strokeWidth": 3}, {}),
        (points, {"type": "point", "color": DARK_BLUE, "filled": True, "size": 90, "opacity": 1}, {}),
        (points, bold | halo, {"text": text}),
        (points, bold | {"color": TEXT}, {"text": text}),
    )
    return {
        "layer": [
            {"data": {"values": values}, "mark": mark, "encoding": {"x": x, "y": y, **more}}
            for values, mark, more in layers
        ],
        "width": WIDTH - 2 * MARGIN - _AXES,
        "height": _HEIGHT,
        "padding": 5,
        "background": "transparent",
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": 14, "titleFontSize": 14, "titleFontWeight": "normal", "labelColor": TEXT,
                "titleColor": TEXT, "gridColor": "#E5E5E5", "domainColor": QUIET, "tickColor": QUIET,
                "titlePadding": 10,
            },
        },
    }  # fmt: skip


def _rows(table: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {"rank": rank, "share": round(share, 3)} for rank, share in table.select("rank", "share_together").iter_rows()
    ]
