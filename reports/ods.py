"""The workbook as ODS, accessible and byte-stable. Our own writer: zip and XML, no library.

Cells have real types (float, percentage, currency, date, string); every cell that is text is a string, never
a formula; header rows are marked; each table is a named range without a filter; the marking stands in the head
and foot of every page.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from reports.files import packed
from reports.ods_styles import cell_style, column_style, meta_xml, row_style, sheet_style, styles_xml
from reports.sheet import (
    MOST_LINES,
    NUMERIC,
    Cell,
    Column,
    Kind,
    Link,
    Sheet,
    Workbook,
    columns_of,
    header_lines_of,
    lines_of,
)
from reports.style import number_text

MEDIA_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"

_NAMESPACES: Final = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0" '
    'xmlns:number="urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.3"'
)
_MANIFEST: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MEDIA_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="styles.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def ods_bytes(workbook: Workbook) -> bytes:
    """The file's content. The same workbook gives the same bytes."""
    members = (
        ("mimetype", MEDIA_TYPE.encode()),
        ("content.xml", "".join(_content(workbook)).encode()),
        ("styles.xml", styles_xml(workbook).encode()),
        ("meta.xml", meta_xml(workbook).encode()),
        ("META-INF/manifest.xml", _MANIFEST.encode()),
    )
    return packed(members, stored=frozenset({"mimetype"}))


def _content(workbook: Workbook) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_NAMESPACES}><office:automatic-styles>'
    yield from _automatic_styles(workbook)
    yield "</office:automatic-styles><office:body><office:spreadsheet>"
    for sheet in workbook.sheets:
        yield from _sheet(sheet, workbook.banner)
    yield "<table:database-ranges>"
    for sheet in workbook.sheets:
        yield _named_range(sheet)
    yield "</table:database-ranges></office:spreadsheet></office:body></office:document-content>"


def _automatic_styles(workbook: Workbook) -> Iterator[str]:
    for width in sorted({column.width for sheet in workbook.sheets for column in sheet.table.columns}):
        yield column_style(width)
    yield from (row_style(lines) for lines in range(MOST_LINES + 1))
    for pages in sorted({sheet.pages_wide for sheet in workbook.sheets}):
        yield sheet_style(pages)
    columns = (column for sheet in workbook.sheets for column in sheet.table.columns)
    figures = {(column.kind, column.decimals) for column in columns if column.kind in NUMERIC | {Kind.DATE}}
    for kind, decimals in sorted(figures):
        yield cell_style(kind, decimals)


def _sheet(sheet: Sheet, banner: str) -> Iterator[str]:
    columns = sheet.table.columns
    yield f'<table:table table:name={quoteattr(sheet.name)} table:style-name="sheet{sheet.pages_wide}">'
    yield f"<table:title>{escape(sheet.title)}</table:title><table:desc>{escape(sheet.about)}</table:desc>"
    repeated = sheet.repeat if sheet.pages_wide > 1 else 0
    if repeated:
        yield "<table:table-header-columns>"
    for index, column in enumerate(columns):
        yield f'<table:table-column table:style-name="width{column.width:g}" table:default-cell-style-name="Default"/>'
        if repeated and index == repeated - 1:
            yield "</table:table-header-columns>"
    yield from _rows(sheet, banner)
    yield "</table:table>"


def _rows(sheet: Sheet, banner: str) -> Iterator[str]:
    columns = sheet.table.columns
    for style, text in (("Title", sheet.title), ("Banner", banner), *(("Note", note) for note in sheet.notes)):
        yield f"<table:table-row>{_string(text, style)}</table:table-row>"
    yield f'<table:table-header-rows><table:table-row table:style-name="lines{header_lines_of(columns)}">'
    for column in columns:
        yield _string(column.header, "HeaderRight" if column.kind in NUMERIC else "Header")
    yield "</table:table-row></table:table-header-rows>"
    made = [_cells(cells, column) for column, cells in zip(columns, columns_of(sheet.table), strict=True)]
    for lines, row in zip(_row_lines(sheet), zip(*made, strict=True), strict=True):
        yield f'<table:table-row table:style-name="lines{lines}">{"".join(row)}</table:table-row>'


def _row_lines(sheet: Sheet) -> list[int]:
    """0 lines grow with what is written into a row; the others have the height that printing needs."""
    return [0] * len(sheet.table.rows) if sheet.editable else lines_of(sheet.table)


def _cells(cells: Sequence[Cell], column: Column) -> Iterator[str]:
    """The cells of a column, each different one made once."""
    made = {cell: _cell(cell, column) for cell in set(cells)}
    return map(made.__getitem__, cells)


def _cell(cell: Cell, column: Column) -> str:
    if isinstance(cell, float | int):
        return _number(cell, column)
    if isinstance(cell, date):
        style = f"{Kind.DATE}0"
        return (
            f'<table:table-cell table:style-name="{style}" office:value-type="date" '
            f'office:date-value="{cell.isoformat()}"><text:p>{cell.isoformat()}</text:p></table:table-cell>'
        )
    if isinstance(cell, Link):
        return _link(cell)
    return _string(cell, "Figure" if column.kind in NUMERIC else "Cell")


def _number(value: float, column: Column) -> str:
    kinds = {Kind.PERCENT: "percentage", Kind.MONEY: 'currency" office:currency="GBP'}
    shown = (
        number_text(value * 100, column.decimals) + "%"
        if column.kind is Kind.PERCENT
        else number_text(value, column.decimals)
    )
    return (
        f'<table:table-cell table:style-name="{column.kind}{column.decimals}" '
        f'office:value-type="{kinds.get(column.kind, "float")}" office:value="{value!r}">'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def _string(text: str, style: str) -> str:
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"<text:p>{escape(text)}</text:p></table:table-cell>"
    )


def _link(cell: Link) -> str:
    target = f"#'{cell.target[1:]}'.A1" if cell.target.startswith("#") else cell.target
    return (
        '<table:table-cell table:style-name="Cell" office:value-type="string"><text:p>'
        f'<text:a xlink:type="simple" xlink:href={quoteattr(target)}>{escape(cell.text)}</text:a>'
        "</text:p></table:table-cell>"
    )


def _named_range(sheet: Sheet) -> str:
    first = 3 + len(sheet.notes)
    last = f"{_letters(len(sheet.table.columns))}{first + len(sheet.table.rows)}"
    name = f"'{sheet.name}'" if " " in sheet.name else sheet.name
    address = quoteattr(f"{name}.A{first}:{name}.{last}")
    return (
        f"<table:database-range table:name={quoteattr(sheet.table.name)} table:target-range-address={address} "
        'table:display-filter-buttons="false" table:contains-header="true"/>'
    )


def _letters(position: int) -> str:
    """The letters of a column by its position from 1: 1 is A, 27 is AA."""
    letters = ""
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
