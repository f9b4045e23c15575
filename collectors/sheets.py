"""Spreadsheets as text: CSV (plain or gzip), ODS and XLSX to named sheets of cells with their row numbers.

A cell is its text; nothing is calculated, typed or trimmed. Dates of ODS and XLSX come as ISO text, such as
`2025-03-31T00:00:00`. A formula that was typed as text stays text. Every row keeps the number it has when the
file is opened in a spreadsheet program.
"""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

import fastexcel
import polars as pl

from collectors.packed import (
    GZIP_MAGIC,
    MAX_UNPACKED,
    ZIP_MAGIC,
    check_xml,
    gunzip,
    inflate,
    open_zip,
    unsafe_members,
)
from oversight.errors import HostileInputError, InputError

CSV_TYPE: Final = "text/csv"
GZIP_TYPE: Final = "application/gzip"
ODS_TYPE: Final = "application/vnd.oasis.opendocument.spreadsheet"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_CELLS: Final = 20_000_000
"""Most cells a sheet may span, empty ones and repeats included. The largest Ofsted sheet spans 180,000."""
_ODS_TAG: Final = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)((?:\s[^>]*)?)>")
_ROWS_REPEATED: Final = re.compile(rb"table:number-rows-repeated=[\"'](\d+)[\"']")
_COLUMNS_REPEATED: Final = re.compile(rb"table:number-columns-repeated=[\"'](\d+)[\"']")
_XLSX_PLACE: Final = re.compile(rb"<(?:\w+:)?(?:c|row)\s[^>]*?\br=[\"']([A-Za-z]*)(\d+)[\"']")
_SAVE_AS: Final = "Give the file as CSV (UTF-8), ODS or XLSX."


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Attributes:
        name: as in the workbook; for a CSV the file's stem.
        rows: cells as text, '' for an empty one. `rows[0]` is row 1. In a CSV rows may differ in length.
    """

    name: str
    rows: list[tuple[str, ...]]

    def locator(self, index: int) -> str:
        """Where `rows[index]` stands: `sheet 'NAME' row N`, N counted from 1."""
        return f"sheet '{self.name}' row {index + 1}"


@dataclass(frozen=True, slots=True)
class Book:
    """A spreadsheet file. Sheets are read when asked for.

    Attributes:
        name: file name, for messages.
        media_type: of the bytes given.
        names: sheets, in order.
        oddities: things about the file that did no harm and that a person may want to know.
    """

    name: str
    media_type: str
    names: tuple[str, ...]
    load: Callable[[str], Sheet]
    oddities: tuple[str, ...] = field(default=())

    def sheet(self, name: str) -> Sheet:
        """One sheet, read now."""
        return self.load(name)


def open_book(content: bytes, address: str) -> Book:
    """Open a spreadsheet.

    Args:
        content: the file: CSV, gzip of a CSV, ODS or XLSX.
        address: file name or URL it came by.

    Raises:
        HostileInputError: for a bomb, an XML entity, a sheet that spans too many cells.
        InputError: for a file that is none of these, damaged, or in no known encoding.
    """
    name = file_name(address)
    if content.startswith(GZIP_MAGIC):
        return _csv_book(gunzip(content, name), name, GZIP_TYPE)
    if content.startswith(ZIP_MAGIC):
        return _zip_book(content, name)
    return _csv_book(content, name, CSV_TYPE)


def file_name(address: str) -> str:
    """The last part of a path or URL, without query: `https://x/a/b.csv?y` gives `b.csv`."""
    path = unquote(urlsplit(address).path) if "://" in address else address
    return PurePosixPath(path.replace("\\", "/")).name or address


def stem(name: str) -> str:
    """A file name without its endings `.gz`, `.csv`, `.ods`, `.xlsx`, `.txt`; 'csv' where nothing is left."""
    return re.sub(r"(\.(gz|csv|ods|xlsx|txt))+$", "", name, flags=re.IGNORECASE) or "csv"


def _csv_book(content: bytes, name: str, media_type: str) -> Book:
    text = _text(content, name)
    rows = _csv_rows(text, name)
    sheet = Sheet(stem(name), rows)
    return Book(name, media_type, (sheet.name,), lambda _: sheet)


def _text(content: bytes, name: str) -> str:
    if not content.strip():
        raise InputError("the file is empty", where=name, next_step="Download the file again.")
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise InputError("this is a web page or XML, not a spreadsheet", where=name, next_step=_SAVE_AS)
    if b"\x00" in content or start.startswith((b"%pdf", b"\xd0\xcf\x11\xe0", b"pk")):
        raise InputError("this is not a text file", where=name, next_step=_SAVE_AS)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError as error:
            where = f"{name}, byte {error.start + 1}"
    raise InputError("the text is neither UTF-8 nor Windows-1252", where=where, next_step=_SAVE_AS)


def _csv_rows(text: str, name: str) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows.extend(tuple(row) for row in reader)
    except csv.Error as error:
        raise InputError(
            f"the CSV cannot be split into cells: {error}",
            where=f"{name}, after row {len(rows)} (line {reader.line_num})",
            next_step="Look for a quotation mark that is not closed; download the file again.",
        ) from error
    return rows


def _zip_book(content: bytes, name: str) -> Book:
    archive = open_zip(content, name)
    members = set(archive.namelist())
    if "xl/workbook.xml" in members:
        media_type = XLSX_TYPE
    elif "content.xml" in members:
        media_type = ODS_TYPE
    else:
        raise InputError("the zip file holds no spreadsheet", where=name, next_step=_SAVE_AS)
    left = MAX_UNPACKED
    for member in sorted(members):
        xml = inflate(content, archive, member, name, left)
        left -= len(xml)
        if not member.endswith((".xml", ".rels", ".vml")):
            continue
        check_xml(xml, f"{name}, member {member!r}")
        if member == "content.xml" and media_type == ODS_TYPE:
            _refuse_wide(_ods_spans(xml), name)
        elif member.startswith("xl/worksheets/"):
            _refuse_wide([_xlsx_span(xml)], name)
    oddities = tuple(f"zip member {member!r} tries to leave its folder" for member in unsafe_members(archive))
    try:
        reader = fastexcel.read_excel(content)
    except fastexcel.FastExcelError as error:
        message = f"the spreadsheet cannot be opened: {str(error).splitlines()[0]}"
        raise InputError(
            message, where=name, next_step="Open it in a spreadsheet program and save it again."
        ) from error
    names = tuple(str(sheet) for sheet in reader.sheet_names)
    return Book(name, media_type, names, lambda sheet: _load(reader, sheet, name), oddities)


def _load(reader: "fastexcel.ExcelReader", sheet: str, name: str) -> Sheet:
    try:
        # skip_rows=0 keeps empty rows above the table, so that row numbers are those a reader sees.
        loaded = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
        frame: pl.DataFrame = loaded.to_polars()
    except fastexcel.FastExcelError as error:
        message = f"the sheet cannot be read: {str(error).splitlines()[0]}"
        raise InputError(message, where=f"{name}, sheet '{sheet}'", next_step=_SAVE_AS) from error
    return Sheet(sheet, frame.fill_null("").rows())


def _ods_spans(xml: bytes) -> list[int]:
    """Cells each sheet would span once repeats are written out: rows with content times the widest row."""
    spans: list[int] = []
    height = waiting = width = column = 0
    for match in _ODS_TAG.finditer(xml):
        tag, attributes = match[1], match[2] or b""
        if tag == b"table":
            spans.append(height * width)
            height = waiting = width = column = 0
        elif tag == b"table-row":
            column = 0
            waiting += _count(_ROWS_REPEATED, attributes)
        else:
            column += _count(_COLUMNS_REPEATED, attributes)
            if not attributes.endswith(b"/") or b"value" in attributes:
                height, waiting, width = height + waiting, 0, max(width, column)
    return [*spans, height * width]


def _count(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    if b"repeated" not in attributes:
        return 1
    match = pattern.search(attributes)
    return int(match[1][:12]) if match else 1


def _xlsx_span(xml: bytes) -> int:
    """Cells an XLSX sheet would span: its last row times its last column."""
    height, width = 0, 1
    for column, row in set(_XLSX_PLACE.findall(xml)):
        height = max(height, int(row[:12]))
        number = 0
        for letter in column[:6].upper():
            number = number * 26 + letter - 64
        width = max(width, number)
    return height * width


def _refuse_wide(spans: list[int], name: str) -> None:
    if max(spans, default=0) > MAX_CELLS:
        raise HostileInputError(
            f"a sheet spans {max(spans):,} cells; the limit is {MAX_CELLS:,}",
            where=name,
            next_step="Delete empty rows and columns in a spreadsheet program and save the file again.",
        )
