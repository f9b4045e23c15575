"""Measures of liquidity and of what the balance sheet is worth."""

import polars as pl

from risk.ratios.capital import INTANGIBLES_IF_FILED, intangibles
from risk.ratios.profit import IF_FILED, NIL_NON_CASH, NON_CASH, OPERATING_PROFIT, TURNOVER
from risk.ratios.ratio import Ratio, percent

CURRENT_ASSETS = pl.col("current_assets")
CURRENT_LIABILITIES = pl.col("creditors_within_one_year").abs()
_ASSETS = pl.col("fixed_assets") + CURRENT_ASSETS
CASH_COST = TURNOVER - OPERATING_PROFIT - NON_CASH

_NO_CREDITORS = ((CURRENT_LIABILITIES == 0, "there are no creditors due within one year"),)


def ratios() -> tuple[Ratio, ...]:
    """The measures of liquidity and net worth."""
    within_group = pl.col("owed_to_group_within_one_year").abs()
    outside = CURRENT_LIABILITIES - within_group
    return (
        Ratio(
            "current_ratio", "Current ratio", "ratio", "current assets / creditors due within one year",
            "Under 1, what falls due within a year is more than what turns into cash.",
            "Balances with group companies distort it.", CURRENT_ASSETS / CURRENT_LIABILITIES,
            not_applicable=_NO_CREDITORS,
        ),
        Ratio(
            "current_ratio_outside_group", "Current ratio without group balances", "ratio",
            "(current assets - owed by group) / (creditors due within one year - owed to group)",
            "The current ratio towards the outside world.", "Needs both group balances filed.",
            (CURRENT_ASSETS - pl.col("debtors_group").abs()) / outside,
            not_applicable=((outside <= 0, "there are no creditors outside the group due within one year"),),
        ),
        Ratio(
            "acid_ratio", "Acid ratio", "ratio", "(current assets - stocks) / creditors due within one year",
            "The current ratio without what has to be sold first.", "Balances with group companies distort it.",
            (CURRENT_ASSETS - pl.col("stocks")) / CURRENT_LIABILITIES, ("stocks",), _NO_CREDITORS,
        ),
        Ratio(
            "cash_days", "Cash days", "days", "cash / ((turnover - operating profit - non-cash costs) / 365)",
            "How many days of costs the cash would pay.", "Cash at the year end may not be typical.",
            pl.col("cash") * 365 / CASH_COST, ("cash", *NIL_NON_CASH),
            ((CASH_COST <= 0, "there are no cash costs"),), IF_FILED,
            by_year=True,
        ),
        Ratio(
            "group_exposure", "Owed by group companies", "percent",
            "amounts owed by group companies / total assets",
            "Share of what is owned that is only as good as the rest of the group.",
            "Guarantees for other companies are told in words and are not in it.",
            percent(
                pl.col("debtors_group").abs() + pl.col("debtors_group_after_one_year").abs().fill_null(0.0), _ASSETS
            ),
            ("fixed_assets",), ((_ASSETS <= 0, "there are no assets"),), ("debtors_group_after_one_year",),
        ),
        Ratio(
            "net_assets", "Net assets", "pounds", "assets less all liabilities",
            "Negative means that more is owed than owned.", "Goodwill counts as an asset here.", pl.col("net_assets"),
        ),
        Ratio(
            "net_tangible_assets", "Net tangible assets", "pounds", "net assets - goodwill - other intangible assets",
            "What would be left without goodwill.", "A solvency test used in sector reports.",
            pl.col("net_assets") - intangibles(), ("goodwill", "intangible_assets"),
            if_filed=INTANGIBLES_IF_FILED,
        ),
    )  # fmt: skip
