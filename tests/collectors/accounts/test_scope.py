"""Group and company apart: the parent is never the group."""

import pytest

from collectors.accounts.scope import headings
from collectors.accounts.texts import Page
from tests.collectors.accounts.documents import NOW, YEAR, context, figure, issues, lines, rows_of, said

GROUP_NOW = context(NOW, "Consolidated")
GROUP_YEAR = context(YEAR, "Consolidated")
SCOPE = said("ScopeAccounts", context(YEAR, "ConsolidatedGroupCompanyAccounts"), "Group accounts")


def heading(text: str) -> str:
    return f"<h2>{text}</h2>"


def test_without_a_group_every_figure_is_the_companys() -> None:
    rows = rows_of(figure("Equity", NOW, "5"), figure("TurnoverRevenue", YEAR, "9"))
    assert lines(rows)["turnover"] == 9
    assert lines(rows, consolidated=True) == {}


def test_the_dimension_tells_group_from_company() -> None:
    rows = rows_of(
        figure("Equity", GROUP_NOW, "500"),
        figure("Equity", NOW, "5"),
        figure("TurnoverRevenue", GROUP_YEAR, "900"),
    )
    assert lines(rows, consolidated=True) == {"net_assets": 500, "shareholders_funds": 500, "turnover": 900}
    assert lines(rows) == {"net_assets": 5, "shareholders_funds": 5}


def test_an_undimensioned_balance_sheet_figure_under_group_notes_is_the_companys() -> None:
    rows = rows_of(
        heading("Notes to the Consolidated Financial Statements - continued"),
        figure("ProfitLoss", GROUP_YEAR, "77"),
        figure("BankBorrowings", context(NOW, "WithinOneYear"), "-", format="ixt:zerodash"),
    )
    assert "bank_loans_within_one_year" not in lines(rows, consolidated=True)
    assert lines(rows)["bank_loans_within_one_year"] == 0


def test_an_undimensioned_profit_figure_under_group_notes_is_the_groups() -> None:
    rows = rows_of(
        figure("ProfitLoss", GROUP_YEAR, "81"),
        heading("Company Statement of Changes in Equity"),
        figure("ProfitLoss", YEAR, "3"),
        heading("NOTES TO THE CONSOLIDATED FINANCIAL STATEMENTS"),
        figure("ProfitLossOnOrdinaryActivitiesBeforeTax", YEAR, "100"),
        figure("TaxTaxCreditOnProfitOrLossOnOrdinaryActivities", YEAR, "19"),
        figure("AverageNumberEmployeesDuringPeriod", YEAR, "145"),
    )
    assert lines(rows, consolidated=True) == {
        "profit_after_tax": 81,
        "profit_before_tax": 100,
        "tax": -19,
        "average_employees": 145,
    }
    assert lines(rows) == {"profit_after_tax": 3}


@pytest.mark.parametrize("where", ["page", "hidden"])
def test_where_nothing_decides_the_figure_is_no_line(where: str) -> None:
    employees = figure("AverageNumberEmployeesDuringPeriod", YEAR, "3")
    body = [SCOPE, figure("ProfitLoss", GROUP_YEAR, "81"), heading("Notes to the financial statements")]
    rows = rows_of(*body, employees) if where == "page" else rows_of(*body, hidden=employees)
    assert "average_employees" not in lines(rows) | lines(rows, consolidated=True)
    assert "scope_unclear" in issues(rows)


def test_where_the_group_profit_is_dimensioned_the_rest_is_the_companys() -> None:
    rows = rows_of(
        heading("Notes to the financial statements"),
        figure("TurnoverRevenue", GROUP_YEAR, "900"),
        figure("AverageNumberEmployeesDuringPeriod", YEAR, "3"),
    )
    assert lines(rows) == {"average_employees": 3}


def test_a_group_document_without_the_dimension_follows_its_balance_sheets_heading() -> None:
    rows = rows_of(SCOPE, heading("Consolidated Balance Sheet"), figure("Equity", NOW, "500"))
    assert lines(rows, consolidated=True)["net_assets"] == 500
    assert lines(rows) == {}
    rows = rows_of(SCOPE, heading("Company Balance Sheet"), figure("Equity", NOW, "5"))
    assert lines(rows)["net_assets"] == 5


@pytest.mark.parametrize(
    ("text", "scope"),
    [
        ("Consolidated Statement of Financial Position (continued)", "group"),
        ("EXAMPLE HOLDINGS LIMITED CONSOLIDATED BALANCE SHEET", "group"),
        ("Group Profit and Loss Account for the year ended 31 March 2025", "group"),
        ("Notes to the Group Financial Statements", "group"),
        ("COMPANY STATEMENT OF CHANGES IN EQUITY", "company"),
        ("Parent Company Balance Sheet", "company"),
        ("Company\u2019s Balance Sheet as at 31 March 2025", "company"),
        ("Consolidated and company balance sheet", "unclear"),
        ("Notes to the financial statements", "unclear"),
    ],
)
def test_headings_say_whose_statement_it_is(text: str, scope: str) -> None:
    assert [found.scope for found in headings(Page(text)).found] == [scope]


@pytest.mark.parametrize(
    "text",
    [
        "The company is not required to prepare consolidated accounts.",
        "the parent company financial statements are not in agreement with the accounting records and returns; or",
        "Profit and loss account",
        "Group undertakings",
    ],
)
def test_what_is_no_heading(text: str) -> None:
    assert headings(Page(text)).found == []


def page_of(group: str, employees: str) -> list[str]:
    """Group accounts that tag only the parent's balance sheet and print the group's statements and its employees."""
    return [
        SCOPE,
        heading("Company Balance Sheet"),
        figure("Equity", NOW, "5"),
        (
            "<h2>Consolidated income statement</h2><table><tr><td></td><td>2025</td></tr><tr><td></td><td>£</td></tr>"
            f"<tr><td>Turnover</td><td>{group}</td></tr><tr><td>Operating profit</td><td>90</td></tr>"
            "<tr><td>Profit before taxation</td><td>90</td></tr></table>"
        ),
        (
            "<h2>Notes to the financial statements</h2><p>4. Employees</p>"
            f"<p>The average monthly number of employees during the year was {employees}.</p>"
        ),
    ]


@pytest.mark.parametrize(("hidden", "group", "company"), [("27", 27, None), ("3", 27, 3)])
def test_a_hidden_count_is_whose_the_print_says(hidden: str, group: int, company: int | None) -> None:
    body = page_of("1,900", "27")
    rows = rows_of(*body, hidden=figure("AverageNumberEmployeesDuringPeriod", YEAR, hidden))
    assert lines(rows, consolidated=True)["average_employees"] == group
    assert lines(rows).get("average_employees") == company
    assert "scope_unclear" not in issues(rows)
