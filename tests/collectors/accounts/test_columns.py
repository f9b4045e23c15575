"""Which figures of a printed page are a column, and which are none."""

from collections.abc import Sequence

from collectors.accounts.catalogue import catalogue
from collectors.accounts.cells import Cell, Row
from collectors.accounts.statements import Statement, read_statements
from tests.collectors.accounts.test_statements import ABOUT

HEADS = [[("Notes", 171), ("2025", 297), ("2024", 427)], [("£", 297), ("£", 427)]]


def page(*rows: Sequence[tuple[str, float]]) -> list[Row]:
    """Rows of cells by their right edges in points."""
    return [
        Row([Cell(text, right - 5 * len(text), right, f"{number}.{text}", (text,)) for text, right in row], "points")
        for number, row in enumerate(rows)
    ]


def read(*rows: Sequence[tuple[str, float]]) -> dict[tuple[str, bool], float]:
    statements: list[Statement] = read_statements(page(*rows), ABOUT, catalogue())
    return {
        (name, each.comparative): float(reading.value) for each in statements for name, reading in each.readings.items()
    }


def test_small_figures_in_an_inner_column_are_no_numbers_of_notes() -> None:
    found = read(
        [("Balance sheet", 80)],
        *HEADS,
        [("Current assets", 80)],
        [("Cash at bank and in hand", 130), ("10", 238), ("11", 368)],
        [("Net current assets", 100), ("10", 297), ("11", 427)],
        [("Net assets", 60), ("10", 297), ("11", 427)],
    )
    assert {key: value for key, value in found.items() if key[1]} == {
        ("cash", True): 11,
        ("current_assets", True): 11,
        ("net_current_assets", True): 11,
        ("net_assets", True): 11,
    }
    assert found["cash", False] == found["net_assets", False] == 10


def test_a_year_in_the_words_below_is_no_column_so_that_numbers_of_notes_stay_such() -> None:
    found = read(
        [("Balance sheet", 80)],
        *HEADS,
        [("Tangible assets", 80), ("4", 165), ("1,200", 297), ("1,300", 427)],
        [("Net assets", 60), ("1,200", 297), ("1,300", 427)],
        [("entitled to exemption under the Companies Act", 400)],
        [("(a)", 20), ("2006", 44)],
    )
    assert found["tangible_assets", False] == 1200
    assert found["tangible_assets", True] == 1300


def test_the_number_of_the_company_may_stand_beside_a_heading() -> None:
    found = read(
        [("Micro-entity Balance Sheet as at 31 March 2025", 300), ("Registered Number", 480), ("12345678", 540)],
        *HEADS,
        [("Current assets", 80), ("4,373", 297), ("4,928", 427)],
        [("Total net assets (liabilities)", 150), ("4,373", 297), ("4,928", 427)],
        [("Reserves", 50), ("4,373", 297), ("4,928", 427)],
    )
    assert found["net_assets", False] == found["shareholders_funds", False] == 4373
    assert found["shareholders_funds", True] == 4928


def test_a_reserve_among_others_is_not_all_of_equity() -> None:
    found = read(
        [("Balance sheet", 80)],
        *HEADS,
        [("Net assets", 60), ("5,100", 297), ("4,100", 427)],
        [("Reserves", 50), ("5,000", 297), ("4,000", 427)],
        [("Called up share capital", 120), ("100", 297), ("100", 427)],
    )
    assert ("shareholders_funds", False) not in found


SHEET = [
    [("Current assets", 80), ("1,187", 297), ("1,634", 427)],
    [("Creditors: amounts falling due within one year", 230), ("(23)", 297), ("(679)", 427)],
    [("Net current assets", 100), ("1,164", 297), ("955", 427)],
    [("Capital and reserves", 100), ("1,164", 297), ("955", 427)],
]


def test_a_balance_sheet_whose_heading_is_lost_is_known_by_its_captions() -> None:
    over = [[("at 31 March 2025", 150)], [("Company No. 01234567", 162), ("2025", 297), ("2024", 427)]]
    found = read(*over, *SHEET)
    assert found["current_assets", False] == 1187
    assert found["shareholders_funds", True] == 955


def test_where_a_balance_sheet_is_headed_no_other_is_looked_for() -> None:
    headed = [[(text, right) for text, right in row] for row in SHEET]
    headed[0] = [("Current assets", 80), ("9,999", 297), ("8,888", 427)]
    found = read(*HEADS, *SHEET, [("Balance sheet", 80)], *HEADS, *headed)
    assert found["current_assets", False] == 9999


def test_the_period_over_the_only_column_counts_not_that_of_the_title() -> None:
    found = read(
        [("Balance sheet", 80)],
        [("31 March 2025", 74)],
        [("31 March 2025", 447)],
        [("Notes", 197), ("£", 264), ("£", 330), ("£", 396), ("£", 463)],
        [("Tangible assets", 59), ("4", 193), ("0", 470)],
        [("Debtors", 31), ("5", 193), ("700", 404)],
        [("Net assets", 121), ("700", 470)],
        [("(a)", 11), ("2006", 44)],
    )
    assert found["tangible_assets", False] == 0
    assert found["debtors", False] == found["net_assets", False] == 700


def test_the_word_note_on_a_line_of_its_own_does_not_end_the_statement() -> None:
    found = read(
        [("Balance sheet", 80)],
        [("2025", 297), ("2024", 427)],
        [("Note", 171)],
        [("Tangible assets", 80), ("4", 165), ("1,200", 297), ("1,300", 427)],
        [("Net assets", 60), ("1,200", 297), ("1,300", 427)],
    )
    assert found["tangible_assets", False] == found["net_assets", False] == 1200
    assert found["net_assets", True] == 1300
