"""From a locator to the elements or the words of a filed page that it names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Final

from lxml import etree

from collectors.accounts.catalogue import catalogue
from collectors.accounts.cells import Cell, element_name, one_line, path
from collectors.accounts.figures import read_figure
from collectors.accounts.parse import Parsed
from collectors.accounts.styles import Styles
from collectors.accounts.tags import TaggedFact, read_tags
from collectors.accounts.texts import all_text, inner_text, quick_page
from collectors.showing.markup import is_unseen
from collectors.showing.texts import Piece, Texts, page_line

_PRINTED: Final = re.compile(r".*, column \d+: (?P<path>[^:]*)$", re.DOTALL)
_LINE: Final = re.compile(r"text line (\d{1,7})$")
_STEP: Final = re.compile(r"(?P<name>[^\[\]/]+)(?:\[(?P<place>\d{1,6})\])?$")
_BARE: Final = r"[£$€]?[-\u2010-\u2015\u2212]?[£$€]?\d[\d,]*(?:\.\d+)?"
_NUMBER: Final = re.compile(rf"[(\[]\s?{_BARE}\s?[)\]]|{_BARE}")
_NIL: Final = re.compile(r"[£$€]?[-\u2010-\u2015\u2212]|\bnil\b", re.IGNORECASE)
_AND: Final = " + "
"""Between the places of the terms of a derived figure."""
_SCALES: Final = (0, 3, 6)
_SHORT: Final = 60
"""Characters of a cell; a longer text is a paragraph, of which only the figure is marked."""
_NEAR: Final = 4
_CELL_NAMES: Final = frozenset({"td", "th"})


@dataclass(frozen=True, slots=True)
class Place:
    """What is to be shown.

    Attributes:
        locator: as the row read from the document gives it.
        title: what it is, in words.
        value: the figure, in pounds or a count, where it is known; finds it among others in one cell.
        words: caption or sentence as printed, or the field of a table's row, where it is known.
    """

    locator: str
    title: str = ""
    value: float | None = None
    words: str | None = None


@dataclass(slots=True)
class Target:
    """What a place is on the page.

    Attributes:
        place: what was asked for.
        element: the element that holds it, marked as a whole unless there are pieces.
        pieces: the parts of texts to mark instead.
        text: what is highlighted, as printed.
        hidden: true where no reader of the page sees it.
        name: of the tag, where it is tagged.
    """

    place: Place
    element: etree._Element
    pieces: list[Piece] = field(default_factory=list)
    text: str = ""
    hidden: bool = False
    name: str = ""


class Finder:
    """Finds places in one document.

    Args:
        parsed: the document.
        content: its bytes.
    """

    def __init__(self, parsed: Parsed, content: bytes) -> None:
        self.root = parsed.root
        self._mended = bool(parsed.mended)
        self._content = content

    @cached_property
    def facts(self) -> dict[str, TaggedFact]:
        """Tagged facts by locator."""
        tagged = read_tags(self.root, catalogue().texts, mended=self._mended)
        return {fact.locator: fact for fact in tagged.facts}

    @cached_property
    def _styles(self) -> Styles:
        return Styles(self.root)

    @cached_property
    def _texts(self) -> Texts:
        return Texts(self.root)

    @cached_property
    def _page(self) -> str:
        encoding = self.root.getroottree().docinfo.encoding or "utf-8"
        return quick_page(self._content, encoding).text

    def find(self, place: Place) -> list[Target]:
        """What a place is on the page: several targets for a figure that is derived, none where it is not found."""
        parts = place.locator.split(_AND)
        if len(parts) == 1 or place.locator in self.facts:
            target = self._one(place, place.locator)
            return [] if target is None else [target]
        found = [self._one(Place(part, place.title), part) for part in parts]
        return [replace(target, place=place) for target in found if target is not None]

    def _one(self, place: Place, locator: str) -> Target | None:
        fact = self.facts.get(locator)
        if fact is not None:
            hidden = fact.hidden or self.unseen(fact.element)
            text = one_line(inner_text(fact.element))
            return Target(place, fact.element, text=text, hidden=hidden, name=fact.concept)
        if match := _PRINTED.match(locator):
            element = find_path(self.root, match["path"])
            return None if element is None else self._printed(place, element)
        if match := _LINE.match(locator):
            return self._sentence(place, int(match[1]))
        return None

    def unseen(self, element: etree._Element) -> bool:
        """Whether an element is not on the page: in the header of the tags, or styled away."""
        current: etree._Element | None = element
        while current is not None:
            properties = self._styles.of(current)
            if properties.get("display") == "none" or properties.get("visibility") == "hidden" or is_unseen(current):
                return True
            current = current.getparent()
        return False

    # Printed figures

    def _printed(self, place: Place, element: etree._Element) -> Target | None:
        """The figure in its cell, in one after it (a currency sign or a bracket may have its own), or in a text."""
        for cell in _cells_from(element):
            text = one_line(Texts(cell).text)
            if len(text) <= _SHORT and self._is_figure(text, cell, place.value):
                return Target(place, cell, text=text, hidden=self.unseen(cell))
            if pieces := self._figure_in(cell, place):
                return Target(place, cell, pieces, _text_of(pieces), hidden=self.unseen(cell))
        text = one_line(all_text(element))
        return Target(place, element, text=text) if len(text) <= _SHORT else None

    @staticmethod
    def _is_figure(text: str, cell: etree._Element, value: float | None) -> bool:
        figure = read_figure(Cell(text, 0.0, 1.0, cell, (text,)))
        return figure is not None and (value is None or _same(figure.value, value))

    @staticmethod
    def _figure_in(element: etree._Element, place: Place) -> list[Piece]:
        """The parts of texts in an element that print the value, after the caption where that is there too."""
        if place.value is None:
            return []
        texts = Texts(element)
        start = 0
        if place.words and (found := texts.find(place.words)):
            start = found[0]
        for match in _NUMBER.finditer(texts.text, start):
            if (number := _number(match[0])) is not None and _same(number, place.value):
                return texts.pieces(match.start(), match.end())
        if not place.value and (nil := _NIL.search(texts.text, start)):
            return texts.pieces(nil.start(), nil.end())
        return []

    # Sentences

    def _sentence(self, place: Place, number: int) -> Target | None:
        """The words said, or the line they stand on."""
        line, earlier = page_line(self._page, number)
        for words, passed in ((place.words or "", 0), (line, earlier)):
            found = self._texts.find(words, passed)
            if found is not None:
                pieces = self._texts.pieces(*found)
                if pieces:
                    return Target(place, pieces[0].element, pieces, _text_of(pieces))
        return None


def find_path(root: etree._Element, steps: str) -> etree._Element | None:
    """The element that `collectors.accounts.cells.path` names; None where there is none."""
    candidates: list[etree._Element] = [root]
    for step in steps.split("/") if steps else []:
        match = _STEP.match(step)
        if match is None:
            return None
        candidates = [child for parent in candidates for child in _children(parent, match["name"], match["place"])]
    return next((element for element in candidates if path(element) == steps), None)


def _children(parent: etree._Element, name: str, place: str | None) -> Sequence[etree._Element]:
    named = [child for child in parent if isinstance(child.tag, str) and element_name(child) == name]
    counts: dict[str, int] = {}
    found = []
    for child in named:
        counts[str(child.tag)] = counts.get(str(child.tag), 0) + 1
        if counts[str(child.tag)] == int(place or 1):
            found.append(child)
    return found


def _cells_from(element: etree._Element) -> list[etree._Element]:
    """An element and, where it is a cell or a block beside others, the few after it."""
    after = [each for each in element.itersiblings() if isinstance(each.tag, str)]
    return [element, *after[:_NEAR]]


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(re.sub(r"[^\d.]", "", text).strip("."))
    except InvalidOperation:
        return None


def _same(number: Decimal, value: float) -> bool:
    """Whether a printed number is a value, in units, thousands or millions, whatever its sign."""
    return any(abs(float(abs(number).scaleb(scale)) - abs(value)) < 0.005 for scale in _SCALES)  # noqa: PLR2004  half a penny


def _text_of(pieces: Sequence[Piece]) -> str:
    found = []
    for piece in pieces:
        text = piece.element.text if piece.which == "text" else piece.element.tail
        found.append((text or "")[piece.start : piece.end])
    return one_line("".join(found))


def row_of(element: etree._Element) -> etree._Element | None:
    """The row of a table that an element stands in; None outside a table."""
    current: etree._Element | None = element
    while current is not None:
        name = element_name(current)
        if name == "tr":
            return current
        if name in {"table", "body"}:
            return None
        current = current.getparent()
    return None
