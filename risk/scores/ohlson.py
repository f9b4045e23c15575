"""Ohlson's O-score (1980): a logit that also looks at the year before. Its probability is never shown."""

from typing import Final

import polars as pl
from pydantic import BaseModel, ConfigDict

from risk.ratios.profit import NIL_NON_CASH, NON_CASH
from risk.ratios.ratio import Ratio
from risk.scores import sheet

OHLSON: Final = "ohlson_o"
BEFORE: Final = "profit_after_tax_before"
"""Profit after tax of the comparable year before; a column beside the lines, not a line."""

_PROFIT: Final = pl.col("profit_after_tax")
_BEFORE: Final = pl.col(BEFORE)
_FUNDS: Final = pl.col("profit_before_tax") + NON_CASH


class Ohlson(BaseModel):
    """Constant and weights of the logit's index; higher is worse.

    `price_level` divides total assets before the logarithm. A constant moves every score alike, so the order of
    groups in one year does not hang on it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    constant: float
    log_total_assets: float
    total_liabilities_to_total_assets: float
    working_capital_to_total_assets: float
    current_liabilities_to_current_assets: float
    liabilities_exceed_assets: float
    profit_after_tax_to_total_assets: float
    funds_to_total_liabilities: float
    losses_two_years: float
    change_in_profit: float
    price_level: float
    at_risk_above: float

    def ratio(self) -> Ratio:
        """The index as a measure of one period and the one before."""
        assets = sheet.TOTAL_ASSETS
        both_nil = (_PROFIT == 0) & (_BEFORE == 0)
        change = pl.when(both_nil).then(0.0).otherwise((_PROFIT - _BEFORE) / (_PROFIT.abs() + _BEFORE.abs()))
        score = (
            self.constant
            + self.log_total_assets * (assets / self.price_level).log()
            + self.total_liabilities_to_total_assets * sheet.TOTAL_LIABILITIES / assets
            + self.working_capital_to_total_assets * sheet.WORKING_CAPITAL / assets
            + self.current_liabilities_to_current_assets * sheet.CURRENT_LIABILITIES / sheet.CURRENT_ASSETS
            + self.liabilities_exceed_assets * (assets < sheet.TOTAL_LIABILITIES).cast(pl.Float64)
            + self.profit_after_tax_to_total_assets * _PROFIT / assets
            + self.funds_to_total_liabilities * _FUNDS / sheet.TOTAL_LIABILITIES
            + self.losses_two_years * ((_PROFIT < 0) & (_BEFORE < 0)).cast(pl.Float64)
            + self.change_in_profit * change
        )
        return Ratio(
            OHLSON,
            f"Ohlson O (version {self.version})",
            "score",
            f"{self.constant:g} {self.log_total_assets:+g} ln(total assets / {self.price_level:g})"
            f" {self.total_liabilities_to_total_assets:+g} total liabilities / total assets"
            f" {self.working_capital_to_total_assets:+g} working capital / total assets"
            f" {self.current_liabilities_to_current_assets:+g} creditors due within one year / current assets"
            f" {self.liabilities_exceed_assets:+g} where liabilities exceed assets"
            f" {self.profit_after_tax_to_total_assets:+g} profit after tax / total assets"
            f" {self.funds_to_total_liabilities:+g} (profit before tax + non-cash charges) / total liabilities"
            f" {self.losses_two_years:+g} where both years made a loss"
            f" {self.change_in_profit:+g} change in profit after tax / (both years' amounts without sign)",
            f"Higher is worse; over {self.at_risk_above:g} is the zone at risk.",
            "Fitted on American firms; the term for size hangs on currency and year, so only the order counts.",
            score,
            ("fixed_assets", *NIL_NON_CASH),
            (sheet.NO_ASSETS, sheet.NO_LIABILITIES, sheet.NO_CURRENT_ASSETS),
            if_filed=("depreciation_and_amortisation",),
            by_year=True,
        )
