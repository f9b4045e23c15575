"""If a group stopped tomorrow: places lost, places left within reach, and children who could not be placed."""

from risk.replace.assumptions import Assumptions, assumptions
from risk.replace.findings import findings
from risk.replace.measure import ALL_KINDS, Replacement, measure
from risk.replace.stock import Stock, stock_of, together

__all__ = [
    "ALL_KINDS",
    "Assumptions",
    "Replacement",
    "Stock",
    "assumptions",
    "findings",
    "measure",
    "stock_of",
    "together",
]
