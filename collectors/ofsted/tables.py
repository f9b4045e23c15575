"""Which tables a file holds: the kind of each sheet, and what a kind must have."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from collectors.ofsted.layout import Layout, field_title, find_layout, missing, refuse_clashes
from collectors.ofsted.words import data
from collectors.sheets import Book, Sheet
from oversight.errors import LayoutError
from oversight.model.spelling import key

_TITLE_LENGTH: Final = 150
_LATEST: Final = "latest full inspect"
_REPEATED: Final = 0.01
_HOMES: Final = frozenset({"provider_level", "providers_and_places"})
_ENDS: Final = frozenset({"closed_on", "resigned_on", "cancelled_on"})
_IDENTITY: Final = frozenset({"provision_type", "local_authority", "sector"})


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet with a list of providers, inspections or movements.

    Attributes:
        kind: a key of `data/tables.yaml`.
        layout: its header.
    """

    kind: str
    layout: Layout

    @property
    def source(self) -> str:
        """The source whose reader reads a file with this table alone."""
        return str(_kinds()[self.kind]["source"])

    @property
    def title(self) -> str:
        """The kind in words."""
        return str(_kinds()[self.kind]["title"])

    @property
    def lists_homes(self) -> bool:
        """Whether it lists each registered provider once."""
        return self.kind in _HOMES


@dataclass(frozen=True, slots=True)
class Found:
    """What a file holds.

    Attributes:
        tables: in the order of the sheets.
        skipped: names of sheets without a list of providers, each with the reason.
    """

    tables: tuple[Table, ...]
    skipped: Mapping[str, str]


def find_tables(book: Book) -> Found:
    """The tables of a file.

    Raises:
        LayoutError: if a sheet that should hold a list lacks its columns, if two columns claim the same field, or if
            no sheet holds a list. The error names sheet and column.
    """
    tables: list[Table] = []
    skipped: dict[str, str] = {}
    for name in book.names:
        sheet = book.sheet(name)
        layout = find_layout(sheet)
        if layout is None or "urn" not in layout.columns:
            skipped[name] = _reason_to_skip(sheet, layout, book)
            continue
        refuse_clashes(layout, book.name)
        table = Table(_kind(layout, book), layout)
        _require(table, _kinds()[table.kind]["required"], book.name)
        tables.append(table)
    if not tables:
        raise LayoutError(
            "no sheet has the columns of an Ofsted list of providers (URN, Provision type, Local authority, ...)",
            where=book.name,
            next_step="Give a file of Ofsted's provider-level, in-year, or leavers and joiners publications.",
        )
    return Found(tuple(tables), skipped)


def require_since(table: Table, as_at: date, file: str) -> None:
    """Stop if a column is missing that publications of that time have.

    Raises:
        LayoutError: naming the column and the sheet.
    """
    for start, fields in _kinds()[table.kind].get("since", {}).items():
        if as_at >= start:
            _require(table, fields, file)


def _require(table: Table, fields: list[str], file: str) -> None:
    absent = [field for field in fields if not _has(table, field)]
    if absent:
        missing(table.layout, absent, file)


def _has(table: Table, field: str) -> bool:
    others = data("tables.yaml")["instead"].get(field, ())
    return any(name in table.layout.columns for name in (field, *others))


def _reason_to_skip(sheet: Sheet, layout: Layout | None, book: Book) -> str:
    """Why a sheet without URNs is passed over.

    Raises:
        LayoutError: if it should have them: its name or its other columns say that it lists providers.
    """
    name = f" {key(sheet.name)} "
    if len(book.names) > 1 and any(f" {key(word)} " in name for word in data("tables.yaml")["summaries"]):
        return "a summary or notes, no list of providers"
    if layout is not None and (len(_IDENTITY & layout.columns.keys()) > 1 or _hinted((sheet.name,))):
        missing(layout, ["urn"], book.name)
    if _hinted((sheet.name,)):
        raise LayoutError(
            f"no header with {field_title('urn')!r} in the first rows of sheet '{sheet.name}'",
            where=f"{book.name}, sheet '{sheet.name}'",
            next_step="Check that the sheet holds a list of providers with a header. Nothing was read.",
        )
    return "no header of a list of providers"


def _kind(layout: Layout, book: Book) -> str:
    fields = layout.columns.keys()
    hint = _hinted((layout.sheet.name, *layout.banner, book.name))
    if {"joiner", "leaver"} & fields:
        return "movements"
    if hint == "movements" or (_ENDS & fields and not _IDENTITY & fields):
        return "movements" if "provision_type" in fields else "closures"
    if "service_category" in fields:
        return "premises"
    return hint or _kind_by_content(layout)


def _hinted(texts: tuple[str, ...]) -> str | None:
    """The kind that the first text with a hint names. Long texts are prose and name none."""
    for text in texts:
        spaced = f" {key(text)} "
        for kind, spec in _kinds().items():
            if len(text) < _TITLE_LENGTH and any(f" {key(hint)} " in spaced for hint in spec["hints"]):
                return kind
    return None


def _kind_by_content(layout: Layout) -> str:
    """The kind of a table that no title names: by its judgements, and by whether providers come more than once."""
    if "overall" not in layout.columns:
        return "providers_and_places" if "owner" in layout.columns else "provider_level"
    texts = (*layout.banner, *layout.sheet.rows[layout.header])
    if any(key(text).startswith(_LATEST) for text in texts):
        return "provider_level"
    column = layout.columns["urn"]
    rows = layout.sheet.rows[layout.header + 1 :]
    urns = Counter(row[column].strip() for row in rows if len(row) > column and row[column].strip())
    repeated = sum(count - 1 for count in urns.values())
    return "in_year" if repeated > _REPEATED * urns.total() else "provider_level"


def _kinds() -> dict[str, dict[str, Any]]:
    return {kind: spec for kind, spec in data("tables.yaml").items() if kind not in {"summaries", "instead"}}
