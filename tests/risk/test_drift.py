"""Drift of the models' inputs: told where it is, and not where there is none or where rows are few."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from oversight.pipeline.shipped import shipped_models
from risk import drift
from risk.assess import assess
from risk.exits.forecast import forecast
from risk.exits.terms import catalogue
from risk.exits.train import vintages
from risk.models import Models
from risk.parameters import load
from tests.risk.build import Builder
from tests.risk.exits.town import DAYS, town

PARAMETERS = load()
VALUES = PARAMETERS.at(date(2025, 3, 31))


@pytest.mark.parametrize("name", ["severity", "course", "sector", "places", "suspended"])
def test_a_reference_is_what_the_indicators_it_is_made_from_say(name: str) -> None:
    """Bins counted from rows are those that the shares of the indicators of the same rows give."""
    feature = catalogue()[name]
    rng = np.random.default_rng(1)
    pool: list[object] = [*feature.words, "else", None] if feature.words else [*range(14), None]
    column = pl.Series([pool[place] for place in rng.integers(len(pool), size=500)], strict=False)
    shares = dict(zip(feature.parts(), feature.indicators(column).mean(axis=0), strict=True))
    then = feature.reference(shares, 500)
    known = 500 - column.null_count()
    assert feature.count(column).sum() == known == then.rows
    assert np.asarray(then.shares) * known == pytest.approx(feature.count(column), abs=0.01)
    assert then.missing == pytest.approx(column.null_count() / 500)
    assert len(then.names) == len(then.shares)


def test_homes_like_those_learnt_from_have_not_changed_and_others_have() -> None:
    known = town()
    made = forecast(known, DAYS[-1], vintages(known))
    same = drift.measure(Models(), pl.DataFrame(), made, VALUES)
    verdicts = dict(same.select("input", "verdict").iter_rows())
    assert verdicts["severity"] in {drift.STABLE, drift.CHANCE}
    assert verdicts["places"] in {drift.STABLE, drift.CHANCE}
    grown = made.features.with_columns(pl.col("places") + 9)
    other = drift.measure(Models(), pl.DataFrame(), replace(made, features=grown), VALUES)
    moved = other.filter(pl.col("input") == "places").row(0, named=True)
    assert moved["verdict"] == drift.MUCH
    (told,) = drift.issues(other.filter(pl.col("input") == "places")).rows(named=True)
    assert told["severity"] == "warning"
    assert moved["changed"] in told["message"]
    assert drift.issues(same.filter(pl.col("input") == "severity")).is_empty()


@pytest.mark.parametrize(
    ("index", "by_chance", "verdict"),
    [
        (0.1, 0.0, drift.STABLE), (0.11, 0.12, drift.CHANCE), (0.11, 0.1, drift.SOME), (0.25, 0.1, drift.SOME),
        (0.26, 0.1, drift.MUCH), (0.26, 0.3, drift.CHANCE),
    ],
)  # fmt: skip
def test_both_sides_of_each_bound(index: float, by_chance: float, verdict: str) -> None:
    assert drift._verdict(index, by_chance, VALUES) == verdict


def test_a_market_of_few_groups_is_never_said_to_have_changed() -> None:
    made = Builder()
    made.company("00000001", "ALPHA CARE LTD")
    made.link("Alpha Care Ltd", "00000001")
    made.homes("Alpha Care Ltd", 2)
    found = assess(made.evidence(), PARAMETERS, shipped_models()).drift
    assert set(found["model"]) == {"exits"}
    assert set(found["verdict"]) == {drift.FEW}
    assert assess(made.evidence(), PARAMETERS).drift.is_empty()
