"""A row of a published table (Ofsted's lists) with its headings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from collectors.ofsted.layout import Layout, find_layout, letters
from collectors.sheets import Sheet, open_book
from collectors.showing.filed import ANCHOR, Highlight, Shown
from collectors.showing.frame import framed, note
from collectors.showing.markup import safe_text
from collectors.showing.places import Place

_LOCATOR: Final = re.compile(
    r"sheet '(?P<sheet>.*)' row (?P<row>\d{1,8})(?: column (?P<column>[A-Z]{1,3}))?$", re.DOTALL
)
_APART: Final = 3
"""Rows that are shown each with all its cells; more are shown together, by the columns that tell them apart."""
_TELLING: Final = ("urn", "provision_type", "status", "local_authority", "sector", "places", "owner")
_MOST_COLUMNS: Final = 8


def show_rows(content: bytes, places: Sequence[Place], title: str, address: str) -> Shown:
    """Rows of a spreadsheet or CSV, each as its headings and cells.

    Args:
        content: CSV, gzip of a CSV, ODS or XLSX.
        places: `sheet 'NAME' row N`, with `column C` or without.
        title: of the document, in words.
        address: file name or URL it came by.

    Raises:
        InputError: if the file cannot be opened.
    """
    book = open_book(content, address)
    sheets: dict[str, _Headed] = {}
    found: list[_Found] = []
    missing: list[str] = []
    for place in places:
        match = _LOCATOR.match(place.locator)
        name = match["sheet"] if match else ""
        if match is None or name not in book.names:
            missing.append(place.locator)
            continue
        if name not in sheets:
            sheet = book.sheet(name)
            sheets[name] = _Headed(sheet, find_layout(sheet))
        number = int(match["row"])
        if not 1 <= number <= len(sheets[name].sheet.rows):
            missing.append(place.locator)
            continue
        anchor = f"{ANCHOR}-{len(found) + 1}" if found else ANCHOR
        found.append(_Found(place, sheets[name], number, match["column"], anchor))
    body = _together(found) if len(found) > _APART else "".join(_alone(each) for each in found)
    lost = note("Not found in this file:", *(("Place", each) for each in missing)) if missing else ""
    highlights = tuple(Highlight(each.place.locator, each.anchor, each.text, title=each.place.title) for each in found)
    return Shown(framed(title, body + lost), highlights, tuple(missing))


@dataclass(frozen=True, slots=True)
class _Headed:
    """A sheet and its header, where it has one."""

    sheet: Sheet
    layout: Layout | None

    def heading(self, index: int) -> str:
        """What the header says of a column, on one line; empty where there is none."""
        headings = self.sheet.rows[self.layout.header] if self.layout is not None else ()
        return " ".join(headings[index].split()) if index < len(headings) else ""


@dataclass(frozen=True, slots=True)
class _Found:
    """A row, and the cell of it that is marked.

    Attributes:
        place: what was asked for.
        on: the sheet it stands in.
        number: of the row, from 1.
        column: letters of the column that the locator names; None where it names a row.
        anchor: id of the mark.
    """

    place: Place
    on: _Headed
    number: int
    column: str | None
    anchor: str

    @property
    def cells(self) -> tuple[str, ...]:
        """The row's cells."""
        return self.on.sheet.rows[self.number - 1]

    @property
    def marked(self) -> int:
        """The marked cell: the one named, else that of the field asked for, else the first with a text."""
        if self.column is not None:
            return next((index for index in range(len(self.cells)) if letters(index) == self.column), 0)
        layout = self.on.layout
        if layout is not None and self.place.words and self.place.words in layout.columns:
            return layout.columns[self.place.words]
        return next((index for index, cell in enumerate(self.cells) if cell.strip()), 0)

    @property
    def text(self) -> str:
        """What the marked cell says."""
        return self.cell(self.marked)

    def cell(self, index: int) -> str:
        """A cell's text on one line."""
        return " ".join(self.cells[index].split()) if index < len(self.cells) else ""

    def html(self, index: int) -> str:
        """A cell, with the mark where it is the one."""
        text = safe_text(self.cell(index))
        if index != self.marked:
            return text
        title = safe_text(self.place.title)
        return f'<mark class="oversight-figure" id="{self.anchor}" title="{title}">{text or "empty"}</mark>'


def _alone(found: _Found) -> str:
    """A row as a table of headings and cells."""
    lines = [
        f'<tr><td class="oversight-number">{letters(index)}</td><th scope="row">{safe_text(heading)}</th>'
        f"<td>{found.html(index)}</td></tr>"
        for index in range(len(found.cells))
        if (heading := found.on.heading(index)) or found.cell(index)
    ]
    layout = found.on.layout
    headed = f", headings in row {layout.header + 1}" if layout is not None else ""
    caption = f"Sheet \u2018{safe_text(found.on.sheet.name)}\u2019, row {found.number:,}{headed}"
    return _table(caption, ("Column", "Heading", "As published"), lines)


def _together(found: Sequence[_Found]) -> str:
    """Many rows, each on one line, by the columns that tell homes apart."""
    parts = []
    for on in {each.on.sheet.name: each.on for each in found}.values():
        rows = [each for each in found if each.on is on]
        known = [on.layout.columns[name] for name in _TELLING if name in on.layout.columns] if on.layout else []
        columns = sorted({*(known or range(min(len(rows[0].cells), _MOST_COLUMNS))), *(each.marked for each in rows)})
        heads = ["Row", *(on.heading(index) or letters(index) for index in columns)]
        lines = [
            f'<tr><th scope="row">{each.number:,}</th>{"".join(f"<td>{each.html(i)}</td>" for i in columns)}</tr>'
            for each in rows
        ]
        parts.append(_table(f"Sheet \u2018{safe_text(on.sheet.name)}\u2019, {len(rows):,} rows", heads, lines))
    return "".join(parts)


def _table(caption: str, heads: Sequence[str], lines: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{safe_text(each)}</th>' for each in heads)
    return (
        f'<table class="oversight-rows"><caption>{caption}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table>"
    )
