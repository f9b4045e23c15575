"""Dashes, lone figures and headings that the careful engine passes over: nil is printed as a stroke, easily missed.

Only what stands in a column of figures counts: a stroke elsewhere is a rule, a hyphen or dirt.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from statistics import median

import cv2
import numpy as np

from collectors.accounts.scans.engines import Word
from collectors.accounts.scans.paper import POINTS, Picture
from collectors.accounts.scans.places import Box
from collectors.accounts.scans.settle import STROKE, amount, figure_like, overlaps

_INK = 140
_WIDTH = (2.0, 13.0)
_NARROWEST = 1.4
"""Points: what an engine calls a dash and is narrower is a speck."""
_TALLEST = 2.4
_FLAT = 1.7
"""A stroke is at least so many times as wide as it is tall."""
_FULL = 0.55
_CLEAR = 2.5
"""Points of white on either side of a stroke."""
_CLEAR_OF_FIGURES = 4.0
"""Points between a figure and a dash in the next column, at the least."""
_ALIGNED = 11.0
"""Points by which right edges in a column may differ; a dash may stand before the room for a bracket."""
_LEAST_IN_COLUMN = 2
_SURE = 0.6
_YEAR = re.compile(r"(?:19|20)\d\d")
_NOTES = re.compile(r"notes?", re.IGNORECASE)
_DASH = frozenset("-\u2010\u2011\u2012\u2013\u2014\u2212_~=")


def passed_over(picture: Picture, dpi: int, careful: Sequence[Word], quick: Sequence[Word]) -> list[Word]:
    """Figures, dashes and headings in the columns of figures that are not among what the careful engine read.

    Args:
        picture: the upright page.
        dpi: its pixels to the inch.
        careful: what the careful engine read on it.
        quick: what the quick engine read on it.
    """
    read = [word for word in careful if not is_dash(word)]
    edges = [word.box.right for word in read if figure_like(word.text) and len(word.text) > 1]
    found: list[Word] = []
    for word in [*strokes(picture, dpi), *quick, *(word for word in careful if is_dash(word))]:
        text = "-" if is_dash(word) and word.text != STROKE else word.text
        column = [edge for edge in edges if abs(edge - word.box.right) <= _ALIGNED]
        if amount(text) is None or len(column) < _LEAST_IN_COLUMN or not _beside(word, read):
            continue
        if is_dash(word) and (word.box.right - word.box.left < _NARROWEST or _touches(word, read)):
            continue
        if not overlaps(word, read) and not overlaps(word, found):
            # A dash stands before the room for a bracket, or in the middle: it belongs to the column's edge.
            right = max(word.box.right, median(column)) if is_dash(word) else word.box.right
            found.append(Word(text, replace(word.box, right=right), word.score))
    return found + [word for word in quick if _heads(word, edges) and not overlaps(word, [*read, *found])]


def _heads(word: Word, edges: Sequence[float]) -> bool:
    """True for a year over a column, and for the word `note`: without it a column has no period, or is no note's."""
    if word.score < _SURE:
        return False
    over = sum(abs(edge - word.box.right) <= _ALIGNED for edge in edges) >= _LEAST_IN_COLUMN
    return bool(_NOTES.fullmatch(word.text) or (over and _YEAR.fullmatch(word.text)))


def is_dash(word: Word) -> bool:
    """True for a dash, however an engine spells it."""
    return set(word.text) <= _DASH


def _beside(word: Word, others: Sequence[Word]) -> bool:
    """Whether anything else is printed on its line, to its left."""
    middle = (word.box.top + word.box.bottom) / 2
    return any(each.box.top <= middle <= each.box.bottom and each.box.right <= word.box.left for each in others)


def _touches(word: Word, others: Sequence[Word]) -> bool:
    """True for a speck right behind a figure: no column stands so close to another."""
    middle = (word.box.top + word.box.bottom) / 2
    return any(
        each.box.top <= middle <= each.box.bottom
        and 0 <= word.box.left - each.box.right < _CLEAR_OF_FIGURES
        and figure_like(each.text)
        for each in others
    )


def strokes(picture: Picture, dpi: int) -> list[Word]:
    """Every short level stroke with white around it, as a dash."""
    scale = dpi / POINTS
    ink = np.ascontiguousarray((picture < _INK).astype(np.uint8))
    _, _, parts, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    left, top, width, height, area = (parts[:, column] for column in range(5))
    flat = (
        (width >= _WIDTH[0] * scale)
        & (width <= _WIDTH[1] * scale)
        & (height <= _TALLEST * scale)
        & (width >= _FLAT * height)
        & (area >= _FULL * width * height)
    )
    found = []
    clear = round(_CLEAR * scale)
    for index in np.flatnonzero(flat):
        x, y, across, down = int(left[index]), int(top[index]), int(width[index]), int(height[index])
        rows = slice(max(0, y - clear), y + down + clear)
        around = int(ink[rows, max(0, x - clear) : x + across + clear].sum())
        if around - int(area[index]) <= 0.1 * int(area[index]):
            # The box of a dash is as tall as print, so that it stands on the line of its row.
            middle = y + down / 2
            tall = 4 * scale
            found.append(Word(STROKE, _points(x, middle - tall, x + across, middle + tall, scale), 1.0))
    return found


def _points(left: float, top: float, right: float, bottom: float, scale: float) -> Box:
    return Box(left / scale, top / scale, right / scale, bottom / scale)
