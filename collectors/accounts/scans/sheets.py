"""Pages of a PDF read one at a time: first quickly, all of them; then with care, those that hold figures wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from collectors.accounts.cells import Row
from collectors.accounts.scans import engines
from collectors.accounts.scans.dashes import is_dash, passed_over
from collectors.accounts.scans.engines import Word
from collectors.accounts.scans.layer import words as layer_words
from collectors.accounts.scans.layout import rows as rows_of
from collectors.accounts.scans.paper import Paper, Picture
from collectors.accounts.scans.places import Box, Place
from collectors.accounts.scans.settle import Closer, Seen, settle
from collectors.accounts.scans.spelling import correct
from collectors.accounts.scans.upright import Frame, in_points, lean, turned
from collectors.accounts.scans.wording import second_opinion

DPI = 200
CLOSER_DPI = 300
COARSE_DPI = 110
"""For the first look where the quick engine is not installed and the careful one has to do it."""
_BLANK = 0.001
"""Share of a page that is ink: less is an empty page."""
_INK = 140
_SURE = 0.6
_LEGIBLE = 0.5
"""Share of words that the quick engine is sure of: less, and the page may lie on its side or stand on its head."""
_TELLING = 3
"""Letters: so long a word is wider than it is tall."""
_AROUND = (2.5, 1.5)


@dataclass(slots=True)
class Sheet:
    """One page, as far as it is read.

    Attributes:
        number: of the page, from 1.
        frame: how it was turned.
        layer: it has a text layer, so that nothing is read off its picture.
        words: what was read at first.
        rows: the rows it comes to; the careful ones once it is read with care.
        careful: it was read with care.
        seen: what the engines made of each figure, by place, once it is read with care.
    """

    number: int
    frame: Frame
    layer: bool
    words: list[Word]
    rows: list[Row] = field(default_factory=list)
    careful: bool = False
    seen: dict[str, Seen] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The page as lines of text."""
        return "\n".join(row.text for row in self.rows)


def first_look(paper: Paper, number: int) -> Sheet:
    """A page by its text layer, else by the quick engine.

    Raises:
        AccountsError: if the page cannot be opened or drawn.
        HostileInputError: if it is of absurd size.
    """
    size = paper.size(number)
    words = [] if paper.is_picture(number) else layer_words(paper.characters(number))
    if words:
        frame = Frame(*size)
        return Sheet(number, frame, True, words, rows_of(words, number, frame)[0])
    dpi = DPI if engines.has_quick() else COARSE_DPI
    picture = paper.picture(number, dpi)
    if float(np.mean(picture < _INK)) < _BLANK:
        return Sheet(number, Frame(*size), False, [])
    frame, words = _upright(picture, Frame(*size), dpi)
    rows = rows_of(words, number, frame)[0]
    correct(rows)
    return Sheet(number, frame, False, words, rows)


def _upright(picture: Picture, frame: Frame, dpi: int) -> tuple[Frame, list[Word]]:
    """The words of a page, and how it has to be turned for most of them to be legible."""
    read = engines.read_quickly if engines.has_quick() else engines.read_carefully
    best: tuple[float, Frame, list[Word]] | None = None
    for quarters in (0, 1, 3, 2):
        level = replace(frame, quarters=quarters)
        level = replace(level, lean=lean(turned(picture, level)))
        words = read(turned(picture, level), dpi)
        share, letters = _legible(words)
        if share >= _LEGIBLE:
            return level, words
        if best is None or letters > best[0]:
            best = letters, level, words
    return (best[1], best[2]) if best else (frame, [])


def _legible(words: Sequence[Word]) -> tuple[float, float]:
    """The share of letters in level words that the engine is sure of, and their number.

    Tesseract reads some words of a page that lies on its side, one below the other: their boxes are tall.
    """
    total = sum(len(word.text) for word in words)
    sure = sum(
        len(word.text)
        for word in words
        if word.score >= _SURE
        and word.text.isascii()
        and (len(word.text) < _TELLING or word.box.right - word.box.left > word.box.bottom - word.box.top)
    )
    return sure / max(total, 1), float(sure)


def read_with_care(paper: Paper, sheet: Sheet) -> Sheet:
    """A page read by both engines, every figure settled between them.

    Raises:
        AccountsError: if the page cannot be drawn.
    """
    picture = turned(paper.picture(sheet.number, DPI), sheet.frame)
    careful = engines.read_carefully(picture, DPI)
    quick = sheet.words if engines.has_quick() else []
    added = passed_over(picture, DPI, careful, quick)
    del picture
    careful = [word for word in careful if not is_dash(word)]
    rows, boxes = rows_of([*careful, *added], sheet.number, sheet.frame)
    extra = frozenset(str(Place(sheet.number, sheet.frame.to_page(word.box))) for word in added)
    correct(rows)
    second_opinion(rows, boxes, quick)
    seen = settle(rows, boxes, quick, _closer(paper, sheet), extra)
    return replace(sheet, rows=rows, careful=True, seen=seen)


def _closer(paper: Paper, sheet: Sheet) -> Closer:
    """A second look at parts of a page, drawn finer; the page is drawn when the first look is asked for."""

    @cache
    def fine() -> Picture:
        return turned(paper.picture(sheet.number, CLOSER_DPI), sheet.frame)

    def part(box: Box) -> Picture:
        height, width = fine().shape
        left, right = box.left - _AROUND[0], box.right + _AROUND[0]
        top, bottom = box.top - _AROUND[1], box.bottom + _AROUND[1]
        step = in_points(1, CLOSER_DPI)
        rows = slice(max(0, round(top / step)), min(height, round(bottom / step)))
        return fine()[rows, max(0, round(left / step)) : min(width, round(right / step))]

    def quickly(box: Box) -> list[str]:
        picture = part(box)
        return engines.read_part_quickly(picture, CLOSER_DPI) if engines.has_quick() and min(picture.shape) > 1 else []

    def carefully(box: Box) -> list[str]:
        picture = part(box)
        return engines.read_part_carefully(picture) if min(picture.shape) > 1 else []

    return Closer(quickly, carefully)
