"""Lines of account and the concepts they are tagged with: FRC taxonomies, and old UK GAAP for plain XBRL.

A concept's own sign is that of the FRC taxonomy, where costs and creditors are positive; the page prints
them in brackets. `flips` says that the printed figure is the tagged one with the other sign.
"""

from dataclasses import dataclass
from datetime import date

Dimension = tuple[str, str]
"""Dimension and member, each with its namespace key: `core` or `bus`."""

WITHIN: tuple[Dimension, ...] = (
    ("core:FinancialInstrumentCurrentNon-currentDimension", "core:CurrentFinancialInstruments"),
    ("core:MaturitiesOrExpirationPeriodsDimension", "core:WithinOneYear"),
)
AFTER: tuple[Dimension, ...] = (
    ("core:FinancialInstrumentCurrentNon-currentDimension", "core:Non-currentFinancialInstruments"),
    ("core:MaturitiesOrExpirationPeriodsDimension", "core:AfterOneYear"),
)
CONSOLIDATED: Dimension = ("bus:GroupCompanyDataDimension", "bus:Consolidated")
_MATURITY = "core:MaturitiesOrExpirationPeriodsDimension"
_EQUITY = "core:EquityClassesDimension"


@dataclass(frozen=True, slots=True)
class Concept:
    """How a line of account is tagged."""

    name: str
    instant: bool = True
    flips: bool = False
    dimensions: tuple[Dimension, ...] = ()
    unit: str = "GBP"
    old: str | None = None


def _flow(name: str, *, flips: bool = False, unit: str = "GBP", old: str | None = None) -> Concept:
    return Concept(name, instant=False, flips=flips, unit=unit, old=old)


CONCEPTS: dict[str, Concept] = {
    "turnover": _flow("TurnoverRevenue"),
    "cost_of_sales": _flow("CostSales", flips=True),
    "gross_profit": _flow("GrossProfitLoss"),
    "administrative_expenses": _flow("AdministrativeExpenses", flips=True),
    "other_operating_income": _flow("OtherOperatingIncomeFormat1"),
    "operating_profit": _flow("OperatingProfitLoss"),
    "interest_receivable": _flow("OtherInterestReceivableSimilarIncomeFinanceIncome"),
    "interest_payable": _flow("InterestPayableSimilarChargesFinanceCosts", flips=True),
    "profit_before_tax": _flow("ProfitLossOnOrdinaryActivitiesBeforeTax"),
    "tax": _flow("TaxTaxCreditOnProfitOrLossOnOrdinaryActivities", flips=True),
    "profit_after_tax": _flow("ProfitLoss"),
    "wages_and_salaries": _flow("WagesSalaries"),
    "social_security_costs": _flow("SocialSecurityCosts"),
    "pension_costs": _flow("PensionOtherPost-employmentBenefitCostsOtherPensionCosts"),
    "staff_costs": _flow("StaffCostsEmployeeBenefitsExpense"),
    "average_employees": _flow("AverageNumberEmployeesDuringPeriod", unit="pure"),
    "depreciation": _flow("DepreciationExpensePropertyPlantEquipment"),
    "amortisation": _flow("AmortisationExpenseIntangibleAssets"),
    "operating_lease_rent": _flow("TotalOperatingLeasePayments"),
    "intangible_assets": Concept("IntangibleAssets", old="IntangibleFixedAssets"),
    "goodwill": Concept(
        "IntangibleAssets", dimensions=(("core:IntangibleAssetClassesDimension", "core:NetGoodwill"),)
    ),
    "tangible_assets": Concept("PropertyPlantEquipment", old="TangibleFixedAssets"),
    "investments": Concept("InvestmentsFixedAssets", old="TotalInvestmentsFixedAssets"),
    "fixed_assets": Concept("FixedAssets", old="FixedAssets"),
    "stocks": Concept("TotalInventories", old="StocksInventory"),
    "debtors": Concept("Debtors", old="Debtors"),
    "trade_debtors": Concept("TradeDebtorsTradeReceivables"),
    "debtors_group": Concept("AmountsOwedByGroupUndertakings"),
    "other_debtors": Concept("PrepaymentsAccruedIncome"),
    "cash": Concept("CashBankOnHand", old="CashBankInHand"),
    "current_assets": Concept("CurrentAssets", old="CurrentAssets"),
    "creditors_within_one_year": Concept(
        "Creditors", flips=True, dimensions=WITHIN, old="CreditorsDueWithinOneYearTotalCurrentLiabilities"
    ),
    "bank_loans_within_one_year": Concept("BankBorrowingsOverdrafts", dimensions=WITHIN[:1]),
    "trade_creditors_within_one_year": Concept("TradeCreditorsTradePayables", dimensions=WITHIN[:1]),
    "owed_to_group_within_one_year": Concept("AmountsOwedToGroupUndertakings", dimensions=WITHIN[:1]),
    "corporation_tax_within_one_year": Concept("CorporationTaxPayable", dimensions=WITHIN[:1]),
    "other_taxation_within_one_year": Concept("OtherTaxationSocialSecurityPayable", dimensions=WITHIN[:1]),
    "accruals_within_one_year": Concept("AccruedLiabilitiesDeferredIncome", dimensions=WITHIN[:1]),
    "other_creditors_within_one_year": Concept("OtherCreditors", dimensions=WITHIN[:1]),
    "net_current_assets": Concept("NetCurrentAssetsLiabilities", old="NetCurrentAssetsLiabilities"),
    "total_assets_less_current_liabilities": Concept(
        "TotalAssetsLessCurrentLiabilities", old="TotalAssetsLessCurrentLiabilities"
    ),
    "creditors_after_one_year": Concept(
        "Creditors", flips=True, dimensions=AFTER, old="CreditorsDueAfterOneYearTotalNoncurrentLiabilities"
    ),
    "bank_loans_after_one_year": Concept("BankBorrowingsOverdrafts", dimensions=AFTER[:1]),
    "loan_notes_after_one_year": Concept("OtherRemainingBorrowings", dimensions=AFTER[:1]),
    "provisions": Concept("ProvisionsForLiabilitiesBalanceSheetSubtotal", flips=True, old="ProvisionsForLiabilitiesCharges"),
    "net_assets": Concept("NetAssetsLiabilities", old="NetAssetsLiabilitiesIncludingPensionAssetLiability"),
    "share_capital": Concept("Equity", dimensions=((_EQUITY, "core:ShareCapital"),), old="CalledUpShareCapital"),
    "profit_and_loss_reserve": Concept(
        "Equity", dimensions=((_EQUITY, "core:RetainedEarningsAccumulatedLosses"),), old="ProfitLossAccountReserve"
    ),
    "shareholders_funds": Concept("Equity", old="ShareholderFunds"),
    "lease_commitments_within_one_year": Concept(
        "FutureMinimumLeasePaymentsUnderNon-cancellableOperatingLeases",
        dimensions=((_MATURITY, "core:WithinOneYear"),),
    ),
    "lease_commitments_one_to_five_years": Concept(
        "FutureMinimumLeasePaymentsUnderNon-cancellableOperatingLeases",
        dimensions=((_MATURITY, "core:BetweenOneFiveYears"),),
    ),
    "lease_commitments_after_five_years": Concept(
        "FutureMinimumLeasePaymentsUnderNon-cancellableOperatingLeases",
        dimensions=((_MATURITY, "core:MoreThanFiveYears"),),
    ),
    "lease_commitments": Concept("FutureMinimumLeasePaymentsUnderNon-cancellableOperatingLeases"),
    "cash_generated_from_operations": _flow("NetCashGeneratedFromOperations"),
    "tax_paid": _flow("IncomeTaxesPaidRefundClassifiedAsOperatingActivities", flips=True),
    "operating_cash_flow": _flow("NetCashFlowsFromUsedInOperatingActivities"),
    "capital_expenditure": _flow("PurchasePropertyPlantEquipment", flips=True),
    "disposal_proceeds": _flow("ProceedsFromSalesPropertyPlantEquipment"),
    "interest_received": _flow("InterestReceivedClassifiedAsInvestingActivities"),
    "investing_cash_flow": _flow("NetCashFlowsFromUsedInInvestingActivities"),
    "interest_paid": _flow("InterestPaidClassifiedAsFinancingActivities", flips=True),
    "net_borrowing": _flow("ProceedsFromBorrowingsClassifiedAsFinancingActivities"),
    "dividends_paid": _flow("DividendsPaidClassifiedAsFinancingActivities", flips=True),
    "financing_cash_flow": _flow("NetCashFlowsFromUsedInFinancingActivities"),
    "change_in_cash": _flow(
        "IncreaseDecreaseInCashCashEquivalentsBeforeForeignExchangeDifferencesChangesInConsolidation"
    ),
    "cash_at_end": Concept("CashCashEquivalents"),
}
"""Concept of every line the example accounts disclose."""

_VERSIONS = ("2014-09-01", "2019-01-01", "2021-01-01", "2022-01-01", "2023-01-01", "2024-01-01", "2025-01-01")


def version(filed_on: date) -> str:
    """The FRC taxonomy a filing of that day would use: the newest one at least a year old."""
    known = [each for each in _VERSIONS if date.fromisoformat(each).year < filed_on.year]
    return known[-1] if known else _VERSIONS[0]
