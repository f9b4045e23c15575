"""The last annex of every document: where each of its figures comes from, down to the place in a document."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from reports.documents.model import Document, Heading, PageBreak, Paragraph, Span, Table, Text, said, trace_id, web
from reports.style import clean

_PLACES: Final = 2


@dataclass(frozen=True, slots=True)
class Origin:
    """A place in a document that a figure rests on.

    Attributes:
        document_id: SHA-256 of the document.
        locator: place in it.
        source: name of the source it was collected from.
        url: its address; empty where none is known.
        published_on: the day it became public, as text; empty where none is given.
    """

    document_id: str
    locator: str
    source: str
    url: str
    published_on: str


def completed(draft: Document, origins: Mapping[str, Sequence[Origin]]) -> Document:
    """The document with its annex of sources.

    Args:
        draft: all but the annex.
        origins: where each figure comes from, by its id.
    """
    letters = [block for block in draft.blocks if isinstance(block, Heading) and block.text.startswith("Annex ")]
    letter = chr(ord("A") + len(letters))
    documents = _documents(draft.items(), origins)
    blocks = (
        PageBreak(),
        Heading(1, f"Annex {letter}. Where each figure comes from"),
        Paragraph(
            said(
                "A number in brackets behind a figure is its row in the first table. To walk from a figure to the "
                "filed document, run: oversight trace ID, with the ID shown. D1, D2 and so on are documents of the "
                "second table. An ID shown in a table of another annex is traced in the same way."
            )
        ),
        _figures(draft, origins, documents),
        _listed(documents),
    )
    return replace(draft, blocks=(*draft.blocks, *blocks))


def _documents(items: Iterable[str], origins: Mapping[str, Sequence[Origin]]) -> dict[str, tuple[int, Origin]]:
    """The documents shown, numbered in the order of the figures that rest on them."""
    shown = [origin for item in items for origin in origins.get(item, ())[:_PLACES]]
    first: dict[str, Origin] = {}
    for origin in shown:
        first.setdefault(origin.document_id, origin)
    return {key: (number, origin) for number, (key, origin) in enumerate(first.items(), start=1)}


def _figures(
    draft: Document, origins: Mapping[str, Sequence[Origin]], documents: Mapping[str, tuple[int, Origin]]
) -> Table:
    texts: dict[str, str] = {}
    for text in draft.texts():
        for span in text:
            if span.item and not span.shown:
                texts.setdefault(span.item, clean(span.text))
    rows = tuple(
        (
            (Span(str(number), anchor=anchor(number)),),
            said(texts[item]),
            (trace_id(item),),
            _places(origins.get(item, ()), documents),
        )
        for item, number in draft.numbers().items()
    )
    return Table(
        caption="Figures and what they rest on",
        header=("No.", "Figure", "ID to trace", "Documents and places in them"),
        rows=rows or ((said("None"), said("[z]"), said("[z]"), said("[z]")),),
        widths=(0.05, 0.17, 0.3, 0.48),
        small=True,
    )


def _places(origins: Sequence[Origin], documents: Mapping[str, tuple[int, Origin]]) -> Text:
    if not origins:
        return said("The run\u2019s own tables")
    shown = "; ".join(f"D{documents[each.document_id][0]} {clean(each.locator)}".strip() for each in origins[:_PLACES])
    more = len(origins) - _PLACES
    return said(f"{shown}; and {more:,} more" if more > 0 else shown)


def _listed(documents: Mapping[str, tuple[int, Origin]]) -> Table:
    rows = tuple(
        (
            said(f"D{number}"),
            said(clean(origin.source).replace("_", " ").replace(".", ", ")),
            said(clean(origin.published_on) or "[x]"),
            (web(origin.url or "[x]"),),
            said(origin.document_id[:16]),
        )
        for number, origin in documents.values()
    )
    return Table(
        caption="Documents, with the start of each one\u2019s SHA-256",
        header=("No.", "Source", "Published", "Web address", "Document"),
        rows=rows or (tuple(said(text) for text in ("None", "[z]", "[z]", "[z]", "[z]")),),
        widths=(0.05, 0.17, 0.1, 0.54, 0.14),
        small=True,
    )


def anchor(number: int) -> str:
    """Name of the place in the annex where the source of a figure stands."""
    return f"source-{number}"
