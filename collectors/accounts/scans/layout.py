"""Words with boxes to rows of cells, as the statement reader takes them."""

import re
from collections.abc import Iterable, Iterator
from statistics import median

from collectors.accounts.cells import Cell, Row
from collectors.accounts.scans.engines import Word, apart
from collectors.accounts.scans.places import Box, Place
from collectors.accounts.scans.upright import Frame

_SAME_LINE = 0.5
"""Of the height of a line: words whose middles differ by less stand on one line."""
_SPACE = 0.85
"""Of the height of a line: a wider gap parts two cells."""
_GROUPED = r"[(\[-]?\s?[£$€]?\s?\d{1,3}(?:[,.]\d{3})+[)\]]?"
_SEVERAL = re.compile(
    rf"(?:(?P<first>.*?[A-Za-z].*?)\s+)?"
    rf"(?P<figures>(?:{_GROUPED}|(?<=\s)[-\u2013\u2014])(?:\s+(?:{_GROUPED}|[-\u2013\u2014]))+)"
)
_ONE = re.compile(rf"(?P<first>.*[A-Za-z)].*?|\d{{1,2}}[.,]?)\s+(?P<figures>{_GROUPED})")
_NOTE = re.compile(r"(?P<first>.*[a-z]{3}) ?(?P<figures>\d{1,2})")
"""A caption with the number of its note close behind it; a year or a day has a space or a month's name before it."""
_FIGURE = re.compile(rf"{_GROUPED}|[-\u2013\u2014]")
_THOUSANDS = re.compile(r"[£EeL\u20ac]\s?['\u2018\u2019`\u00b4*\"7]{0,2}\s?[0Oo]{3}['\u2019]?s?[\s.,_~-]*")
"""`£'000`, as engines read it."""
_POUND = frozenset("fE")
"""A pound sign alone, as engines read it."""
_PERIODS = re.compile(r"(?:[A-Za-z.']+ ?)?(?:19|20)\d\d(?: (?:[A-Za-z.']+ ?)?(?:19|20)\d\d)+")
_PERIOD = re.compile(r"(?:[A-Za-z.']+ ?)?(?:19|20)\d\d")
"""Column headings that stand close, such as `Group 2023 Group 2022`."""
_MONTHS = re.compile(r"\b(?:to|and|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)
_PARTS = re.compile(rf"{_GROUPED}|[-\u2013\u2014]|\d{{1,2}}")
_READ_WRONG = str.maketrans(
    {"\uff08": "(", "\uff09": ")", "\uff0c": ",", "\u3001": ",", "\uff1a": ":", "\u00a3": "£", "\uff0e": "."}
)


def rows(words: Iterable[Word], page: int, frame: Frame) -> tuple[list[Row], dict[str, Box]]:
    """The rows of a page from top to bottom.

    Returns:
        The rows, their cells placed on the page as filed, and the box of each cell on the upright page by its place.
    """
    boxes: dict[str, Box] = {}
    found = []
    for line in lines([part for word in words for part in _parts(word)]):
        cells = []
        for text, box in _cells(line):
            place = str(Place(page, frame.to_page(box)))
            boxes[place] = box
            cells.append(Cell(text, box.left, box.right, place, (text,)))
        found.append(Row(cells, "points"))
    return found, boxes


def lines(words: Iterable[Word]) -> list[list[Word]]:
    """Words by the line they stand on, each from left to right."""
    found: list[list[Word]] = []
    middles: list[float] = []
    words = sorted(words, key=lambda word: (_middle(word), word.box.left))
    height = median([word.box.bottom - word.box.top for word in words]) if words else 0.0
    for word in words:
        if found and _middle(word) - middles[-1] <= height * _SAME_LINE:
            found[-1].append(word)
            middles[-1] = sum(map(_middle, found[-1])) / len(found[-1])
        else:
            found.append([word])
            middles.append(_middle(word))
    return [sorted(line, key=lambda word: word.box.left) for line in found]


def _middle(word: Word) -> float:
    return (word.box.top + word.box.bottom) / 2


def _parts(word: Word) -> Iterator[Word]:
    """A piece that holds a caption and figures, or several figures, is cut into cells."""
    text = word.text.translate(_READ_WRONG)
    text = "£'000" if _THOUSANDS.fullmatch(text) else "£" if text in _POUND else text
    word = Word(text, word.box, word.score)
    if _PERIODS.fullmatch(text) and not _MONTHS.search(text):
        ends = [part.end() for part in _PERIOD.finditer(text)]
        yield from apart(word, [end - start for start, end in zip([0, *ends], ends, strict=False)])
        return
    match = _SEVERAL.fullmatch(text) or _ONE.fullmatch(text) or _noted(text)
    if match is None:
        yield word
        return
    ends = [match.end("first")] if match["first"] else []
    ends += [match.start("figures") + part.end() for part in _PARTS.finditer(match["figures"])]
    yield from apart(word, [end - start for start, end in zip([0, *ends], ends, strict=False)])


def _noted(text: str) -> re.Match[str] | None:
    """A caption that runs into the number of its note, such as `falling due within one year16`."""
    match = _NOTE.fullmatch(text)
    return match if match and not text[match.end("first")].isspace() else None


def _cells(line: list[Word]) -> list[tuple[str, Box]]:
    cells: list[tuple[str, Box]] = []
    height = median([word.box.bottom - word.box.top for word in line])
    for word in line:
        if cells and word.box.left - cells[-1][1].right <= height * _SPACE and not _apart(cells[-1][0], word.text):
            text, box = cells[-1]
            cells[-1] = f"{text} {word.text}", box.joined(word.box)
        else:
            cells.append((word.text, word.box))
    return cells


def _apart(before: str, after: str) -> bool:
    """Two grouped figures are never one, however close they stand, nor are two years with a word each."""
    if _PERIOD.fullmatch(before) and _PERIOD.fullmatch(after) and not _MONTHS.search(after):
        return True
    return bool(_FIGURE.fullmatch(before) and _FIGURE.fullmatch(after))
