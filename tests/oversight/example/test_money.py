"""The figures: statements add up, years follow one another, groups are the sum of their companies."""

from collections.abc import Callable
from itertools import pairwise

import pytest

from oversight.example.cast import books
from oversight.example.shapes import Accounts, Company, Figures, Market

SUMS = {
    "gross_profit": ("turnover", "cost_of_sales"),
    "operating_profit": ("gross_profit", "administrative_expenses", "other_operating_income"),
    "profit_before_tax": ("operating_profit", "income_from_group", "interest_receivable", "interest_payable"),
    "profit_after_tax": ("profit_before_tax", "tax"),
    "fixed_assets": ("intangible_assets", "tangible_assets", "investments"),
    "current_assets": ("stocks", "debtors", "cash"),
    "debtors": ("trade_debtors", "debtors_group", "prepayments"),
    "net_current_assets": ("current_assets", "creditors_within_one_year"),
    "total_assets_less_current_liabilities": ("fixed_assets", "net_current_assets"),
    "net_assets": ("total_assets_less_current_liabilities", "creditors_after_one_year", "provisions"),
    "shareholders_funds": ("share_capital", "profit_and_loss_reserve"),
    "staff_costs": ("wages_and_salaries", "social_security_costs", "pension_costs"),
    "operating_cash_flow": ("cash_generated_from_operations", "tax_paid"),
    "investing_cash_flow": ("capital_expenditure", "disposal_proceeds", "interest_received", "dividends_received"),
    "financing_cash_flow": ("interest_paid", "borrowings_drawn", "borrowings_repaid", "dividends_paid"),
    "change_in_cash": ("operating_cash_flow", "investing_cash_flow", "financing_cash_flow"),
}


def statements(every_set: list[Accounts]) -> list[Figures]:
    found = [figures for each in every_set for figures in (each.company, each.company_before)]
    return found + [f for each in every_set for f in (each.group, each.group_before) if f is not None]


@pytest.mark.parametrize("line", SUMS)
def test_every_total_is_the_sum_of_its_lines(line: str, every_set: list[Accounts]) -> None:
    for figures in statements(every_set):
        assert figures[line] == sum(figures[part] for part in SUMS[line])


def test_the_balance_sheet_balances(every_set: list[Accounts]) -> None:
    for figures in statements(every_set):
        assert figures["net_assets"] == figures["shareholders_funds"]


def test_creditors_are_the_sum_of_their_analysis(every_set: list[Accounts]) -> None:
    within = (
        "bank_loans_within_one_year", "trade_creditors", "owed_to_group_within_one_year", "corporation_tax_payable",
        "other_taxation_payable", "accruals_within_one_year", "other_creditors_within_one_year",
    )  # fmt: skip
    for figures in statements(every_set):
        assert -figures["creditors_within_one_year"] == sum(figures[line] for line in within)
        assert -figures["creditors_after_one_year"] == (
            figures["bank_loans_after_one_year"] + figures["other_loans_after_one_year"]
        )


def test_cash_flows_explain_the_movement_in_cash_and_profit_that_in_reserves(every_set: list[Accounts]) -> None:
    for each in every_set:
        pairs = [(each.company, each.company_before), (each.group, each.group_before)]
        for now, before in pairs:
            if now is None or before is None:
                continue
            assert now["change_in_cash"] == now["cash"] - before["cash"]
            grown = now["profit_and_loss_reserve"] - before["profit_and_loss_reserve"]
            assert grown == now["profit_after_tax"] + now["dividends_paid"]


def test_comparatives_are_last_years_figures_unless_restated(market: Market) -> None:
    restated = 0
    for company in market.companies:
        for earlier, later in pairwise(company.accounts):
            same = later.company_before == earlier.company and later.group_before == earlier.group
            assert same != later.restated or (later.restated and later.form == "group")
            if later.restated:
                restated += 1
                now, then = (
                    (later.group_before, earlier.group)
                    if later.group_before
                    else (later.company_before, earlier.company)
                )
                assert then is not None
                assert now["turnover"] < then["turnover"]
                assert now["net_assets"] < then["net_assets"]
                assert now["cash"] == then["cash"]
    assert restated == 2


def test_a_group_is_its_companies_less_what_lies_between_them(
    market: Market, company_of: Callable[[str], Company]
) -> None:
    checked = 0
    for group in market.groups:
        if group.uk_parent is None:
            continue
        for each in company_of(group.uk_parent).accounts:
            if each.group is None:
                continue
            members = [
                found.company
                for number in group.companies
                for found in company_of(number).accounts
                if found.period_end == each.period_end and company_of(number).role != "fund"
            ]
            below = [number for number in group.companies if company_of(number).role != "fund"]
            restated = any(found.restated for number in below for found in company_of(number).accounts)
            if len(members) < len(below) or restated:
                continue
            checked += 1
            for line in ("tangible_assets", "trade_debtors", "cash", "bank_loans_after_one_year", "staff_costs"):
                assert each.group[line] == sum(figures[line] for figures in members)
            assert each.group["debtors_group"] == each.group["owed_to_group_within_one_year"] == 0
            assert each.group["investments"] == 0
            traded = sum(
                found.company["turnover"]
                for number in below
                if company_of(number).role == "operating"
                for found in company_of(number).accounts
                if found.period_end == each.period_end
            )
            assert each.group["turnover"] == traded
    assert checked > 30


def test_debt_rises_and_margin_falls_towards_the_administration(
    market: Market, company_of: Callable[[str], Company]
) -> None:
    fallen = {event.company_number for event in market.events if event.kind == "administration"}
    parent = next(company_of(number) for number in fallen if company_of(number).role == "parent")
    groups = [each.group for each in parent.accounts if each.group is not None]
    debts = [figures["bank_loans_within_one_year"] + figures["bank_loans_after_one_year"] for figures in groups]
    margins = [figures["operating_profit"] / figures["turnover"] for figures in groups]
    assert debts[-1] > debts[0]
    assert margins[-1] < 0 < margins[0]
    assert groups[-1]["net_current_assets"] < 0
    assert parent.accounts[-1].going_concern == "material_uncertainty"


def test_thousands_are_whole_so_that_rounded_statements_add_up(every_set: list[Accounts]) -> None:
    seen = 0
    for each in every_set:
        if each.thousands:
            seen += 1
            for figures in (each.company, each.group or {}):
                assert all(value % 1000 == 0 for line, value in figures.items() if line != "average_employees")
    assert seen > 50


def test_an_unbalanced_book_would_be_noticed() -> None:
    book = books.empty() | {"cash": 5, "share_capital": 4}
    assert books.imbalance(book) == 1
    assert books.imbalance(book | {"reserves": 1}) == 0
