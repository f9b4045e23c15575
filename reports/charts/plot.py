"""Marks of a chart as SVG: text, lines, bars, and axes with few, round steps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Final

from reports.charts.palette import FONT, GREY, TEXT, WHITE
from reports.style import clean

_LEAST: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to pixels, straight."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """The place of a value, held within the scale."""
        held = min(max(value, self.low), self.high)
        return self.start + (held - self.low) / (self.high - self.low) * (self.end - self.start)


def steps(low: float, high: float, most: int = 5) -> list[float]:
    """Round values from at most `low` to at least `high`, about `most` of them."""
    if high - low < _LEAST * max(1.0, abs(low), abs(high)):
        high = low + 1
    rough = (high - low) / most
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(place * step, 10) for place in range(first, last + 1)]


def words(
    text: str, x: float, y: float, size: float = 12, *, colour: str = TEXT, anchor: str = "start",
    weight: str = "normal", halo: bool = False,
) -> str:  # fmt: skip
    """One line of text, its foot at y; a halo keeps it legible over lines."""
    around = f' stroke="{WHITE}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FONT}" font-size="{size:g}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{colour}"{around}>{escape(clean(text), quote=True)}</text>'
    )


def line(points: Sequence[tuple[float, float]], colour: str, width: float = 2, dash: str = "") -> str:
    """A line through points."""
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}"{dashes}/>'


def bar(x: float, y: float, width: float, height: float, colour: str, stroke: str = "none", thick: float = 1) -> str:
    """A filled box; widths and heights may be negative."""
    left, top = min(x, x + width), min(y, y + height)
    return (
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{abs(width):.1f}" height="{abs(height):.1f}" fill="{colour}" '
        f'stroke="{stroke}" stroke-width="{thick:g}"/>'
    )


def dot(x: float, y: float, colour: str, radius: float = 4) -> str:
    """A point."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}"/>'


def grid(scale: Scale, values: Sequence[float], left: float, right: float, unit: str = "") -> str:
    """Level lines with their values at the left; that of nil is darker."""
    drawn = []
    for value in values:
        y = scale.at(value)
        drawn.append(line([(left, y), (right, y)], GREY if value else "#555555", 1))
        drawn.append(words(f"{value:,g}{unit}", left - 6, y + 4, 11.5, colour="#555555", anchor="end"))
    return "".join(drawn)


def apart(places: Sequence[float], room: float, low: float, high: float) -> list[float]:
    """Places of labels moved so that each has room, as little as possible, in the order given.

    Args:
        places: where the labels would stand best.
        room: the least distance between two.
        low: the least place allowed.
        high: the greatest place allowed.
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    found = [min(max(places[index], low), high) for index in order]
    for before, after in pairwise(range(len(found))):
        found[after] = max(found[after], found[before] + room)
    over = found[-1] - high if found else 0.0
    if over > 0:
        found[-1] = high
        for after, before in pairwise(range(len(found) - 1, -1, -1)):
            found[before] = min(found[before], found[after] - room)
    placed = [0.0] * len(places)
    for rank, index in enumerate(order):
        placed[index] = found[rank]
    return placed
