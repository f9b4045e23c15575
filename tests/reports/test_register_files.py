"""The files themselves: accessible, harmless, and the same bytes each time."""

import re
import zipfile
from io import BytesIO
from pathlib import Path

import fastexcel
import openpyxl
import polars as pl
import pytest
from lxml import etree
from openpyxl.worksheet.worksheet import Worksheet

from reports import render
from reports.frames import RunView
from reports.ods import MEDIA_TYPE, ods_bytes
from reports.sheet import Kind, Sheet, Workbook
from reports.workbook import build
from reports.xlsx import xlsx_bytes
from tests.reports.invented_view import LABEL, NAMES, view

BANNER = f"OFFICIAL-SENSITIVE. {LABEL}. DRAFT, NOT PUBLISHED"
TITLE = "Children\u2019s homes: financial risk register, as at 22 November 2026"
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '<script>alert("1")</script> & Sons "Limited"',
    "Bell\x07 and\x00 null \x1b[31m Limited",
    "\u202eetadepS\u202c \u05d1\u05d9\u05ea Limited",
    "]]> <!ENTITY x SYSTEM 'file:///etc/passwd'> _x000D_ Limited",
    "Very long " + "name " * 9_000,
    "+44 Example Limited\r\nBcc: someone@example.test",
)
NS = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def q(name: str) -> str:
    prefix, _, local = name.partition(":")
    return f"{{{NS[prefix]}}}{local}"


@pytest.fixture(scope="module")
def book() -> Workbook:
    return build(view())


@pytest.fixture(scope="module")
def xlsx(book: Workbook) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(xlsx_bytes(book)))


@pytest.fixture(scope="module")
def ods(book: Workbook) -> dict[str, etree._Element]:
    with zipfile.ZipFile(BytesIO(ods_bytes(book))) as package:
        return {name: etree.fromstring(package.read(name)) for name in package.namelist() if name.endswith(".xml")}


def shown(node: etree._Element) -> str:
    """All the text of a node."""
    return "".join(str(text) for text in node.itertext())


def header_row(sheet: Sheet) -> int:
    """The row of the table's header, from 1: after the title, the banner and the notes."""
    return 3 + len(sheet.notes)


def test_xlsx_has_one_named_table_a_sheet_without_filters_merges_panes_or_gaps(
    book: Workbook, xlsx: openpyxl.Workbook
) -> None:
    assert xlsx.sheetnames == [sheet.name for sheet in book.sheets]
    names = []
    for sheet in book.sheets:
        page: Worksheet = xlsx[sheet.name]
        assert page["A1"].value == sheet.title
        assert page["A2"].value == BANNER
        (table,) = page.tables.values()
        names.append(table.name)
        first = header_row(sheet)
        last = openpyxl.utils.get_column_letter(len(sheet.table.columns))
        assert table.ref == f"A{first}:{last}{first + len(sheet.table.rows)}"
        assert table.headerRowCount == 1
        assert table.autoFilter is None
        assert page.auto_filter.ref is None
        assert page.freeze_panes is None
        assert not page.merged_cells.ranges
        assert not any(row.hidden for row in page.row_dimensions.values())
        assert [cell.value for cell in page[first]] == [column.header for column in sheet.table.columns]
        cells = [cell.value for row in page.iter_rows(min_row=first) for cell in row]
        assert all(value not in {None, ""} for value in cells)
        assert page.max_row == first + len(sheet.table.rows)
    assert len(set(names)) == len(names)


def test_xlsx_is_marked_titled_and_in_english(book: Workbook, xlsx: openpyxl.Workbook) -> None:
    assert xlsx.properties.title == TITLE
    assert xlsx.properties.language == "en-GB"
    assert xlsx.properties.created is not None
    assert xlsx.properties.created.isoformat() == "2026-11-22T00:00:00"
    assert xlsx.active.title == "Cover"
    for sheet in book.sheets:
        page = xlsx[sheet.name]
        assert BANNER in str(page.oddHeader.center.text)
        assert BANNER in str(page.oddFooter.center.text)
        assert page.page_setup.orientation == "landscape"
        assert page.print_title_rows == f"${header_row(sheet)}:${header_row(sheet)}"


def test_xlsx_cells_have_types_formats_wrapping_and_a_readable_font(xlsx: openpyxl.Workbook, book: Workbook) -> None:
    register = next(sheet for sheet in book.sheets if sheet.name == "Register")
    page = xlsx["Register"]
    first = {
        column.header: page.cell(header_row(register) + 1, 1 + i) for i, column in enumerate(register.table.columns)
    }
    assert (first["Turnover (£)"].value, first["Turnover (£)"].number_format) == (48_250_000, '"£"#,##0;-"£"#,##0')
    assert (first["Operating margin (%)"].value, first["Operating margin (%)"].number_format) == (0.083, "0.0%")
    assert first["Accounts made up to"].is_date
    assert (first["UK parent company number"].value, first["UK parent company number"].data_type) == ("99000001", "s")
    assert first["Main reasons"].alignment.wrap_text
    fonts = {(cell.font.name, cell.font.sz) for row in page.iter_rows(min_row=2) for cell in row if cell.value}
    assert fonts == {("Arial", 12)}


def test_ods_has_one_named_table_a_sheet_with_one_marked_header_row_and_no_gaps(
    book: Workbook, ods: dict[str, etree._Element]
) -> None:
    content = ods["content.xml"]
    pages = content.findall(".//table:table", NS)
    assert [page.get(q("table:name")) for page in pages] == [sheet.name for sheet in book.sheets]
    ranges = content.findall(".//table:database-range", NS)
    assert len({one.get(q("table:name")) for one in ranges}) == len(book.sheets)
    assert all(one.get(q("table:display-filter-buttons")) == "false" for one in ranges)
    for page, sheet in zip(pages, book.sheets, strict=True):
        rows = page.findall(".//table:table-row", NS)
        assert shown(rows[0][0]) == sheet.title
        assert shown(rows[1][0]) == BANNER
        (header,) = page.findall("table:table-header-rows", NS)
        assert list(header) == [rows[header_row(sheet) - 1]]
        assert [shown(cell) for cell in header[0]] == [column.header for column in sheet.table.columns]
        body = rows[header_row(sheet) :]
        assert len(body) == len(sheet.table.rows)
        assert all(len(row) == len(sheet.table.columns) for row in body)
        assert all(shown(cell) for row in body for cell in row)
    spans = [name for cell in content.iter(q("table:table-cell")) for name in cell.attrib if "spanned" in str(name)]
    assert spans == []
    assert not list(content.iter(q("table:covered-table-cell")))


def test_ods_is_marked_titled_and_in_english(ods: dict[str, etree._Element]) -> None:
    assert ods["meta.xml"].findtext(".//dc:title", namespaces=NS) == TITLE
    assert ods["meta.xml"].findtext(".//dc:language", namespaces=NS) == "en-GB"
    default = ods["styles.xml"].find(".//style:default-style/style:text-properties", NS)
    assert default is not None
    assert (default.get(q("fo:language")), default.get(q("fo:country"))) == ("en", "GB")
    used = {style.get(q("style:master-page-name")) for style in ods["content.xml"].iter(q("style:style"))} - {None}
    masters = ods["styles.xml"].findall(".//style:master-page", NS)
    assert {master.get(q("style:name")) for master in masters} == used
    for master in masters:
        for end in ("style:header", "style:footer"):
            (strip,) = master.findall(end, NS)
            assert BANNER in shown(strip)


def test_ods_every_style_a_cell_uses_is_declared(ods: dict[str, etree._Element]) -> None:
    declared = {style.get(q("style:name")) for part in ods.values() for style in part.iter(q("style:style"))}
    used = {
        str(node.get(q("table:style-name"))) for node in ods["content.xml"].iter() if node.get(q("table:style-name"))
    }
    assert used <= declared


def test_ods_is_a_package_whose_type_can_be_read_first(book: Workbook) -> None:
    content = ods_bytes(book)
    with zipfile.ZipFile(BytesIO(content)) as package:
        first = package.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
    assert content[38 : 38 + len(MEDIA_TYPE)].decode() == MEDIA_TYPE


def test_ods_and_xlsx_read_back_to_the_same_figures(book: Workbook, tmp_path: Path) -> None:
    paths = {"ods": tmp_path / "r.ods", "xlsx": tmp_path / "r.xlsx"}
    paths["ods"].write_bytes(ods_bytes(book))
    paths["xlsx"].write_bytes(xlsx_bytes(book))
    readers = {kind: fastexcel.read_excel(path) for kind, path in paths.items()}
    for sheet in book.sheets:
        frames = {
            kind: reader.load_sheet(sheet.name, header_row=header_row(sheet) - 1).to_polars()
            for kind, reader in readers.items()
        }
        dates = [column.header for column in sheet.table.columns if column.kind is Kind.DATE]
        told = {kind: one.with_columns(pl.col(dates).cast(pl.String).str.head(10)) for kind, one in frames.items()}
        assert told["ods"].equals(told["xlsx"]), sheet.name
        assert frames["ods"].height == len(sheet.table.rows)
    exposure = readers["ods"].load_sheet("Exposure", header_row=3).to_polars()
    assert exposure.get_column("Homes of the group").to_list() == [24.0, 16.0, 21.0, 13.0, 18.0, 10.0]
    assert exposure.get_column("Share of the authority\u2019s places (%)").to_list()[0] == 0.457


def test_links_lead_to_sheets_and_to_web_addresses_only(
    xlsx: openpyxl.Workbook, ods: dict[str, etree._Element], book: Workbook
) -> None:
    contents = xlsx["Contents"]
    inside = [row[0].hyperlink.location for row in contents.iter_rows(min_row=4)]
    assert inside == [f"'{sheet.name}'!A1" for sheet in book.sheets[2:]]
    outside = [row[4].hyperlink for row in xlsx["Evidence"].iter_rows(min_row=6)]
    assert [link.target if link else None for link in outside] == [None, "https://example.test/ofsted.ods"]
    targets = [str(link.get(q("xlink:href"))) for link in ods["content.xml"].iter(q("text:a"))]
    assert "#'Likelihood by impact'.A1" in targets
    assert all(re.match(r"https?://|#'", target) for target in targets)


@pytest.fixture(scope="module")
def hostile() -> RunView:
    return view(*HOSTILE)


def test_hostile_text_is_only_text_in_xlsx(hostile: RunView) -> None:
    content = xlsx_bytes(build(hostile))
    with zipfile.ZipFile(BytesIO(content)) as package:
        for name in package.namelist():
            etree.fromstring(package.read(name), etree.XMLParser(resolve_entities=False))
        sheets = b"".join(package.read(name) for name in package.namelist() if "worksheets/sheet" in name)
    assert b"<f>" not in sheets
    page = openpyxl.load_workbook(BytesIO(content))["Groups"]
    cells = {str(row[1].value): row[1] for row in page.iter_rows(min_row=6)}
    assert cells["=cmd|' /C calc'!A0"].data_type == "s"
    assert cells["=cmd|' /C calc'!A0"].quotePrefix
    assert '<script>alert("1")</script> & Sons "Limited"' in cells
    assert "Bell and null [31m Limited" in cells
    assert "etadepS \u05d1\u05d9\u05ea Limited" in cells
    assert "+44 Example Limited Bcc: someone@example.test" in cells
    assert any("_x000D_" in text for text in cells)
    assert max(len(text) for text in cells) == 4_000


def test_hostile_text_is_only_text_in_ods(hostile: RunView) -> None:
    with zipfile.ZipFile(BytesIO(ods_bytes(build(hostile)))) as package:
        content = etree.fromstring(package.read("content.xml"), etree.XMLParser(resolve_entities=False))
    cells = list(content.iter(q("table:table-cell")))
    assert not [name for cell in cells for name in cell.attrib if "formula" in str(name)]
    types = {shown(cell): cell.get(q("office:value-type")) for cell in cells}
    assert types["=cmd|' /C calc'!A0"] == "string"
    assert types['<script>alert("1")</script> & Sons "Limited"'] == "string"
    assert types["Bell and null [31m Limited"] == "string"
    assert not list(content.iter("script"))


def test_a_hostile_label_stays_text_in_the_head_of_each_page() -> None:
    book = build(view(label="A&B <b>&P</b>"))
    page = openpyxl.load_workbook(BytesIO(xlsx_bytes(book)))["Cover"]
    assert "AandB <b>andP</b>" in str(page.oddHeader.center.text)
    with zipfile.ZipFile(BytesIO(ods_bytes(book))) as package:
        styles = etree.fromstring(package.read("styles.xml"))
    assert "A&B <b>&P</b>" in shown(styles)


def test_links_beyond_what_excel_holds_stay_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.xlsx.MOST_LINKS", 2)
    contents = openpyxl.load_workbook(BytesIO(xlsx_bytes(build(view()))))["Contents"]
    links = [row[0].hyperlink is not None for row in contents.iter_rows(min_row=4)]
    assert links == [True, True, *[False] * (len(links) - 2)]


def test_the_same_run_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = render(view(), tmp_path / "a"), render(view(), tmp_path / "b")
    assert sorted(first) == ["register.csv", "register.ods", "register.xlsx"]
    assert {name: path.read_bytes() for name, path in first.items()} == {
        name: path.read_bytes() for name, path in second.items()
    }
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == sorted(first)


def test_another_run_gives_other_bytes() -> None:
    assert ods_bytes(build(view())) != ods_bytes(build(view(*reversed(NAMES))))
    assert xlsx_bytes(build(view())) != xlsx_bytes(build(view(run_id="another")))
