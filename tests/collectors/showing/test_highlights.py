"""Every place that a reader notes leads back to the very figure: in pages, data, tables and answers."""

import gzip
import io
import json
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import html as lxml_html

from collectors.accounts.cells import one_line
from collectors.accounts.reader import read
from collectors.accounts.texts import all_text, quick_page
from collectors.reading import Origin, Row
from collectors.showing.filed import Shown
from collectors.showing.places import Place
from collectors.showing.show import show

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
ACCOUNTS = sorted((FIXTURES / "accounts").glob("*.gz"))


def places_of(content: bytes) -> list[tuple[Row, Place]]:
    rows = read(content, Origin("d" * 64, "companies_house.accounts", "", "file")).tables
    lines = [(row, Place(str(row["locator"]), str(row["line"]), float(str(row["value"])), str(row["concept"])))
             for row in rows["line"]]  # fmt: skip
    facts = [(row, Place(str(row["locator"]), str(row["concept"]))) for row in rows["fact"]]
    said = [(row, Place(str(row["locator"]), str(row["kind"]), None, str(row["quote"])))
            for row in rows.get("statement", ()) if row["locator"]]  # fmt: skip
    return lines + facts + said


def marks(shown: Shown) -> dict[str, str]:
    """What stands in each mark, as another parser reads the page."""
    found = lxml_html.document_fromstring(shown.html).iter("mark")
    return {name: one_line(all_text(mark)) for mark in found if (name := mark.get("id"))}


def marked(shown: Shown) -> str:
    """What stands in the first mark."""
    return marks(shown)["oversight-figure"]


def line_of(page: str, words: str) -> int:
    """The number of the line of a page that holds some words."""
    lines = quick_page(page.encode()).text.split("\n")
    return next(number for number, line in enumerate(lines, start=1) if words in line)


@pytest.mark.parametrize("path", ACCOUNTS, ids=lambda path: path.name)
def test_every_place_of_a_real_filing_is_found_and_marked_as_printed(path: Path) -> None:
    content = gzip.decompress(path.read_bytes())
    places = places_of(content)
    assert len(places) > 10
    shown = show(path.read_bytes(), [place for _, place in places], address=path.name, title="x")
    assert shown.missing == ()
    there = marks(shown)
    for highlight in shown.highlights:
        if path.name.endswith(".html.gz") and len(highlight.text) < 60:
            assert there[highlight.anchor] == highlight.text


def test_the_marked_text_is_worth_the_fact() -> None:
    path = FIXTURES / "accounts" / "Prod223_2911_03694027_20191231.html.gz"
    content = gzip.decompress(path.read_bytes())
    wanted = [
        (row, place) for row, place in places_of(content) if row.get("decimals") == "0" and row.get("unit") == "GBP"
    ]
    shown = show(content, [place for _, place in wanted], address="x", title="x")
    texts = {highlight.locator: highlight.text for highlight in shown.highlights}
    assert len(wanted) > 50
    for row, place in wanted:
        digits = "".join(letter for letter in texts[place.locator] if letter.isdigit())
        assert Decimal(digits or "0") == abs(Decimal(str(row["value"] or 0)))


PAGE = (
    '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"><body>'
    "<table><tr><td>Turnover</td><td>3</td><td>£</td><td>1,250</td><td>(</td><td>99</td></tr>"
    "<tr><td>Cash<br/>Debt</td><td>12<br/>7,000</td></tr></table>"
    "<p>In 12 months the average number of employees was <b>12</b> (2023: 11).</p>"
    "<div style='display:none'><p>500</p></div></body></html>"
)


@pytest.mark.parametrize(
    ("locator", "value", "words", "text"),
    [
        ("Profit and loss account, column 1: body/table/tr[1]/td[3]", 1250.0, None, "1,250"),
        ("Profit and loss account, column 2: body/table/tr[1]/td[5]", -99.0, None, "99"),
        ("Balance sheet, column 1: body/table/tr[2]/td[2]", 7000.0, None, "7,000"),
        ("Balance sheet, column 1: body/table/tr[2]/td[2]", 7_000_000.0, None, "7,000"),
        ("Notes, column 1: body/p", 12.0, "the average number of employees", "12"),
        ("the sentence", None, None, "In 12 months the average number of employees was 12 (2023: 11)."),
        ("the sentence", None, "average number of employees was 12", "average number of employees was 12"),
    ],
)
def test_a_printed_figure_is_marked_alone(locator: str, value: float | None, words: str | None, text: str) -> None:
    if locator == "the sentence":
        locator = f"text line {line_of(PAGE, 'average number')}"
    shown = show(PAGE.encode(), (Place(locator, "it", value, words),), address="x", title="x")
    assert [highlight.text for highlight in shown.highlights] == [text]
    first = marked(shown)
    assert first
    assert text.startswith(first)


def test_the_figure_and_not_an_equal_number_before_it_is_marked() -> None:
    shown = show(
        PAGE.encode(),
        (Place("Notes, column 1: body/p", "", 12.0, "the average number of employees"),),
        address="x",
        title="x",
    )
    assert '<b><mark class="oversight-figure" id="oversight-figure" title="">12</mark></b>' in shown.html


def test_two_figures_of_one_sentence_are_marked_apart() -> None:
    locator = "Notes, column 1: body/p"
    places = (Place(locator, "this year", 12.0, "average number"), Place(locator, "last year", 11.0, "average number"))
    shown = show(PAGE.encode(), places, address="x", title="x")
    assert {each.title: each.text for each in shown.highlights} == {"this year": "12", "last year": "11"}
    assert set(marks(shown).values()) == {"12", "11"}


def test_a_derived_figure_marks_every_term() -> None:
    table = "column 1: body/table/tr[1]"
    locator = f"Profit and loss account, {table}/td[4] + Profit and loss account, {table}/td[6]"
    shown = show(PAGE.encode(), (Place(locator, "sum"),), address="x", title="x")
    assert [(each.locator, each.text) for each in shown.highlights] == [(locator, "1,250"), (locator, "99")]


def test_what_is_not_there_is_said() -> None:
    shown = show(PAGE.encode(), (Place("c1/Turnover/0", "turnover"),), address="x", title="x")
    assert shown.missing == ("c1/Turnover/0",)
    assert "Not found in this document" in shown.html


def test_a_figure_tagged_but_not_printed_is_given_above_the_page() -> None:
    page = PAGE.replace(
        "<body>",
        '<body><div style="display:none"><ix:header><ix:hidden><ix:nonFraction name="x:Creditors" contextRef="c" '
        'unitRef="u" decimals="0">4,321</ix:nonFraction></ix:hidden></ix:header></div>',
    )
    shown = show(page.encode(), (Place("c/Creditors/0", "creditors"),), address="x", title="x")
    assert not shown.highlights[0].on_page
    assert marked(shown) == "4,321"
    assert "not printed on its page" in shown.html


def test_a_document_inside_an_archive_is_opened() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr("accounts/00000001_report.html", PAGE)
    locator = "accounts/00000001_report.html!Profit and loss account, column 1: body/table/tr[1]/td[3]"
    shown = show(packed.getvalue(), (Place(locator, "turnover", 1250.0),), address="x.zip", title="x")
    assert [(each.locator, each.text) for each in shown.highlights] == [(locator, "1,250")]


def test_a_row_of_a_published_list_is_shown_with_its_headings() -> None:
    content = b"URN,Provision type,Places,Local authority\nSC1,Children's home,4,Kent\nSC2,Children's home,6,=cmd()\n"
    shown = show(content, (Place("sheet 'list' row 3", "a home", None, "places"),), address="list.csv", title="x")
    assert [highlight.text for highlight in shown.highlights] == ["6"]
    assert "row 3, headings in row 1" in shown.html
    assert "Local authority" in shown.html


def test_many_rows_are_shown_together_each_marked() -> None:
    rows = "".join(f"SC{number},Children's home,{number},Kent\n" for number in range(2, 9))
    content = f"URN,Provision type,Places,Local authority\n{rows}".encode()
    places = [Place(f"sheet 'list' row {number}", "", None, "places") for number in range(2, 9)]
    shown = show(content, [*places, Place("sheet 'list' row 99")], address="list.csv", title="x")
    assert [highlight.text for highlight in shown.highlights] == [str(number) for number in range(2, 9)]
    assert shown.missing == ("sheet 'list' row 99",)
    assert shown.html.count("<table") == 1


def test_an_answer_shows_its_field_and_leaves_out_what_is_personal() -> None:
    answer = {
        "items": [
            {"name": "Ann Other", "date_of_birth": {"month": 1}, "notified_on": "2020-01-01", "links": {"self": "/x"}},
            {"company_name": "EXAMPLE <b>LTD", "natures_of_control": ["voting-rights"]},
        ]
    }
    content = json.dumps(answer).encode()
    shown = show(content, (Place("/items/0"), Place("/items/1/company_name"), Place("/no")), address="x", title="x")
    assert "2020-01-01" in shown.html
    assert "Ann Other" not in shown.html
    assert "EXAMPLE &lt;b&gt;LTD" in shown.html
    assert shown.missing == ("/no",)


def test_plain_data_is_shown_by_its_lines() -> None:
    path = FIXTURES / "accounts" / "Prod224_9953_00003006_20090731.xml.gz"
    (row, place) = next(each for each in places_of(gzip.decompress(path.read_bytes())) if "context" in each[0])
    shown = show(path.read_bytes(), (place,), address="x", title="x")
    assert "data without a printed page" in shown.html
    assert f"line {_line(path, str(row['locator']))}: " in shown.html


def _line(path: Path, locator: str) -> int:
    """The first line of the source with the concept in its context."""
    context, concept, _ = locator.split("/")
    lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    return next(
        number for number, line in enumerate(lines, start=1) if f":{concept} " in line and f'"{context}"' in line
    )
