"""Ratios that a foreign panel and accounts filed in the UK both give, for the starter model.

Each says which attribute of the Polish panel it is, and which way a credit analyst expects risk to go with it.
"""

from dataclasses import dataclass
from typing import Final

import polars as pl

from risk.ratios.ratio import Ratio

_ASSETS: Final = pl.col("fixed_assets") + pl.col("current_assets")
_SHORT: Final = pl.col("creditors_within_one_year").abs()
_OWED: Final = _ASSETS - pl.col("net_assets")
_NON_CASH: Final = pl.sum_horizontal(
    pl.col(line).abs() for line in ("depreciation", "amortisation", "depreciation_and_amortisation")
)
_NO_ASSETS: Final = ((_ASSETS <= 0, "there are no assets"),)
_NO_SHORT: Final = ((_SHORT <= 0, "there are no creditors due within one year"),)
_NO_SALES: Final = ((pl.col("turnover") <= 0, "there is no turnover"),)
_NO_DEBT: Final = ((_OWED <= 0, "nothing is owed"),)
_NO_INTEREST: Final = ((pl.col("interest_payable") == 0, "there is no interest to pay"),)


@dataclass(frozen=True, slots=True)
class Common:
    """A ratio of both worlds.

    Attributes:
        ratio: over lines of account.
        attribute: number of the attribute in the Polish panel.
        sign: 1 where risk rises with it, -1 where it falls, 0 where nobody can say.
        balance: whether the balance sheet alone gives it.
    """

    ratio: Ratio
    attribute: int
    sign: int
    balance: bool


def _common(
    code: str,
    title: str,
    formula: str,
    expression: pl.Expr,
    *,
    attribute: int,
    sign: int,
    balance: bool,
    nil: tuple[str, ...] = (),
    never: tuple[tuple[pl.Expr, str], ...] = (),
    if_filed: tuple[str, ...] = (),
    by_year: bool = False,
) -> Common:
    reading = {1: "Risk rises with it.", -1: "Risk falls as it rises.", 0: "It may go either way."}[sign]
    measure = Ratio(
        code,
        title,
        "ratio",
        formula,
        reading,
        "An input of the failure model.",
        expression,
        nil,
        never,
        if_filed,
        by_year,
    )
    return Common(measure, attribute, sign, balance)


COMMON: Final[tuple[Common, ...]] = (
    _common(
        "liabilities_to_assets", "Liabilities to assets", "(assets - net assets) / assets", _OWED / _ASSETS,
        attribute=2, sign=1, balance=True, nil=("fixed_assets",), never=_NO_ASSETS,
    ),
    _common(
        "short_liabilities_to_assets", "Creditors within one year to assets", "creditors due within one year / assets",
        _SHORT / _ASSETS, attribute=51, sign=1, balance=True, nil=("fixed_assets",), never=_NO_ASSETS,
    ),
    _common(
        "working_capital_to_assets", "Working capital to assets",
        "(current assets - creditors due within one year) / assets", (pl.col("current_assets") - _SHORT) / _ASSETS,
        attribute=3, sign=-1, balance=True, nil=("fixed_assets",), never=_NO_ASSETS,
    ),
    _common(
        "current_assets_to_short", "Current ratio", "current assets / creditors due within one year",
        pl.col("current_assets") / _SHORT, attribute=4, sign=-1, balance=True, never=_NO_SHORT,
    ),
    _common(
        "liquid_assets_to_short", "Acid ratio", "(current assets - stocks) / creditors due within one year",
        (pl.col("current_assets") - pl.col("stocks")) / _SHORT, attribute=46, sign=-1, balance=True,
        nil=("stocks",), never=_NO_SHORT,
    ),
    _common(
        "cash_to_short", "Cash ratio", "(current assets - stocks - debtors) / creditors due within one year",
        (pl.col("current_assets") - pl.col("stocks") - pl.col("debtors")) / _SHORT, attribute=40, sign=-1, balance=True,
        nil=("stocks",), never=_NO_SHORT,
    ),
    _common(
        "reserves_to_assets", "Reserves to assets", "(net assets - share capital) / assets",
        (pl.col("net_assets") - pl.col("share_capital")) / _ASSETS, attribute=25, sign=-1, balance=True,
        nil=("fixed_assets",), never=_NO_ASSETS,
    ),
    _common(
        "net_profit_to_assets", "Profit after tax to assets", "profit after tax / assets",
        pl.col("profit_after_tax") / _ASSETS, attribute=1, sign=-1, balance=False, nil=("fixed_assets",),
        never=_NO_ASSETS, by_year=True,
    ),
    _common(
        "operating_profit_to_assets", "Operating profit to assets", "operating profit / assets",
        pl.col("operating_profit") / _ASSETS, attribute=22, sign=-1, balance=False, nil=("fixed_assets",),
        never=_NO_ASSETS, by_year=True,
    ),
    _common(
        "sales_to_assets", "Turnover to assets", "turnover / assets", pl.col("turnover") / _ASSETS,
        attribute=9, sign=0, balance=False, nil=("fixed_assets",), never=_NO_ASSETS, by_year=True,
    ),
    _common(
        "operating_margin_of_sales", "Operating margin", "operating profit / turnover",
        pl.col("operating_profit") / pl.col("turnover"), attribute=42, sign=-1, balance=False, never=_NO_SALES,
    ),
    _common(
        "net_margin_of_sales", "Net margin", "profit after tax / turnover",
        pl.col("profit_after_tax") / pl.col("turnover"), attribute=23, sign=-1, balance=False, never=_NO_SALES,
    ),
    _common(
        "cash_profit_to_liabilities", "Profit before non-cash costs to liabilities",
        "(profit after tax + depreciation + amortisation) / (assets - net assets)",
        (pl.col("profit_after_tax") + _NON_CASH) / _OWED, attribute=26, sign=-1, balance=False,
        nil=("fixed_assets",), never=_NO_DEBT,
        if_filed=("depreciation", "amortisation", "depreciation_and_amortisation"), by_year=True,
    ),
    _common(
        "operating_profit_to_interest", "Interest cover", "operating profit / interest payable",
        pl.col("operating_profit") / pl.col("interest_payable").abs(), attribute=27, sign=-1, balance=False,
        never=_NO_INTEREST,
    ),
)  # fmt: skip
"""Every ratio of the starter model, balance sheet first."""

BY_CODE: Final = {common.ratio.code: common for common in COMMON}
