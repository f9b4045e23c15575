"""Taffler's z-score (1983): the one score fitted on firms in the United Kingdom, listed industrial ones."""

from typing import Final

import polars as pl
from pydantic import BaseModel, ConfigDict

from risk.ratios.profit import NIL_NON_CASH, NON_CASH
from risk.ratios.ratio import Ratio
from risk.scores import sheet

TAFFLER: Final = "taffler_z"
_DAYS: Final = 365
_PROFIT: Final = pl.col("profit_before_tax")
_DAILY_COST: Final = (pl.col("turnover") - _PROFIT - NON_CASH) / _DAYS
_NO_CREDIT_INTERVAL: Final = (sheet.CURRENT_ASSETS - pl.col("stocks") - sheet.CURRENT_LIABILITIES) / _DAILY_COST


class Taffler(BaseModel):
    """Constant and weights; the no-credit interval is in days of operating cost without non-cash charges."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    constant: float
    profit_before_tax_to_current_liabilities: float
    current_assets_to_total_liabilities: float
    current_liabilities_to_total_assets: float
    no_credit_interval_days: float
    at_risk_below: float

    def ratio(self) -> Ratio:
        """The score as a measure of one period."""
        score = (
            self.constant
            + self.profit_before_tax_to_current_liabilities * _PROFIT / sheet.CURRENT_LIABILITIES
            + self.current_assets_to_total_liabilities * sheet.CURRENT_ASSETS / sheet.TOTAL_LIABILITIES
            + self.current_liabilities_to_total_assets * sheet.CURRENT_LIABILITIES / sheet.TOTAL_ASSETS
            + self.no_credit_interval_days * _NO_CREDIT_INTERVAL
        )
        return Ratio(
            TAFFLER,
            f"Taffler z (version {self.version})",
            "score",
            f"{self.constant:g}"
            f" + {self.profit_before_tax_to_current_liabilities:g} profit before tax / creditors due within one year"
            f" + {self.current_assets_to_total_liabilities:g} current assets / total liabilities"
            f" {self.current_liabilities_to_total_assets:+g} creditors due within one year / total assets"
            f" + {self.no_credit_interval_days:g} no-credit interval in days",
            f"Under {self.at_risk_below:g} is the zone at risk.",
            "Fitted on listed industrial firms; its coefficients are as recalled and not read at the source. Use it to"
            " rank.",
            score,
            ("fixed_assets", "stocks", *NIL_NON_CASH),
            (
                sheet.NO_ASSETS,
                sheet.NO_LIABILITIES,
                sheet.NO_CURRENT_LIABILITIES,
                (_DAILY_COST <= 0, "there are no operating costs"),
            ),
            if_filed=("depreciation_and_amortisation",),
            by_year=True,
        )
