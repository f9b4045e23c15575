"""Published scores of failure. Coefficients and cut-offs belong together, so each score is one versioned object."""

from typing import Final

import polars as pl
from pydantic import BaseModel, ConfigDict

from risk.parameters import Values
from risk.ratios.ratio import Ratio

ALTMAN_Z2: Final = "altman_z2"


class AltmanZ2(BaseModel):
    """Altman Z'' for non-manufacturers: four ratios, their weights, and what the sum is compared with."""

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

    def ratio(self) -> Ratio:
        """The score as a measure of one period."""
        current_liabilities = pl.col("creditors_within_one_year").abs()
        total_assets = pl.col("fixed_assets") + pl.col("current_assets")
        equity = pl.col("net_assets")
        total_liabilities = total_assets - equity
        score = (
            self.working_capital_to_total_assets * (pl.col("current_assets") - current_liabilities) / total_assets
            + self.retained_earnings_to_total_assets * pl.col("profit_and_loss_reserve") / total_assets
            + self.operating_profit_to_total_assets * pl.col("operating_profit") / total_assets
            + self.equity_to_total_liabilities * equity / total_liabilities
        )
        return Ratio(
            ALTMAN_Z2,
            f"Altman Z'' (version {self.version})",
            "score",
            f"{self.working_capital_to_total_assets:g} working capital / total assets"
            f" + {self.retained_earnings_to_total_assets:g} retained earnings / total assets"
            f" + {self.operating_profit_to_total_assets:g} operating profit / total assets"
            f" + {self.equity_to_total_liabilities:g} book equity / total liabilities",
            f"Under {self.distress_below:g} is the zone of distress, over {self.safe_above:g} the safe zone.",
            "Fitted on other firms in another country; use it to rank.",
            score,
            ("fixed_assets",),
            ((total_assets <= 0, "there are no assets"), (total_liabilities <= 0, "there are no liabilities")),
            by_year=True,
        )


def altman_z2(values: Values) -> AltmanZ2:
    """The score in force."""
    return values.parse("measures.altman_z2", AltmanZ2)
