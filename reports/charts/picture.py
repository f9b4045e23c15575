"""A picture: what is drawn, in words and as a table, between the protective marking above and below."""

import textwrap
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

import polars as pl
import vl_convert

from reports.charts.palette import FONT, QUIET, TEXT, WHITE
from reports.style import clean

WIDTH: Final = 960
MARGIN: Final = 32
_TITLE: Final = 24
_SUBTITLE: Final = 16
_SMALL: Final = 13
_ACROSS: Final = {_TITLE: 74, _SUBTITLE: 116, _SMALL: 138}
_SCALE: Final = 2.0


@dataclass(frozen=True, slots=True)
class Part:
    """A drawing at a place of the picture, in pixels from the top left of its body.

    Attributes:
        spec: of Vega-Lite, drawn to its own size; None where `svg` is given.
        svg: the inside of an SVG.
    """

    x: float
    y: float
    width: float
    height: float
    spec: dict[str, Any] | None = None
    svg: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """All of a picture.

    Attributes:
        title: says what is found.
        subtitle: says what is drawn, of when.
        alternative: the picture in words, for who cannot see it.
        source: where the data come from, and what they rest on.
        banner: protective marking and label.
        table: the data drawn.
        height: of the body, in pixels.
        parts: what is drawn.
    """

    title: str
    subtitle: str
    alternative: str
    source: str
    banner: str
    table: pl.DataFrame
    height: float
    parts: tuple[Part, ...] = field(default=())

    def svg(self) -> str:
        """The picture as SVG with title and description for screen readers. The same picture gives the same text."""
        head = _Lines(_SMALL + MARGIN / 2)
        head.write(self.banner, _SMALL, weight="bold", middle=True)
        head.skip(20)
        head.write(self.title, _TITLE, weight="bold")
        head.skip(4)
        head.write(self.subtitle, _SUBTITLE, colour=QUIET)
        head.skip(6)
        foot = _Lines(head.y + self.height + _SMALL + 10)
        foot.write(self.source, _SMALL, colour=QUIET)
        foot.skip(10)
        foot.write(self.banner, _SMALL, weight="bold", middle=True)
        body = "".join(_placed(part, head.y) for part in self.parts)
        height = round(foot.y)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
            f'aria-labelledby="picture-title picture-words" width="{WIDTH}" height="{height}" '
            f'viewBox="0 0 {WIDTH} {height}">'
            f'<title id="picture-title">{_text(self.title)}</title>'
            f'<desc id="picture-words">{_text(self.alternative)}</desc>'
            f'<rect width="{WIDTH}" height="{height}" fill="{WHITE}"/>{"".join(head.made)}{body}{"".join(foot.made)}'
            "</svg>\n"
        )

    def png(self) -> bytes:
        """The picture as PNG, at twice its size in pixels."""
        return bytes(vl_convert.svg_to_png(self.svg(), scale=_SCALE))


class _Lines:
    """Lines of text down the page."""

    def __init__(self, y: float) -> None:
        self.y = y
        self.made: list[str] = []

    def skip(self, pixels: float) -> None:
        self.y += pixels

    def write(self, text: str, size: int, *, weight: str = "normal", colour: str = TEXT, middle: bool = False) -> None:
        for line in textwrap.wrap(clean(text), _ACROSS[size]):
            x = WIDTH / 2 if middle else MARGIN
            self.made.append(svg_text(line, x, self.y, size, weight=weight, colour=colour, middle=middle))
            self.y += size * 1.3


def svg_text(
    text: str, x: float, y: float, size: float, *, weight: str = "normal", colour: str = TEXT, middle: bool = False
) -> str:
    """One line of text as SVG, its foot at y."""
    anchor = ' text-anchor="middle"' if middle else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{FONT}" font-size="{size:g}" font-weight="{weight}" '
        f'fill="{colour}"{anchor}>{_text(text)}</text>'
    )


def _placed(part: Part, top: float) -> str:
    drawn = part.svg if part.spec is None else inside(str(vl_convert.vegalite_to_svg(part.spec)))
    return (
        f'<svg x="{part.x:g}" y="{top + part.y:g}" width="{part.width:g}" height="{part.height:g}" '
        f'viewBox="0 0 {part.width:g} {part.height:g}">{drawn}</svg>'
    )


def inside(svg: str) -> str:
    """What is between the outermost tags of a drawing."""
    return svg[svg.index(">") + 1 : svg.rindex("</svg>")]


def _text(text: str) -> str:
    return escape(clean(text), quote=True)
