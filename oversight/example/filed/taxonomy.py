"""Lines of account and the concepts they are tagged with: FRC taxonomies, and old UK GAAP for plain XBRL.

A concept's own sign is that of the FRC taxonomy, where costs and creditors are positive. `flips` says that the
page prints the figure in brackets, with the other sign, as statements do; `subtracted` that a note prints a cost
or a debt without brackets although the line of account is negative.
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
    subtracted: bool = False
    dimensions: tuple[Dimension, ...] = ()
    unit: str = "GBP"
    old: str | None = None


def _flow(name: str, *, flips: bool = False, subtracted: bool = False, unit: str = "GBP") -> Concept:
    return Concept(name, instant=False, flips=flips, subtracted=subtracted, unit=unit)


def _owed(name: str, dimensions: tuple[Dimension, ...]) -> Concept:
    return Concept(name, subtracted=True, dimensions=dimensions)


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
    "wages_and_salaries": _flow("WagesSalaries", subtracted=True),
    "social_security_costs": _flow("SocialSecurityCosts", subtracted=True),
    "pension_costs": _flow("PensionOtherPost-employmentBenefitCostsOtherPensionCosts", subtracted=True),
    "staff_costs": _flow("StaffCostsEmployeeBenefitsExpense", subtracted=True),
    "average_employees": _flow("AverageNumberEmployeesDuringPeriod", unit="pure"),
    "depreciation": _flow("DepreciationExpensePropertyPlantEquipment", subtracted=True),
    "amortisation": _flow("AmortisationExpenseIntangibleAssets", subtracted=True),
    "operating_lease_rent": _flow("TotalOperatingLeasePayments", subtracted=True),
    "intangible_assets": Concept("IntangibleAssets", old="IntangibleFixedAssets"),
    "goodwill": Concept("IntangibleAssets", dimensions=(("core:IntangibleAssetClassesDimension", "core:NetGoodwill"),)),
    "tangible_assets": Concept("PropertyPlantEquipment", old="TangibleFixedAssets"),
    "investments": Concept("InvestmentsFixedAssets", old="TotalInvestmentsFixedAssets"),
    "fixed_assets": Concept("FixedAssets", old="FixedAssets"),
    "stocks": Concept("TotalInventories", old="StocksInventory"),
    "debtors": Concept("Debtors", old="Debtors"),
    "trade_debtors": Concept("TradeDebtorsTradeReceivables"),
    "debtors_group": Concept("AmountsOwedByGroupUndertakings"),
    "prepayments": Concept("PrepaymentsAccruedIncome"),
    "cash": Concept("CashBankOnHand", old="CashBankInHand"),
    "current_assets": Concept("CurrentAssets", old="CurrentAssets"),
    "creditors_within_one_year": Concept(
        "Creditors", flips=True, dimensions=WITHIN, old="CreditorsDueWithinOneYearTotalCurrentLiabilities"
    ),
    "bank_loans_within_one_year": _owed("BankBorrowingsOverdrafts", WITHIN[:1]),
    "trade_creditors": _owed("TradeCreditorsTradePayables", WITHIN[:1]),
    "owed_to_group_within_one_year": _owed("AmountsOwedToGroupUndertakings", WITHIN[:1]),
    "corporation_tax_payable": _owed("CorporationTaxPayable", WITHIN[:1]),
    "other_taxation_payable": _owed("OtherTaxationSocialSecurityPayable", WITHIN[:1]),
    "accruals_within_one_year": _owed("AccruedLiabilitiesDeferredIncome", WITHIN[:1]),
    "other_creditors_within_one_year": _owed("OtherCreditors", WITHIN[:1]),
    "net_current_assets": Concept("NetCurrentAssetsLiabilities", old="NetCurrentAssetsLiabilities"),
    "total_assets_less_current_liabilities": Concept(
        "TotalAssetsLessCurrentLiabilities", old="TotalAssetsLessCurrentLiabilities"
    ),
    "creditors_after_one_year": Concept(
        "Creditors", flips=True, dimensions=AFTER, old="CreditorsDueAfterOneYearTotalNoncurrentLiabilities"
    ),
    "bank_loans_after_one_year": _owed("BankBorrowingsOverdrafts", AFTER[:1]),
    "other_loans_after_one_year": _owed("OtherRemainingBorrowings", AFTER[:1]),
    "provisions": Concept(
        "ProvisionsForLiabilitiesBalanceSheetSubtotal", flips=True, old="ProvisionsForLiabilitiesCharges"
    ),
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
    "operating_lease_commitments": Concept("FutureMinimumLeasePaymentsUnderNon-cancellableOperatingLeases"),
    "cash_generated_from_operations": _flow("NetCashGeneratedFromOperations"),
    "tax_paid": _flow("IncomeTaxesPaidRefundClassifiedAsOperatingActivities", flips=True),
    "operating_cash_flow": _flow("NetCashFlowsFromUsedInOperatingActivities"),
    "capital_expenditure": _flow("PurchasePropertyPlantEquipment", flips=True),
    "disposal_proceeds": _flow("ProceedsFromSalesPropertyPlantEquipment"),
    "interest_received": _flow("InterestReceivedClassifiedAsInvestingActivities"),
    "investing_cash_flow": _flow("NetCashFlowsFromUsedInInvestingActivities"),
    "interest_paid": _flow("InterestPaidClassifiedAsFinancingActivities", flips=True),
    "borrowings_drawn": _flow("ProceedsFromBorrowingsClassifiedAsFinancingActivities"),
    "borrowings_repaid": _flow("RepaymentsBorrowingsClassifiedAsFinancingActivities", flips=True),
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
