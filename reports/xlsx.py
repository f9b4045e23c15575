"""The workbook as XLSX, accessible and byte-stable.

One named table a sheet, title in A1, no merged cells, filters or frozen panes. Text is always written as a
string, never as a formula, and only http and https addresses become links.
"""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from reports.files import packed, unpacked
from reports.sheet import NUMERIC, Cell, Column, Kind, Link, Sheet, Workbook, columns_of, header_lines_of, lines_of
from reports.xlsx_page import PLACE, Page, Style

MOST_LINKS: Final = 65_000
"""Excel holds 65,530 links a sheet; those beyond stay plain text."""

_FONT: Final = {"font_name": "Arial", "font_size": 12}
_FORMULA_STARTS: Final = ("=", "+", "-", "@")
_A4: Final = 9
_LANGUAGE: Final = b"<dc:language>en-GB</dc:language>"
_CORE: Final = "docProps/core.xml"
_LONGEST_HEADER: Final = 250
_LINE_POINTS: Final = 16
_TITLE_POINTS: Final = 24


def xlsx_bytes(workbook: Workbook) -> bytes:
    """The file's content. The same workbook gives the same bytes."""
    buffer = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": dict(_FONT),
    }
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties(
        {
            "title": workbook.title,
            "subject": workbook.subject,
            "author": workbook.author,
            "comments": workbook.banner,
            "created": workbook.created.replace(tzinfo=None),
        }
    )
    formats = _Formats(book)
    pages = {}
    for number, sheet in enumerate(workbook.sheets, start=1):
        page = book.add_worksheet(sheet.name, Page)
        _write_sheet(page, sheet, workbook.banner, formats)
        pages[f"xl/worksheets/sheet{number}.xml"] = page
    book.close()
    return packed((path, _finished(content, path, pages)) for path, content in unpacked(buffer.getvalue()))


def _finished(content: bytes, path: str, pages: Mapping[str, Page]) -> bytes:
    """A part of the package with what xlsxwriter does not offer.

    The core properties get the document's language. Row heights lose the mark that they were set by hand, so that
    Excel lets a row grow with what is typed into it. A sheet gets its rows. (Text lives in another part.)
    """
    if path == _CORE:
        return content.replace(b"</cp:coreProperties>", _LANGUAGE + b"</cp:coreProperties>")
    if path in pages:
        return content.replace(b' customHeight="1"', b"").replace(PLACE.encode(), pages[path].rows, 1)
    return content


class _Formats:
    """Cell formats of one workbook, by kind of column, each with its index."""

    def __init__(self, book: Any) -> None:
        self._book = book
        top = {**_FONT, "valign": "top"}
        self._grid = grid = {**top, "text_wrap": True, "bottom": 1, "bottom_color": "#B1B4B6"}
        right, left = {"align": "right"}, {"align": "left", "indent": 1}
        self.title = self._made({**top, "font_size": 16, "bold": True})
        self.banner = self._made({**top, "bold": True})
        self.note = self._made(top)
        self.text = self._made({**grid, **left})
        self.quoted = self._made({**grid, **left, "quote_prefix": True})
        self.link = self._made({**grid, **left, "font_color": "#1D70B8", "underline": 1})
        self.symbol = self._made({**grid, **right})
        head = {**grid, "bold": True, "bg_color": "#F3F2F1", "valign": "bottom"}
        self.header = self._made({**head, **left})
        self.header_right = self._made({**head, **right})
        self._numbers: dict[str, Any] = {}

    def _made(self, properties: Mapping[str, Any]) -> Any:
        made = self._book.add_format(properties)
        made._get_xf_index()  # noqa: SLF001 - a page writes the index before xlsxwriter would give it
        return made

    def number(self, column: Column) -> Any:
        """The format of a figure or date of this column."""
        pattern = number_pattern(column)
        if pattern not in self._numbers:
            side = {"align": "left", "indent": 1} if column.kind is Kind.DATE else {"align": "right"}
            self._numbers[pattern] = self._made({**self._grid, **side, "num_format": pattern, "text_wrap": False})
        return self._numbers[pattern]

    def style(self, column: Column) -> Style:
        """How the cells of a column look."""
        figure = self.number(column)
        text = self.symbol if column.kind in NUMERIC else self.text

        def look(cell: Cell) -> Any:
            if isinstance(cell, Link):
                return self.link
            if not isinstance(cell, str):
                return figure
            return self.quoted if cell.startswith(_FORMULA_STARTS) else text

        return look


def number_pattern(column: Column) -> str:
    """The number format of a column, such as `#,##0.0`."""
    places = "." + "0" * column.decimals if column.decimals else ""
    patterns = {
        Kind.MONEY: f'"£"#,##0{places};-"£"#,##0{places}',
        Kind.PERCENT: f"0{places}%",
        Kind.DATE: "d mmmm yyyy",
    }
    return patterns.get(column.kind, f"#,##0{places}")


def _write_sheet(page: Any, sheet: Sheet, banner: str, formats: _Formats) -> None:
    lines = ((sheet.title, formats.title), (banner, formats.banner), *((note, formats.note) for note in sheet.notes))
    for row, (text, style) in enumerate(lines):
        page.set_row(row, _TITLE_POINTS if row == 0 else _LINE_POINTS)
        page.write_string(row, 0, text, style)
    first = len(lines)
    columns = sheet.table.columns
    page.set_row(first, _LINE_POINTS * header_lines_of(columns))
    for index, column in enumerate(columns):
        page.set_column(index, index, column.width)
    _write_rows(page, sheet, first + 1, formats)
    page.add_tall_table(
        first,
        first + len(sheet.table.rows),
        len(columns),
        {
            "name": sheet.table.name,
            "title": sheet.title,
            "description": sheet.about,
            "style": None,
            "autofilter": False,
            "banded_rows": False,
            "columns": [
                {
                    "header": column.header[:_LONGEST_HEADER],
                    "header_format": formats.header_right if column.kind in NUMERIC else formats.header,
                }
                for column in columns
            ],
        },
    )
    _set_page(page, sheet, first, banner)


def _set_page(page: Any, sheet: Sheet, header_row: int, banner: str) -> None:
    page.set_landscape()
    page.set_paper(_A4)
    page.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.8)
    page.fit_to_pages(sheet.pages_wide, 0)
    page.repeat_rows(header_row)
    if sheet.repeat and sheet.pages_wide > 1:
        page.repeat_columns(0, sheet.repeat - 1)
    shown = banner.replace("&", "and")  # an ampersand starts a code here
    page.set_header(f"&C&B{shown}")
    page.set_footer(f"&L{sheet.name}&C&B{shown}&B&RPage &P of &N")
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})


def _write_rows(page: Page, sheet: Sheet, first: int, formats: _Formats) -> None:
    left = MOST_LINKS
    columns = []
    for index, (column, cells) in enumerate(zip(sheet.table.columns, columns_of(sheet.table), strict=True)):
        written = list(cells)
        for offset, cell in enumerate(cells):
            if isinstance(cell, Link):
                if left:
                    _write_link(page, first + offset, index, cell, formats.link)
                    left -= 1
                else:
                    written[offset] = cell.text
        columns.append((written, formats.style(column)))
    page.write_columns(first, columns, [_LINE_POINTS * lines for lines in lines_of(sheet.table)])


def _write_link(page: Page, row: int, index: int, cell: Link, style: Any) -> None:
    target = f"internal:'{cell.target[1:]}'!A1" if cell.target.startswith("#") else cell.target
    page.write_url(row, index, target, style, cell.text)
