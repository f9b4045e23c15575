"""Zmijewski's score (1984): a probit on return, debt and liquidity. Its probability is never shown."""

from typing import Final

import polars as pl
from pydantic import BaseModel, ConfigDict

from risk.ratios.ratio import Ratio
from risk.scores import sheet

ZMIJEWSKI: Final = "zmijewski_x"


class Zmijewski(BaseModel):
    """Constant and weights of the probit's index; higher is worse."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    constant: float
    profit_after_tax_to_total_assets: float
    total_liabilities_to_total_assets: float
    current_assets_to_current_liabilities: float
    at_risk_above: float

    def ratio(self) -> Ratio:
        """The index as a measure of one period."""
        score = (
            self.constant
            + self.profit_after_tax_to_total_assets * pl.col("profit_after_tax") / sheet.TOTAL_ASSETS
            + self.total_liabilities_to_total_assets * sheet.TOTAL_LIABILITIES / sheet.TOTAL_ASSETS
            + self.current_assets_to_current_liabilities * sheet.CURRENT_ASSETS / sheet.CURRENT_LIABILITIES
        )
        return Ratio(
            ZMIJEWSKI,
            f"Zmijewski X (version {self.version})",
            "score",
            f"{self.constant:g} {self.profit_after_tax_to_total_assets:+g} profit after tax / total assets"
            f" {self.total_liabilities_to_total_assets:+g} total liabilities / total assets"
            f" {self.current_assets_to_current_liabilities:+g} current assets / creditors due within one year",
            f"Higher is worse; over {self.at_risk_above:g} is the zone at risk.",
            "Fitted on a sample with too many failures, so only the order counts; sources differ on the sign of the"
            " last term.",
            score,
            ("fixed_assets",),
            (sheet.NO_ASSETS, sheet.NO_CURRENT_LIABILITIES),
            by_year=True,
        )
