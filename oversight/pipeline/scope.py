"""The scope screen on a day, without a run: candidates, those that come next, and what moves them."""

from dataclasses import dataclass

import polars as pl
from pydantic import RootModel

from oversight.errors import InputError
from oversight.pipeline.holders import Holders
from risk import exposure
from risk.groups import COUNCIL
from risk.scope import ConditionSet, Holdings, judge, sensitivity
from risk.scope.candidates import candidates
from risk.scope.conditions import condition_set


@dataclass(frozen=True, slots=True)
class Screen:
    """One set of conditions against everybody who ran children's homes on a day.

    Attributes:
        name: of the set.
        conditions: of the set.
        holdings: what it is judged on.
        judged: each group against each condition.
        table: candidates and those that come next, see `risk.scope.candidates`.
    """

    name: str
    conditions: ConditionSet
    holdings: Holdings
    judged: pl.DataFrame
    table: pl.DataFrame


def screen(found: Holders, name: str | None = None, nearest: int | None = None) -> Screen:
    """Judge the holders of a day by a set of conditions. Councils are no relevant providers and are left out.

    Args:
        found: the market on the day.
        name: of the set; the default set where not given.
        nearest: how many that meet no condition are shown; the parameter's number where not given.

    Raises:
        InputError: for a set that is not there or is empty, or where the list names no owners.
    """
    values = found.values
    if found.market.provider.is_empty():
        raise InputError(
            f"the list of {found.as_at} names no owners, so nobody can be tested against conditions",
            where=f"the newest list that describes {found.on} or an earlier day",
            next_step="Ofsted names owners from 31 March 2019 on: give a later day, or collect a later list.",
        )
    chosen = name or values.texts("scope.default_set")[0]
    conditions = condition_set(values, chosen)
    held, _ = exposure.measure(found.market)
    entrants = found.names.filter(pl.col("kind") != COUNCIL)
    spread = exposure.spread(found.market, held).join(entrants, on="group_id", how="semi")
    holdings = Holdings.of(found.market.home, spread, held)
    judged = judge(holdings, conditions)
    shown = int(values.number("scope.nearest")) if nearest is None else nearest
    table = candidates(
        judged, holdings, found.names, over_share=values.number("scope.over_share"), nearest=shown
    )  # fmt: skip
    return Screen(chosen, conditions, holdings, judged, table)


def moved(found: Holders, screened: Screen) -> pl.DataFrame:
    """The sensitivity of a screen, with names in place of ids: see `risk.scope.sensitivity`."""
    factors = found.values.parse("scope.sensitivity", RootModel[list[float]]).root
    table = sensitivity(screened.holdings, screened.conditions, factors)
    names = dict(found.names.select("group_id", "name").iter_rows())
    named = pl.element().replace_strict(names, default=pl.element(), return_dtype=pl.String).sort()
    return table.with_columns(pl.col("entering", "leaving").list.eval(named))
