"""A charity's statement of financial activities: the total of its funds is the charity's figure, never one fund's."""

import re

import pytest

from tests.collectors.accounts.documents import NOW, THEN, figure, lines, rows_of
from tests.collectors.accounts.layouts import one_table
from tests.collectors.accounts.test_statements import values

_NUMBER = re.compile(r"(?<!\d)(\d{1,2})(?!\d)")
HEADING = "Statement of Financial Activities (including income and expenditure account)"
BOTH = [
    ("turnover", 30.0, 20.0),
    ("total_expenditure", -25.0, -26.0),
    ("gains_on_investments", 2.0, -1.0),
    ("profit_after_tax", 7.0, -7.0),
]


def read(*statement: tuple[str, ...]) -> tuple[dict[str, float], ...]:
    """This year's and last year's lines of a charity that tags its funds only."""
    thousands = [(*line[:2], *[_NUMBER.sub(r"\1,000", cell) for cell in line[2:]]) for line in statement]
    balance = [figure("CharityFunds", NOW, "50"), figure("CharityFunds", THEN, "43")]
    rows = rows_of(*balance, one_table(HEADING, thousands))
    wanted = [name for name, _, _ in BOTH]
    now, then = lines(rows), lines(rows, comparative=True)
    return tuple({name: found[name] / 1000 for name in wanted if name in found} for found in (now, then))


def expected() -> tuple[dict[str, float], dict[str, float]]:
    return {name: now for name, now, _ in BOTH}, {name: then for name, _, then in BOTH}


def test_three_columns_of_this_year_and_the_total_of_last_year() -> None:
    assert (
        read(
            ("", "", "", "", "2025", "2024"),
            ("", "", "Unrestricted fund", "Restricted funds", "Total funds", "Total funds"),
            ("", "Notes", "£", "£", "£", "£"),
            ("INCOME AND ENDOWMENTS FROM", "", "", "", "", ""),
            ("Donations and legacies", "2", "10", "5", "15", "12"),
            ("Charitable activities", "3", "9", "6", "15", "8"),
            ("Total", "", "19", "11", "30", "20"),
            ("EXPENDITURE ON", "", "", "", "", ""),
            ("Charitable activities", "4", "13", "12", "25", "26"),
            ("Total", "", "13", "12", "25", "26"),
            ("Net gains/(losses) on investments", "", "2", "-", "2", "(1)"),
            ("NET INCOME/(EXPENDITURE)", "", "8", "(1)", "7", "(7)"),
            ("Transfers between funds", "", "(1)", "1", "-", "-"),
            ("Net movement in funds", "", "7", "-", "7", "(7)"),
            ("RECONCILIATION OF FUNDS", "", "", "", "", ""),
            ("Total funds brought forward", "", "20", "23", "43", "50"),
            ("TOTAL FUNDS CARRIED FORWARD", "", "27", "23", "50", "43"),
        )
        == expected()
    )


def test_three_columns_of_both_years_with_the_year_in_each_heading() -> None:
    funds = ("Unrestricted funds", "Restricted funds", "Total funds")
    assert (
        read(
            ("", "", *[f"{fund} 2025 £" for fund in funds], *[f"{fund} 2024 £" for fund in funds]),
            ("Income from:", "", "", "", "", "", "", ""),
            ("Donations", "", "19", "11", "30", "15", "5", "20"),
            ("Total income", "", "19", "11", "30", "15", "5", "20"),
            ("Expenditure on:", "", "", "", "", "", "", ""),
            ("Raising funds", "", "13", "12", "25", "20", "6", "26"),
            ("Total expenditure", "", "13", "12", "25", "20", "6", "26"),
            ("Net gains on investments", "", "2", "-", "2", "(1)", "-", "(1)"),
            ("Net movement in funds", "", "8", "(1)", "7", "(6)", "(1)", "(7)"),
        )
        == expected()
    )


def test_totals_alone_are_read_as_any_statement() -> None:
    assert (
        read(
            ("", "", "2025", "2024"),
            ("", "Note", "£", "£"),
            ("Incoming resources", "", "", ""),
            ("Grants", "2", "30", "20"),
            ("Total incoming resources", "", "30", "20"),
            ("Resources expended", "", "", ""),
            ("Charitable activities", "3", "25", "26"),
            ("Total resources expended", "", "25", "26"),
            ("Gains/(losses) on investments", "", "2", "(1)"),
            ("Net movement in funds for the year", "", "7", "(7)"),
        )
        == expected()
    )


@pytest.mark.parametrize("fund", ["General", "Designated"])
def test_where_no_column_is_called_the_total_nothing_is_read(fund: str) -> None:
    now, then = read(
        ("", "", fund, "Restricted", "Endowment"),
        ("", "", "£", "£", "£"),
        ("Total income", "", "19", "11", "30"),
        ("Total expenditure", "", "13", "12", "25"),
        ("Net movement in funds", "", "6", "(1)", "5"),
    )
    assert (now, then) == ({}, {})


def test_a_balance_sheet_with_columns_of_funds_is_read_under_its_total() -> None:
    body = one_table(
        "Balance sheet",
        [
            ("", "", "", "", "2025", "2024"),
            ("", "", "Unrestricted fund", "Restricted funds", "Total funds", "Total funds"),
            ("Cash at bank", "", "20,000", "11,000", "31,000", "21,000"),
            ("NET CURRENT ASSETS", "", "16,000", "11,000", "27,000", "20,000"),
        ],
    )
    assert values(body, "balance_sheet") == {"cash": 31_000, "net_current_assets": 27_000}
    assert values(body, "balance_sheet", comparative=True) == {"cash": 21_000, "net_current_assets": 20_000}
