"""What the published scores read from a balance sheet, named once so that all of them mean the same by it."""

from typing import Final

import polars as pl

CURRENT_ASSETS: Final = pl.col("current_assets")
CURRENT_LIABILITIES: Final = pl.col("creditors_within_one_year").abs()
WORKING_CAPITAL: Final = CURRENT_ASSETS - CURRENT_LIABILITIES
TOTAL_ASSETS: Final = pl.col("fixed_assets") + CURRENT_ASSETS
EQUITY: Final = pl.col("net_assets")
TOTAL_LIABILITIES: Final = TOTAL_ASSETS - EQUITY
RETAINED: Final = pl.col("profit_and_loss_reserve")

NO_ASSETS: Final = (TOTAL_ASSETS <= 0, "there are no assets")
NO_LIABILITIES: Final = (TOTAL_LIABILITIES <= 0, "there are no liabilities")
NO_CURRENT_ASSETS: Final = (CURRENT_ASSETS <= 0, "there are no current assets")
NO_CURRENT_LIABILITIES: Final = (CURRENT_LIABILITIES == 0, "there are no creditors due within one year")

RANKS: Final = "Fitted on other firms, long ago; use it to rank."
