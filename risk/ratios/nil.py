"""When a line that is not filed may be taken as nil: only where the filed totals leave no room for it.

Silence is never zero. No stocks filed is nil only if current assets are debtors and cash; no bank loan filed is nil
only if the creditors are analysed by kind. What was taken as nil is said beside the figure.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

_WITHIN: Final = (
    "bank_loans_within_one_year",
    "overdrafts",
    "other_loans_within_one_year",
    "finance_leases_within_one_year",
    "loan_notes_within_one_year",
)
_AFTER: Final = (
    "bank_loans_after_one_year",
    "other_loans_after_one_year",
    "finance_leases_after_one_year",
    "loan_notes_after_one_year",
)
_GROUP_WITHIN: Final = "owed_to_group_within_one_year"
_GROUP_AFTER: Final = "owed_to_group_after_one_year"
BORROWINGS: Final = ("borrowings_within_one_year", "borrowings_after_one_year", "total_borrowings")
"""Totals that some filings give in place of the kinds of debt."""
TOGETHER: Final = "depreciation_and_amortisation"
DEBT_LINES: Final = (*_WITHIN, *_AFTER, _GROUP_WITHIN, _GROUP_AFTER)

_OTHER_WITHIN: Final = (
    "trade_creditors",
    "accruals_within_one_year",
    "other_creditors_within_one_year",
    "owed_to_directors",
)
_TAXES: Final = ("corporation_tax_payable", "other_taxation_payable")

ANALYSED_WITHIN: Final = "analysed_within_one_year"
"""Sum of every filed part of creditors due within one year; a helper column, not a line."""

_TOTAL_WITHIN: Final = "creditors_within_one_year"
_TOTAL_AFTER: Final = "creditors_after_one_year"


def _c(line: str) -> pl.Expr:
    return pl.col(line)


def _zero(line: str) -> pl.Expr:
    return pl.col(line).fill_null(0.0)


def _adds_up(total: pl.Expr, parts: pl.Expr) -> pl.Expr:
    """Whether parts make the total, within rounding to thousands."""
    return ((total - parts).abs() <= (total.abs() * 0.001).clip(lower_bound=2.0)).fill_null(False)


def _any(*lines: str) -> pl.Expr:
    return pl.any_horizontal([pl.col(line).is_not_null() for line in lines])


def _nil(line: str) -> pl.Expr:
    return (pl.col(line) == 0).fill_null(False)


def proofs() -> Mapping[str, pl.Expr]:
    """For each line, the condition under which a missing one is nil."""
    fixed = _zero("tangible_assets") + _zero("investments") + _zero("investment_property")
    no_intangibles = _adds_up(_c("fixed_assets"), fixed + _zero("goodwill"))
    no_goodwill = _c("intangible_assets").is_not_null() | _adds_up(_c("fixed_assets"), fixed)
    net = _c("total_assets_less_current_liabilities")
    no_later_creditors = _adds_up(_c("net_assets"), net + _zero("provisions") + _zero("pension_deficit"))
    nothing_later = _nil(_TOTAL_AFTER) | (_c(_TOTAL_AFTER).is_null() & no_later_creditors)
    interest = _zero("interest_payable").abs()
    profit = _c("operating_profit")
    within = _any(*_WITHIN, *_AFTER, *BORROWINGS) | _adds_up(_c(_TOTAL_WITHIN).abs(), _c(ANALYSED_WITHIN))
    after = nothing_later | _any(*_AFTER, "borrowings_after_one_year", "total_borrowings")
    return {
        "stocks": _adds_up(_c("current_assets"), _zero("debtors") + _zero("cash") + _zero("current_investments")),
        "cash": _adds_up(_c("current_assets"), _zero("debtors") + _zero("stocks") + _zero("current_investments")),
        "fixed_assets": _adds_up(net, _c("net_current_assets")),
        "intangible_assets": no_intangibles,
        "goodwill": no_goodwill,
        "amortisation": ((no_intangibles & _zero("intangible_assets").eq(0)) | _nil("intangible_assets"))
        & _zero("goodwill").eq(0)
        | _any(TOGETHER),
        "depreciation": _nil("tangible_assets") | _nil("fixed_assets") | _any(TOGETHER),
        "impairment": _any("depreciation", "amortisation", TOGETHER),
        _TOTAL_AFTER: no_later_creditors,
        "interest_payable": _adds_up(_c("profit_before_tax"), profit + _zero("interest_receivable")),
        "interest_receivable": _adds_up(_c("profit_before_tax"), profit - interest),
        **dict.fromkeys(_WITHIN, within),
        **dict.fromkeys(_AFTER, after),
        _GROUP_WITHIN: within | _any(_GROUP_WITHIN, _GROUP_AFTER),
        _GROUP_AFTER: after | _any(_GROUP_AFTER),
    }


def known_columns() -> tuple[str, ...]:
    """Every column the proofs read."""
    return tuple(sorted({name for proof in proofs().values() for name in proof.meta.root_names()}))


def analysed_within(columns: list[str]) -> pl.Expr:
    """Sum of the filed parts of creditors due within one year, or null where none is filed."""
    parts = [name for name in (*_WITHIN, _GROUP_WITHIN, *_OTHER_WITHIN) if name in columns]
    taxes = [name for name in _TAXES if name in columns]
    total_tax = [pl.col("taxation_within_one_year").abs()] if "taxation_within_one_year" in columns else []
    filed = pl.any_horizontal([pl.col(name).is_not_null() for name in parts] or [pl.lit(False)])
    tax = pl.coalesce([*total_tax, pl.sum_horizontal([pl.col(name).abs() for name in taxes] or [pl.lit(0.0)])])
    others = pl.sum_horizontal([pl.col(name).abs() for name in parts] or [pl.lit(0.0)])
    return pl.when(filed).then(others + tax).alias(ANALYSED_WITHIN)
