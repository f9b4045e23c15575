"""Pages set upright, words put into rows, captions spelt right, dashes seen, and whose accounts they are."""

from datetime import date, timedelta

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.accounts.scans.about import about
from collectors.accounts.scans.dashes import passed_over, strokes
from collectors.accounts.scans.engines import Word
from collectors.accounts.scans.layout import rows
from collectors.accounts.scans.paper import Picture
from collectors.accounts.scans.places import Box
from collectors.accounts.scans.settle import STROKE
from collectors.accounts.scans.spelling import correct
from collectors.accounts.scans.upright import Frame, lean, turned
from collectors.reading import Origin
from tests.collectors.accounts.scans.papers import blank

FRAME = Frame(595, 842)


def word(text: str, left: float, right: float, top: float = 100) -> Word:
    return Word(text, Box(left, top, right, top + 10), 0.99)


def texts(*words: Word) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in rows(words, 1, FRAME)[0]]


def test_words_become_rows_of_cells_from_left_to_right() -> None:
    found = texts(
        word("Tangible", 60, 95),
        word("assets", 98, 125),
        word("1,204", 400, 440, 102),
        word("Debtors", 60, 95, 120),
        word("310", 425, 440, 119),
    )
    assert found == [["Tangible assets", "1,204"], ["Debtors", "310"]]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("1,204,500 1,100,250", ["1,204,500", "1,100,250"]),
        ("(205,250) - (180,375)", ["(205,250)", "-", "(180,375)"]),
        ("Cash at bank 95,100", ["Cash at bank", "95,100"]),
        ("16. (485,943)", ["16.", "(485,943)"]),
        ("falling due within one year16", ["falling due within one year", "16"]),
        ("Group 2023 Group 2022", ["Group 2023", "Group 2022"]),
        ("E'000", ["£'000"]),
        ("£000 -", ["£'000"]),
        ("f", ["£"]),
        ("31 March 2024", ["31 March 2024"]),
        ("Year ended 31 March 2024", ["Year ended 31 March 2024"]),
        ("1 April 2023 to 31 March 2024", ["1 April 2023 to 31 March 2024"]),
        ("12,345", ["12,345"]),
    ],
)
def test_a_piece_that_is_several_cells_is_cut(text: str, cells: list[str]) -> None:
    assert texts(word(text, 100, 100 + 9 * len(text))) == [cells]


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Provisions for liabitities", "Provisions for liabilities"),
        ("Other opérating income", "Other operating income"),
        ("Adminstrative expenses", "Administrative expenses"),
        ("TURNOVER", "TURNOVER"),
        ("Tangible asset", "Tangible asset"),
        ("Smith & Jones Limited", "Smith & Jones Limited"),
        ("1,204", "1,204"),
    ],
)
def test_captions_are_spelt_as_printed(read: str, meant: str) -> None:
    found, _ = rows([word(read, 60, 200)], 1, FRAME)
    correct(found)
    assert found[0].text == meant


# Upright


def striped(angle: float) -> Picture:
    """Lines of print, as bars, that lean by an angle against the clock."""
    page = blank()
    for top in range(60, 740, 22):
        page[top : top + 9, 60:540] = 0
    turn = cv2.getRotationMatrix2D((300, 400), angle, 1.0)
    return np.asarray(cv2.warpAffine(page, turn, (600, 800), borderValue=255), dtype=np.uint8)


@pytest.mark.parametrize("angle", [-3.0, -0.8, 0.0, 1.5])
def test_the_lean_of_a_page_is_found(angle: float) -> None:
    assert lean(striped(angle)) == pytest.approx(-angle, abs=0.15)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 3), st.floats(-3, 3), st.integers(100, 480), st.integers(100, 700))
def test_a_box_on_the_upright_page_is_found_on_the_page_as_filed(quarters: int, angle: float, x: int, y: int) -> None:
    page = blank()
    page[y : y + 8, x : x + 20] = 0
    frame = Frame(600, 800, quarters, round(angle, 2))
    upright = turned(page, frame)
    down, across = np.nonzero(upright < 128)
    box = frame.to_page(Box(float(across.min()), float(down.min()), float(across.max() + 1), float(down.max() + 1)))
    assert box.left - 3 <= x <= x + 20 <= box.right + 3
    assert box.top - 3 <= y <= y + 8 <= box.bottom + 3
    assert box.right - box.left < 30


# Dashes


def test_a_short_stroke_is_a_dash_and_a_rule_or_a_hyphen_is_none() -> None:
    page = blank()
    page[100:102, 400:408] = 0
    page[140:142, 100:500] = 0
    page[178:188, 383:395] = page[178:188, 405:417] = 0
    page[182:184, 396:404] = 0
    (found,) = strokes(page, 72)
    assert found.text == STROKE
    assert (found.box.left, found.box.right) == (400, 408)


def test_a_dash_counts_only_in_a_column_of_figures_beside_a_caption() -> None:
    page = blank()
    for x, y in ((425, 204), (300, 204), (425, 300)):
        page[y : y + 2, x : x + 8] = 0
    careful = [
        word("Debtors", 60, 120, 100),
        word("1,204", 400, 440, 100),
        word("Stocks", 60, 110, 150),
        word("310,400", 390, 440, 150),
        word("Cash", 60, 100, 200),
    ]
    (found,) = passed_over(page, 72, careful, [])
    assert found.box.top < 205 < found.box.bottom
    assert found.box.right == 440
    seen = passed_over(page, 72, careful, [word("-", 425, 433, 204), word("77", 420, 440, 150)])
    assert [each.text for each in seen] == [STROKE]


# Whose accounts


def said(*pages: str, url: str = "") -> tuple[str | None, date | None, date | None, date | None, list[str]]:
    found = about(pages, Origin("d" * 64, "file", "", url))
    current, before = found.current, found.comparative
    return (
        found.number,
        current.start if current else None,
        current.end if current else None,
        before.end if before else None,
        [problem.kind for problem in found.problems],
    )


@pytest.mark.parametrize(
    ("text", "start", "end", "before"),
    [
        ("for the year ended 31 December 2016", date(2016, 1, 1), date(2016, 12, 31), date(2015, 12, 31)),
        ("52 weeks ended 28 June 2015", date(2014, 6, 30), date(2015, 6, 28), date(2014, 6, 29)),
        ("for the year ended 29 February 2016", date(2015, 3, 1), date(2016, 2, 29), date(2015, 2, 28)),
        ("18 month period ended 31 March 2016", date(2014, 10, 1), date(2016, 3, 31), date(2014, 9, 30)),
        ("from 7 April 2015 to 30 September 2015", date(2015, 4, 7), date(2015, 9, 30), date(2015, 4, 6)),
        ("as at 31st March2016", None, date(2016, 3, 31), date(2015, 3, 31)),
    ],
)
def test_the_period_is_what_the_pages_say(text: str, start: date | None, end: date, before: date) -> None:
    assert said(text) == (None, start, end, before, ["company_number_unknown"])


def test_the_period_named_most_is_the_current_one() -> None:
    pages = ["for the year ended 31 March 2016", "as at 31 March 2016", "the year ended 31 March 2015 was"]
    assert said(*pages)[2:4] == (date(2016, 3, 31), date(2015, 3, 31))


def test_a_page_without_a_date_is_a_problem() -> None:
    assert said("Accounts")[4] == ["company_number_unknown", "period_unknown"]


@pytest.mark.parametrize(
    "text",
    ["Registered number: 01539777", "Company Registration No. 1539777 (England)", "REGISTERED NUMBER:O1539777"],
)
def test_the_company_number_is_read_off_the_page(text: str) -> None:
    assert said(text, "as at 1 May 2020")[0] == "01539777"


def test_the_register_knows_better_than_a_scan_whose_accounts_they_are() -> None:
    number, *_, problems = said("Registered number: 01539771", "year ended 1 May 2020", url="x/01539777.pdf")
    assert number == "01539777"
    assert problems == ["company_number_differs"]


@given(st.dates(date(1995, 1, 1), date(2040, 1, 1)))
def test_any_day_as_printed_ends_a_period(end: date) -> None:
    printed = f"for the year ended {end.day} {end:%B %Y}"
    _, start, found, before, _ = said(printed)
    assert found == end
    assert start is not None
    assert before == start - timedelta(days=1)
    assert 364 <= (end - start).days <= 366
