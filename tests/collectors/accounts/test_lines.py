"""Facts to lines of account: the right period, the right component, the right sign, and arithmetic as a witness."""

from datetime import date

import polars as pl
import pytest

from collectors.accounts.catalogue import catalogue
from collectors.accounts.reader import read
from collectors.reading import Row
from oversight.model.tables.read import Fact, Issue, Line, Statement
from tests.collectors.accounts.documents import (
    LAST_YEAR,
    NOW,
    ORIGIN,
    THEN,
    YEAR,
    context,
    document,
    figure,
    issues,
    line,
    lines,
    row,
    rows_of,
    said,
)

WITHIN = context(NOW, "CurrentFinancialInstruments")
WITHIN_TWICE = context(NOW, "CurrentFinancialInstruments", "WithinOneYear")
AFTER = context(NOW, "Non-currentFinancialInstruments", "AfterOneYear")
LATER = context(NOW, "Non-currentFinancialInstruments", "BetweenTwoFiveYears")


def balance_sheet(**other: str) -> list[str]:
    """A balance sheet that adds up: 500 + (300 - 200) = 600; 600 - 150 = 450."""
    rows = {
        "fixed": row("Fixed assets", figure("FixedAssets", NOW, "500")),
        "current": row("Current assets", figure("CurrentAssets", NOW, "300")),
        "creditors": row("Creditors: within one year", f"({figure('Creditors', WITHIN_TWICE, '200')})"),
        "net": row("Net current assets", figure("NetCurrentAssetsLiabilities", NOW, "100")),
        "total": row("Total assets less current liabilities", figure("TotalAssetsLessCurrentLiabilities", NOW, "600")),
        "later": row("Creditors: after one year", f"({figure('Creditors', AFTER, '150')})"),
        "assets": row("Net assets", figure("NetAssetsLiabilities", NOW, "450")),
    }
    return ["<table>", *(rows | other).values(), "</table>"]


def test_a_balance_sheet_that_adds_up_is_certain() -> None:
    rows = rows_of(*balance_sheet())

    assert lines(rows) == {
        "fixed_assets": 500,
        "current_assets": 300,
        "creditors_within_one_year": -200,
        "net_current_assets": 100,
        "total_assets_less_current_liabilities": 600,
        "creditors_after_one_year": -150,
        "net_assets": 450,
    }
    assert {each["confidence"] for each in rows.tables["line"]} == {1.0}
    assert {each["method"] for each in rows.tables["line"]} == {"tagged"}
    assert issues(rows) == []


def test_rows_are_as_declared() -> None:
    rows = rows_of(*balance_sheet(), said("NameEntityAuditors", YEAR, "Bell LLP"), figure("Equity", NOW, "x"))
    for table, schema in (("fact", Fact), ("line", Line), ("statement", Statement), ("issue", Issue)):
        schema.validate(_frame(rows.tables[table]), cast=True)


def _frame(rows: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(rows, infer_schema_length=None)


def test_last_year_is_never_this_year() -> None:
    rows = rows_of(
        figure("AverageNumberEmployeesDuringPeriod", LAST_YEAR, "50"),
        figure("TurnoverRevenue", LAST_YEAR, "900"),
        figure("Equity", THEN, "40"),
        figure("Equity", NOW, "45"),
        figure("TurnoverRevenue", YEAR, "1,000"),
    )
    assert lines(rows) == {"net_assets": 45, "shareholders_funds": 45, "turnover": 1000}
    assert lines(rows, comparative=True) == {
        "net_assets": 40,
        "shareholders_funds": 40,
        "turnover": 900,
        "average_employees": 50,
    }
    assert {each["period_end"] for each in rows.tables["line"] if each["comparative"]} == {date(2024, 3, 31)}
    assert {each["period_start"] for each in rows.tables["line"] if each["comparative"]} == {date(2023, 4, 1)}
    assert {each["unit"] for each in rows.tables["line"] if each["line"] == "average_employees"} == {"count"}


def test_a_component_is_never_the_total() -> None:
    rows = rows_of(
        figure("TurnoverRevenue", context(YEAR, "UnitedKingdom"), "70"),
        figure("Equity", context(NOW, "ShareCapital"), "1"),
        figure("Equity", context(NOW, "RestatedAmount"), "99"),
        figure("PropertyPlantEquipment", context(NOW, "PlantMachinery"), "12"),
        figure("BankBorrowings", LATER, "30"),
    )
    assert lines(rows) == {"share_capital": 1}


def test_a_total_over_a_dimension_is_the_total() -> None:
    total = context(YEAR, "TotalGeographicSegmentsIncludingAnyUnallocatedAmount")
    assert lines(rows_of(figure("TurnoverRevenue", total, "100")))["turnover"] == 100


@pytest.mark.parametrize(
    "where", [WITHIN, WITHIN_TWICE, context(NOW, "WithinOneYear")], ids=["current", "both", "within"]
)
def test_either_maturity_dimension_or_both(where: str) -> None:
    rows = rows_of(figure("Creditors", where, "200"), figure("BankBorrowings", where, "30"))
    assert lines(rows) == {"creditors_within_one_year": -200, "bank_loans_within_one_year": -30}


def test_contradicting_maturities_are_no_line() -> None:
    where = context(NOW, "CurrentFinancialInstruments", "AfterOneYear")
    assert lines(rows_of(figure("Creditors", where, "200"))) == {}


def test_overdrafts_are_taken_off_the_concept_that_includes_them() -> None:
    rows = rows_of(figure("BankBorrowingsOverdrafts", WITHIN, "100"), figure("BankOverdrafts", WITHIN, "30"))
    assert lines(rows) == {"bank_loans_within_one_year": -70, "overdrafts": -30}
    assert line(rows, "bank_loans_within_one_year")["method"] == "derived"
    assert line(rows, "bank_loans_within_one_year")["inputs"] == line(rows, "overdrafts")["line_id"]


def test_silence_is_not_zero() -> None:
    rows = rows_of(*balance_sheet())
    assert "bank_loans_within_one_year" not in lines(rows)
    assert "turnover" not in lines(rows)


def test_missing_totals_are_derived_and_say_from_what() -> None:
    rows = rows_of(figure("TurnoverRevenue", YEAR, "1,000"), figure("CostSales", YEAR, "600"))
    gross = line(rows, "gross_profit")
    assert gross["value"] == 400
    assert (gross["method"], gross["concept"], gross["confidence"]) == ("derived", "turnover + cost_of_sales", 0.95)
    assert str(gross["inputs"]).split(",") == [
        line(rows, "turnover")["line_id"],
        line(rows, "cost_of_sales")["line_id"],
    ]
    assert gross["fact_id"] is None
    assert gross["locator"] == "year/TurnoverRevenue/0 + year/CostSales/0"


def test_a_term_is_derived_from_its_total() -> None:
    rows = rows_of(figure("ProfitLossOnOrdinaryActivitiesBeforeTax", YEAR, "100"), figure("ProfitLoss", YEAR, "81"))
    assert line(rows, "tax")["value"] == -19
    assert line(rows, "tax")["concept"] == "profit_after_tax - profit_before_tax"


def test_a_tax_credit_is_positive() -> None:
    tax = figure("TaxTaxCreditOnProfitOrLossOnOrdinaryActivities", YEAR, "40", sign="-")
    assert lines(rows_of(tax))["tax"] == 40


def test_rounding_does_not_break_the_arithmetic() -> None:
    rows = rows_of(*balance_sheet(assets=row("Net assets", figure("NetAssetsLiabilities", NOW, "451"))))
    assert issues(rows) == []


def test_arithmetic_that_does_not_hold_is_flagged_and_trusted_less() -> None:
    rows = rows_of(*balance_sheet(assets=row("Net assets", figure("NetAssetsLiabilities", NOW, "777"))))
    assert issues(rows) == ["arithmetic_does_not_hold"]
    assert line(rows, "net_assets")["value"] == 777
    assert float(str(line(rows, "net_assets")["confidence"])) < 0.8


def test_of_conflicting_values_the_one_that_adds_up_is_used() -> None:
    twice = figure("NetAssetsLiabilities", NOW, "999") + figure("NetAssetsLiabilities", NOW, "450")
    rows = rows_of(*balance_sheet(assets=row("Net assets", twice)))
    assert line(rows, "net_assets")["value"] == 450
    assert "conflicting_values" in issues(rows)


def test_conflicting_values_that_nothing_decides_are_in_conflict() -> None:
    rows = rows_of(figure("Debtors", NOW, "10"), figure("Debtors", NOW, "20"))
    assert line(rows, "debtors")["method"] == "conflict"
    assert float(str(line(rows, "debtors")["confidence"])) <= 0.6
    assert issues(rows).count("conflicting_values") == 1


def test_of_the_same_figure_rounded_and_exact_the_exact_one_is_used() -> None:
    rounded = figure("TurnoverRevenue", YEAR, "27.2", scale="6").replace('decimals="0"', 'decimals="-5"')
    rows = rows_of(rounded, figure("TurnoverRevenue", YEAR, "27,240,615"))
    assert lines(rows)["turnover"] == 27_240_615
    assert issues(rows) == []


def test_cash_equivalents_net_of_overdrafts_do_not_contradict_cash() -> None:
    rows = rows_of(figure("CashBankOnHand", NOW, "20"), figure("CashCashEquivalents", NOW, "100", sign="-"))
    assert lines(rows)["cash"] == 20
    assert issues(rows) == []


def test_a_note_figure_that_spoils_the_balance_sheet_is_not_its_line() -> None:
    rows = rows_of(*balance_sheet(), figure("AccruedLiabilitiesDeferredIncome", NOW, "44"))
    assert "accruals_outside_creditors" not in lines(rows)
    assert issues(rows) == []


def test_accruals_beside_the_creditors_are_a_line() -> None:
    accruals = row("Accruals", f"({figure('AccruedLiabilitiesDeferredIncome', NOW, '44')})")
    rows = rows_of(
        *balance_sheet(accruals=accruals, assets=row("Net assets", figure("NetAssetsLiabilities", NOW, "406")))
    )
    assert lines(rows)["accruals_outside_creditors"] == -44
    assert issues(rows) == []


def test_an_administrative_expense_tagged_on_income_gives_way_to_the_expense() -> None:
    rows = rows_of(
        figure("AdministrativeExpenses", YEAR, "700"),
        figure("AdministrativeExpenses", YEAR, "90", sign="-"),
    )
    assert lines(rows)["administrative_expenses"] == -700


def test_a_currency_other_than_pounds_is_said() -> None:
    content = document(figure("Equity", NOW, "5")).replace(b"iso4217:GBP", b"iso4217:USD")
    rows = read(content, ORIGIN)
    assert line(rows, "net_assets")["unit"] == "USD"
    assert "currency_not_pounds" in issues(rows)


def test_the_stated_end_of_the_period_beats_a_later_context() -> None:
    rows = rows_of(
        said("BalanceSheetDate", THEN, "31 March 2024"), figure("Equity", THEN, "40"), figure("Equity", NOW, "45")
    )
    assert lines(rows)["net_assets"] == 40


def test_a_stated_end_without_figures_is_flagged() -> None:
    rows = rows_of(said("BalanceSheetDate", NOW, "31 March 2030"), figure("Equity", NOW, "45"))
    assert lines(rows)["net_assets"] == 45
    assert "period_differs" in issues(rows)


@pytest.mark.parametrize(
    ("entity", "body", "number"),
    [
        ("1234567", "", "01234567"),
        ("sc123456", "", "SC123456"),
        ("Some Name Limited", "87654321", "87654321"),
        ("PORTVALE", "87654321", "87654321"),
    ],
)
def test_the_company_number_from_identifier_or_tag(entity: str, body: str, number: str) -> None:
    tag = said("UKCompaniesHouseRegisteredNumber", YEAR, body) if body else ""
    content = document(figure("Equity", NOW, "5"), tag, entity=entity)
    origin = type(ORIGIN)(ORIGIN.document_id, ORIGIN.source, "", "document")
    assert read(content, origin).tables["fact"][0]["company_number"] == number


def test_the_company_number_from_the_file_name_or_none_with_an_issue() -> None:
    content = document(figure("Equity", NOW, "5"), entity="Some Name", scheme="/results")
    named = type(ORIGIN)(ORIGIN.document_id, "file", "", "Prod223_2911_00390616_20201231.html")
    unnamed = type(ORIGIN)(ORIGIN.document_id, "file", "", "accounts.html")
    assert read(content, named).tables["fact"][0]["company_number"] == "00390616"
    rows = read(content, unnamed)
    assert rows.tables["fact"][0]["company_number"] is None
    assert issues(rows) == ["company_number_unknown"]


def test_every_line_has_a_unit_a_sign_and_a_concept() -> None:
    table = catalogue()
    named = {place.line.name for places in table.places.values() for place in places}
    assert named == set(table.lines)
    assert {"turnover", "net_assets", "creditors_after_one_year", "operating_lease_rent"} <= set(table.lines)


def test_the_one_class_of_shares_is_the_share_capital() -> None:
    one = rows_of(figure("ShareCapitalAllottedCalledUpPaid", NOW, "100"), figure("NetAssetsLiabilities", NOW, "100"))
    assert lines(one)["share_capital"] == 100
    assert line(one, "share_capital")["method"] == "derived"
    printed_twice = rows_of(*[figure("ShareCapitalAllottedCalledUpPaid", NOW, "100")] * 2)
    assert lines(printed_twice)["share_capital"] == 100
    filed = rows_of(figure("CalledUpShareCapital", NOW, "150"), figure("ShareCapitalAllottedCalledUpPaid", NOW, "100"))
    assert lines(filed)["share_capital"] == 150


def test_one_of_several_classes_of_shares_is_not_the_share_capital() -> None:
    tuples = "".join(
        f'<c:DetailsShares><c:ValueOrdinarySharesAllotted contextRef="e" unitRef="GBP" decimals="0">{value}'
        "</c:ValueOrdinarySharesAllotted></c:DetailsShares>"
        for value in (50, 50)
    )
    plain = (
        '<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:c="http://www.xbrl.org/uk/fr/gaap/pt/2004-12-01" '
        'xmlns:iso4217="http://www.xbrl.org/2003/iso4217"><context id="e"><entity><identifier scheme="x">01234567'
        "</identifier></entity><period><instant>2025-03-31</instant></period></context>"
        f'<unit id="GBP"><measure>iso4217:GBP</measure></unit>{tuples}'
        '<c:CashBankInHand contextRef="e" unitRef="GBP" decimals="0">100</c:CashBankInHand></xbrl>'
    )
    rows = read(plain.encode(), ORIGIN)
    assert lines(rows) == {"cash": 100}


def test_cash_is_the_one_that_current_assets_add_up_with() -> None:
    rows = rows_of(
        figure("TradeOtherReceivables", WITHIN, "14"),
        figure("CashBankOnHand", NOW, "2"),
        figure("CashCashEquivalents", NOW, "9"),
        figure("CurrentAssets", NOW, "23"),
    )
    assert lines(rows)["debtors"] == 14
    assert lines(rows)["cash"] == 9
    assert float(str(line(rows, "cash")["confidence"])) >= 0.9


def test_provisions_that_stand_within_current_liabilities_are_not_taken_off_twice() -> None:
    rows = rows_of(
        figure("Non-currentAssets", NOW, "43"),
        figure("CurrentAssets", NOW, "23"),
        figure("CurrentLiabilities", NOW, "18"),
        figure("Provisions", NOW, "6"),
        figure("NetAssetsLiabilities", NOW, "48"),
    )
    assert "provisions" not in lines(rows)
    assert "arithmetic_does_not_hold" not in issues(rows)
