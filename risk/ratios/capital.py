"""Goodwill and other intangible assets, which several measures take off."""

import polars as pl

INTANGIBLES_IF_FILED = ("fixed_assets", "tangible_assets", "investments", "investment_property")
"""Lines that tell whether goodwill stands inside the intangible assets or beside them."""


def intangibles() -> pl.Expr:
    """Goodwill and other intangible assets, in pounds.

    The caption "intangible assets" mostly holds goodwill; where fixed assets have room for both, it stands beside it.
    """
    goodwill, intangible = pl.col("goodwill").abs(), pl.col("intangible_assets").abs()
    others = pl.col("tangible_assets").fill_null(0.0) + pl.col("investments").fill_null(0.0)
    others = others + pl.col("investment_property").fill_null(0.0)
    beside = (pl.col("fixed_assets") - others + 1 >= goodwill + intangible).fill_null(False)
    return pl.when(beside).then(goodwill + intangible).otherwise(pl.max_horizontal(goodwill, intangible))
