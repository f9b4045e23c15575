"""Cells and rows of a page: what every layout comes down to."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

_CACHED_NAMES = 4_096
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0\u2007\u2009\u202f\u200b\ufeff]+")


@dataclass(slots=True)
class Cell:
    """A piece of text with its place.

    Attributes:
        text: what is printed, in one line.
        left, right: where it stands across the page, in the measure of its row.
        element: the element that holds it, or its place on the page of a PDF.
        lines: its text line by line.
    """

    text: str
    left: float
    right: float
    element: etree._Element | str
    lines: tuple[str, ...] = ()


@dataclass(slots=True)
class Row:
    """Cells on one line of the page, from left to right, empty ones left out.

    `measure` says what `left` and `right` of its cells are: `share` of the width, `points`, `columns` counted from the
    right, or `none`. Only places of the same measure can be compared.
    """

    cells: list[Cell]
    measure: str

    @property
    def text(self) -> str:
        """The cells as one line of text."""
        return " ".join(cell.text for cell in self.cells)


def path(element: etree._Element | str) -> str:
    """Where an element stands, such as `body/div[3]/table[2]/tr[4]/td[3]`; a place on a page as it is."""
    if isinstance(element, str):
        return element
    steps: list[str] = []
    current: etree._Element | None = element
    while current is not None and (parent := current.getparent()) is not None:
        name = element_name(current)
        place = 1 + sum(1 for _ in current.itersiblings(str(current.tag), preceding=True))
        alone = place == 1 and next(current.itersiblings(str(current.tag)), None) is None
        steps.append(name if alone else f"{name}[{place}]")
        current = parent
    return "/".join(reversed(steps))


def element_name(element: etree._Element) -> str:
    """Local name in lower case."""
    return _local(str(element.tag))


@lru_cache(maxsize=_CACHED_NAMES)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower()


def one_line(text: str) -> str:
    """Text with every run of spaces and line ends as one space."""
    return _BLANKS.sub(" ", text.replace("\n", " ")).strip()


_FIGURE = re.compile(r"[£$€(\s-]*\d[\d,. ]*\)?|[-\u2013\u2014]")


def split(row: Row) -> Iterator[Row]:
    """A row whose cells hold several lines of figures each is as many rows."""
    counts = {len(cell.lines) for cell in row.cells}
    tall = max(counts, default=1)
    figures = [cell for cell in row.cells if len(cell.lines) == tall and all(map(_FIGURE.fullmatch, cell.lines))]
    if tall == 1 or not figures or not all(len(cell.lines) in {1, tall} for cell in row.cells):
        yield row
        return
    for number in range(tall):
        yield Row(
            [
                Cell(cell.lines[number], cell.left, cell.right, cell.element, (cell.lines[number],))
                for cell in row.cells
                if len(cell.lines) == tall or number == 0
            ],
            row.measure,
        )
