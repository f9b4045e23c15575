"""Simplified boundaries of England's authorities, British National Grid metres."""

import json
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, Final

from oversight.geography.authorities import in_force

Point = tuple[int, int]
Polygon = list[list[Point]]

_FEWEST: Final = 3


def outlines(on: date) -> dict[str, list[Polygon]]:
    """Polygons by code of the authorities in force on a day; the first ring of a polygon is its outside."""
    shapes = _shapes()
    return {one.code: shapes[one.code] for one in in_force(on)}


@cache
def _shapes() -> dict[str, list[Polygon]]:
    text = resources.files("oversight.geography").joinpath("data", "boundaries.topojson").read_text(encoding="utf-8")
    topology = json.loads(text)
    grid = topology["transform"]["scale"][0]
    lines = [_points(steps, grid) for steps in topology["arcs"]]
    return {area["id"]: _polygons(area, lines) for area in topology["objects"]["authorities"]["geometries"]}


def _polygons(area: dict[str, Any], lines: list[list[Point]]) -> list[Polygon]:
    """An area's polygons; an islet that the thinning made a line of is left out."""
    polygons = area["arcs"] if area["type"] == "MultiPolygon" else [area["arcs"]]
    drawn = [[_ring(ring, lines) for ring in polygon] for polygon in polygons]
    return [[ring for ring in polygon if len(ring) > _FEWEST] for polygon in drawn if len(polygon[0]) > _FEWEST]


def _points(steps: list[list[int]], grid: int) -> list[Point]:
    points = []
    x = y = 0
    for across, up in steps:
        x, y = x + across, y + up
        points.append((x * grid, y * grid))
    return points


def _ring(ring: list[int], lines: list[list[Point]]) -> list[Point]:
    found: list[Any] = []
    for index in ring:
        line = lines[index] if index >= 0 else lines[~index][::-1]
        found += line[1:] if found else line
    return found
