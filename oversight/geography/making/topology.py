"""The ONS topology in British National Grid: arcs, rings, areas in square kilometres, borders.

An arc is a line between two junctions; a ring lists arcs by index, `~index` being one walked backwards.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from math import hypot
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oversight.geography.making.files import areas, boundaries
from oversight.geography.making.projection import to_grid

Line = NDArray[np.float64]
Ring = tuple[int, ...]


@cache
def arcs(folder: Path) -> dict[int, Line]:
    """The arcs of English upper-tier areas by index, each of shape (points, 2) in metres."""
    topology = boundaries(folder)
    (across, up), (west, south) = topology["transform"]["scale"], topology["transform"]["translate"]
    used = {index for area in areas(folder, "E") for ring in rings(area) for index in map(_index, ring)}
    found = {}
    for index in sorted(used):
        steps = np.cumsum(np.array(topology["arcs"][index], dtype=np.int64), axis=0)
        found[index] = np.array([to_grid(west + x * across, south + y * up) for x, y in steps])
    return found


def rings(area: dict[str, Any]) -> Iterator[Ring]:
    """Every ring of an area, holes included."""
    polygons = [area["arcs"]] if area["type"] == "Polygon" else area["arcs"]
    for polygon in polygons:
        for ring in polygon:
            yield tuple(ring)


def outline(folder: Path, ring: Ring) -> Line:
    """The points of a ring, first and last the same."""
    lines = [arcs(folder)[index] if index >= 0 else arcs(folder)[~index][::-1] for index in ring]
    return np.concatenate([lines[0], *(line[1:] for line in lines[1:])])


def square_kilometres(folder: Path, area: dict[str, Any]) -> float:
    """Size of an area by the shoelace formula; holes run the other way round and so are taken off."""
    return abs(sum(_signed(outline(folder, ring)) for ring in rings(area))) / 1e6


def contains(folder: Path, area: dict[str, Any], points: Line) -> NDArray[np.bool_]:
    """Which points (shape (n, 2)) lie in an area: an odd number of its lines to the east of each."""
    inside = np.zeros(len(points), dtype=bool)
    for ring in rings(area):
        line = outline(folder, ring)
        near = np.flatnonzero(np.all((points >= line.min(axis=0)) & (points <= line.max(axis=0)), axis=1))
        x, y = points[near, 0], points[near, 1]
        for (x1, y1), (x2, y2) in pairwise(line):
            if len(near) and y1 != y2:
                crosses = (y1 > y) != (y2 > y)
                inside[near] ^= crosses & (x < x1 + (y - y1) * (x2 - x1) / (y2 - y1))
    return inside


def borders(folder: Path) -> dict[tuple[str, str], float]:
    """Length in kilometres of the line that two areas share, by pair of codes in order; former areas too."""
    users: dict[int, set[str]] = defaultdict(set)
    for area in areas(folder, "E"):
        for ring in rings(area):
            for index in ring:
                users[_index(index)].add(area["properties"]["areacd"])
    shared: dict[tuple[str, str], float] = defaultdict(float)
    for index, codes in users.items():
        length = sum(hypot(*step) for step in np.diff(arcs(folder)[index], axis=0)) / 1000
        for one in codes:
            for other in codes:
                if one < other:
                    shared[one, other] += length
    return dict(shared)


def _index(index: int) -> int:
    return index if index >= 0 else ~index


def _signed(line: Line) -> float:
    x, y = line[:, 0], line[:, 1]
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)
