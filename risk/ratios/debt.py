"""Measures of debt and of the means to carry it. External debt, owners' loans and leases are kept apart."""

import polars as pl

from risk.parameters import Values
from risk.ratios.nil import BORROWINGS
from risk.ratios.profit import EBITDA, EBITDAR, IF_FILED, NIL_NON_CASH, OPERATING_PROFIT, RENT
from risk.ratios.ratio import ADVERSE, FAVOURABLE, Ratio, percent


def _owed(*lines: str) -> pl.Expr:
    total = pl.col(lines[0]).abs()
    for line in lines[1:]:
        total = total + pl.col(line).abs()
    return total


_BANK_WITHIN = (
    "bank_loans_within_one_year",
    "overdrafts",
    "other_loans_within_one_year",
    "finance_leases_within_one_year",
)
_BANK_AFTER = ("bank_loans_after_one_year", "other_loans_after_one_year", "finance_leases_after_one_year")
_LEASE_DEBT = ("finance_leases_within_one_year", "finance_leases_after_one_year")
_GROUP = ("owed_to_group_within_one_year", "owed_to_group_after_one_year")
_WITHIN = (*_BANK_WITHIN, "loan_notes_within_one_year")

CASH = pl.col("cash")
_NOTES = _owed("loan_notes_within_one_year", "loan_notes_after_one_year")
_FILED_TOTAL = pl.max_horizontal(
    pl.col("total_borrowings").abs(),
    pl.col("borrowings_within_one_year").abs().fill_null(0.0)
    + pl.col("borrowings_after_one_year").abs().fill_null(0.0),
)
_KINDS = _owed(*_BANK_WITHIN, *_BANK_AFTER)
EXTERNAL_DEBT = pl.max_horizontal(_KINDS, _FILED_TOTAL - _NOTES)
TOTAL_DEBT = EXTERNAL_DEBT + _NOTES + _owed(*_GROUP)
NET_EXTERNAL = EXTERNAL_DEBT - CASH
NET_TOTAL = TOTAL_DEBT - CASH
NET_INTEREST = pl.col("interest_payable").abs() - pl.col("interest_receivable")
FREE_CASH_FLOW = pl.col("operating_cash_flow") - pl.col("tax_paid").abs() - pl.col("capital_expenditure").abs()

NIL_EXTERNAL = (*_WITHIN, *_BANK_AFTER, "loan_notes_after_one_year", "cash")
_NIL_TOTAL = (*NIL_EXTERNAL, *_GROUP)
_ALL_IF_FILED = (*BORROWINGS, *IF_FILED)
_NIL_INTEREST = ("interest_payable", "interest_receivable")
_NO_EBITDA = (EBITDA <= 0, ADVERSE)
_OWNERS_CAVEAT = "Owners' loans may rank behind all others, with interest that is added, not paid; read both figures."


def ratios(values: Values) -> tuple[Ratio, ...]:
    """The measures of debt; the multiple on rent comes from the parameters."""
    multiple = values.number("measures.rent_multiple")
    return (
        Ratio(
            "net_debt_external", "Net debt to lenders outside the group", "pounds",
            "bank loans + overdrafts + other loans + finance leases - cash",
            "What is owed to banks and lessors, less cash; negative is net cash.",
            "Loan notes are left out, since most are held by owners; listed bonds would belong here.",
            NET_EXTERNAL, NIL_EXTERNAL, if_filed=BORROWINGS,
        ),
        Ratio(
            "net_debt_total", "Net debt with owners' loans", "pounds",
            "net debt to lenders + loan notes + amounts owed to group companies",
            "All that has to be repaid, less cash; negative is net cash.", _OWNERS_CAVEAT, NET_TOTAL, _NIL_TOTAL,
            if_filed=BORROWINGS,
        ),
        Ratio(
            "owners_debt", "Owners' loans", "pounds", "loan notes + amounts owed to group companies",
            "Debt that most often is owed to owners and ranks behind the lenders.",
            "Filings rarely say who holds loan notes; listed ones are held by others.",
            _NOTES + _owed(*_GROUP), ("loan_notes_within_one_year", "loan_notes_after_one_year", *_GROUP),
        ),
        Ratio(
            "lease_debt", "Lease liabilities", "pounds", "finance leases within and after one year",
            "What is owed to lessors on the balance sheet; it stands in net debt to lenders.",
            "Periods from 1 January 2026 may carry most leases here that were rent before.",
            _owed(*_LEASE_DEBT), _LEASE_DEBT,
        ),
        Ratio(
            "dividends_to_ebitda", "Dividends against EBITDA", "percent", "dividends / EBITDA",
            "Share of the year's earnings before capital costs that went to the owners as dividends.",
            "Interest and charges paid to owners come on top and are not in it.",
            percent(pl.col("dividends").abs(), EBITDA), NIL_NON_CASH, (_NO_EBITDA,), IF_FILED, by_year=True,
        ),
        Ratio(
            "net_debt_external_to_ebitda", "Net debt to lenders against EBITDA", "times",
            "net debt to lenders / EBITDA", "Years of EBITDA that the lenders' debt stands for.",
            "Debt at the year end against a whole year's EBITDA.", NET_EXTERNAL / EBITDA,
            (*NIL_EXTERNAL, *NIL_NON_CASH), (_NO_EBITDA,), _ALL_IF_FILED, by_year=True,
        ),
        Ratio(
            "net_debt_to_ebitda", "Net debt against EBITDA", "times", "net debt with owners' loans / EBITDA",
            "Years of EBITDA that all debt stands for.", _OWNERS_CAVEAT, NET_TOTAL / EBITDA,
            (*_NIL_TOTAL, *NIL_NON_CASH), (_NO_EBITDA,), _ALL_IF_FILED, by_year=True,
        ),
        Ratio(
            "net_debt_and_pension_to_ebitda", "Net debt and pension deficit against EBITDA", "times",
            "(net debt with owners' loans + pension deficit) / EBITDA", "As above, with the pension deficit as debt.",
            "Only where a deficit is filed.", (NET_TOTAL + pl.col("pension_deficit").abs()) / EBITDA,
            (*_NIL_TOTAL, *NIL_NON_CASH), (_NO_EBITDA,), _ALL_IF_FILED, by_year=True,
        ),
        Ratio(
            "lease_adjusted_leverage", "Lease-adjusted leverage", "times",
            f"(net debt with owners' loans + {multiple:g} x operating lease rent) / EBITDAR",
            "Leverage as if rented homes had been bought with debt.", "The multiple is a convention.",
            (NET_TOTAL + multiple * RENT) / EBITDAR, (*_NIL_TOTAL, *NIL_NON_CASH),
            ((EBITDAR <= 0, ADVERSE),), _ALL_IF_FILED, by_year=True,
        ),
        Ratio(
            "interest_cover", "Interest cover", "times", "operating profit / (interest payable - interest receivable)",
            "How often operating profit pays the interest; under 1 it does not.",
            "Interest on owners' loans may be added to the loan, not paid.",
            OPERATING_PROFIT / NET_INTEREST, _NIL_INTEREST, ((NET_INTEREST <= 0, FAVOURABLE),),
        ),
        Ratio(
            "ebitda_interest_cover", "EBITDA interest cover", "times",
            "EBITDA / (interest payable - interest receivable)", "How often EBITDA pays the interest.",
            "Interest on owners' loans may be added to the loan, not paid.",
            EBITDA / NET_INTEREST, (*_NIL_INTEREST, *NIL_NON_CASH), ((NET_INTEREST <= 0, FAVOURABLE),), IF_FILED,
        ),
        Ratio(
            "cash_interest_cover", "Cash interest cover", "times", "EBITDA / interest paid in cash",
            "How often EBITDA pays the interest that is paid in cash.", "Small companies file no cash flow statement.",
            EBITDA / pl.col("interest_paid").abs(), NIL_NON_CASH,
            ((pl.col("interest_paid") == 0, FAVOURABLE),), IF_FILED,
        ),
        Ratio(
            "rent_cover", "Rent cover", "times", "EBITDAR / operating lease rent",
            "How often the business earns its rent; rent is owed like debt.",
            "The note may give commitments instead of the year's rent.",
            EBITDAR / RENT, NIL_NON_CASH, ((RENT == 0, FAVOURABLE),), IF_FILED,
        ),
        Ratio(
            "debt_due_within_one_year", "Debt due within one year", "pounds",
            "bank loans, overdrafts, other loans, finance leases and loan notes due within one year",
            "What has to be repaid or refinanced within a year of the balance sheet.",
            "Committed facilities that replace it are told in words only.",
            pl.max_horizontal(_owed(*_WITHIN), pl.col("borrowings_within_one_year").abs()), _WITHIN,
            if_filed=("borrowings_within_one_year",),
        ),
        Ratio(
            "free_cash_flow_to_net_debt", "Free cash flow to net debt", "percent",
            "(operating cash flow - tax paid - capital expenditure) / net debt with owners' loans",
            "Share of the debt that a year's cash could repay.", "Small companies file no cash flow statement.",
            percent(FREE_CASH_FLOW, NET_TOTAL), _NIL_TOTAL, ((NET_TOTAL <= 0, FAVOURABLE),), BORROWINGS,
            by_year=True,
        ),
        Ratio(
            "gearing", "Gearing", "percent", "debt with owners' loans / (debt with owners' loans + net assets)",
            "Share of the capital that has to be repaid.", "Not meaningful where net assets are negative.",
            percent(TOTAL_DEBT, TOTAL_DEBT + pl.col("net_assets")),
            tuple(line for line in _NIL_TOTAL if line != "cash"), ((pl.col("net_assets") <= 0, ADVERSE),),
            BORROWINGS,
        ),
    )  # fmt: skip
