"""Measures of profit."""

import polars as pl

from risk.ratios.capital import INTANGIBLES_IF_FILED, intangibles
from risk.ratios.nil import TOGETHER
from risk.ratios.ratio import Ratio, percent

TURNOVER = pl.col("turnover")
OPERATING_PROFIT = pl.col("operating_profit")
_APART = pl.col("depreciation").abs() + pl.col("amortisation").abs()
NON_CASH = pl.max_horizontal(_APART, pl.col(TOGETHER).abs()) + pl.col("impairment").abs()
EBITDA = OPERATING_PROFIT + NON_CASH
RENT = pl.col("operating_lease_rent").abs()
EBITDAR = EBITDA + RENT
CHARGES = pl.col("management_charges").abs()
EXCEPTIONAL = pl.col("exceptional_items")
NIL_NON_CASH = ("depreciation", "amortisation", "impairment")
IF_FILED = (TOGETHER,)

_CAPITAL = pl.col("fixed_assets") + pl.col("current_assets") - pl.col("creditors_within_one_year").abs()
_TANGIBLE_CAPITAL = _CAPITAL - intangibles()
_NO_TURNOVER = ((TURNOVER <= 0, "there is no turnover"),)
_UNSIGNED = ((EXCEPTIONAL > 0, "exceptional items stand without a sign: cost or income is not clear"),)
_LEASES = "Periods from 1 January 2026 may carry most leases on the balance sheet, which lifts it."


def ratios() -> tuple[Ratio, ...]:
    """The measures of profit, in the order a reader expects."""
    return (
        Ratio(
            "turnover", "Turnover", "pounds", "turnover of twelve months",
            "Income of the group; the base of the margins.", "Groups may do other work and work in other nations.",
            TURNOVER, by_year=True,
        ),
        Ratio(
            "operating_profit", "Operating profit", "pounds", "operating profit of twelve months",
            "Profit before interest and tax.", "Amortisation of goodwill depresses it in groups that were bought.",
            OPERATING_PROFIT, by_year=True,
        ),
        Ratio(
            "ebitda", "EBITDA", "pounds", "operating profit + depreciation + amortisation + impairment",
            "Operating profit before charges that cost no cash.", _LEASES, EBITDA, NIL_NON_CASH,
            if_filed=IF_FILED, by_year=True,
        ),
        Ratio(
            "operating_margin", "Operating margin", "percent", "operating profit / turnover",
            "How much of each pound of fees is left before interest and tax.",
            "Amortisation of goodwill depresses it in groups that were bought.",
            percent(OPERATING_PROFIT, TURNOVER), not_applicable=_NO_TURNOVER,
        ),
        Ratio(
            "operating_margin_before_amortisation", "Operating margin before amortisation", "percent",
            "(operating profit + amortisation + impairment) / turnover",
            "The operating margin as if goodwill had not been bought.",
            "Goodwill was paid for all the same, often with debt.",
            percent(OPERATING_PROFIT + pl.col("amortisation").abs() + pl.col("impairment").abs(), TURNOVER),
            ("amortisation", "impairment"), _NO_TURNOVER,
        ),
        Ratio(
            "adjusted_ebitda", "EBITDA before exceptional items", "pounds", "EBITDA - exceptional items",
            "EBITDA without what the company itself calls exceptional.",
            "Costs that come back every year are not exceptional, whatever they are called; read both figures.",
            EBITDA - EXCEPTIONAL, NIL_NON_CASH, _UNSIGNED, IF_FILED, by_year=True,
        ),
        Ratio(
            "adjusted_ebitda_margin", "EBITDA margin before exceptional items", "percent",
            "(EBITDA - exceptional items) / turnover", "The EBITDA margin without what is called exceptional.",
            "Costs that come back every year are not exceptional, whatever they are called; read both figures.",
            percent(EBITDA - EXCEPTIONAL, TURNOVER), NIL_NON_CASH, (*_NO_TURNOVER, *_UNSIGNED), IF_FILED,
        ),
        Ratio(
            "ebitda_margin", "EBITDA margin", "percent",
            "(operating profit + depreciation + amortisation + impairment) / turnover",
            "How much of each pound of fees is left before charges that cost no cash.", _LEASES,
            percent(EBITDA, TURNOVER), NIL_NON_CASH, _NO_TURNOVER, IF_FILED,
        ),
        Ratio(
            "ebitdar_margin", "EBITDAR margin", "percent", "(EBITDA + operating lease rent) / turnover",
            "EBITDA margin as if every home were owned, so that owners and tenants compare.", _LEASES,
            percent(EBITDAR, TURNOVER), NIL_NON_CASH, _NO_TURNOVER, IF_FILED,
        ),
        Ratio(
            "ebitdarm_margin", "EBITDARM margin", "percent", "(EBITDAR + management charges) / turnover",
            "As EBITDAR, before charges by the owners.", "Management charges are often not disclosed.",
            percent(EBITDAR + CHARGES, TURNOVER), NIL_NON_CASH, _NO_TURNOVER, IF_FILED,
        ),
        Ratio(
            "pre_tax_margin", "Pre-tax margin", "percent", "profit before tax / turnover",
            "What is left after interest.", "Often negative because of interest on the owners' loans.",
            percent(pl.col("profit_before_tax"), TURNOVER), not_applicable=_NO_TURNOVER,
        ),
        Ratio(
            "staff_cost_ratio", "Staff costs", "percent", "staff costs / turnover",
            "The largest cost of care; a rise squeezes all else.", "The cost of agency staff is rarely disclosed.",
            percent(pl.col("staff_costs").abs(), TURNOVER), not_applicable=_NO_TURNOVER,
        ),
        Ratio(
            "roce", "Return on capital employed", "percent",
            "operating profit / (fixed assets + current assets - creditors due within one year)",
            "What the capital in the business earns.", "Goodwill inflates the base.",
            percent(OPERATING_PROFIT, _CAPITAL), ("fixed_assets",),
            ((_CAPITAL <= 0, "capital employed is nil or negative"),), by_year=True,
        ),
        Ratio(
            "tangible_roce", "Return on tangible capital employed", "percent",
            "operating profit / (capital employed - goodwill - other intangible assets)",
            "What the capital earns that can be touched or collected.",
            "Little tangible capital makes it very high; read it beside the return on all capital.",
            percent(OPERATING_PROFIT, _TANGIBLE_CAPITAL), ("fixed_assets", "goodwill", "intangible_assets"),
            ((_TANGIBLE_CAPITAL <= 0, "tangible capital employed is nil or negative"),),
            INTANGIBLES_IF_FILED[1:], by_year=True,
        ),
        Ratio(
            "employees", "Average employees", "count", "average number of employees",
            "Size of the staff.", "Agency staff are not in it.", pl.col("average_employees"),
        ),
    )  # fmt: skip
