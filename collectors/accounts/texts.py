"""Text of elements: what a tag holds, what stands around it, and the page as lines."""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

_EXCLUDE = "}exclude"
BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article blockquote br caption center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li "
        "main nav ol p pre section table tbody td tfoot th thead tr ul",
    )
)
_CELLS = frozenset({"td", "th"})
UNSEEN = frozenset({"head", "script", "style", "title"})
UNSEEN_TAGS = (
    "{http://www.xbrl.org/2013/inlineXBRL}header",
    "{http://www.xbrl.org/2008/inlineXBRL}header",
    "ix:header",
)
_BLANKS = re.compile(r"[ \t\r\f\v\u00a0\u2007\u2009\u202f\u200b]+")
_LEVELS_UP = 3
_STRAIGHT = str.maketrans({"\u2019": "'", "\u2018": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})


def straight(text: str) -> str:
    """Text with typewriter quotes and dashes, so that patterns need not spell the others."""
    return text.translate(_STRAIGHT)


def all_text(element: etree._Element) -> str:
    """Every piece of text in an element, as it stands; of an entity that nobody declared the character it names."""
    if element.tag is etree.Entity:
        return html.unescape(element.text or "")
    return "".join(str(piece) for piece in element.itertext())


def inner_text(element: etree._Element) -> str:
    """Text inside a tag as it stands, without what is excluded."""
    if not len(element):
        return element.text or ""
    parts: list[str] = []
    _gather(element, parts)
    return "".join(parts)


def prose(element: etree._Element) -> str:
    """Text inside a tag in one line, words of neighbouring blocks kept apart."""
    parts: list[str] = []
    _gather(element, parts, apart=True)
    return " ".join("".join(parts).split())


def _gather(element: etree._Element, parts: list[str], *, apart: bool = False) -> None:
    """Text in reading order, without what is excluded; `apart` puts a space around each block."""
    block = apart and _name(element) in BLOCKS
    if block:
        parts.append(" ")
    if element.text:
        parts.append(element.text)
    for child in element:
        if child.tag is etree.Entity:
            parts.append(html.unescape(child.text or ""))
        elif isinstance(child.tag, str) and not child.tag.endswith(_EXCLUDE):
            _gather(child, parts, apart=apart)
        if child.tail:
            parts.append(child.tail)
    if block:
        parts.append(" ")


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def before(element: etree._Element) -> str:
    """The text that stands just before a tag in its cell or paragraph, spaces dropped; empty for none."""
    current: etree._Element | None = element
    for _ in range(_LEVELS_UP):
        if current is None:
            break
        sibling = current.getprevious()
        while sibling is not None:
            text = (sibling.tail or "").rstrip() or all_text(sibling).rstrip()
            if text.strip():
                return text.strip()
            sibling = sibling.getprevious()
        current = current.getparent()
        if current is None:
            break
        if (current.text or "").strip():
            return (current.text or "").strip()
        if _name(current) in BLOCKS:
            break
    return ""


_UNSEEN_PARTS = (
    (
        re.compile(r"<(?:\w+:)?header\b(?=[^<>]*>\s*<(?:\w+:)?(?:hidden|references|resources)\b)"),
        re.compile(r"</(?:\w+:)?header\s*>"),
    ),
    (re.compile(r"<head\b"), re.compile(r"</head\s*>")),
    (re.compile(r"<script\b"), re.compile(r"</script\s*>")),
    (re.compile(r"<style\b"), re.compile(r"</style\s*>")),
    (re.compile(r"<!--"), re.compile(r"-->")),
)
"""Where what no reader sees begins and ends; a `header` only where it is that of the tags."""
_CELL_EDGE = re.compile(r"</?t[dh]\b[^<>]*>", re.IGNORECASE)
_BLOCK_EDGE = re.compile(
    rf"</?(?:{'|'.join(sorted(BLOCKS - {'td', 'th'}, key=len, reverse=True))})\b[^<>]*>", re.IGNORECASE
)
_LONGEST_PART = 500_000
_SHORT = 40
_ANY_TAG = re.compile(r"<[^<>]*>")


@dataclass(slots=True)
class Page:
    """The page as a reader sees it: one line for each block, cells of a row on one line.

    Attributes:
        text: the lines, joined by newlines.
        places: for each element asked for, where it begins in the text.
    """

    text: str = ""
    places: dict[etree._Element, int] = field(default_factory=dict)
    _starts: list[int] = field(default_factory=list)

    def line_number(self, place: int) -> int:
        """Number of the line that holds a place, from 1."""
        if not self._starts:
            self._starts.append(0)
            self._starts.extend(match.end() for match in re.finditer("\n", self.text))
        return bisect_right(self._starts, place)


class _Renderer:
    """Gathers the text of a page. What a tag means and how a short text reads are remembered: pages repeat both."""

    def __init__(self, wanted: set[etree._Element]) -> None:
        self.parts: list[str] = []
        self.length = 0
        self.wanted = wanted
        self.tags_wanted = {element.tag for element in wanted}
        self.places: dict[etree._Element, int] = {}
        self.edges: dict[str, str | None] = {}
        self.short: dict[str, str] = {}

    def add(self, text: str) -> None:
        if text:
            self.parts.append(text)
            self.length += len(text)

    def edge(self, tag: str) -> str | None:
        """What stands before and after an element; None for one that no reader sees."""
        name = tag.rpartition("}")[2]
        if name in UNSEEN or tag in UNSEEN_TAGS:
            return None
        return "" if name not in BLOCKS else (" \t " if name in _CELLS else "\n")

    def line(self, text: str) -> str:
        """Source line breaks are spaces on the page."""
        if len(text) > _SHORT:
            return _BLANKS.sub(" ", text.replace("\n", " "))
        known = self.short.get(text)
        if known is None:
            known = self.short[text] = _BLANKS.sub(" ", text.replace("\n", " "))
        return known

    def walk(self, element: etree._Element) -> None:
        tag = str(element.tag)
        if tag not in self.edges:
            self.edges[tag] = self.edge(tag)
        edge = self.edges[tag]
        if edge is None:
            return
        self.add(edge)
        if tag in self.tags_wanted and element in self.wanted:
            self.places[element] = self.length
        if element.text:
            self.add(self.line(element.text))
        for child in element:
            if child.tag is etree.Entity:
                self.add(html.unescape(child.text or ""))
            elif isinstance(child.tag, str):
                self.walk(child)
            if child.tail:
                self.add(self.line(child.tail))
        self.add(edge)


def page(root: etree._Element, wanted: set[etree._Element] | None = None) -> Page:
    """Render a document as text, and say where the elements wanted stand in it."""
    renderer = _Renderer(wanted or set())
    renderer.walk(root)
    return Page("".join(renderer.parts), renderer.places)


def quick_page(content: bytes, encoding: str = "utf-8") -> Page:
    """The page as text, from the bytes: ten times faster than from the elements, without their places."""
    try:
        source = content.decode(encoding, errors="replace")
    except LookupError:
        source = content.decode(errors="replace")
    for begins, ends in _UNSEEN_PARTS:
        source = _without(source, begins, ends)
    parts: list[str] = []
    for part in map(_without_tags, _in_parts(source)):
        again = parts and parts[-1].endswith(" ") and part.startswith(" ")  # one run of blanks, cut in two
        parts.append(part[1:] if again else part)
    return Page("".join(parts))


def _without_tags(source: str) -> str:
    source = source.replace("\n", " ")
    source = _ANY_TAG.sub("", _BLOCK_EDGE.sub("\n", _CELL_EDGE.sub(" \t ", source)))
    return _BLANKS.sub(" ", html.unescape(source))


def _in_parts(source: str) -> Iterator[str]:
    """The source cut before tags into parts: replacing takes ten times their memory."""
    place = 0
    while len(source) - place > _LONGEST_PART:
        cut = source.find("<", place + _LONGEST_PART)
        if cut < 0:
            break
        yield source[place:cut]
        place = cut
    yield source[place:] if place else source


def _without(source: str, begins: re.Pattern[str], ends: re.Pattern[str]) -> str:
    """Text without the parts between a beginning and an end. A part that never ends is left, in linear time."""
    kept: list[str] = []
    place = 0
    while (begin := begins.search(source, place)) and (end := ends.search(source, begin.end())):
        kept.append(source[place : begin.start()])
        place = end.end()
    kept.append(source[place:])
    return " ".join(kept)
