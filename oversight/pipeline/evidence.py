"""The documents behind a figure of a run, each with the very places that the figure rests on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from collectors.showing.filed import Highlight, Shown
from collectors.showing.places import Place
from collectors.showing.show import show
from collectors.source import load_sources
from oversight.errors import InputError
from oversight.pipeline.trace import Traced, traced
from oversight.pipeline.workspace import Workspace
from reports.evidence_page import ShownDocument, ShownPlace, evidence_page
from risk.trace import Trace

_TITLED_BY = frozenset({"line", "account", "event", "exposure", "holding", "provider", "hand_read"})
"""Steps whose words say best what the place below them is."""
_FIELDS = {"home": "places", "provider": "owner"}
"""By what a row of a published list is to the figure: the field of that row."""
_SAID = "text line "


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One document with its places.

    Attributes:
        document_id: SHA-256 of its bytes.
        source: name of the source.
        title: of the source, in words.
        licence: under which it may be used, as the source is declared.
        url: where it was fetched, or the name of the file that was given.
        published_on: day it became public, as text; None where the source does not say.
        retrieved_at: moment it was fetched, as text.
        media_type: of the bytes.
        size: bytes.
        places: what the figure rests on in it, in the order of the walk.
    """

    document_id: str
    source: str
    title: str
    licence: str
    url: str
    published_on: str | None
    retrieved_at: str | None
    media_type: str
    size: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Exhibits:
    """All that a figure rests on.

    Attributes:
        run_id: the run.
        item: as asked.
        label: the figure in words.
        value: the figure, where it has one.
        unit: its unit.
        documents: that with the most places first, those with as many in the order in which the walk meets them.
        walk: the figure, with all that it rests on, step by step.
    """

    run_id: str
    item: str
    label: str
    value: str | None
    unit: str | None
    documents: tuple[Exhibit, ...]
    walk: Trace

    def document(self, start: str) -> Exhibit:
        """The document whose id starts so.

        Raises:
            InputError: where the figure does not rest on exactly one such document.
        """
        found = [each for each in self.documents if each.document_id.startswith(start)] if start else []
        if len(found) != 1:
            raise InputError(
                "the figure rests on no such document",
                where=f"{self.item}, document {start}",
                next_step="Take the id of a document from the figure's evidence.",
            )
        return found[0]


def exhibits(
    workspace: Workspace, item: str, run_id: str | None = None, tables: Mapping[str, pl.DataFrame] | None = None
) -> Exhibits:
    """The documents and places that a figure of a run rests on.

    Args:
        workspace: the installation.
        item: an id of the run, such as `R-1a2b3c4d.operating_margin`.
        run_id: the run; the newest where not given.
        tables: those of that run that are read already; the others are read.

    Raises:
        InputError: if there is no such run, or the run has no such item.
    """
    run_id = run_id or workspace.runs.newest()
    walked = traced(workspace, item, run_id, tables)
    places: dict[str, dict[tuple[str, str], Place]] = {}
    sources: dict[str, Trace] = {}
    for step, title in _ends(walked.tree, ""):
        if step.document_id is None:
            continue
        sources.setdefault(step.document_id, step)
        here = places.setdefault(step.document_id, {})
        if step.locator:
            place = _place(step, title, walked)
            here.setdefault((place.locator, place.title), place)
    held = _documents(workspace, sorted(places))
    said = _sentences(
        workspace, {key for key, found in places.items() if any(_is_said(locator) for locator, _ in found)}
    )
    documents = tuple(
        _exhibit(sources[document], held.get(document, ("", 0)), _with_words(document, found, said))
        for document, found in sorted(places.items(), key=lambda each: -len(each[1]))
    )
    tree = walked.tree
    return Exhibits(run_id, item, tree.label, tree.value, tree.unit, documents, tree)


def show_exhibit(workspace: Workspace, exhibit: Exhibit) -> Shown:
    """A document as a page of its own, its places marked.

    Raises:
        StoreError: if the archive does not hold the document.
        InputError: if it cannot be shown.
    """
    content = workspace.archive.get(exhibit.document_id)
    return show(content, exhibit.places, address=exhibit.url, title=f"{exhibit.title}, document as filed")


def _ends(step: Trace, title: str) -> Iterator[tuple[Trace, str]]:
    """The steps on which a walk ends in a document, each with the words of what it is."""
    if step.kind in _TITLED_BY or not title:
        title = step.label
    below = [found for each in step.inputs for found in _ends(each, title)]
    if any(found.document_id for found, _ in below):
        yield from below
    elif step.document_id is not None:
        role = step.role.replace("_", " ")
        yield step, f"{role}, of {title}" if step.kind == "document" and role not in {"", "evidence"} else title


def _place(step: Trace, title: str, walked: Traced) -> Place:
    line = walked.lines.filter(pl.col("line_id") == step.item)
    words = _FIELDS.get(step.role) if line.is_empty() else line["concept"][0]
    return Place(step.locator or "", title.replace("_", " "), _number(step.value), words)


def _number(value: str | None) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        return None


def _is_said(locator: str) -> bool:
    return _SAID in locator


def _sentences(workspace: Workspace, documents: set[str]) -> dict[tuple[str, str], str]:
    """What documents say in words, by document and locator."""
    if not documents:
        return {}
    column = workspace.ledger.columns("statement").document_id
    found = workspace.ledger.frame("statement", column.in_(sorted(documents)))
    return {
        (row["document_id"], row["locator"]): row["quote"] for row in found.drop_nulls("quote").iter_rows(named=True)
    }


def _with_words(
    document: str, places: Mapping[tuple[str, str], Place], said: Mapping[tuple[str, str], str]
) -> tuple[Place, ...]:
    return tuple(
        Place(place.locator, place.title, place.value, said.get((document, place.locator), place.words))
        for place in places.values()
    )


def _documents(workspace: Workspace, ids: list[str]) -> dict[str, tuple[str, int]]:
    """Media type and size of documents."""
    column = workspace.ledger.columns("document").document_id
    found = workspace.ledger.frame("document", column.in_(ids))
    return {row["document_id"]: (row["media_type"], row["size"]) for row in found.iter_rows(named=True)}


def _exhibit(step: Trace, held: tuple[str, int], places: tuple[Place, ...]) -> Exhibit:
    known = load_sources().get(step.source or "")
    return Exhibit(
        document_id=step.document_id or "",
        source=step.source or "",
        title=known.title if known else step.source or "document",
        licence=known.licence if known else "not declared",
        url=step.url or "",
        published_on=step.published_on,
        retrieved_at=step.retrieved_at,
        media_type=held[0],
        size=held[1],
        places=places,
    )


def about(exhibit: Exhibit) -> list[tuple[str, str]]:
    """What is known of a document, as terms and what they are."""
    return [
        ("Address", exhibit.url),
        ("Published", exhibit.published_on or "the source does not say"),
        ("Retrieved", exhibit.retrieved_at or ""),
        ("SHA-256", exhibit.document_id),
        ("Size", f"{exhibit.size:,} bytes, {exhibit.media_type}"),
        ("Licence", exhibit.licence),
    ]


def evidence_file(workspace: Workspace, found: Exhibits) -> bytes:
    """One HTML file with every document behind a figure, each with its places marked."""
    manifest = workspace.runs.manifest(found.run_id)
    documents = []
    for exhibit in found.documents:
        shown = show_exhibit(workspace, exhibit)
        marked = {each.key: each for each in reversed(shown.highlights)}
        places = [
            ShownPlace(each.title, each.locator, _printed(marked.get((each.locator, each.title))))
            for each in exhibit.places
        ]
        anchor = shown.highlights[0].anchor if shown.highlights else ""
        documents.append(ShownDocument(exhibit.title, about(exhibit), places, shown.html, anchor))
    figure = f"{found.value} {found.unit or ''}".strip() if found.value is not None else "no figure of its own"
    terms = [("Figure", figure), ("Id", found.item), ("Run", found.run_id)]
    return evidence_page(found.label, terms, documents, marking=manifest.marking, label=manifest.label)


def _printed(highlight: Highlight | None) -> str:
    """What is marked at a place, in words."""
    if highlight is None:
        return ""
    return highlight.text or "framed on the picture of its page"


def evidence_picture(workspace: Workspace, found: Exhibits) -> bytes:
    """The first figure that stands in a picture of paper, cut out of its page, as PNG.

    Raises:
        InputError: where the figure rests on no picture of paper.
    """
    for exhibit in found.documents:
        picture = show_exhibit(workspace, exhibit).picture
        if picture is not None:
            return picture
    raise InputError(
        "the figure rests on no scanned page, so there is no picture of it",
        where=found.item,
        next_step="Give a file ending in .html: it shows documents of every kind.",
    )
