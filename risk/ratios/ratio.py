"""What a ratio is: a named polars expression over lines of account, with all that a reader needs to judge it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from risk.ratios.nil import DEBT_LINES

ADVERSE: Final = "n/m, adverse"
"""The measure has no meaning here, and that is bad news (EBITDA is nil or negative, say)."""
FAVOURABLE: Final = "n/m, favourable"
"""The measure has no meaning here, and that is good news (there is no net debt, say)."""

_LABELS: Final[Mapping[str, str]] = {
    **dict.fromkeys(DEBT_LINES, "analysis of creditors by kind of debt"),
    "profit_after_tax_before": "profit after tax of the year before",
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """A measure of one period.

    Attributes:
        code: name of the indicator.
        title: the measure in words.
        unit: percent, times, pounds, days, ratio, count or score.
        formula: the arithmetic in words.
        reading: how to read it, one sentence.
        caveat: what it does not show.
        expression: over columns named by lines; costs and creditors may carry either sign where it takes them
            without their sign.
        nil_if_shown: inputs that are taken as nil where the statement itself shows that there is none
            (`risk.ratios.nil`); all others have to be filed.
        not_applicable: conditions, looked at in order, under which the measure has no meaning, with the reason.
        if_filed: inputs that are read where they are filed and not needed otherwise.
        by_year: whether the period's length matters (a flow against a balance, or a flow in pounds).
    """

    code: str
    title: str
    unit: str
    formula: str
    reading: str
    caveat: str
    expression: pl.Expr
    nil_if_shown: tuple[str, ...] = ()
    not_applicable: tuple[tuple[pl.Expr, str], ...] = ()
    if_filed: tuple[str, ...] = ()
    by_year: bool = False

    @property
    def inputs(self) -> tuple[str, ...]:
        """Lines the expression reads, sorted: taken from the expression itself, so they cannot drift from it."""
        return tuple(sorted(set(self.expression.meta.root_names())))


def label(line: str) -> str:
    """A line in words."""
    return _LABELS.get(line, line.replace("_", " "))


def percent(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """One as a percentage of the other."""
    return part / whole * 100
