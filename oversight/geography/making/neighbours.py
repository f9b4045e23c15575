"""Which authorities lie side by side: by a border on land, or face to face across narrow water."""

from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.spatial import cKDTree

from oversight.geography.making.files import Row, areas
from oversight.geography.making.topology import Line, borders, contains, outline, rings

# The published boundaries end at mean high water, so the banks of the Thames, Mersey, Tyne and Humber do not touch.
WIDEST_WATER_KM: Final = 2.0


def neighbour_rows(folder: Path, table: list[Row]) -> list[Row]:
    """One row a pair of codes that were in force together: kind (border or water) and its length or width in km."""
    pairs = {pair: ("border", length) for pair, length in borders(folder).items() if length > 0}
    pairs |= {pair: ("water", width) for pair, width in _across_water(folder, set(pairs)).items()}
    years = {row["code"]: (row["start"] or "0", row["end"] or "9") for row in table}
    return [
        {"code": one, "neighbour": other, "kind": kind, "km": f"{length:.1f}"}
        for (one, other), (kind, length) in sorted(pairs.items())
        if years[one][0] < years[other][1] and years[other][0] < years[one][1]
    ]


def _across_water(folder: Path, bordering: set[tuple[str, str]]) -> dict[tuple[str, str], float]:
    found = areas(folder, "E")
    points = {area["properties"]["areacd"]: np.concatenate([outline(folder, r) for r in rings(area)]) for area in found}
    trees = {code: cKDTree(line) for code, line in points.items()}
    widths = {}
    for one, other in combinations(sorted(points), 2):
        if (one, other) in bordering or not _close(points[one], points[other]):
            continue
        gaps, nearest = trees[other].query(points[one])
        closest = int(np.argmin(gaps))
        width = float(gaps[closest]) / 1000
        middle = (points[one][closest] + points[other][nearest[closest]]) / 2
        if 0 < width <= WIDEST_WATER_KM and not _on_land(folder, found, middle):
            widths[one, other] = width
    return widths


def _close(one: Line, other: Line) -> bool:
    reach = WIDEST_WATER_KM * 1000
    return bool(
        np.all(one.min(axis=0) - reach < other.max(axis=0)) and np.all(other.min(axis=0) - reach < one.max(axis=0))
    )


def _on_land(folder: Path, found: list[dict[str, Any]], point: Line) -> bool:
    return any(contains(folder, area, point.reshape(1, 2))[0] for area in found)
