"""The documents: genuine, the same each time, and read by an independent reader to exactly the truth."""

import io
import re
import warnings
import zlib
from collections.abc import Callable
from datetime import date
from typing import Any

import ixbrlparse
import polars as pl
import pypdfium2 as pdfium
import pytest
from lxml import etree

from oversight.example import accounts
from oversight.example.documents import Library
from oversight.example.filed import flavours, taxonomy
from oversight.example.shapes import Accounts, Company, Market

FRC = "http://xbrl.frc.org.uk/"
IX_2008, IX_2013 = "http://www.xbrl.org/2008/inlineXBRL", "http://www.xbrl.org/2013/inlineXBRL"


def tagged(each: Accounts, name: str) -> bytes:
    made = accounts.resources(each, name)
    return made.get(accounts.XHTML) or made[accounts.XML]


def parse(content: bytes) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ixbrlparse.IXBRL(io.StringIO(content.decode()))


def test_every_tagged_document_is_well_formed_and_says_it_is_invented(
    every_set: list[Accounts], company_of: Callable[[str], Company]
) -> None:
    for each in every_set:
        if each.medium == "scan":
            continue
        content = tagged(each, company_of(each.company_number).name)
        etree.fromstring(content)
        assert b"nvented example" in content
        assert each.company_number.encode() in content


def test_the_same_document_has_the_same_bytes_each_time(market: Market) -> None:
    first, again = Library(market), Library(market)
    for company in market.companies[::9]:
        for filing in company.filings[:4]:
            assert filing.document_id is not None
            assert first.resources(filing.document_id) == again.resources(filing.document_id)


def _expected(each: Accounts, true_lines: pl.DataFrame) -> set[tuple[str, str, bool, float]]:
    """Concept, end, consolidated and tagged value of each line that the truth has of a document."""
    found = set()
    for row in true_lines.filter(pl.col("transaction_id") == each.transaction_id).iter_rows(named=True):
        concept = taxonomy.CONCEPTS[row["line"]]
        value = -row["value"] if concept.flips or concept.subtracted else row["value"]
        found.add((row["concept"], row["period_end"].isoformat(), row["consolidated"], value))
    return found


def _read(each: Accounts, name: str) -> set[tuple[str, str, bool, float]]:
    found = set()
    for fact in parse(tagged(each, name)).numeric:
        context = fact.context
        day: date = context.instant or context.enddate
        group = any(part["value"].strip().endswith(":Consolidated") for part in context.segments or [])
        found.add((fact.name.partition(":")[2] or fact.name, day.isoformat(), group, float(fact.value)))
    return found


@pytest.mark.parametrize("flavour", range(len(flavours.FLAVOURS)))
def test_an_independent_reader_finds_exactly_the_truth(
    flavour: int, every_set: list[Accounts], true_lines: pl.DataFrame, company_of: Callable[[str], Company]
) -> None:
    inline = [each for each in every_set if each.medium == "ixbrl" and each.flavour == flavour]
    assert {each.form for each in inline} >= {"small"}
    for each in inline[:: max(1, len(inline) // 12)]:
        read = _read(each, company_of(each.company_number).name)
        expected = _expected(each, true_lines)
        assert expected <= read
        extra = {entry for entry in read - expected if entry[0] != "CashCashEquivalents"}
        assert extra == set()


def test_plain_xbrl_tells_exactly_the_truth(
    every_set: list[Accounts], true_lines: pl.DataFrame, company_of: Callable[[str], Company]
) -> None:
    plain = [each for each in every_set if each.medium == "xbrl"]
    assert len(plain) > 10
    for each in plain:
        root = etree.fromstring(tagged(each, company_of(each.company_number).name))
        ends = {
            context.get("id"): context.findtext(".//{*}instant") or context.findtext(".//{*}endDate")
            for context in root.iter("{http://www.xbrl.org/2003/instance}context")
        }
        read = {
            (etree.QName(fact).localname, ends[fact.get("contextRef")], False, float(fact.text or "nan"))
            for fact in root
            if fact.get("unitRef")
        }
        assert read == _expected(each, true_lines)


def test_the_tags_are_of_every_kind_that_real_filings_have(
    every_set: list[Accounts], company_of: Callable[[str], Company]
) -> None:
    texts = [
        tagged(each, company_of(each.company_number).name).decode() for each in every_set if each.medium == "ixbrl"
    ]
    assert sum(f'"{IX_2013}"' in text for text in texts) > sum(f'"{IX_2008}"' in text for text in texts) > 30
    assert sum(f'xmlns="{IX_2013}"' in text for text in texts) > 30, "inline XBRL as the default namespace"
    assert sum('scale="3"' in text for text in texts) > 50
    assert sum('sign="-"' in text for text in texts) > 50
    assert sum("continuation" in text for text in texts) > 50
    assert sum(re.search(r"\(<[^>]*nonFraction [^>]*>[\d,]+</[^>]*>\)", text) is not None for text in texts) > 200
    assert sum("GroupCompanyDataDimension" in text for text in texts) > 50
    assert any('format="ixt:numdash"' in text for text in texts)
    assert any('format="ixt2:zerodash"' in text for text in texts)
    prefixes = {found for text in texts for found in re.findall(rf'xmlns:([\w-]+)="{FRC}fr/[\d-]+/core"', text)}
    assert prefixes == {"core", "d", "ns5", "frs-core"}
    assert len({found for text in texts for found in re.findall(r'xlink:href="([^"]+)"', text)}) >= 6


def test_names_are_escaped_in_documents(market: Market) -> None:
    nasty = next(company for company in market.companies if "<SCRIPT>" in company.name)
    for each in nasty.accounts:
        content = tagged(each, nasty.name).decode()
        assert "<SCRIPT>" not in content
        assert "&lt;SCRIPT&gt;" in content


def test_warnings_are_in_the_words_and_harmless_words_are_no_warnings(
    every_set: list[Accounts], company_of: Callable[[str], Company]
) -> None:
    warned = harmless = 0
    for each in every_set:
        if each.medium != "ixbrl":
            continue
        text = tagged(each, company_of(each.company_number).name).decode()
        if each.going_concern == "material_uncertainty":
            warned += 1
            assert "a material uncertainty exists that may cast significant doubt" in text
        else:
            assert "material uncertainty exists that may" not in text
            harmless += "cast significant doubt" in text
    assert warned > 10
    assert harmless > 300


def test_a_restated_year_says_so(every_set: list[Accounts], company_of: Callable[[str], Company]) -> None:
    restated = [each for each in every_set if each.restated]
    assert len(restated) == 2
    for each in restated:
        text = tagged(each, company_of(each.company_number).name).decode()
        assert "have been restated" in text
        assert f"{each.comparative_end.year} restated" in text


def test_one_set_of_accounts_is_only_a_picture(market: Market, every_set: list[Accounts]) -> None:
    scans = [each for each in every_set if each.medium == "scan"]
    assert len(scans) == 1
    made = accounts.resources(scans[0], accounts.names(market)[scans[0].company_number])
    assert set(made) == {accounts.PDF}
    content = made[accounts.PDF]
    assert b"/Font" not in content
    pictures = re.findall(rb"/Width (\d+) /Height (\d+) .*?stream\n(.*?)\nendstream", content, re.DOTALL)
    assert len(pictures) >= 8
    for width, height, data in pictures:
        bits = zlib.decompress(data)
        assert len(bits) == (int(width) + 7) // 8 * int(height)
        assert 0.001 < sum(byte.bit_count() for byte in bits) / (8 * len(bits)) < 0.2


def test_a_scan_opens_in_a_pdf_library_and_has_no_text(market: Market, every_set: list[Accounts]) -> None:
    scan = next(each for each in every_set if each.medium == "scan")
    names = accounts.names(market)
    document = pdfium.PdfDocument(accounts.resources(scan, names[scan.company_number])[accounts.PDF])
    assert len(document) >= 8
    assert all(not page.get_textpage().get_text_bounded().strip() for page in document)
    whole = next(each for each in every_set if each.form == "group" and each.medium == "ixbrl")
    paper = pdfium.PdfDocument(accounts.resources(whole, names[whole.company_number])[accounts.PDF])
    text = "".join(page.get_textpage().get_text_bounded() for page in paper)
    assert "Total assets less current liabilities" in text
    assert f"{whole.group['tangible_assets'] // (1000 if whole.thousands else 1):,}" in text if whole.group else False


def test_the_library_keeps_only_so_many(market: Market) -> None:
    library = Library(market)
    for company in market.companies:
        for filing in company.filings:
            if filing.document_id is not None:
                library.resources(filing.document_id)
    assert len(library) > 1000
    assert len(library._made) == 400
