"""The few properties of a page's style that say where things stand and whether they are seen at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

_WANTED = frozenset(
    {"position", "left", "top", "bottom", "width", "display", "visibility", "text-align", "float", "white-space"}
)
_PRINT_ONLY = re.compile(r"@media\s+print\b")
_SCREEN_ONLY = re.compile(r"@media\s+screen\b|@supports\b")
_HIDES = re.compile(r"display\s*:\s*none")
_SELECTED = re.compile(r"(?:^|[\s>+~])[\w-]*([.#][\w-]+)$")
_LENGTH = re.compile(r"\s*(-?\d{0,6}(?:\.\d{1,12})?)\s*(px|pt|in|cm|mm|em|rem|%)?\s*$")
_POINTS = {"px": 0.75, "pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "em": 9.0, "rem": 9.0}
_MOST_STYLE = 2_000_000
_LONGEST_SELECTOR = 200

Properties = dict[str, str]


@dataclass(frozen=True, slots=True)
class Length:
    """A length: points, or a share of what holds it."""

    value: float
    share: bool


@lru_cache(maxsize=20_000)
def length(text: str | None) -> Length | None:
    """`12.5pt`, `100px`, `3in`, `40%`; None for anything else."""
    match = _LENGTH.match(text or "")
    if match is None or match[1] in {"", "-", ".", "-."}:
        return None
    if match[2] == "%":
        return Length(float(match[1]) / 100, share=True)
    return Length(float(match[1]) * _POINTS[match[2] or "px"], share=False)


class Styles:
    """Gives the properties of elements: those of their classes and id, then their own."""

    def __init__(self, root: etree._Element) -> None:
        self._rules: dict[str, Properties] = {}
        self._known: dict[tuple[str, str, str], Properties] = {}
        for element in root.iter("{*}style"):
            self._add("".join(str(text) for text in element.itertext())[:_MOST_STYLE])

    def _add(self, sheet: str) -> None:
        for selectors, body in _rules(_without_comments(sheet)):
            if properties := _properties(body):
                for selector in selectors.split(","):
                    if match := _SELECTED.search(selector.strip()[-_LONGEST_SELECTOR:]):
                        self._rules.setdefault(match[1], {}).update(properties)

    def of(self, element: etree._Element) -> Properties:
        """The wanted properties of an element; what it inherits is not among them."""
        key = element.get("class") or "", element.get("id") or "", element.get("style") or ""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._merged(*key)
        return known

    def _merged(self, classes: str, identity: str, own: str) -> Properties:
        merged: Properties = {}
        for name in classes.split():
            merged |= self._rules.get(f".{name}", {})
        if identity:
            merged |= self._rules.get(f"#{identity}", {})
        return merged | _properties(own)


def _without_comments(sheet: str) -> str:
    first, *others = sheet.split("/*")
    return first + "".join(other.partition("*/")[2] for other in others)


def _rules(sheet: str) -> Iterator[tuple[str, str]]:
    """Selectors and body of each rule; linear in the length of the sheet.

    Rules for paper alone are left out, since they move what the others place; so are those that hide something on a
    screen alone, such as the title of a statement that is a running head on paper.
    """
    depth = 0
    paper: int | None = None
    screen: int | None = None
    for piece in sheet.split("}"):
        *outer, selectors, body = ["", *piece.split("{")] if "{" in piece else ["", "", ""]
        if paper is None and any(_PRINT_ONLY.search(each) for each in outer):
            paper = depth
        if screen is None and any(_SCREEN_ONLY.search(each) for each in outer):
            screen = depth
        if paper is None and body and not (screen is not None and _HIDES.search(body)):
            yield selectors, body
        depth += piece.count("{") - 1
        if paper is not None and depth <= paper:
            paper = None
        if screen is not None and depth <= screen:
            screen = None


def _properties(body: str) -> Properties:
    found: Properties = {}
    for declaration in body.split(";"):
        name, colon, value = declaration.partition(":")
        if colon and (name := name.strip().lower()) in _WANTED:
            found[name] = value.replace("!important", "").strip().lower()
    return found
