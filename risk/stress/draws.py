"""Random shocks, some of them shared: how often each group's cash would run out, and how many places go together."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from risk.findings import empty
from risk.groups import Market
from risk.parameters import Values
from risk.stress.base import year_before
from risk.stress.project import BASE, Change, Year, project
from risk.stress.shocks import Assumptions, Draws

_HIGH: Final = 95
_LOW: Final = 5


@dataclass(frozen=True, slots=True)
class Together:
    """Rows of `stress_draw`, one a group, and of `stress_market`, one a measure of the market as a whole."""

    group: pl.DataFrame
    market: pl.DataFrame


def draw(wide: pl.DataFrame, market: Market, group: pl.DataFrame, values: Values) -> Together:
    """The groups of the register under random shocks.

    Args:
        wide: `risk.accounts.books.wide`.
        market: for the places of each home.
        group: the groups of the register, with places.
        values: parameters in force; the seed is one, so the same evidence gives the same figures.
    """
    assumed, how = values.parse("stress.assumptions", Assumptions), values.parse("stress.draws", Draws)
    base = (
        year_before(wide, market, assumed, values)
        .filter(pl.col("lacking") == "")
        .join(group.select("group_id", "places"), on="group_id")
        .sort("group_id")
    )
    if base.is_empty():
        return Together(empty("stress_draw"), empty("stress_market"))
    year = Year(*(base[column].to_numpy() for column in BASE))
    places = base["places"].to_numpy()
    out, cover = _outcomes(year, how, assumed, together=how.together)
    alone, _ = _outcomes(year, how, assumed, together=0.0)
    return Together(_by_group(base, out, cover, how), _of_market(out @ places, alone @ places, places, how))


def _outcomes(year: Year, how: Draws, assumed: Assumptions, *, together: float) -> tuple[np.ndarray, np.ndarray]:
    """Whether cash runs out, and interest cover (not a number without interest), one row a draw, one column a group."""
    random = np.random.default_rng(how.seed)
    groups = year.turnover.shape[0]

    def shock(deviation: float) -> np.ndarray:
        shared = random.standard_normal((how.number, 1))
        own = random.standard_normal((how.number, groups))
        drawn: np.ndarray = deviation * (np.sqrt(together) * shared + np.sqrt(1 - together) * own)
        return drawn

    change = Change(
        occupancy_points=np.clip(shock(how.occupancy_sd), -assumed.occupancy, 100 - assumed.occupancy),
        fee_growth=shock(how.fee_sd),
        wage_growth=shock(how.wage_sd),
        cost_growth=0.0,
        agency_points=np.maximum(shock(how.agency_sd), 0.0),
        rate_points=how.rate_sd * random.standard_normal((how.number, 1)),
        refinanced=how.refinanced,
        lost=0.0,
    )
    outcome = project(year, change, assumed)
    cover = np.full(outcome.ebitda.shape, np.nan)
    np.divide(outcome.ebitda, outcome.interest, out=cover, where=outcome.interest > 0)
    return outcome.cash < 0, cover


def _by_group(base: pl.DataFrame, out: np.ndarray, cover: np.ndarray, how: Draws) -> pl.DataFrame:
    known = ~np.isnan(cover).any(axis=0)
    levels = np.full((3, cover.shape[1]), np.nan)
    if known.any():
        levels[:, known] = np.percentile(cover[:, known], [_LOW, 50, _HIGH], axis=0)
    return (
        base.select("group_id", "period_end", pl.col("note").alias("reason"))
        .with_columns(
            pl.lit(how.number, dtype=pl.Int64).alias("draws"),
            pl.Series("out_of_cash", out.mean(axis=0) * 100),
            *(
                pl.Series(name, level).fill_nan(None)
                for name, level in zip(("cover_low", "cover_median", "cover_high"), levels, strict=True)
            ),
            pl.when(pl.col("reason") != "").then("reason").alias("reason"),
        )
        .select(empty("stress_draw").columns)
        .sort("group_id")
    )


def _of_market(shared: np.ndarray, alone: np.ndarray, places: np.ndarray, how: Draws) -> pl.DataFrame:
    """Places with groups whose cash runs out in the same draw, with shared shocks and with each group on its own."""
    rows = [
        ("groups_drawn", float(len(places)), "groups"),
        ("places_drawn", float(places.sum()), "places"),
        ("correlation", how.together, "share"),
        ("places_mean", float(shared.mean()), "places"),
        ("places_in_one_of_twenty", float(np.percentile(shared, _HIGH)), "places"),
        ("places_in_one_of_hundred", float(np.percentile(shared, 99)), "places"),
        ("places_in_one_of_twenty_if_independent", float(np.percentile(alone, _HIGH)), "places"),
        ("places_in_one_of_hundred_if_independent", float(np.percentile(alone, 99)), "places"),
    ]
    return pl.DataFrame(rows, schema=["measure", "value", "unit"], orient="row").sort("measure")
