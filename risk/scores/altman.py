"""Altman's scores for firms without a market value: Z' (manufacturers) and Z'' (all others)."""

from typing import Final

import polars as pl
from pydantic import BaseModel, ConfigDict

from risk.ratios.ratio import Ratio
from risk.scores import sheet

ALTMAN_Z1: Final = "altman_z1"
ALTMAN_Z2: Final = "altman_z2"


class _Altman(BaseModel):
    """The part both scores share: four weights, and what the sum is compared with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: int
    working_capital_to_total_assets: float
    retained_earnings_to_total_assets: float
    operating_profit_to_total_assets: float
    equity_to_total_liabilities: float
    distress_below: float
    safe_above: float

    def zone(self, score: float) -> str:
        """Where a score lies: distress, grey or safe. The cut-offs themselves are grey."""
        if score < self.distress_below:
            return "distress"
        return "safe" if score > self.safe_above else "grey"

    def _sum(self) -> pl.Expr:
        assets = sheet.TOTAL_ASSETS
        return (
            self.working_capital_to_total_assets * sheet.WORKING_CAPITAL / assets
            + self.retained_earnings_to_total_assets * sheet.RETAINED / assets
            + self.operating_profit_to_total_assets * pl.col("operating_profit") / assets
            + self.equity_to_total_liabilities * sheet.EQUITY / sheet.TOTAL_LIABILITIES
        )

    def _formula(self) -> str:
        return (
            f"{self.working_capital_to_total_assets:g} working capital / total assets"
            f" + {self.retained_earnings_to_total_assets:g} retained earnings / total assets"
            f" + {self.operating_profit_to_total_assets:g} operating profit / total assets"
            f" + {self.equity_to_total_liabilities:g} book equity / total liabilities"
        )

    def _reading(self) -> str:
        return f"Under {self.distress_below:g} is the zone of distress, over {self.safe_above:g} the safe zone."


class AltmanZ1(_Altman):
    """Altman Z' for private firms: the four ratios and turnover against assets. Fitted on manufacturers."""

    turnover_to_total_assets: float

    def ratio(self) -> Ratio:
        """The score as a measure of one period."""
        return Ratio(
            ALTMAN_Z1,
            f"Altman Z' (version {self.version})",
            "score",
            f"{self._formula()} + {self.turnover_to_total_assets:g} turnover / total assets",
            self._reading(),
            "Fitted on manufacturers; services turn their assets over faster, which lifts it. Use it to rank.",
            self._sum() + self.turnover_to_total_assets * pl.col("turnover") / sheet.TOTAL_ASSETS,
            ("fixed_assets",),
            (sheet.NO_ASSETS, sheet.NO_LIABILITIES),
            by_year=True,
        )


class AltmanZ2(_Altman):
    """Altman Z'' for non-manufacturers: four ratios, their weights, and what the sum is compared with."""

    def ratio(self) -> Ratio:
        """The score as a measure of one period."""
        return Ratio(
            ALTMAN_Z2,
            f"Altman Z'' (version {self.version})",
            "score",
            self._formula(),
            self._reading(),
            "Fitted on other firms in another country; use it to rank.",
            self._sum(),
            ("fixed_assets",),
            (sheet.NO_ASSETS, sheet.NO_LIABILITIES),
            by_year=True,
        )
