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


INNER_AND_OUTER = [
    [("Balance sheet", 80)],
    [("Note", 274), ("2025", 360), ("2024", 472)],
    [("£", 360), ("£", 416), ("£", 472), ("£", 529)],
    [("Tangible assets", 126), ("12", 266), ("60,635", 360), ("58,414", 472)],
    [("Fixed assets", 116), ("65,073", 415), ("63,710", 529)],
    [("Debtors", 100), ("14", 266), ("26,101", 359), ("17,952", 472)],
    [("Net assets", 108), ("80,923", 415), ("62,152", 528)],
]


def test_the_number_of_the_page_is_no_column() -> None:
    found = read(*INNER_AND_OUTER, [("8", 310)])
    assert found["fixed_assets", False] == 65073
    assert found["net_assets", False] == 80923
    assert found["net_assets", True] == 62152
    assert found["tangible_assets", True] == 58414


def test_totals_right_of_their_headings_keep_their_year_where_the_columns_do_not_come_out_even() -> None:
    found = read(*INNER_AND_OUTER, [("Other provisions", 120), ("7,777", 310)])
    assert found["tangible_assets", False] == 60635
    assert found["net_assets", False] == 80923
    assert found["net_assets", True] == 62152


def test_items_left_of_the_heading_of_their_total_keep_their_year_though_the_other_year_has_none() -> None:
    found = read(
        [("Balance sheet", 80)],
        [("2025", 313), ("2024", 444)],
        [("£", 313), ("£", 444)],
        [("Fixed assets", 63), ("300", 313)],
        [("Current assets", 72), ("917", 385)],
        [("Creditors: amounts falling due within one year", 165), ("(1,200)", 385)],
        [("Net current liabilities", 133), ("(283)", 444)],
        [("Net assets", 57), ("300", 313), ("(283)", 444)],
    )
    assert found["current_assets", True] == 917
    assert found["net_assets", True] == -283
    assert found["net_assets", False] == 300
    assert ("current_assets", False) not in found


def test_items_far_left_of_the_heading_are_no_words_below() -> None:
    found = read(
        [("Balance sheet", 80)],
        [("2025", 313), ("2024", 444)],
        [("£", 313), ("£", 444)],
        [("Current assets", 72), ("1,177", 254), ("2,867", 385)],
        [("Net current assets", 133), ("1,771", 313), ("1,775", 444)],
        [("Net assets", 57), ("1,771", 313), ("1,775", 444)],
    )
    assert found["current_assets", False] == 1177
    assert found["current_assets", True] == 2867


def test_a_table_of_a_footnote_adds_no_column() -> None:
    found = read(
        [("Balance sheet", 80)],
        [("2025", 404), ("2024", 536)],
        [("£", 386), ("£", 442), ("£", 518), ("£", 575)],
        [("Fixed assets", 60), ("3,305", 453), ("4,139", 586)],
        [("Current assets", 67), ("61,490", 389), ("23,611", 522)],
        [("Net assets", 53), ("41,542", 453), ("9,291", 586)],
        [("Amounts owed by a director", 130)],
        [("(10,855)", 70), ("(49,307)", 162), ("18,441", 236), ("0", 303), ("0", 385), ("0", 461), ("(41,721)", 560)],
    )
    assert found["current_assets", False] == 61490
    assert found["net_assets", False] == 41542
    assert found["net_assets", True] == 9291
