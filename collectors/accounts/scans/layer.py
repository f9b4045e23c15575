"""The text layer of a PDF: characters to words with boxes. It is exact, and costs a hundredth of a picture."""

from collections.abc import Iterator, Sequence
from statistics import median

from collectors.accounts.scans.engines import Word
from collectors.accounts.scans.layout import lines
from collectors.accounts.scans.paper import Character
from collectors.accounts.scans.places import Box

_SAME_LINE = 0.5
_GAP = 0.12
"""Of the height of a character: a wider gap parts two words. A kerned pair, as in `TOTAL ASSETS`, leaves so little."""
_TOUCHING = 0.04
"""Of the height: so near are letters of one word that are stored far apart."""
_LEAST = 40
"""Characters from which on a page has a text layer; fewer are a stamp or a page number on a picture."""


def words(characters: Sequence[Character]) -> list[Word]:
    """The words of a page; none where it has no text layer worth the name."""
    if sum(not each.text.isspace() for each in characters) < _LEAST:
        return []
    return list(_whole([_word(letters) for letters in _runs(characters) if letters]))


def _whole(words: Sequence[Word]) -> Iterator[Word]:
    """Words from the top down, with those whose letters are not stored together put together."""
    for line in lines(words):
        held = line[0]
        for word in line[1:]:
            if abs(word.box.left - held.box.right) <= _TOUCHING * (word.box.bottom - word.box.top):
                held = Word(held.text + word.text, held.box.joined(word.box), 1.0)
            else:
                yield held
                held = word
        yield held


def _runs(characters: Sequence[Character]) -> Iterator[list[Character]]:
    """Characters that stand together, in the order they are stored."""
    run: list[Character] = []
    for each in characters:
        if each.text.isspace() or not each.text.isprintable():
            yield run
            run = []
            continue
        if run and not _together(run[-1], each):
            yield run
            run = []
        run.append(each)
    yield run


def _together(before: Character, after: Character) -> bool:
    height = max(before.bottom - before.top, after.bottom - after.top, 1.0)
    level = abs((before.top + before.bottom) - (after.top + after.bottom)) / 2 <= height * _SAME_LINE
    return level and -height <= after.left - before.right <= height * _GAP


def _word(run: list[Character]) -> Word:
    box = Box(
        min(each.left for each in run),
        median([each.top for each in run]),
        max(each.right for each in run),
        median([each.bottom for each in run]),
    )
    return Word("".join(each.text for each in run), box, 1.0)
