"""Two readings of one figure, settled: what the page says, and whether both engines say so.

Where the engines differ, or one of them saw nothing, each looks at that figure alone once more. A figure is *agreed*
where a reading of one engine is the same as a reading of the other.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from collectors.accounts.cells import Cell, Row
from collectors.accounts.figures import Figure, read_figure
from collectors.accounts.scans.engines import Word
from collectors.accounts.scans.places import Box

_LETTERS = re.compile(r"[A-Za-z]")
_MOSTLY_DIGITS = 0.6
_THOUSANDS = re.compile(r"(?<=\d)\s?[.,]\s?(?=\d{3}(?!\d))")
_ODD = str.maketrans(
    {"{": "(", "}": ")", "[": "(", "]": ")", "\u2018": "", "\u2019": "", "'": "", "|": "", "~": "-", "\u00b7": ""}
)
_EDGES = ' .,:;_*"\u201c\u201d'
_NEAR = 2.0
"""Points: how far a word's middle may lie outside the box of the figure it belongs to."""


_REACH = 0.35
"""Of the height of the box: how far above or below its middle; the careful engine's boxes reach into the next line."""
_SHARED = 0.3
"""Of the smaller of two boxes: so much of its width and of its height is shared by two readings of one thing."""


STROKE = "\u2014"
"""A dash found by its shape. No engine is asked to read it: alone in a small picture it looks like a digit to them."""
NIL = Figure(Decimal(0), Cell("-", 0.0, 0.0, "", ()), marked=False, dash=True)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the engines made of one figure.

    Attributes:
        agreed: both engines read the value that is used.
        others: further values that were read, with their printed signs.
    """

    agreed: bool
    others: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Closer:
    """A second look at a part of the page, by each engine: the lines of text in it."""

    quickly: Callable[[Box], list[str]]
    carefully: Callable[[Box], list[str]]


def tidy(text: str) -> str:
    """A figure as read, with what engines take for commas and brackets put right."""
    return _THOUSANDS.sub(",", text.translate(_ODD)).strip(_EDGES)


def amount(text: str) -> Figure | None:
    """The figure in a text, if it holds nothing else."""
    return read_figure(Cell(tidy(text), 0.0, 0.0, "", ()))


def figure_like(text: str) -> bool:
    """True for a text that is a figure, or was one before an engine misread it."""
    digits = sum(character.isdigit() for character in text)
    if text == "£'000":
        return False
    return amount(text) is not None or (digits > 1 and digits >= _MOSTLY_DIGITS * len(text.replace(" ", "")))


def settle(
    rows: Sequence[Row],
    boxes: dict[str, Box],
    quick: Sequence[Word],
    closer: Closer,
    added: frozenset[str],
) -> dict[str, Seen]:
    """Settle every figure of a page; the text of its cell becomes the settled one.

    Args:
        rows: of the page, as the careful engine read it. Changed.
        boxes: of the cells on the upright page, by their place.
        quick: what the quick engine read on the page; empty where there is none.
        closer: the second look.
        added: places of the cells that only the quick engine saw.

    Returns:
        What is known of each figure, by its place.
    """
    known: dict[str, Seen] = {}
    for row in rows:
        for cell in row.cells:
            place = str(cell.element)
            if place in boxes and figure_like(cell.text):
                known[place] = _settle(cell, boxes[place], quick, closer, by_quick=place in added)
    return known


def _settle(cell: Cell, box: Box, quick: Sequence[Word], closer: Closer, *, by_quick: bool) -> Seen:
    if by_quick and cell.text == STROKE:
        _put(cell, NIL)
        digits = any(character.isdigit() for word in words_in(quick, box) for character in word.text)
        return Seen(agreed=bool(quick) and not digits)
    careful = None if by_quick else amount(cell.text)
    other = amount("".join(word.text for word in words_in(quick, box)))
    if careful is not None and other is not None and careful.value == other.value:
        _put(cell, careful)
        return Seen(agreed=True)
    carefully = [careful, _value(closer.carefully(box))]
    quickly = [other, _value(closer.quickly(box))]
    told = {each.value: each for each in (*quickly, *carefully) if each is not None}
    both = {each.value for each in carefully if each} & {each.value for each in quickly if each}
    if len(both) == 1:
        (value,) = both
        _put(cell, told[value])
        return Seen(agreed=True)
    best = careful or carefully[1] or other or quickly[1]
    if best is None:
        return Seen(agreed=False)
    _put(cell, best)
    return Seen(agreed=False, others=tuple(sorted(set(told) - {best.value})))


def _value(lines: Sequence[str]) -> Figure | None:
    """The figure in some lines; None where there is none or several."""
    figures = [figure for line in lines if (figure := amount(line)) is not None]
    return figures[0] if len(figures) == 1 else None


def _put(cell: Cell, figure: Figure) -> None:
    cell.text = figure.cell.text
    cell.lines = (cell.text,)


def words_in(words: Sequence[Word], box: Box) -> list[Word]:
    """The words whose middle lies in a box, from left to right."""
    middle, reach = (box.top + box.bottom) / 2, (box.bottom - box.top) * _REACH
    found = [
        word
        for word in words
        if box.left - _NEAR <= (word.box.left + word.box.right) / 2 <= box.right + _NEAR
        and abs((word.box.top + word.box.bottom) / 2 - middle) <= reach
    ]
    return sorted(found, key=lambda word: word.box.left)


def overlaps(word: Word, others: Sequence[Word]) -> bool:
    """Whether a word stands where another one does."""
    return any(
        _share(word.box.left, word.box.right, each.box.left, each.box.right) > _SHARED
        and _share(word.box.top, word.box.bottom, each.box.top, each.box.bottom) > _SHARED
        for each in others
    )


def _share(start: float, end: float, other_start: float, other_end: float) -> float:
    """The common part of two stretches, as a share of the shorter."""
    return (min(end, other_end) - max(start, other_start)) / max(min(end - start, other_end - other_start), 0.1)
