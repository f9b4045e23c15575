"""Small spreadsheets made for tests, and the first rows of real publications."""

import csv
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import polars as pl
import xlsxwriter

from collectors.ofsted import READERS, identify
from collectors.reading import Origin, Rows
from oversight.model.tables import TABLES

FIXTURES = Path(__file__).parents[2] / "fixtures" / "ofsted"
HEADER = (
    "URN",
    "Provision type",
    "Registration status",
    "Registration date",
    "Name",
    "Government Office Region",
    "Local authority",
    "Sector",
    "Places",
    "Organisation which owns the provider",
    "Latest full inspection date",
    "Overall experiences and progress of children and young people",
    "How well children and young people are helped and protected",
    "The effectiveness of leaders and managers",
)
NAME = "provider_level_at_31_march_2024.csv"
_OFFICE = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
_TABLE = 'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
_TEXT = 'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"

Cells = Sequence[Sequence[str]]


def homes(count: int = 12) -> list[list[str]]:
    """Rows that fit `HEADER`."""
    judgements = ("Good", "Outstanding", "Requires improvement to be good", "Inadequate")
    regions = (("East of England", "Essex"), ("North West", "St Helens"), ("South West", "Bristol"))
    return [
        [
            f"SC{100001 + row}" if row % 2 else str(2600001 + row),
            "Children's home",
            "Active",
            f"{1 + row % 28:02d}/05/2016",
            "REDACTED",
            *regions[row % 3],
            ("Private", "Voluntary", "Local Authority")[row % 3],
            str(1 + row % 6),
            f"Harbour Care {row} Limited",
            f"{13 + row % 15:02d}/11/2023",
            judgements[row % 4],
            judgements[(row + 1) % 4],
            judgements[(row + 2) % 4],
        ]
        for row in range(count)
    ]


def csv_bytes(rows: Cells, encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(sheets: Mapping[str, Cells]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for index, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(index, column, cell)
    return buffer.getvalue()


def ods_bytes(sheets: Mapping[str, Cells]) -> bytes:
    tables = "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    )
    return ods_of(tables)


def ods_of(tables: str, *, prologue: str = "", members: Mapping[str, str] | None = None) -> bytes:
    """An ODS file around `<table:table>` elements written by hand."""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prologue}<office:document-content {_OFFICE} {_TABLE} {_TEXT}>'
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", _ODS_TYPE)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        for name, text in (members or {}).items():
            archive.writestr(name, text)
    return buffer.getvalue()


def _ods_row(row: Sequence[str]) -> str:
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
        if cell
        else "<table:table-cell/>"
        for cell in row
    )
    return f"<table:table-row>{cells}</table:table-row>"


def read_rows(content: bytes, name: str, as_at: date | None = None) -> Rows:
    """A file through `identify` and its reader."""
    publication = identify(content, name, as_at)
    origin = Origin(hashlib.sha256(content).hexdigest(), publication.source, publication.subject, name)
    return READERS[publication.source].read(content, origin)


def frame(rows: Rows, table: str) -> pl.DataFrame:
    """One table, validated against its declaration."""
    schema = TABLES[table]
    empty = pl.DataFrame(schema=dict.fromkeys(schema.column_names(), pl.Null))
    read = pl.DataFrame(rows.tables[table], infer_schema_length=None)
    return schema.validate(pl.concat([empty, read], how="diagonal_relaxed"), cast=True)


def kinds(rows: Rows) -> list[str]:
    """Kinds of the issues, in order."""
    return [str(issue["kind"]) for issue in rows.tables["issue"]]
