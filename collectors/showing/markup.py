"""A filed page written anew from what is known to be harmless, with marks around figures.

Nothing is taken away from the source: elements, attributes and styles are copied only if they are on a list. Scripts,
handlers, addresses, forms, frames, drawings and the header of the tags never are. Every visible text is kept.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from lxml import etree

from collectors.accounts.texts import BLOCKS, UNSEEN_TAGS
from collectors.showing.styles import clean_declarations, clean_sheet

Which = Literal["text", "tail"]
_KEPT: Final = frozenset(
    re.findall(
        r"[\w-]+",
        "abbr address article aside b big blockquote br caption center cite code col colgroup dd del dfn div dl "
        "dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main nav ol p pre q s samp "
        "section small span strike strong sub sup table tbody td tfoot th thead time tr tt u ul var wbr",
    )
)
_AS_BLOCK: Final = frozenset(
    {"body", "html", "form", "fieldset", "noscript", "noframes", "legend", "details", "summary"}
)
_LEFT_OUT: Final = frozenset(
    re.findall(
        r"[\w-]+",
        "applet area audio base canvas embed frame frameset head iframe link map math meta noembed object param "
        "picture script source style svg template title track video",
    )
)
_VOID: Final = frozenset({"br", "hr", "col", "wbr"})
_ATTRIBUTES: Final = frozenset(
    re.findall(
        r"[\w-]+",
        "align bgcolor border cellpadding cellspacing class colspan dir face headers height id lang noshade "
        "nowrap rowspan scope size span start style title type valign width",
    )
)
_TABLES: Final = frozenset({"table", "tbody", "thead", "tfoot"})
_IN_TABLE: Final = frozenset({"tr", "tbody", "thead", "tfoot", "caption", "colgroup", "col"})
_CELLS: Final = frozenset({"td", "th"})
_PLACES: Final[Mapping[str, frozenset[str]]] = {
    "tr": _TABLES,
    "td": _TABLES | {"tr"},
    "th": _TABLES | {"tr"},
    "tbody": frozenset({"table"}),
    "thead": frozenset({"table"}),
    "tfoot": frozenset({"table"}),
    "caption": frozenset({"table"}),
}
"""Where a part of a table may stand; elsewhere it is a block."""
_INLINE_TAGS: Final = frozenset(
    {"nonfraction", "nonnumeric", "fraction", "numerator", "denominator", "continuation", "exclude"}
)
_TAG_HEADER: Final = frozenset({"hidden", "references", "resources"})
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DATA_IMAGE: Final = re.compile(r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_OURS: Final = re.compile(r"\boversight-", re.IGNORECASE)
_LONGEST_ATTRIBUTE: Final = 5_000
_LETTERS: Final = re.compile(r"[a-z][a-z0-9]*")


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on the page.

    Attributes:
        anchor: id of the first piece it is put around.
        title: what it is, in words.
    """

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Marks:
    """Where marks go.

    Attributes:
        elements: around all that an element holds.
        ranges: around parts of a text: element, and whether its text or the text after it; then start, end and mark.
        rows: elements to be shown as the row of a figure.
    """

    elements: Mapping[etree._Element, Mark] = field(default_factory=dict)
    ranges: Mapping[tuple[etree._Element, Which], Sequence[tuple[int, int, Mark]]] = field(default_factory=dict)
    rows: frozenset[etree._Element] = frozenset()


def safe_text(text: str) -> str:
    """Text as HTML: escaped, without characters that no page may hold."""
    return html.escape(_UNWRITABLE.sub("", text), quote=True)


def write_page(root: etree._Element, marks: Marks) -> tuple[str, str]:
    """The styles and the body of a page, as HTML; the body's outermost element is a `div`."""
    sheets = "".join(
        clean_sheet("".join(str(text) for text in element.itertext()))
        for element in root.iter("{*}style")
        if isinstance(element.tag, str)
    )
    return sheets, _Writer(marks).write(root)


def local(element: etree._Element) -> str:
    """Local name in lower case, also where the markup lost its namespace."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2].lower()


def is_unseen(element: etree._Element) -> bool:
    """True for the header of the tags and for what no reader of a page sees."""
    name = local(element)
    if element.tag in UNSEEN_TAGS or name in _LEFT_OUT:
        return True
    return name in {"header", "hidden"} and (
        name == "hidden" or any(isinstance(child.tag, str) and local(child) in _TAG_HEADER for child in element)
    )


@dataclass(frozen=True, slots=True)
class _Text:
    """A text still to be written: whose it is, and in which element."""

    element: etree._Element
    which: Which
    within: str


_Step = str | _Text | tuple[etree._Element, str]  # noqa: SLF001 - lxml has no other name for it


class _Writer:
    """Writes elements from a stack of what is still to be written, so that no depth is too deep."""

    def __init__(self, marks: Marks) -> None:
        self.parts: list[str] = []
        self.marks = marks
        self.used: set[str] = set()
        self.pending: list[Mark] = []
        self.stack: list[_Step] = []

    def write(self, root: etree._Element) -> str:
        """An element with all below it."""
        self.stack.append((root, "div"))
        while self.stack:
            step = self.stack.pop()
            if isinstance(step, str):
                self.parts.append(step)
            elif isinstance(step, _Text):
                self._text_of(step)
            else:
                self._child(*step)
        return "".join(self.parts)

    def _child(self, element: etree._Element, within: str) -> None:
        if element.tag is etree.Entity:
            self._text(html.unescape(element.text or ""), within)
        elif isinstance(element.tag, str) and not is_unseen(element):
            self._element(element, local(element), within)

    def _element(self, element: etree._Element, name: str, within: str) -> None:
        if name == "img":
            self._image(element, within)
            return
        mark = self.marks.elements.get(element)
        written = self._written(element, name, within)
        if written is None:
            self._inside(element, within, mark, "")
            return
        before, after = _wrapping(written, within)
        self.parts.append(before + self._opening(element, written))
        if written in _VOID:
            self.parts.append(after)
            return
        if mark is None and self.pending and written in _CELLS:
            mark = self.pending.pop()
        self._inside(element, written, mark, f"</{written}>{after}")

    def _inside(self, element: etree._Element, within: str, mark: Mark | None, closing: str) -> None:
        """Put on the stack what an element holds, in a mark where it has one; a mark of rows goes to their cell."""
        if mark is not None and within in _TABLES | {"tr"}:
            self.pending.append(mark)
        elif mark is not None:
            self.parts.append(self._open_mark(mark))
            closing = f"</mark>{closing}"
        steps: list[_Step] = [_Text(element, "text", within)]
        for child in element:
            steps += [(child, within), _Text(child, "tail", within)]
        steps.append(closing)
        self.stack += reversed(steps)

    def _text_of(self, step: _Text) -> None:
        text = step.element.text if step.which == "text" else step.element.tail
        if text:
            self._text(text, step.within, self.marks.ranges.get((step.element, step.which), ()))

    def _text(self, text: str, within: str, ranges: Sequence[tuple[int, int, Mark]] = ()) -> None:
        """A text with the marks in it; between rows and cells it is given a cell of its own."""
        pieces: list[str] = []
        place = 0
        for start, end, mark in sorted(ranges, key=lambda each: each[0]):
            if start >= place and end > start:
                pieces += [safe_text(text[place:start]), self._open_mark(mark), safe_text(text[start:end]), "</mark>"]
                place = end
        pieces.append(safe_text(text[place:]))
        before, after = _wrapping("", within) if text.strip() else ("", "")
        self.parts += [before, *pieces, after]

    @staticmethod
    def _written(element: etree._Element, name: str, within: str) -> str | None:
        """Name of the element to write; None for one of which only what it holds is written."""
        tabled = within in _TABLES or within == "tr"
        if name in _INLINE_TAGS or not _LETTERS.fullmatch(name) or (name not in _KEPT | _AS_BLOCK and tabled):
            return None
        if name in {"col", "colgroup"}:
            return name if within in {"colgroup", "table"} else None
        if name not in _KEPT:
            return "div" if name in _AS_BLOCK else "span"
        if name in _PLACES:
            return name if within in _PLACES[name] else "div"
        if name == "p" and any(local(each) in BLOCKS for each in element.iterdescendants(etree.Element)):
            return "div"  # a browser would end the paragraph there
        return name

    def _open_mark(self, mark: Mark) -> str:
        anchor = "" if mark.anchor in self.used else f' id="{mark.anchor}"'
        self.used.add(mark.anchor)
        return f'<mark class="oversight-figure"{anchor} title="{safe_text(mark.title)}">'

    def _opening(self, element: etree._Element, name: str) -> str:
        found: dict[str, str] = {}
        for key, value in element.attrib.items():
            attribute = str(key).lower()
            if attribute in _ATTRIBUTES and (safe := _attribute(attribute, str(value))):
                found[attribute] = safe
        if element in self.marks.rows:
            found["class"] = f"{found.get('class', '')} oversight-row".strip()
        line = "\n" if name == "pre" else ""  # a browser drops the first line end of preformatted text
        attributes = "".join(f' {key}="{safe_text(value)}"' for key, value in found.items())
        return f"<{name}{attributes}>{line}"

    def _image(self, element: etree._Element, within: str) -> None:
        source = element.get("src") or ""
        words = (element.get("alt") or "").strip()
        before, after = _wrapping("span", within)
        if _DATA_IMAGE.fullmatch(source):
            style = clean_declarations(element.get("style") or "")
            self.parts.append(
                f'{before}<img src="{source}" alt="{safe_text(words)}" style="{safe_text(style)}">{after}'
            )
        else:
            said = f"picture: {words}" if words else "picture"
            self.parts.append(f'{before}<span class="oversight-left-out" aria-label="{safe_text(said)}"></span>{after}')


def _attribute(name: str, value: str) -> str:
    if name == "style":
        return clean_declarations(value)
    if len(value) > _LONGEST_ATTRIBUTE:
        return ""
    if name in {"id", "class", "headers"}:
        return _OURS.sub("theirs-", value)
    if name in {"title", "lang", "dir", "class"}:
        return value
    return value if re.fullmatch(r"[\w\s.,%#+-]{1,80}", value) else ""


def _wrapping(name: str, within: str) -> tuple[str, str]:
    """What must stand around something in a table so that a browser leaves it where it is."""
    if within in _TABLES and name not in _IN_TABLE:
        return ("<tr>", "</tr>") if name in _CELLS else ("<tr><td>", "</td></tr>")
    if within == "tr" and name not in _CELLS:
        return "<td>", "</td>"
    return "", ""
