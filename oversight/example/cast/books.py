"""One company's books: the amounts behind a set of accounts, and the lines printed from them.

A book is a mapping from internal name to whole pounds (or a head count). Costs and debts are positive in a
book; `lines` gives them the sign they are printed with. Every book balances: `imbalance` is nought.
"""

from collections.abc import Iterable, Mapping

Book = Mapping[str, int]

PROFIT = (
    "turnover", "direct_costs", "admin_costs", "other_income", "interest_received", "interest_charge", "tax_current",
    "tax_deferred", "dividends", "group_income",
)  # fmt: skip
NOTES = (
    "wages", "social_security", "pensions", "depreciation", "amortisation", "rent", "employees", "charge_paid",
    "charge_received", "lease_within", "lease_between", "lease_after",
)  # fmt: skip
ASSETS = (
    "goodwill", "tangible", "investments", "stocks", "trade_debtors", "other_debtors", "group_debtors", "cash",
)  # fmt: skip
DEBTS = (
    "bank_within", "trade_creditors", "group_creditors", "corporation_tax", "other_tax", "accruals", "other_creditors",
    "bank_after", "loan_notes", "deferred_tax",
)  # fmt: skip
CAPITAL = ("share_capital", "reserves")
FLOWS = ("capex", "disposals", "rolled_up_interest")
KEYS = (*PROFIT, *NOTES, *ASSETS, *DEBTS, *CAPITAL, *FLOWS)

_WITHIN = (
    "bank_within",
    "trade_creditors",
    "group_creditors",
    "corporation_tax",
    "other_tax",
    "accruals",
    "other_creditors",
)
_AFTER = ("bank_after", "loan_notes")
_DEBTORS = ("trade_debtors", "other_debtors", "group_debtors")


def empty() -> dict[str, int]:
    """A book with nothing in it."""
    return dict.fromkeys(KEYS, 0)


def total(book: Book, keys: Iterable[str]) -> int:
    """Sum of some entries."""
    return sum(book[key] for key in keys)


def added(books: Iterable[Book]) -> dict[str, int]:
    """Books put together, entry by entry."""
    result = empty()
    for book in books:
        for key in KEYS:
            result[key] += book[key]
    return result


def operating_profit(book: Book) -> int:
    """Profit before interest and tax."""
    return book["turnover"] - book["direct_costs"] - book["admin_costs"] + book["other_income"]


def profit_before_tax(book: Book) -> int:
    """Profit before tax; dividends from subsidiaries are income of a parent, never of a group."""
    return operating_profit(book) + book["group_income"] + book["interest_received"] - book["interest_charge"]


def profit_after_tax(book: Book) -> int:
    """Profit for the period."""
    return profit_before_tax(book) - book["tax_current"] - book["tax_deferred"]


def net_assets(book: Book) -> int:
    """Assets less debts."""
    return total(book, ASSETS) - total(book, DEBTS)


def imbalance(book: Book) -> int:
    """Net assets less capital and reserves; nought in a sound book."""
    return net_assets(book) - total(book, CAPITAL)


def lines(book: Book, before: Book | None = None) -> dict[str, int]:
    """The lines of account as printed: what the statement subtracts is negative.

    Notes (staff, depreciation, rent, analyses of debtors and creditors) are printed without brackets,
    so they are positive. Lines of the cash flow statement need the book of the period before.
    """
    current = total(book, ("stocks", *_DEBTORS, "cash"))
    within, after = total(book, _WITHIN), total(book, _AFTER)
    fixed = total(book, ("goodwill", "tangible", "investments"))
    result = {
        "turnover": book["turnover"],
        "cost_of_sales": -book["direct_costs"],
        "gross_profit": book["turnover"] - book["direct_costs"],
        "administrative_expenses": -book["admin_costs"],
        "other_operating_income": book["other_income"],
        "operating_profit": operating_profit(book),
        "income_from_group": book["group_income"],
        "interest_receivable": book["interest_received"],
        "interest_payable": -book["interest_charge"],
        "profit_before_tax": profit_before_tax(book),
        "tax": -book["tax_current"] - book["tax_deferred"],
        "profit_after_tax": profit_after_tax(book),
        "wages_and_salaries": book["wages"],
        "social_security_costs": book["social_security"],
        "pension_costs": book["pensions"],
        "staff_costs": total(book, ("wages", "social_security", "pensions")),
        "average_employees": book["employees"],
        "depreciation": book["depreciation"],
        "amortisation": book["amortisation"],
        "operating_lease_rent": book["rent"],
        "lease_commitments_within_one_year": book["lease_within"],
        "lease_commitments_one_to_five_years": book["lease_between"],
        "lease_commitments_after_five_years": book["lease_after"],
        "operating_lease_commitments": total(book, ("lease_within", "lease_between", "lease_after")),
        "intangible_assets": book["goodwill"],
        "goodwill": book["goodwill"],
        "tangible_assets": book["tangible"],
        "investments": book["investments"],
        "fixed_assets": fixed,
        "stocks": book["stocks"],
        "debtors": total(book, _DEBTORS),
        "trade_debtors": book["trade_debtors"],
        "debtors_group": book["group_debtors"],
        "prepayments": book["other_debtors"],
        "cash": book["cash"],
        "current_assets": current,
        "creditors_within_one_year": -within,
        "bank_loans_within_one_year": book["bank_within"],
        "trade_creditors": book["trade_creditors"],
        "owed_to_group_within_one_year": book["group_creditors"],
        "corporation_tax_payable": book["corporation_tax"],
        "other_taxation_payable": book["other_tax"],
        "accruals_within_one_year": book["accruals"],
        "other_creditors_within_one_year": book["other_creditors"],
        "net_current_assets": current - within,
        "total_assets_less_current_liabilities": fixed + current - within,
        "creditors_after_one_year": -after,
        "bank_loans_after_one_year": book["bank_after"],
        "other_loans_after_one_year": book["loan_notes"],
        "provisions": -book["deferred_tax"],
        "net_assets": net_assets(book),
        "share_capital": book["share_capital"],
        "profit_and_loss_reserve": book["reserves"],
        "shareholders_funds": total(book, CAPITAL),
    }
    return result | (cash_flow(book, before) if before is not None else {})


def cash_flow(book: Book, before: Book) -> dict[str, int]:
    """The cash flow statement of a period: its three parts add up to the movement in cash."""

    def grew(*keys: str) -> int:
        return total(book, keys) - total(before, keys)

    generated = (
        operating_profit(book)
        + book["depreciation"]
        + book["amortisation"]
        - grew("stocks", "trade_debtors", "other_debtors", "group_debtors")
        + grew("trade_creditors", "group_creditors", "other_tax", "accruals", "other_creditors")
    )
    tax_paid = -(before["corporation_tax"] + book["tax_current"] - book["corporation_tax"])
    investing = -book["capex"] + book["disposals"] + book["interest_received"] + book["group_income"]
    interest_paid = -(book["interest_charge"] - book["rolled_up_interest"])
    borrowed = grew("bank_within", "bank_after", "loan_notes") - book["rolled_up_interest"]
    financing = interest_paid + borrowed - book["dividends"]
    return {
        "cash_generated_from_operations": generated,
        "tax_paid": tax_paid,
        "operating_cash_flow": generated + tax_paid,
        "capital_expenditure": -book["capex"],
        "disposal_proceeds": book["disposals"],
        "interest_received": book["interest_received"],
        "dividends_received": book["group_income"],
        "investing_cash_flow": investing,
        "interest_paid": interest_paid,
        "borrowings_drawn": max(0, borrowed),
        "borrowings_repaid": min(0, borrowed),
        "dividends_paid": -book["dividends"],
        "financing_cash_flow": financing,
        "change_in_cash": generated + tax_paid + investing + financing,
        "cash_at_start": before["cash"],
        "cash_at_end": book["cash"],
    }


def overstated(book: Book, amount: int) -> dict[str, int]:
    """The book as first filed, with income recognised too early: turnover and other debtors too high."""
    result = dict(book)
    result["turnover"] += amount
    result["other_debtors"] += amount
    result["reserves"] += amount
    return result
