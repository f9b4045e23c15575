"""A filed page (inline XBRL) with figures marked, and plain XBRL as the lines of its source."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from collectors.accounts.cells import one_line
from collectors.accounts.parse import parse
from collectors.accounts.tags import is_plain
from collectors.showing.frame import framed, note
from collectors.showing.markup import Mark, Marks, Which, safe_text, write_page
from collectors.showing.places import Finder, Place, Target, row_of

ANCHOR: Final = "oversight-figure"
_AROUND: Final = 4
_LONGEST_SOURCE: Final = 600
_LONGEST_SAID: Final = 400


@dataclass(frozen=True, slots=True)
class Highlight:
    """One place that was marked.

    Attributes:
        locator: as asked.
        anchor: id of the mark in the document.
        text: what is marked, as printed.
        on_page: false for a figure that is tagged but not printed, which a note above the page gives.
        title: as asked; tells two figures of one sentence apart.
    """

    locator: str
    anchor: str
    text: str
    on_page: bool = True
    title: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What was asked for."""
        return self.locator, self.title


@dataclass(frozen=True, slots=True)
class Shown:
    """A document to be shown in a frame that runs nothing.

    Attributes:
        html: the whole of it.
        highlights: what is marked in it.
        missing: locators asked for that lead to nothing in it.
        picture: the figure cut out of its page as PNG, for a picture of paper.
    """

    html: str
    highlights: tuple[Highlight, ...] = ()
    missing: tuple[str, ...] = ()
    picture: bytes | None = None


def show_filed(content: bytes, places: Sequence[Place], title: str, where: str) -> Shown:
    """A set of accounts in XHTML or XBRL with places marked.

    Args:
        content: of the document itself, no archive.
        places: what to mark; their locators without the path of a member.
        title: of the document, in words.
        where: file or address, for errors.

    Raises:
        HostileInputError: if the document declares entities, or is larger than any set of accounts.
        AccountsError: if no element can be made of it.
    """
    parsed = parse(content, where)
    finder = Finder(parsed, content)
    targets: list[Target] = []
    missing: list[str] = []
    for place in places:
        found = finder.find(place)
        targets += found
        if not found:
            missing.append(place.locator)
    if is_plain(parsed.root):
        return _source(targets, missing, title)
    return _page(parsed.root, targets, missing, title)


def _page(root: etree._Element, targets: list[Target], missing: list[str], title: str) -> Shown:
    elements: dict[etree._Element, Mark] = {}
    ranges: dict[tuple[etree._Element, Which], list[tuple[int, int, Mark]]] = defaultdict(list)
    rows: set[etree._Element] = set()
    unprinted: list[str] = []
    highlights: list[Highlight] = []
    for number, target in enumerate(targets, start=1):
        mark = Mark(f"{ANCHOR}-{number}" if number > 1 else ANCHOR, target.place.title)
        place = target.place
        highlights.append(Highlight(place.locator, mark.anchor, target.text, not target.hidden, place.title))
        if target.hidden:
            unprinted.append(_unprinted(target, mark))
            continue
        if not target.pieces:
            anchor = elements.setdefault(target.element, mark).anchor  # several figures may rest on one
            highlights[-1] = replace(highlights[-1], anchor=anchor)
        for piece in target.pieces:
            ranges[piece.element, piece.which].append((piece.start, piece.end, mark))
        if (row := row_of(target.element)) is not None:
            rows.add(row)
    sheets, body = write_page(root, Marks(elements, ranges, frozenset(rows)))
    said = "".join(unprinted) + _not_found(missing)
    return Shown(
        framed(title, f'{said}<div class="oversight-page">{body}</div>', sheets), tuple(highlights), tuple(missing)
    )


def _unprinted(target: Target, mark: Mark) -> str:
    """A note that gives a figure which is tagged and not printed."""
    return (
        '<div class="oversight-note">Tagged in the document, not printed on its page: '
        f"{safe_text(target.name)} = "
        f'<mark class="oversight-figure" id="{mark.anchor}" title="{safe_text(mark.title)}">'
        f"{safe_text(target.text[:_LONGEST_SAID])}</mark></div>"
    )


def _not_found(missing: Sequence[str]) -> str:
    if not missing:
        return ""
    return note("Not found in this document, which is shown as filed:", *(("Place", each) for each in missing))


def _source(targets: list[Target], missing: list[str], title: str) -> Shown:
    """Plain XBRL has no page: the element itself, between its neighbours, with their lines."""
    highlights, parts = [], []
    for number, target in enumerate(targets, start=1):
        anchor = f"{ANCHOR}-{number}" if number > 1 else ANCHOR
        highlights.append(Highlight(target.place.locator, anchor, target.text, title=target.place.title))
        parts.append(_lines(target, anchor))
    intro = note("This filing is data without a printed page. The figure stands in these lines of it.")
    return Shown(framed(title, intro + "".join(parts) + _not_found(missing)), tuple(highlights), tuple(missing))


def _lines(target: Target, anchor: str) -> str:
    before = [each for each in target.element.itersiblings(preceding=True) if isinstance(each.tag, str)][:_AROUND]
    after = [each for each in target.element.itersiblings() if isinstance(each.tag, str)][:_AROUND]
    rows = []
    for element in [*reversed(before), target.element, *after]:
        opening, text, closing = (safe_text(part) for part in _spelt(element))
        if element is target.element:
            title = safe_text(target.place.title)
            text = f'<mark class="oversight-figure" id="{anchor}" title="{title}">{text}</mark>'
        rows.append(f'<span class="oversight-line">line {element.sourceline}: </span>{opening}{text}{closing}')
    said = f"<p>{safe_text(target.place.title)}</p>" if target.place.title else ""
    source = "\n".join(rows)
    return f'{said}<pre class="oversight-source">{source}</pre>'


def _spelt(element: etree._Element) -> tuple[str, str, str]:
    """An element as its source spells it, its text in one line, without the declarations of its namespaces."""
    prefix = f"{element.prefix}:" if element.prefix else ""
    name = f"{prefix}{etree.QName(element).localname}"
    attributes = "".join(f' {etree.QName(str(key)).localname}="{value!s}"' for key, value in element.attrib.items())
    text = one_line("".join(str(piece) for piece in element.itertext()))[:_LONGEST_SOURCE]
    return f"<{name}{attributes}>", text, f"</{name}>"
