"""How good a forecast was: the register of a day against what a later publication says became of it."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from oversight.errors import InputError
from risk.exits.forecast import Forecast
from risk.exits.labels import HORIZON_DAYS, Later, outcomes
from risk.exits.owners import QUARTER, by_owner
from risk.exits.pairs import STANDARD, Rule
from risk.exits.publications import Publications
from risk.learning.metrics import evaluate, reliability

_NEAR: Final = 31
_LEAST_KNOWN: Final = 0.98
DRAWS: Final = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """Homes of a forecast with what became of them.

    Attributes:
        homes: the forecast's homes with `outcome`, `how`, and the probability for this time.
        days: length of the time.
    """

    homes: pl.DataFrame
    days: int

    def known(self) -> pl.DataFrame:
        """Homes whose outcome is known, with `owner_or_urn`: homes of one owner leave together."""
        key = pl.coalesce("owner_key", "urn").alias("owner_or_urn")
        return self.homes.filter(pl.col("outcome").is_not_null()).with_columns(key)


def judge(made: Forecast, known: Publications, days: int, rule: Rule = STANDARD) -> Judged:
    """What became of a forecast's homes within a time."""
    found = outcomes(made.register, Later.of(known, rule), days)
    horizon = made.model.horizon_days
    return Judged(
        made.homes.join(found, on="urn", how="left").with_columns(
            (1 - (1 - pl.col("probability")) ** (days / horizon)).alias("probability")
        ).sort("urn"),
        days,
    )  # fmt: skip


def report(made: Forecast, earlier: Publications, later: Publications, rule: Rule = STANDARD) -> dict[str, Any]:
    """Figures of a forecast against a later publication, as JSON can hold them.

    Args:
        made: the forecast, for a year.
        earlier: publications up to the day of the forecast.
        later: the later publication alone.
        rule: how registrations anew are told.

    Raises:
        InputError: if the later publication describes no later day, or tells nothing of these homes.
    """
    start = made.register.day
    end = max(later.described["day"].to_list(), default=start)
    if end <= start:
        raise InputError(
            f"the outcomes describe {end}, not a day after {start}, which the forecast is for",
            next_step="Give a later publication, or an earlier day with --on.",
        )
    known = earlier.by(start).with_more(later)
    span = (end - start).days
    whole = judge(made, known, span, rule)
    result: dict[str, Any] = {"days": span, **_figures(whole)}
    if span > HORIZON_DAYS + _NEAR:
        year = judge(made, known, HORIZON_DAYS, rule)
        share = year.known().height / max(1, year.homes.height)
        if share >= _LEAST_KNOWN and year.known()["outcome"].sum():
            result["within_a_year"] = {"days": HORIZON_DAYS, **_figures(year)}
        else:
            result["within_a_year"] = None
            result["note"] = (
                f"the publication does not date the leavers of the first year, so only all {span} days are judged"
            )
    result["owners"] = owner_figures(whole, made.model.correlation)
    return result


def _figures(judged: Judged) -> dict[str, Any]:
    homes = judged.known()
    outcome = homes["outcome"].to_numpy().astype(np.float64)
    if not 0 < outcome.sum() < len(outcome):
        raise InputError(
            f"of {judged.homes.height} homes {int(outcome.sum())} are known to have left and "
            f"{int(len(outcome) - outcome.sum())} to have stayed: nothing can be measured",
            next_step="Give a publication that lists homes, or leavers, after the day of the forecast.",
        )
    probability = homes["probability"].to_numpy()
    return {
        "homes": judged.homes.height,
        "what_became_of_them": dict(judged.homes.group_by("how").len().sort("how").rows()),
        "mean_probability": round(float(probability.mean()), 6),
        "figures": evaluate(outcome, probability, cluster=homes["owner_or_urn"].to_numpy(), draws=DRAWS).to_dict(),
        "by_tenth": [
            {name: round(value, 6) for name, value in row.items()} for row in reliability(outcome, probability)
        ],
    }


def owner_outcomes(judged: Judged, correlation: float, fewest_homes: int = 1) -> pl.DataFrame:
    """Owners with their probability and whether more than a quarter of their places was lost.

    Returns:
        owner_key, homes, places, probability, lost (places) and `outcome`, of owners whose homes' outcomes are known.
    """
    homes = judged.known()
    expected = by_owner(homes, correlation)
    middle = homes["places"].median()
    filled = homes.with_columns(pl.col("places").fill_null(middle if isinstance(middle, float) else 0))
    lost = filled.group_by("owner_key").agg((pl.col("places") * pl.col("outcome")).sum().alias("lost"))
    return (
        expected.join(lost, on="owner_key")
        .filter(pl.col("homes") >= fewest_homes, pl.col("places") > 0)
        .with_columns((pl.col("lost") > QUARTER * pl.col("places")).cast(pl.Int64).alias("outcome"))
        .sort("owner_key")
    )


def owner_figures(judged: Judged, correlation: float) -> dict[str, Any]:
    """Figures of the chance that owners lose over a quarter of their places: all owners, and those of several homes."""
    result: dict[str, Any] = {"correlation": correlation}
    for name, fewest in (("all", 1), ("with_two_homes_or_more", 2)):
        owners = owner_outcomes(judged, correlation, fewest)
        outcome = owners["outcome"].to_numpy().astype(np.float64)
        if 0 < outcome.sum() < len(outcome):
            result[name] = evaluate(outcome, owners["probability"].to_numpy(), draws=DRAWS).to_dict()
        else:
            result[name] = None
    return result
