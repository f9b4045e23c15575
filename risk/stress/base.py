"""The year before the stress: what the newest accounts of each group give, with the same rules on what is nil."""

from typing import Final

import polars as pl

from oversight.model.tables.derived import VALUE
from risk.groups import Market
from risk.parameters import Values
from risk.ratios.compute import indicators
from risk.ratios.debt import CASH, EXTERNAL_DEBT, NET_INTEREST, NIL_EXTERNAL
from risk.ratios.nil import BORROWINGS, TOGETHER
from risk.ratios.profit import EBITDA, NIL_NON_CASH, OPERATING_PROFIT, TURNOVER
from risk.ratios.ratio import Ratio
from risk.stress.shocks import Assumptions

_NEEDED: Final = ("turnover", "operating_profit", "interest", "debt", "due", "cash")
STAFF_ASSUMED: Final = "staff costs are not filed and assumed"
EBITDA_ASSUMED: Final = "non-cash costs are not filed and taken as nil"


def year_before(wide: pl.DataFrame, market: Market, assumed: Assumptions, values: Values) -> pl.DataFrame:
    """What the projection starts from.

    Args:
        wide: `risk.accounts.books.wide`.
        market: for the places of each home.
        assumed: what accounts do not say.
        values: parameters in force.

    Returns:
        One row a group with accounts of record: group_id, period_end, the columns of `risk.stress.project.BASE`,
        non_cash, `lacking` (what is not filed and cannot be done without, in words, empty for nothing) and `note`.
        Flows are of twelve months.
    """
    found = indicators(wide.filter("latest"), _catalogue(), values)
    figures = found.with_columns(pl.when(pl.col("status") == VALUE).then("value").alias("value")).pivot(
        "code", index=["group_id", "dated_on"], values="value", on_columns=[ratio.code for ratio in _catalogue()]
    )
    lacking = [pl.when(pl.col(name).is_null()).then(pl.lit(_catalogue_title(name))) for name in _NEEDED]
    operating, turnover = pl.col("operating_profit"), pl.col("turnover")
    ebitda = pl.coalesce("ebitda", "operating_profit")
    staff = pl.coalesce("staff", turnover * assumed.staff_share / 100)
    notes = [
        pl.when(pl.col("staff").is_null()).then(pl.lit(STAFF_ASSUMED)),
        pl.when(pl.col("ebitda").is_null()).then(pl.lit(EBITDA_ASSUMED)),
    ]
    return (
        figures.with_columns(
            pl.concat_list(lacking).list.drop_nulls().list.join(", ").alias("lacking"),
            pl.concat_list(notes).list.drop_nulls().list.join("; ").alias("note"),
            staff.alias("staff"),
            (turnover - ebitda - staff).alias("others"),
            (ebitda - operating).alias("non_cash"),
        )
        .join(_largest(market), on="group_id", how="left")
        .with_columns(pl.col("largest_share").fill_null(0.0))
        .rename({"dated_on": "period_end"})
        .select(
            "group_id", "period_end", "turnover", "staff", "others", "non_cash", "interest", "debt", "due", "cash",
            "largest_share", "lacking", "note",
        )
        .sort("group_id")
    )  # fmt: skip


def _catalogue() -> tuple[Ratio, ...]:
    """The inputs of the projection, as measures so that they follow the same rules as all others."""

    def one(
        code: str, title: str, expression: pl.Expr, nil: tuple[str, ...] = (), if_filed: tuple[str, ...] = ()
    ) -> Ratio:
        return Ratio(
            code, title, "pounds", title, f"{title}.", "None.", expression, nil, if_filed=if_filed, by_year=True
        )

    within = tuple(line for line in NIL_EXTERNAL if line.endswith("_within_one_year") or line == "overdrafts")
    due = sum((pl.col(line).abs() for line in within[1:]), pl.col(within[0]).abs())
    return (
        _input("turnover", "turnover", TURNOVER),
        _input("operating_profit", "operating profit", OPERATING_PROFIT),
        _input("ebitda", "EBITDA", EBITDA, NIL_NON_CASH, (TOGETHER,)),
        _input("staff", "staff costs", pl.col("staff_costs").abs()),
        _input("interest", "interest", NET_INTEREST, ("interest_payable", "interest_receivable")),
        _input("debt", "debt to lenders", EXTERNAL_DEBT, NIL_EXTERNAL, BORROWINGS),
        _input("due", "debt due within a year", due, within),
        _input("cash", "cash", CASH, ("cash",)),
    )


def _input(
    code: str, title: str, expression: pl.Expr, nil: tuple[str, ...] = (), if_filed: tuple[str, ...] = ()
) -> Ratio:
    reading, caveat = f"{title} of twelve months.", "An input of the stress, not shown by itself."
    return Ratio(code, title, "pounds", title, reading, caveat, expression, nil, if_filed=if_filed, by_year=True)


def _catalogue_title(code: str) -> str:
    return next(ratio.title for ratio in _catalogue() if ratio.code == code)


def _largest(market: Market) -> pl.DataFrame:
    """group_id and the share of its places in its largest home."""
    homes = market.home.filter(pl.col("is_home"), pl.col("group_id").is_not_null(), pl.col("places") > 0)
    share = pl.col("places").max() / pl.col("places").sum()
    return homes.group_by("group_id").agg(share.alias("largest_share"))
