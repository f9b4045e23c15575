"""A chart that can be drawn at any size: alone as a `Picture`, or as a panel of a document."""

import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import polars as pl
import vl_convert

from reports.charts.palette import TEXT, WHITE
from reports.charts.picture import MARGIN, WIDTH, Part, Picture, svg_text
from reports.charts.source import source_of
from reports.frames import RunView
from reports.marking import banner
from reports.style import clean

PANEL: Final = (480.0, 330.0)
"""Width and height of a panel; two stand side by side on a page."""
_TALL: Final = 420.0
_TITLE: Final = 15.0
_LETTER: Final = 0.53
_SCALE: Final = 2.0

Draw = Callable[[float, float], str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart with what it says.

    Attributes:
        title: the finding.
        subtitle: what is drawn, of when.
        alternative: the chart in words.
        note: what it rests on, before the source.
        table: the data drawn.
        draw: the inside of an SVG of a width and a height.
        blank: whether there is nothing to draw, so that a document says it in words instead.
    """

    title: str
    subtitle: str
    alternative: str
    note: str
    table: pl.DataFrame
    draw: Draw
    blank: bool = False

    def picture(self, view: RunView) -> Picture:
        """The chart by itself, with marking and source."""
        inside = WIDTH - 2 * MARGIN
        return Picture(
            title=self.title,
            subtitle=self.subtitle,
            alternative=self.alternative,
            source=source_of(view, self.note),
            banner=banner(view.marking, view.label),
            table=self.table,
            height=_TALL,
            parts=(Part(MARGIN, 8, inside, _TALL - 16, svg=self.draw(inside, _TALL - 16)),),
        )

    def panel(self, size: tuple[float, float] = PANEL) -> bytes:
        """The chart under its title as PNG, at twice its size in pixels, for a document that is marked itself."""
        width, height = size
        lines = textwrap.wrap(clean(self.title), int(width / (_TITLE * _LETTER)))[:3]
        top = len(lines) * _TITLE * 1.25 + 8
        head = "".join(
            svg_text(line, 2, _TITLE * (1 + 1.25 * place), _TITLE, weight="bold") for place, line in enumerate(lines)
        )
        svg = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" '
            f'viewBox="0 0 {width:g} {height:g}"><rect width="{width:g}" height="{height:g}" fill="{WHITE}"/>{head}'
            f'<svg x="0" y="{top:g}" width="{width:g}" height="{height - top:g}">{self.draw(width, height - top)}</svg>'
            "</svg>"
        )
        return bytes(vl_convert.svg_to_png(svg, scale=_SCALE))

    @property
    def words(self) -> str:
        """Title and alternative, for a reader who does not see the panel."""
        return f"{clean(self.title)}. {clean(self.alternative)}"


def empty_note(width: float, height: float, text: str) -> str:
    """Words in the middle of a drawing that has nothing to draw."""
    return svg_text(text, width / 2, height / 2, 14, colour=TEXT, middle=True)
