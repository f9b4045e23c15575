"""Brackets outside the tag: the tagged value stands, a difference from the print is flagged and settled."""

import pytest

from tests.collectors.accounts.documents import NOW, YEAR, context, figure, issues, line, lines, row, rows_of

NET = "NetCurrentAssetsLiabilities"


def table(*rows: str) -> str:
    return f"<table>{''.join(rows)}</table>"


@pytest.mark.parametrize(
    "cells",
    [
        ("({})",),
        ("<span>(</span>{}<span>)</span>",),
        ("(", "{}", ")"),
        ("£", "({}", ")"),
        ("{})",),
        ("-{}",),
        ("\u2212£{}",),
        ("<p><b>({})</b></p>",),
    ],
)
def test_a_bracket_outside_an_unsigned_tag_makes_it_negative_and_is_flagged(cells: tuple[str, ...]) -> None:
    tag = figure(NET, NOW, "9,206")
    rows = rows_of(table(row("Net current (liabilities)/assets", *(cell.format(tag) for cell in cells))))
    assert lines(rows)["net_current_assets"] == -9206
    assert issues(rows) == ["sign_differs_from_print"]
    assert line(rows, "net_current_assets")["method"] == "conflict"


@pytest.mark.parametrize("cell", ["({})", "{}"])
def test_a_bracket_outside_a_signed_tag_is_no_difference(cell: str) -> None:
    tag = figure(NET, NOW, "9,206", sign="-")
    rows = rows_of(table(row("Net current liabilities", cell.format(tag))))
    assert lines(rows)["net_current_assets"] == -9206
    assert issues(rows) == []


def test_a_bracket_round_creditors_is_how_a_statement_subtracts_them() -> None:
    rows = rows_of(table(row("Creditors", f"({figure('Creditors', context(NOW, 'WithinOneYear'), '200')})")))
    assert lines(rows)["creditors_within_one_year"] == -200
    assert issues(rows) == []


def test_creditors_tagged_negative_and_printed_in_brackets_are_owed() -> None:
    tag = figure("Creditors", context(NOW, "WithinOneYear"), "200", sign="-")
    rows = rows_of(table(row("Creditors", f"({tag})")))
    assert lines(rows)["creditors_within_one_year"] == -200
    assert issues(rows) == ["sign_differs_from_print"]


def test_an_asset_tagged_negative_and_printed_positive_follows_the_print() -> None:
    rows = rows_of(table(row("Fixed assets", figure("FixedAssets", NOW, "384", sign="-"))))
    assert lines(rows)["fixed_assets"] == 384
    assert issues(rows) == ["sign_differs_from_print"]


def test_total_assets_less_current_liabilities_is_no_negative_caption() -> None:
    tag = figure("TotalAssetsLessCurrentLiabilities", NOW, "8,858", sign="-")
    rows = rows_of(table(row("TOTAL ASSETS LESS CURRENT LIABILITIES", tag)))
    assert lines(rows)["total_assets_less_current_liabilities"] == 8858


def test_last_years_nil_in_the_cell_before_is_no_minus() -> None:
    rows = rows_of(table(row("Other debtors", "-", figure("OtherDebtors", NOW, "86,750"))))
    assert lines(rows)["other_debtors"] == 86750
    assert issues(rows) == []


def test_a_bracket_of_the_sentence_is_no_sign() -> None:
    rows = rows_of(f"<p>The profit of the parent was £1 (2024: £{figure('ProfitLoss', YEAR, '251,229')}).</p>")
    assert lines(rows)["profit_after_tax"] == 251229
    assert issues(rows) == []


def test_employees_of_last_year_in_brackets_are_people() -> None:
    rows = rows_of(f"<p>Employees: 27 ({figure('AverageNumberEmployeesDuringPeriod', YEAR, '26')})</p>")
    assert lines(rows)["average_employees"] == 26


def test_a_wrong_sign_that_no_bracket_betrays_is_settled_by_the_arithmetic() -> None:
    rows = rows_of(
        figure("CurrentAssets", NOW, "100"),
        figure("Creditors", context(NOW, "WithinOneYear"), "150"),
        figure(NET, NOW, "50"),
        figure("FixedAssets", NOW, "500"),
        figure("TotalAssetsLessCurrentLiabilities", NOW, "450"),
    )
    assert lines(rows)["net_current_assets"] == -50
    assert issues(rows) == ["sign_differs_from_print"]
    assert line(rows, "net_current_assets")["confidence"] == 0.9


def test_all_wrong_signs_of_one_kind_are_settled_together() -> None:
    rows = rows_of(
        figure("TotalAssetsLessCurrentLiabilities", NOW, "900"),
        figure("Creditors", context(NOW, "AfterOneYear"), "500", sign="-"),
        figure("ProvisionsForLiabilitiesBalanceSheetSubtotal", NOW, "100", sign="-"),
        figure("NetAssetsLiabilities", NOW, "300"),
    )
    assert lines(rows)["creditors_after_one_year"] == -500
    assert lines(rows)["provisions"] == -100


@pytest.mark.parametrize(("sign", "found"), [({}, []), ({"sign": "-"}, ["sign_differs_from_print"])])
def test_a_payment_is_a_payment_whichever_sign_its_tag_has(sign: dict[str, str], found: list[str]) -> None:
    tag = figure("InterestPaidClassifiedAsOperatingActivities", YEAR, "4,863", **sign)
    rows = rows_of(table(row("Interest paid", f"({tag})")))
    assert lines(rows)["interest_paid"] == -4863
    assert issues(rows) == found
