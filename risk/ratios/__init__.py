"""Ratios of accounts: one file a family, each ratio a named polars expression over lines of account.

To add one: a `Ratio` in the file of its family, and a worked case in `tests/cases/ratios.yaml`.
"""

from risk.parameters import Values
from risk.ratios import debt, liquidity, profit
from risk.ratios.ratio import Ratio

__all__ = ["Ratio", "catalogue"]


def catalogue(values: Values) -> tuple[Ratio, ...]:
    """Every ratio, in the order a reader expects."""
    return (*profit.ratios(), *debt.ratios(values), *liquidity.ratios())
