"""Printed statements read to lines of account, whatever the layout."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.accounts.catalogue import catalogue
from collectors.accounts.pages import sheet
from collectors.accounts.parse import parse
from collectors.accounts.particulars import Particulars, Period
from collectors.accounts.statements import Statement, read_statements
from tests.collectors.accounts import layouts

ABOUT = Particulars(
    current=Period(date(2024, 4, 1), date(2025, 3, 31)), comparative=Period(date(2023, 4, 1), date(2024, 3, 31))
)
BALANCE = [
    ("", "Notes", "2025", "2024"),
    ("", "", "£", "£"),
    ("Fixed assets", "", "", ""),
    ("Tangible assets", "4", "1,200", "1,300"),
    ("Investments", "5", "100", "-"),
    ("", "", "1,300", "1,300"),
    ("Current assets", "", "", ""),
    ("Debtors", "6", "2,000", "1,500"),
    ("Cash at bank and in hand", "", "400", "350"),
    ("", "", "2,400", "1,850"),
    ("Creditors: amounts falling due within one year", "7", "(2,900)", "(1,000)"),
    ("NET CURRENT (LIABILITIES)/ASSETS", "", "(500)", "850"),
    ("TOTAL ASSETS LESS CURRENT LIABILITIES", "", "800", "2,150"),
    ("Creditors: amounts falling due after more than one year", "8", "(300)", "(650)"),
    ("NET ASSETS", "", "500", "1,500"),
    ("Capital and reserves", "", "", ""),
    ("Called up share capital", "9", "100", "100"),
    ("Profit and loss account", "", "400", "1,400"),
    ("SHAREHOLDERS' FUNDS", "", "500", "1,500"),
]
READ = {
    "tangible_assets": (1200, 1300),
    "investments": (100, 0),
    "fixed_assets": (1300, 1300),
    "debtors": (2000, 1500),
    "cash": (400, 350),
    "current_assets": (2400, 1850),
    "creditors_within_one_year": (-2900, -1000),
    "net_current_assets": (-500, 850),
    "total_assets_less_current_liabilities": (800, 2150),
    "creditors_after_one_year": (-300, -650),
    "net_assets": (500, 1500),
    "share_capital": (100, 100),
    "profit_and_loss_reserve": (400, 1400),
    "shareholders_funds": (500, 1500),
}


def statements(body: str, about: Particulars = ABOUT) -> list[Statement]:
    content = f'<html xmlns="http://www.w3.org/1999/xhtml"><body>{body}</body></html>'
    return read_statements(sheet(parse(content.encode(), "").root).rows, about, catalogue())


def values(body: str, kind: str, *, comparative: bool = False, scope: str | None = None) -> dict[str, float]:
    """Value by line of the statement of that kind."""
    return {
        name: float(reading.value)
        for each in statements(body)
        if (each.kind, each.comparative, each.scope) == (kind, comparative, scope)
        for name, reading in each.readings.items()
    }


@pytest.mark.parametrize("layout", layouts.ALL, ids=lambda layout: layout.__name__)
def test_every_layout_of_a_balance_sheet_reads_to_the_same_lines(layout: layouts.Layout) -> None:
    body = layout("Balance sheet as at 31 March 2025", BALANCE)
    for comparative in (False, True):
        read = values(body, "balance_sheet", comparative=comparative)
        assert read == {name: pair[comparative] for name, pair in READ.items()}


def _printed(value: int) -> str:
    return f"({-value:,})" if value < 0 else f"{value:,}"


figures = st.tuples(st.integers(1, 9_999_999), st.integers(1, 9_999_999))


@settings(max_examples=40, deadline=None)
@given(
    turnover=figures,
    costs=figures,
    overheads=figures,
    interest=figures,
    tax=figures,
    layout=st.sampled_from(layouts.ALL),
)
def test_any_profit_and_loss_account_reads_the_same_in_any_layout(
    turnover: tuple[int, int],
    costs: tuple[int, int],
    overheads: tuple[int, int],
    interest: tuple[int, int],
    tax: tuple[int, int],
    layout: layouts.Layout,
) -> None:
    def both(*terms: tuple[int, int]) -> tuple[int, int]:
        return sum(term[0] for term in terms), sum(term[1] for term in terms)

    def minus(pair: tuple[int, int]) -> tuple[int, int]:
        return -pair[0], -pair[1]

    gross = both(turnover, minus(costs))
    operating = both(gross, minus(overheads))
    before = both(operating, minus(interest))
    after = both(before, minus(tax))
    listed = [
        ("turnover", "TURNOVER", turnover),
        ("cost_of_sales", "Cost of sales", minus(costs)),
        ("gross_profit", "GROSS PROFIT/(LOSS)", gross),
        ("administrative_expenses", "Administrative expenses", minus(overheads)),
        ("operating_profit", "OPERATING PROFIT/(LOSS)", operating),
        ("interest_payable", "Interest payable and similar expenses", minus(interest)),
        ("profit_before_tax", "PROFIT/(LOSS) BEFORE TAXATION", before),
        ("tax", "Tax on profit/(loss)", minus(tax)),
        ("profit_after_tax", "PROFIT/(LOSS) FOR THE FINANCIAL YEAR", after),
    ]
    rows = [("", "Note", "2025", "2024"), ("", "", "£", "£")]
    rows += [(caption, "", _printed(now), _printed(then)) for _, caption, (now, then) in listed]
    body = layout("Profit and loss account for the year ended 31 March 2025", rows)
    assert values(body, "profit_and_loss") == {name: pair[0] for name, _, pair in listed}
    assert values(body, "profit_and_loss", comparative=True) == {name: pair[1] for name, _, pair in listed}


def test_costs_printed_without_brackets_are_negative() -> None:
    rows = [
        ("", "", "2025", "2024"),
        ("Turnover", "3", "1,000", "900"),
        ("Cost of sales", "", "400", "300"),
        ("Gross profit", "", "600", "600"),
        ("Interest payable and", "", "", ""),
        ("similar expenses", "4", "50", "40"),
        ("Tax on profit", "5", "110", "(20)"),
    ]
    body = layouts.one_table("Income statement", rows)
    now, then = values(body, "profit_and_loss"), values(body, "profit_and_loss", comparative=True)
    assert (now["cost_of_sales"], now["interest_payable"], now["tax"]) == (-400, -50, -110)
    assert then["tax"] == 20, "a bracket round a cost printed without brackets is a credit"


def test_group_and_company_stand_apart_by_heading_and_by_column() -> None:
    by_heading = layouts.one_table("Consolidated balance sheet", BALANCE) + layouts.one_table(
        "Company balance sheet", [("", "", "2025", "2024"), ("Net assets", "", "7", "8")]
    )
    assert values(by_heading, "balance_sheet", scope="group")["net_assets"] == 500
    assert values(by_heading, "balance_sheet", scope="company") == {"net_assets": 7}
    by_column = (
        "<h2>Notes to the financial statements</h2><p>16. Creditors: amounts falling due within one year</p><table>"
        '<tr><td/><td colspan="2">Group</td><td colspan="2">Company</td></tr>'
        "<tr><td/><td>2025</td><td>2024</td><td>2025</td><td>2024</td></tr>"
        "<tr><td>Bank loans</td><td>1,000</td><td>2,000</td><td>-</td><td>5</td></tr>"
        "<tr><td>Trade creditors</td><td>30</td><td>20</td><td>10</td><td>1</td></tr></table>"
    )
    assert values(by_column, "notes", scope="group") == {"bank_loans_within_one_year": -1000, "trade_creditors": -30}
    assert values(by_column, "notes", scope="company", comparative=True)["bank_loans_within_one_year"] == -5


def test_units_of_the_heading_scale_money_and_not_people() -> None:
    body = layouts.one_table(
        "Balance sheet", [("", "", "2025", "2024"), ("", "", "£'000", "£'000"), ("Net assets", "", "1,234", "(5)")]
    )
    (now, then) = statements(body)
    assert (float(now.readings["net_assets"].value), now.scale) == (1_234_000, 3)
    assert float(then.readings["net_assets"].value) == -5000


def test_dates_and_weeks_over_columns_say_the_period() -> None:
    about = Particulars(
        current=Period(date(2024, 3, 31), date(2025, 3, 29)), comparative=Period(date(2023, 4, 2), date(2024, 3, 30))
    )
    body = layouts.one_table(
        "Profit and loss account",
        [
            ("", "", "52 weeks ended 29 March 2025", "52 weeks ended 30 March 2024"),
            ("Turnover", "", "10,000", "20,000"),
        ],
    )
    assert [(each.comparative, float(each.readings["turnover"].value)) for each in statements(body, about)] == [
        (False, 10_000),
        (True, 20_000),
    ]


@pytest.mark.parametrize("heads", [("2024/25", "2023/24"), ("2024-25", "2023-24"), ("2024/2025", "2023/2024")])
def test_a_year_that_spans_two_ends_in_the_second(heads: tuple[str, str]) -> None:
    body = layouts.one_table("Balance sheet", [("", "", *heads), ("Net assets", "", "1,000", "2,000")])
    assert values(body, "balance_sheet") == {"net_assets": 1000}
    assert values(body, "balance_sheet", comparative=True) == {"net_assets": 2000}


def test_the_number_of_the_company_beside_the_years_is_no_figure() -> None:
    body = layouts.one_table(
        "EXAMPLE LTD BALANCE SHEET REGISTRAR",
        [("Company No.", "01234567", "2025", "2024"), ("Current assets", "", "1,000", "2,000")],
    )
    assert values(body, "balance_sheet") == {"current_assets": 1000}
    assert values(body, "balance_sheet", comparative=True) == {"current_assets": 2000}


def test_the_last_line_of_a_micro_entitys_account_is_its_profit() -> None:
    body = layouts.one_table(
        "Profit and loss account",
        [
            ("", "", "2025", "2024"),
            ("Turnover", "", "9,000", "8,000"),
            ("Other charges", "", "(6,000)", "(9,500)"),
            ("Tax", "", "(500)", "-"),
            ("Profit or loss", "", "2,500", "(1,500)"),
        ],
    )
    assert values(body, "profit_and_loss")["profit_after_tax"] == 2500
    assert values(body, "profit_and_loss", comparative=True)["profit_after_tax"] == -1500


def test_last_year_alone_is_never_this_year() -> None:
    body = layouts.one_table("Balance sheet", [("", "", "2023", "2022"), ("Net assets", "", "1,000", "2,000")])
    assert statements(body) == []


def test_a_list_of_contents_is_no_statement() -> None:
    body = "<table><tr><td>Balance sheet</td><td>8</td></tr><tr><td>Profit and loss account</td><td>9</td></tr></table>"
    assert statements(body) == []


@pytest.mark.parametrize("total", [("1,500", True), ("1,600", False)])
def test_a_row_without_a_caption_is_a_total_only_if_it_adds_up(total: tuple[str, bool]) -> None:
    printed, adds_up = total
    rows = [
        ("", "", "2025", "2024"),
        ("Current assets", "", "", ""),
        ("Stocks", "", "500", "1"),
        ("Debtors", "", "1,000", "2"),
        ("", "", printed, "9"),
    ]
    assert ("current_assets" in values(layouts.one_table("Balance sheet", rows), "balance_sheet")) is adds_up


def test_columns_of_funds_are_not_items_and_totals() -> None:
    cells = "<td>5</td><td>6</td><td>11</td><td>9</td>"
    rows = "".join(f"<tr><td>{caption}</td>{cells}</tr>" for caption in ("Debtors", "Cash at bank", "Stocks"))
    body = (
        "<h2>Balance sheet</h2><table><tr><td/><td>2025</td><td>2025</td><td>2025</td><td>2024</td></tr>"
        f"<tr><td>Current assets</td></tr>{rows}</table>"
    )
    assert values(body, "balance_sheet") == {}
    assert values(body, "balance_sheet", comparative=True) == {"debtors": 9, "cash": 9, "stocks": 9}


def test_employees_are_read_from_a_table_and_from_a_sentence() -> None:
    heading = "<h2>Notes to the financial statements</h2><p>4. Employees</p>"
    table = layouts.one_table(
        "The average number of employees during the year was as follows:",
        [("", "", "2025", "2024"), ("Care staff", "", "26", "28"), ("Directors", "", "1", "1"), ("", "", "27", "29")],
    )
    said = "<p>The average monthly number of employees during the year was 1,204 (2024: 29).</p>"
    assert values(heading + table, "notes") == {"average_employees": 27}
    assert values(heading + said, "notes") == {"average_employees": 1204}
    assert values(heading + said, "notes", comparative=True) == {"average_employees": 29}


def test_the_number_of_a_note_before_its_title_is_no_figure() -> None:
    body = (
        "<h2>Notes to the financial statements</h2><table><tr><td>4</td><td>Employees</td></tr>"
        "<tr><td/><td>The average number of employees during the year was:</td></tr>"
        "<tr><td>5</td><td>Employees and directors</td></tr></table>"
    )
    assert statements(body) == []
