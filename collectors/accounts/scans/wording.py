"""Captions that the careful engine misread and the quick one did not: known words are not read by chance."""

from collections.abc import Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from collectors.accounts.blocks import LONGEST_HEADING
from collectors.accounts.captions import ANYWHERE, Kind, captions, plain_words
from collectors.accounts.cells import Row
from collectors.accounts.scans.engines import Word
from collectors.accounts.scans.places import Box
from collectors.accounts.scans.settle import words_in
from collectors.accounts.scans.spelling import spelt

_KINDS: tuple[Kind, ...] = ("profit_and_loss", "balance_sheet", "cash_flow", "notes")
_ALIKE = 85.0
"""Of 100, spaces left out: less, and the engines did not read the same words."""
_LEAST_LETTERS = 6
_CACHED = 20_000


def second_opinion(rows: Sequence[Row], boxes: dict[str, Box], quick: Sequence[Word]) -> None:
    """Put known captions in place of such as no statement has.

    Args:
        rows: of the page as the careful engine read it. Changed.
        boxes: of the cells on the upright page, by their place.
        quick: what the quick engine read on it.
    """
    for row in rows:
        for cell in row.cells:
            box = boxes.get(str(cell.element))
            letters = sum(character.isalpha() for character in cell.text)
            if box is None or letters < _LEAST_LETTERS or len(cell.text) > LONGEST_HEADING or _known(cell.text):
                continue
            other = spelt(" ".join(word.text for word in words_in(quick, box)))
            if len(other) <= LONGEST_HEADING and _alike(cell.text, other) and _known(other):
                cell.text = other
                cell.lines = (other,)


def _alike(one: str, other: str) -> bool:
    return fuzz.ratio(_together(one), _together(other)) >= _ALIKE


def _together(text: str) -> str:
    return plain_words(text).replace(" ", "")


@lru_cache(maxsize=_CACHED)
def _known(text: str) -> bool:
    """Whether a text is a line, a section or a heading of any statement."""
    words, table = plain_words(text), captions()
    if table.heading(words):
        return True
    return any(
        table.section(kind, words)
        or any(table.line(kind, name, words) for name in (ANYWHERE, *(each.name for each in table.sections[kind])))
        for kind in _KINDS
    )
