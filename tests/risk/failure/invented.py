"""Invented panels of company-years with a known truth."""

import numpy as np
import polars as pl

from risk.failure.train import Settings
from risk.learning.calibration import probability
from risk.learning.trees import Boosting

QUICK = Settings(
    folds=3,
    pieces=4,
    ridges=(10.0, 1.0),
    boostings=(Boosting(rounds=15, rate=0.1, leaves=4, rows_a_leaf=10, ridge=1.0, columns_a_split=9),),
)


def panel(companies: int = 250, years: int = 3, seed: int = 0, *, only_last: bool = True) -> pl.DataFrame:
    """Companies with debt, margin, noise and cash over some years; those with debt and poor margins fail in the last.

    Cash is often not given, and oftener by companies that fail.
    """
    rng = np.random.default_rng(seed)
    rows = companies * years
    debt = np.repeat(rng.normal(0, 1, companies), years) + rng.normal(0, 0.3, rows)
    margin = np.repeat(rng.normal(0, 1, companies), years) + rng.normal(0, 0.3, rows)
    year = np.tile(np.arange(2020, 2020 + years), companies)
    fails = rng.random(rows) < probability(-1.5 + 1.6 * debt - 1.2 * margin)
    if only_last:
        fails &= year == year.max()
    cash = rng.normal(0, 1, rows)
    cash[rng.random(rows) < np.where(fails, 0.6, 0.2)] = np.nan
    return pl.DataFrame(
        {
            "company": np.repeat([f"{number:08d}" for number in range(companies)], years),
            "year": year,
            "debt": debt,
            "margin": margin,
            "cash": cash,
            "noise": rng.normal(0, 1, rows),
            "failed": fails.astype(int),
        }
    ).with_columns(pl.col("cash").fill_nan(None))
