"""Back-test: each register forecast as it could have been then, and what each sign alone would have told.

Nothing is learnt or known here that was not known by the day looked from, but for what became of the homes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from risk.exits import panel
from risk.exits.evaluate import DRAWS, judge
from risk.exits.forecast import forecast
from risk.exits.labels import HORIZON_DAYS, Later
from risk.exits.model import Vintages
from risk.exits.publications import Publications
from risk.learning.metrics import Evaluation, evaluate
from risk.learning.operating import SHARES, at_points

_FEWEST_LEFT: Final = 20
_NEAR_DAYS: Final = 15
_BELOW_GOOD: Final = 3
_WORST: Final = 4
_YEAR: Final = 365.25
_SIGNS: Final[Mapping[str, str]] = {
    "suspended": "registration suspended",
    "inadequate": "leaders and managers inadequate at the last full inspection",
    "below_good": "leaders and managers below good at the last full inspection",
    "fell": "last overall judgement worse than the one before",
    "uninspected": "no full inspection for over a year and a half",
    "siblings_gone": "over a quarter of the owner's homes of a year or two ago have left",
    "siblings_inadequate": "two or more of the owner's homes are suspended or have inadequate leaders and managers",
    "none": "none of these",
}


@dataclass(frozen=True, slots=True)
class Year:
    """A register forecast in time, and how that went.

    Attributes:
        day: of the register.
        outcomes_by: up to when the model knew outcomes.
        found: the figures.
        mean: of the probabilities.
        homes: of the forecast with `outcome`, `probability` and `lead_days` (to a leaving whose day is known).
    """

    day: date
    outcomes_by: date
    found: Evaluation
    mean: float
    homes: pl.DataFrame

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        outcome, probability, lead = (
            self.homes[name].to_numpy().astype(np.float64) for name in ("outcome", "probability", "lead_days")
        )
        return {
            "register_of": self.day.isoformat(),
            "model_outcomes_by": self.outcomes_by.isoformat(),
            "mean_probability": round(self.mean, 6),
            **self.found.to_dict(),
            "operating_points": at_points(outcome, probability, lead_days=lead),
        }


def years(models: Vintages, known: Publications, draws: int = DRAWS) -> list[Year]:
    """Every register that a model could forecast in time and whose year after is known.

    Args:
        models: one for each day.
        known: every publication held.
        draws: bootstrap draws of owners.
    """
    later = Later.of(known)
    days = [day for day in panel.days_to_learn(known) if (later.shown - day).days >= HORIZON_DAYS - _NEAR_DAYS]
    return [year for day in days if (year := _year(models, known, later, day, draws)) is not None]


def _year(models: Vintages, known: Publications, later: Later, day: date, draws: int) -> Year | None:
    made = forecast(known, day, models)
    if not made.in_time or made.register.day != day:
        return None
    homes = judge(made, known, HORIZON_DAYS).known().join(later.left.select("urn", "left_on"), on="urn", how="left")
    homes = homes.with_columns(lead_days=(pl.col("left_on") - pl.lit(day)).dt.total_days().cast(pl.Float64)).sort("urn")
    outcome = homes["outcome"].to_numpy().astype(np.float64)
    if not _FEWEST_LEFT <= outcome.sum() < len(outcome):
        return None
    probability = homes["probability"].to_numpy()
    found = evaluate(outcome, probability, cluster=homes["owner_or_urn"].to_numpy(), draws=draws)
    return Year(day, made.model.outcomes_by, found, float(probability.mean()), homes)


def first_picked(made: list[Year]) -> list[dict[str, Any]]:
    """How long before they left homes were first among those picked, over all registers forecast.

    Returns:
        For each operating point `share`, `left` (homes that left within a year of one of the registers, their day
        known), `picked_ever`, and the median of `lead_days` from the first register they were picked on.
    """
    found = []
    for share in SHARES:
        parts = []
        for year in made:
            ranked = year.homes["probability"].sort(descending=True)
            bound = ranked[max(0, round(share * len(ranked)) - 1)]
            parts.append(
                year.homes.select(
                    "urn",
                    pl.lit(year.day).alias("day"),
                    (pl.col("probability") >= bound).alias("picked"),
                    (pl.col("outcome") == 1).alias("left"),
                    "left_on",
                )
            )
        rows = pl.concat(parts) if parts else None
        if rows is None:
            continue
        gone = rows.filter("left", pl.col("left_on").is_not_null()).select("urn", "left_on").unique("urn")
        first = rows.drop("left_on").join(gone, on="urn").filter("picked").group_by("urn").agg(pl.col("day").min())
        lead = gone.join(first, on="urn").select((pl.col("left_on") - pl.col("day")).dt.total_days())["left_on"]
        median = lead.median()
        found.append(
            {
                "share": share,
                "left": gone.height,
                "picked_ever": first.height,
                "median_lead_days": float(median) if isinstance(median, (int, float)) else None,
            }
        )
    return found


def signs(known: Publications, draws: int = DRAWS) -> list[dict[str, Any]]:
    """What each sign alone told, over every register whose year after is known.

    Args:
        known: every publication held.
        draws: bootstrap draws of owners, for the interval of the precision.

    Returns:
        For each sign `sign`, `label`, `picked` (homes and days that show it), `hits` (left within a year),
        `false_alarms`, `missed`, `precision` with `low` and `high`, `recall`, `times_base`, `median_lead_days` from
        the register to the leaving, and `median_days_since_judged`: of hits, from the inspection to the leaving.
    """
    later = Later.of(known)
    days = [day for day in panel.days_to_learn(known) if (later.shown - day).days >= HORIZON_DAYS - _NEAR_DAYS]
    rows = panel.rows(known, days, later).filter(pl.col("outcome").is_not_null()) if days else None
    if rows is None or not rows["outcome"].sum():
        return []
    marked = _marked(rows.join(later.left.select("urn", "left_on"), on="urn", how="left"))
    return [_told(marked, name, draws) for name in _SIGNS]


def _marked(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with a boolean column for each sign, and days to the leaving."""
    bad = ((pl.col("leaders") == _WORST) | (pl.col("suspended") == 1)).fill_null(value=False)
    owner = ["day", "owner_key"]
    together = pl.col("owner_key").is_not_null() & (bad.cast(pl.Int64).sum().over(owner) > 1)
    found = rows.with_columns(
        (pl.col("suspended") == 1).fill_null(value=False).alias("is_suspended"),
        (pl.col("leaders") == _WORST).fill_null(value=False).alias("is_inadequate"),
        (pl.col("leaders") >= _BELOW_GOOD).fill_null(value=False).alias("is_below_good"),
        (pl.col("course") == "worse").fill_null(value=False).alias("is_fell"),
        (pl.col("years_since_judged") > 1.5).fill_null(value=False).alias("is_uninspected"),  # noqa: PLR2004 - label
        (pl.col("siblings_gone") > 0.25).fill_null(value=False).alias("is_siblings_gone"),  # noqa: PLR2004 - label
        together.alias("is_siblings_inadequate"),
        (pl.col("left_on") - pl.col("day")).dt.total_days().alias("lead"),
        pl.coalesce("owner_key", "urn").alias("owner_or_urn"),
    )
    signs_there = [f"is_{name}" for name in _SIGNS if name != "none"]
    return found.with_columns((~pl.any_horizontal(signs_there)).alias("is_none"))


def _told(rows: pl.DataFrame, name: str, draws: int) -> dict[str, Any]:
    picked = rows.filter(f"is_{name}")
    hits = picked.filter(pl.col("outcome") == 1)
    left, base = int(rows["outcome"].sum()), float(rows["outcome"].sum()) / rows.height
    precision = hits.height / picked.height if picked.height else None
    low, high = _interval(picked, draws) if picked.height else (None, None)
    lead = hits["lead"].median()
    since = (hits["lead"] + hits["years_since_judged"] * _YEAR).median()
    return {
        "sign": name,
        "label": _SIGNS[name],
        "picked": picked.height,
        "hits": hits.height,
        "false_alarms": picked.height - hits.height,
        "missed": left - hits.height,
        "precision": None if precision is None else round(precision, 6),
        "low": low,
        "high": high,
        "recall": round(hits.height / left, 6),
        "times_base": None if precision is None else round(precision / base, 3),
        "median_lead_days": lead,
        "median_days_since_judged": round(since) if isinstance(since, (int, float)) else None,
    }


def _interval(picked: pl.DataFrame, draws: int) -> tuple[float, float]:
    """Bounds of the share that left, owners drawn whole."""
    owners = picked.group_by("owner_or_urn").agg(pl.len(), pl.col("outcome").sum()).sort("owner_or_urn")
    homes, left = (owners[column].to_numpy().astype(np.float64) for column in ("len", "outcome"))
    rng = np.random.default_rng(0)
    times = rng.multinomial(owners.height, np.full(owners.height, 1 / owners.height), size=draws)
    low, high = np.quantile((times @ left) / (times @ homes), [0.025, 0.975])
    return round(float(low), 6), round(float(high), 6)


def measured(models: Vintages, known: Publications, draws: int = DRAWS) -> dict[str, Any]:
    """All of it for JSON: years, first picked, signs."""
    made = years(models, known, draws)
    return {
        "horizon_days": HORIZON_DAYS,
        "years": [year.to_dict() for year in made],
        "first_picked": first_picked(made),
        "signs": signs(known, draws),
    }
