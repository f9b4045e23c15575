"""Captions that an engine misread, put right by their words and by the other engine."""

import numpy as np
import pytest

from collectors.accounts.cells import Cell, Row
from collectors.accounts.scans.dashes import passed_over
from collectors.accounts.scans.engines import Word
from collectors.accounts.scans.places import Box
from collectors.accounts.scans.spelling import spelt
from collectors.accounts.scans.wording import second_opinion


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("CAPITALAND RESERVES", "CAPITAL AND RESERVES"),
        ("Totalassetslesscurrentliabilities", "Total assets less current liabilities"),
        ("Shareholder funds", "Shareholder funds"),
        ("without understanding", "without understanding"),
        ("Inventories", "Inventories"),
    ],
)
def test_words_that_were_run_together_are_parted_and_others_left(read: str, meant: str) -> None:
    assert spelt(read) == meant


def reading(careful: str, quick: str) -> str:
    box = Box(0, 100, 150, 110)
    row = Row([Cell(careful, 0, 150, "here", (careful,))], "points")
    words = [Word(text, Box(10 * n, 101, 10 * n + 8, 109), 0.9) for n, text in enumerate(quick.split())]
    second_opinion([row], {"here": box}, words)
    return row.cells[0].text


def test_a_caption_that_only_the_other_engine_read_right_is_taken_from_it() -> None:
    right = "Creditors: amounts falling due after more than one year"
    assert reading("Creditors: amount fllig due after more than one year", right) == right


@pytest.mark.parametrize(
    ("careful", "quick"),
    [
        ("Creditors due to former owners", "Creditors"),
        ("Net assets", "Net liabilities"),
        ("Directors and their interests", "Directors and their interest"),
    ],
)
def test_what_was_read_stays_where_it_is_known_or_the_other_reads_something_else(careful: str, quick: str) -> None:
    assert reading(careful, quick) == careful


def test_a_year_over_a_column_is_taken_from_the_engine_that_saw_it_and_a_speck_from_none() -> None:
    def word(text: str, right: float, top: float, width: float | None = None) -> Word:
        return Word(text, Box(right - (width or 5 * len(text)), top, right, top + 8), 0.9)

    careful = [
        word("Debtors", 60, 100),
        word("1,234", 300, 100),
        word("Cash at bank", 60, 120),
        word("5,678", 300, 120),
    ]
    quick = [word("2025", 300, 80), word("2025", 150, 60), word("-", 301.5, 100, 1), word("-", 300, 140, 4)]
    found = passed_over(np.full((400, 800), 255, dtype=np.uint8), 72, careful, quick)
    assert [(each.text, each.box.top) for each in found] == [("2025", 80)]
