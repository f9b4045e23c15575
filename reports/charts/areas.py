"""Local authorities as shapes to fill: on the ground, or as hexagons of one size."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any, Final, Literal

from oversight.geography import by_code, outlines
from reports.charts.palette import FONT, GREY, TEXT, WHITE

Layout = Literal["ground", "hexagons"]
LONDON: Final = "London"
_AREAS: Final = "areas"
_SIDE: Final = 1 / sqrt(3)
_HEXAGON: Final = (
    (0.0, _SIDE),
    (0.5, _SIDE / 2),
    (0.5, -_SIDE / 2),
    (0.0, -_SIDE),
    (-0.5, -_SIDE / 2),
    (-0.5, _SIDE / 2),
)


@dataclass(frozen=True, slots=True)
class Label:
    """Words on the map, at an authority."""

    code: str
    text: str


def filled(
    fills: Mapping[str, str],
    labels: Sequence[Label],
    colours: Mapping[str, str],
    *,
    on: date,
    layout: Layout,
    size: tuple[int, int],
    legend: str | None,
) -> dict[str, Any]:
    """A Vega-Lite specification of areas, each in the colour of its band.

    Args:
        fills: band by authority code; only these authorities are drawn.
        labels: words at authorities, drawn from the first on where they do not overlap an earlier one.
        colours: colour by band, in the order of the legend.
        on: the day whose boundaries are drawn.
        layout: on the ground or as hexagons.
        size: width and height in pixels.
        legend: its title; None for no legend.
    """
    shapes = _hexagons(fills) if layout == "hexagons" else {code: outlines(on)[code] for code in fills}
    features = [
        {"type": "Feature", "band": band, "geometry": {"type": "MultiPolygon", "coordinates": shapes[code]}}
        for code, band in sorted(fills.items())
    ]
    areas = {
        "data": {"values": features},
        "mark": {"type": "geoshape", "stroke": WHITE if layout == "hexagons" else GREY, "strokeWidth": 0.8},
        "encoding": {"color": _colour(colours, legend)},
    }
    points = [{"x": x, "y": y, "text": text} for x, y, text in _apart(labels, layout, shapes, size)]
    halo = _written(points, stroke=WHITE, strokeWidth=4, strokeJoin="round")
    words = _written(points, color=TEXT)
    return {
        "layer": [areas, halo, words] if points else [areas],
        "projection": {"type": "identity", "reflectY": True},
        "width": size[0],
        "height": size[1],
        "padding": 0,
        "background": "transparent",
        "config": {"font": FONT},
    }


def _written(points: list[dict[str, Any]], **look: Any) -> dict[str, Any]:
    """Words at points."""
    return {
        "data": {"values": points},
        "mark": {"type": "text", "font": FONT, "fontSize": 13, "fontWeight": "bold", "lineBreak": "|", **look},
        "encoding": {
            "longitude": {"field": "x", "type": "quantitative"},
            "latitude": {"field": "y", "type": "quantitative"},
            "text": {"field": "text", "type": "nominal"},
        },
    }


def region(codes: Mapping[str, str], name: str) -> dict[str, str]:
    """The fills of one region's authorities."""
    return {code: band for code, band in codes.items() if by_code(code).region == name}


def _colour(colours: Mapping[str, str], legend: str | None) -> dict[str, Any]:
    shown = {
        "title": legend, "orient": "top-left", "titleFontSize": 14, "labelFontSize": 14, "symbolType": "square",
        "symbolSize": 220, "symbolStrokeWidth": 1, "symbolStrokeColor": GREY, "offset": 0, "titleLimit": 300,
        "labelLimit": 300, "titlePadding": 8,
    } if legend else None  # fmt: skip
    scale = {"domain": list(colours), "range": list(colours.values())}
    return {"field": "band", "type": "nominal", "scale": scale, "legend": shown}


def _middle(code: str, layout: Layout) -> tuple[float, float]:
    one = by_code(code)
    return _hexagon_at(code) if layout == "hexagons" else (float(one.easting), float(one.northing))


def _hexagon_at(code: str) -> tuple[float, float]:
    place = by_code(code).hexagon
    if place is None:
        raise KeyError(code)
    column, row = place
    return column + 0.5 * (row % 2), row * sqrt(3) / 2


def _hexagons(fills: Mapping[str, str]) -> dict[str, Any]:
    found = {}
    for code in fills:
        x, y = _hexagon_at(code)
        ring = [(round(x + dx, 4), round(y + dy, 4)) for dx, dy in (*_HEXAGON, _HEXAGON[0])]
        found[code] = [[ring]]
    return found


def _apart(
    labels: Sequence[Label], layout: Layout, shapes: Mapping[str, Any], size: tuple[int, int]
) -> list[tuple[float, float, str]]:
    """Labels that do not overlap an earlier one, by their boxes in pixels."""
    points = [point for shape in shapes.values() for part in shape for ring in part for point in ring]
    width = max(x for x, _ in points) - min(x for x, _ in points)
    height = max(y for _, y in points) - min(y for _, y in points)
    scale = max(width / size[0], height / size[1])
    kept: list[tuple[float, float, float, float, str]] = []
    for label in labels:
        x, y = _middle(label.code, layout)
        lines = label.text.split("|")
        half = max(len(line) for line in lines) * 7.2 * scale / 2
        tall = len(lines) * 16 * scale / 2
        if all(abs(x - a) > half + b or abs(y - c) > tall + d for a, c, b, d, _ in kept):
            kept.append((x, y, half, tall, label.text))
    return [(x, y, text) for x, y, _, _, text in kept]
