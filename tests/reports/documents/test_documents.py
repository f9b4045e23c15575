"""Word and PDF from one model: structure, accessibility, the same bytes, and names that try something."""

import ctypes
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import date
from io import BytesIO
from itertools import pairwise
from typing import Any

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from pypdfium2 import raw

from oversight.errors import SettingsError
from reports.charts.plot import apart, steps
from reports.documents import Document, Origin, completed, docx_bytes, html_text, pdf, pdf_bytes
from reports.documents.model import (
    Block,
    Bullets,
    Heading,
    Image,
    Images,
    PageBreak,
    Paragraph,
    Table,
    figure,
    said,
    strong,
    trace_id,
    web,
)
from tests.reports.test_register_files import HOSTILE

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6364f8ffff3f0005fe02fea735816400000000049454e44ae426082".replace(
        "00000000049", "0000000049"
    )
)
SHA = "ab" * 32


def paper(name: str = "Larkrise Example Limited", blocks: tuple[Block, ...] | None = None) -> Document:
    table = Table(
        caption=f"Figures of {name}",
        header=("Measure", "Value", "ID to trace"),
        rows=((said("Margin"), (figure("8.3%", "g.operating_margin.2025"),), (trace_id("g.debt.2025"),)),),
        widths=(0.4, 0.3, 0.3),
        numeric=frozenset({1}),
    )
    body: tuple[Block, ...] = (
        Paragraph(said("Mind this, ", strong("now"), "."), notice=True),
        Heading(1, "In short"),
        Paragraph(said(f"{name} owes ", figure("£1.2 million", "g.debt.2025"), ".")),
        Bullets((said(name), said("Margin ", figure("8.3%", "g.operating_margin.2025")))),
        Heading(2, "Drawn"),
        Images((Image(PNG, f"A line that falls, of {name}", 0.5),)),
        PageBreak(),
        Heading(1, "Annex A. Table"),
        table,
        Paragraph((web("https://example.test/a?b=1&c=2"), web("javascript:alert(1)"))),
    )
    draft = Document(
        name, "A subtitle", "Run 1, code 2", "OFFICIAL. EXAMPLE", "A. Nalyst", date(2026, 3, 1), blocks or body
    )
    found = Origin(SHA, "sheet 'a' row 3", "ofsted.provider_level", "https://example.test/x.ods", "2026-01-02")
    return completed(draft, {"g.debt.2025": [found, Origin(SHA, "row 4", "", "", "")], "g.operating_margin.2025": []})


def opened(content: bytes) -> Any:
    return docx.Document(BytesIO(content))


@pytest.fixture(scope="session")
def can_pdf() -> None:
    try:
        pdf.pdf_ready()
    except SettingsError as error:
        pytest.skip(f"no PDF on this machine: {error.message}")


def test_word_has_title_language_headings_in_order_and_marking_on_every_page() -> None:
    word = opened(docx_bytes(paper()))
    held = word.core_properties
    assert (held.title, held.subject, held.author) == ("Larkrise Example Limited", "Run 1, code 2", "A. Nalyst")
    assert held.language == "en-GB"
    assert word.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "en-GB"
    headings = [(p.style.name, p.text) for p in word.paragraphs if p.style.name.startswith(("Title", "Heading"))]
    assert headings == [
        ("Title", "Larkrise Example Limited"),
        ("Heading 1", "In short"),
        ("Heading 2", "Drawn"),
        ("Heading 1", "Annex A. Table"),
        ("Heading 1", "Annex B. Where each figure comes from"),
    ]
    section = word.sections[0]
    assert section.header.paragraphs[0].text == "OFFICIAL. EXAMPLE"
    assert section.footer.paragraphs[0].text == "OFFICIAL. EXAMPLE"
    assert "Run 1, code 2" in section.footer.paragraphs[1].text


def test_word_tables_have_a_header_row_a_caption_and_whole_rows() -> None:
    word = opened(docx_bytes(paper()))
    assert len(word.tables) == 3
    for table in word.tables:
        first = table.rows[0]._tr.trPr
        assert first.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert all(cell.text for row in table.rows for cell in row.cells)


def test_word_pictures_have_words_and_links_lead_somewhere() -> None:
    content = docx_bytes(paper())
    word = opened(content)
    drawn = word.element.findall(f".//{qn('wp:docPr')}")
    assert [each.get("descr") for each in drawn] == ["A line that falls, of Larkrise Example Limited"]
    anchors = {each.get(qn("w:anchor")) for each in word.element.findall(f".//{qn('w:hyperlink')}")} - {None}
    marks = {each.get(qn("w:name")) for each in word.element.findall(f".//{qn('w:bookmarkStart')}")}
    assert anchors == marks == {"source-1", "source-2"}
    targets = [rel.target_ref for rel in word.part.rels.values() if rel.is_external]
    assert set(targets) == {"https://example.test/a?b=1&c=2", "https://example.test/x.ods"}


@pytest.mark.parametrize("write", [docx_bytes, lambda each: html_text(each).encode()])
def test_the_same_document_gives_the_same_bytes(write: Callable[[Document], bytes]) -> None:
    assert write(paper()) == write(paper())
    assert write(paper()) != write(paper("Another"))


def test_every_figure_of_the_annex_is_numbered_once_and_in_order() -> None:
    whole = paper()
    assert list(whole.numbers()) == ["g.debt.2025", "g.operating_margin.2025"]
    rows = [block for block in whole.blocks if isinstance(block, Table)][-2].rows
    said_rows = [tuple("".join(span.text for span in cell) for cell in row) for row in rows]
    assert said_rows == [
        ("1", "£1.2 million", "g.debt.2025", "D1 sheet 'a' row 3; D1 row 4"),
        ("2", "8.3%", "g.operating_margin.2025", "The run\u2019s own tables"),
    ]


def test_the_page_is_valid_for_a_screen_reader() -> None:
    page: Any = html.document_fromstring(html_text(paper()))
    assert page.get("lang") == "en-GB"
    assert page.findtext(".//title") == "Larkrise Example Limited"
    assert [each.tag for each in page.iter("h1", "h2", "h3")] == ["h1", "h2", "h3", "h2", "h2"]
    assert all(each.get("scope") == "col" for each in page.findall(".//thead//th"))
    assert all(row.find("th").get("scope") == "row" for row in page.findall(".//tbody/tr"))
    assert all(each.find("caption") is not None for each in page.findall(".//table"))
    assert all(each.get("alt") for each in page.findall(".//img"))
    ids = {each.get("id") for each in page.xpath("//*[@id]")}
    links = [each.get("href") for each in page.findall(".//a")]
    assert {each[1:] for each in links if each.startswith("#")} == ids
    assert not [each for each in links if each.startswith("javascript")]


@pytest.mark.usefixtures("can_pdf")
def test_a_pdf_is_tagged_titled_and_the_same_each_time() -> None:
    content = pdf_bytes(paper())
    assert content == pdf_bytes(paper())
    assert any(b"pdfuaid:part" in each for each in streams(content))
    read = pypdfium2.PdfDocument(content)
    assert raw.FPDFCatalog_IsTagged(read)
    tags = Counter(kind for page in range(len(read)) for kind, _ in structure(read, page))
    assert tags["H1"] == 1
    assert tags["H2"] == 3
    assert tags["Figure"] == 1
    assert tags["Table"] == 3
    assert tags["TH"] >= 9
    assert ("Figure", "A line that falls, of Larkrise Example Limited") in structure(read, 0)
    assert read.get_metadata_dict()["Title"] == "Larkrise Example Limited"
    text = [read[page].get_textpage().get_text_range() for page in range(len(read))]
    assert all(page.count("OFFICIAL. EXAMPLE") == 2 for page in text)
    assert "£1.2 million[1]" in text[0]
    assert f"Page 1 of {len(read)}" in text[0]


def streams(content: bytes) -> list[bytes]:
    """The streams of a PDF that is compressed."""
    found = []
    for each in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(each))
        except zlib.error:
            found.append(each)
    return found


def structure(read: pypdfium2.PdfDocument, page: int) -> list[tuple[str, str]]:
    """Type and alternative text of every tag of a page."""
    tree = raw.FPDF_StructTree_GetForPage(read[page])
    todo = [raw.FPDF_StructTree_GetChildAtIndex(tree, n) for n in range(raw.FPDF_StructTree_CountChildren(tree))]
    found = []
    while todo:
        one = todo.pop()
        if not one:
            continue
        found.append((said_by(raw.FPDF_StructElement_GetType, one), said_by(raw.FPDF_StructElement_GetAltText, one)))
        todo += [
            raw.FPDF_StructElement_GetChildAtIndex(one, n) for n in range(raw.FPDF_StructElement_CountChildren(one))
        ]
    raw.FPDF_StructTree_Close(tree)
    return found


def said_by(ask: Any, element: Any) -> str:
    buffer = ctypes.create_string_buffer(4_096)
    length = ask(element, buffer, len(buffer))
    return buffer.raw[: max(0, length - 2)].decode("utf-16-le")


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "weasyprint", None)
    with pytest.raises(SettingsError, match="PDF cannot be written") as raised:
        pdf_bytes(paper())
    assert "[pdf]" in raised.value.next_step


@pytest.mark.parametrize("name", HOSTILE)
def test_names_that_try_something_stay_text(name: str) -> None:
    whole = paper(name[:5_000])
    with zipfile.ZipFile(BytesIO(docx_bytes(whole))) as package:
        parts = [package.read(each) for each in package.namelist() if each.endswith((".xml", ".rels"))]
    assert all(etree.fromstring(part) is not None for part in parts)
    page = html_text(whole)
    assert not re.search(r"<script|<!ENTITY|\x00|\x1b|\u202e", page)
    assert html.document_fromstring(page).findtext(".//h1")


@pytest.mark.usefixtures("can_pdf")
def test_a_pdf_of_a_hostile_name_fetches_nothing() -> None:
    name = '"); } @import url(http://127.0.0.1:9/x.css); <img src="file:///etc/passwd"> \\22 '
    read = pypdfium2.PdfDocument(pdf_bytes(paper(name)))
    assert "root:" not in read[0].get_textpage().get_text_range()


def test_a_table_whose_rows_do_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="Uneven"):
        Table("Uneven", ("A", "B"), ((said("1"),),), (0.5, 0.5))


@given(st.floats(-1e7, 1e7), st.floats(0, 1e7))
def test_the_steps_of_a_scale_hold_its_ends(low: float, span: float) -> None:
    marks = steps(low, low + span)
    assert marks[0] <= low + 1e-6 * max(1, abs(low))
    assert marks[-1] >= low + span - 1e-6 * max(1, abs(low) + span)
    assert 2 <= len(marks) <= 9
    assert marks == sorted(marks)


@settings(max_examples=60)
@given(st.lists(st.floats(0, 300), min_size=1, max_size=6))
def test_labels_stand_apart_where_there_is_room(places: list[float]) -> None:
    found = apart(places, 29, 0, 300)
    ordered = sorted(found)
    assert all(after - before >= 29 - 1e-6 for before, after in pairwise(ordered))
    assert all(each <= 300 for each in found)
