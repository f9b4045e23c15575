"""Simplified boundaries of England's authorities as TopoJSON in British National Grid metres."""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from oversight.geography.making.files import areas
from oversight.geography.making.topology import Line, arcs

GRID_METRES: Final = 50
TOLERANCE_METRES: Final = 200.0
RING_POINTS: Final = 4


def outlines(folder: Path) -> str:
    """The boundaries as text, every arc thinned once so that neighbours still fit together."""
    lines = arcs(folder)
    order = {index: place for place, index in enumerate(lines)}
    topology = {
        "type": "Topology",
        "transform": {"scale": [GRID_METRES, GRID_METRES], "translate": [0, 0]},
        "arcs": [_steps(thin(line)) for line in lines.values()],
        "objects": {
            "authorities": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": area["type"], "id": area["properties"]["areacd"], "arcs": _renumber(area["arcs"], order)}
                    for area in areas(folder, "E")
                ],
            }
        },
    }
    return json.dumps(topology, separators=(",", ":")) + "\n"


def thin(line: Line) -> Line:
    """Fewer points, none further than the tolerance from the line kept (Douglas and Peucker); a ring keeps four."""
    if len(line) >= RING_POINTS and np.array_equal(line[0], line[-1]):
        far = int(np.argmax(((line - line[0]) ** 2).sum(axis=1)))
        one, other = _keep(line[: far + 1]), _keep(line[far:])
        kept = np.concatenate([one, other[1:]])
        return (
            kept
            if len(kept) >= RING_POINTS
            else line[np.unique(np.linspace(0, len(line) - 1, RING_POINTS).astype(int))]
        )
    return _keep(line)


def _keep(line: Line) -> Line:
    kept = {0, len(line) - 1}
    todo = [(0, len(line) - 1)]
    while todo:
        first, last = todo.pop()
        if last == first + 1:
            continue
        inner = line[first + 1 : last]
        away = _distance(inner, line[first], line[last])
        worst = int(np.argmax(away))
        if away[worst] > TOLERANCE_METRES:
            middle = first + 1 + worst
            kept.add(middle)
            todo += [(first, middle), (middle, last)]
    return line[sorted(kept)]


def _distance(points: Line, start: Line, end: Line) -> Line:
    along = end - start
    length = float(along @ along)
    share = np.clip((points - start) @ along / length, 0, 1) if length else np.zeros(len(points))
    return np.asarray(np.hypot(*(points - start - share[:, None] * along).T))


def _steps(line: Line) -> list[list[int]]:
    snapped = np.round(line / GRID_METRES).astype(int)
    steps = np.diff(snapped, axis=0, prepend=np.zeros((1, 2), dtype=int))
    return [[int(x), int(y)] for place, (x, y) in enumerate(steps) if place == 0 or place == len(steps) - 1 or x or y]


def _renumber(found: Any, order: dict[int, int]) -> Any:
    if isinstance(found, list):
        return [_renumber(each, order) for each in found]
    return order[found] if found >= 0 else ~order[~found]
