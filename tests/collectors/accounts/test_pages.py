"""Rows and cells of a page, and pages made to take long."""

import time

import pytest

from collectors.accounts.cells import path
from collectors.accounts.pages import MOST_ROWS, Sheet, sheet
from collectors.accounts.parse import parse
from collectors.accounts.styles import Length, length


def read(body: str, head: str = "") -> Sheet:
    content = f'<html xmlns="http://www.w3.org/1999/xhtml"><head>{head}</head><body>{body}</body></html>'
    return sheet(parse(content.encode(), "").root)


def texts(body: str, head: str = "") -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in read(body, head).rows]


def test_what_is_not_seen_is_not_read() -> None:
    style = "<style>@media print{.a{display:none}} .b{color:red;display:none} /* .c{display:none} */</style>"
    body = '<p class="a">A</p><p class="b">B</p><p class="c">C</p><p style="visibility:hidden">D</p><script>E</script>'
    assert texts(body, style) == [["A"], ["C"]]


def test_rules_after_those_for_paper_hold() -> None:
    style = "<style>@media print{.x{color:red} .a{display:none}} .b{display:none}</style>"
    assert texts('<p class="a">A</p><p class="b">B</p>', style) == [["A"]]


def test_a_title_hidden_on_a_screen_alone_is_read() -> None:
    style = (
        "<style>@media screen{.a{display:none} .c{margin:1cm}} @supports (x){.a{display:none}} .b{display:none}</style>"
    )
    assert texts('<p class="a">Balance sheet</p><p class="b">B</p><p class="c">C</p>', style) == [
        ["Balance sheet"],
        ["C"],
    ]


def test_a_cell_of_lines_of_figures_is_as_many_rows() -> None:
    body = "<table><tr><td>Stocks<br/>Debtors</td><td>1,000<br/>2,000</td><td>3<br/>4</td></tr></table>"
    assert texts(body) == [["Stocks", "1,000", "3"], ["Debtors", "2,000", "4"]]


def test_a_caption_over_two_lines_stays_one() -> None:
    assert texts("<table><tr><td>Net current<br/>assets</td><td><br/>1,000</td></tr></table>") == [
        ["Net current assets", "1,000"]
    ]


def test_spans_put_cells_into_their_columns() -> None:
    rows = read(
        '<table><tr><td rowspan="2">A</td><td colspan="2">B</td></tr><tr><td>C</td><td>D</td></tr></table>'
    ).rows
    assert [(cell.text, cell.left, cell.right) for row in rows for cell in row.cells] == [
        ("A", -3, -2),
        ("B", -2, 0),
        ("C", -2, -1),
        ("D", -1, 0),
    ]


def test_blocks_with_coordinates_are_put_in_their_order() -> None:
    body = (
        '<div style="left:200pt;top:20pt;width:50pt">2,000</div><div style="left:10pt;top:20.5pt">Debtors</div>'
        '<div style="left:10pt;top:2pt">Heading</div>'
    )
    assert texts(body) == [["Heading"], ["Debtors", "2,000"]]


def test_a_place_leads_back_to_its_cell() -> None:
    body = "<div><p>x</p></div><div><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table></div>"
    assert path(read(body).rows[-1].cells[1].element) == "body/div[2]/table/tr[2]/td[2]"


@pytest.mark.parametrize(
    ("text", "found"),
    [("12pt", Length(12, share=False)), ("100px", Length(75, share=False)), ("40%", Length(0.4, share=True))],
)
def test_lengths(text: str, found: Length) -> None:
    assert length(text) == found
    assert length("auto") is None


HOSTILE = {
    "a row of 200,000 cells": f"<table><tr>{'<td>1,234</td>' * 200_000}</tr></table>",
    "60,000 rows": f"<table>{'<tr><td>Debtors</td><td>1,234</td></tr>' * 60_000}</table>",
    "60,000 tables": "<table><tr><td>Debtors</td><td>1,234</td></tr></table>" * 60_000,
    "deep blocks": "<div>" * 240 + "x" + "</div>" * 240,
    "deep tables": "<table><tr><td>" * 78 + "1,000" + "</td></tr></table>" * 78,
    "huge spans": '<table><tr><td colspan="99999999" rowspan="99999">A</td><td>1</td></tr></table>' * 5_000
    + "<table>"
    + '<tr><td colspan="100" rowspan="2000">A</td><td>1</td></tr>' * 20_000
    + "</table>",
    "100,000 placed blocks": "".join(
        f'<div style="position:absolute;left:{number % 300}px;top:{number // 3}px">1</div>' for number in range(100_000)
    ),
    "lines in a cell": f"<table><tr><td>{'<br/>1,000' * 50_000}</td><td>{'<br/>1,000' * 50_000}</td></tr></table>",
    "open comments": f"<style>{'/*' * 500_000}</style><p>x</p>",
    "a style without rules": f"<style>{'a' * 1_000_000}</style><p>x</p>",
    "open media": f"<style>{'@media print {' * 20_000}</style><p>x</p>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_page_takes_long(name: str) -> None:
    started = time.process_time()
    found = read(HOSTILE[name])
    assert time.process_time() - started < 5
    assert len(found.rows) <= MOST_ROWS


def test_a_page_cut_short_says_so() -> None:
    assert read(HOSTILE["60,000 rows"]).cut
    assert not read("<p>x</p>").cut
