"""Forecasts: no hindsight, the same bytes, reasons that are true, and figures that can be checked by hand."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from oversight.errors import InputError
from risk.exits import vintages
from risk.exits.card import card
from risk.exits.evaluate import judge, report
from risk.exits.features import measure
from risk.exits.forecast import forecast
from risk.exits.labels import Later, outcomes
from risk.exits.model import Model, Vintages
from risk.exits.owners import by_owner, likeliest_correlation, loses_over
from risk.exits.panel import days_to_learn
from risk.exits.publications import Publications
from risk.exits.register import standing
from risk.exits.terms import Basis, catalogue, used
from risk.exits.train import fit, known_rows
from risk.exits.train import vintages as train
from risk.learning.metrics import roc_auc
from tests.risk.exits.publish import Press
from tests.risk.exits.town import DAYS, town


@pytest.fixture(scope="module")
def whole() -> Publications:
    return town()


@pytest.fixture(scope="module")
def trained(whole: Publications) -> Vintages:
    return train(whole)


@pytest.mark.parametrize("day", DAYS[3:5])
def test_later_publications_never_change_an_earlier_forecast(whole: Publications, trained: Vintages, day: date) -> None:
    with_later, without = forecast(whole, day, trained), forecast(town(until=day), day, trained)
    assert_frame_equal(with_later.homes, without.homes)
    assert with_later.model.fingerprint == without.model.fingerprint
    assert with_later.model.outcomes_by <= day


@pytest.mark.parametrize("day", DAYS[3:5])
def test_later_publications_never_change_an_earlier_model(whole: Publications, trained: Vintages, day: date) -> None:
    then = train(town(until=day)).models[-1]
    assert then.outcomes_by == day
    assert then.to_json() == trained.at(day)[0].to_json()
    assert set(then.documents) <= set(whole.by(day).described["document_id"])


def test_the_order_of_rows_makes_no_difference(whole: Publications, trained: Vintages) -> None:
    mixed = Publications(
        home=whole.home.sample(fraction=1, shuffle=True, seed=5),
        inspection=whole.inspection,
        movement=whole.movement.sample(fraction=1, shuffle=True, seed=5),
        described=whole.described.reverse(),
    )
    assert_frame_equal(forecast(mixed, DAYS[4], trained).homes, forecast(whole, DAYS[4], trained).homes)
    assert train(mixed).fingerprint == trained.fingerprint


def test_the_same_publications_give_the_same_bytes(whole: Publications, trained: Vintages) -> None:
    again = train(whole)
    assert [model.to_json() for model in again.models] == [model.to_json() for model in trained.models]
    assert card(again, whole, draws=5) == card(trained, whole, draws=5)


def test_a_model_comes_back_from_its_json(trained: Vintages) -> None:
    model = trained.models[-1]
    assert Model.from_json(model.to_json(), "here") == model


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace('"severity"', '"astrology"'),
        lambda text: text.replace('"horizon_days": 365', '"horizon_days": 0'),
        lambda text: text.replace('"correlation": ', '"correlation": 1'),
        lambda text: text[:-5],
        lambda text: text.replace("exit-of-homes-2", "exit-of-homes-9"),
    ],
)
def test_what_is_no_model_is_refused(trained: Vintages, spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(InputError, match="not an exit model"):
        Model.from_json(spoil(trained.models[-1].to_json()), "here")


def test_worse_homes_rank_higher_and_the_chances_add_up(whole: Publications, trained: Vintages) -> None:
    made = forecast(whole, DAYS[4], trained)
    later = judge(made, whole, 365).known()
    probability, outcome = later["probability"].to_numpy(), later["outcome"].to_numpy().astype(np.float64)
    assert later.height == 300
    assert roc_auc(outcome, probability) > 0.65
    assert abs(probability.mean() - outcome.mean()) < 0.03
    assert made.homes["rank"].to_list() == sorted(made.homes["rank"].to_list())
    assert made.homes["probability"].is_sorted(descending=True)


def test_coefficients_keep_their_signs(trained: Vintages) -> None:
    for model in trained.models:
        terms = model.terms().filter(pl.col("part") != "gap", pl.col("sign") != 0)
        assert (terms["log_odds"] * terms["sign"]).min() >= 0  # type: ignore[operator]
        assert terms.filter(pl.col("log_odds") != 0).height > 5


def test_reasons_name_what_raises_the_home_and_nothing_else(whole: Publications, trained: Vintages) -> None:
    seen = whole.by(DAYS[4])
    register = standing(seen)
    assert register is not None
    rows = measure(seen, register)
    model = trained.at(DAYS[4])[0]
    worst = rows.with_row_index().sort("severity", descending=True)["index"][0]
    told = model.reasons(rows)
    assert "add up to 12 (3 is outstanding, 12 inadequate)" in told[worst]
    assert all(text.count(";") <= 2 for text in told)
    flat = replace(model, coefficients=tuple(0.0 for _ in model.coefficients))
    assert set(flat.reasons(rows)) == {""}


def test_what_no_home_tells_is_named_missing(trained: Vintages) -> None:
    press = Press()
    press.homes(date(2019, 3, 31), {"1230001": {"overall": None}, "1230002": {"overall": None, "owner": None}})
    made = forecast(press.publications(), date(2019, 6, 1), trained)
    assert made.homes.height == 2
    assert made.homes["probability"].is_between(0, 1, closed="none").all()
    assert "Years since the last full inspection" in made.missing
    assert "Registered places" not in made.missing


def test_without_a_list_there_is_no_forecast(whole: Publications, trained: Vintages) -> None:
    with pytest.raises(InputError, match="the first describes 2015-03-31"):
        forecast(whole, date(2015, 3, 30), trained)


def test_before_the_oldest_model_the_forecast_says_so(whole: Publications, trained: Vintages) -> None:
    assert not forecast(whole, DAYS[0], trained).in_time
    assert forecast(whole, DAYS[-1], trained).in_time


def test_too_little_to_learn_from_is_said(whole: Publications) -> None:
    with pytest.raises(InputError, match="too little to learn from"):
        fit(known_rows(whole, DAYS[1]), DAYS[1], ())
    with pytest.raises(InputError, match="no list of homes is held"):
        train(Publications.none())


def test_the_days_to_learn_from_are_those_of_lists_and_movements(whole: Publications) -> None:
    assert tuple(days_to_learn(whole)) == DAYS


def test_a_longer_time_raises_every_chance(whole: Publications, trained: Vintages) -> None:
    made = forecast(whole, DAYS[3], trained)
    year, two = judge(made, whole, 365).homes["probability"], judge(made, whole, 730).homes["probability"]
    assert (two > year).all()
    assert np.allclose(two.to_numpy(), 1 - (1 - year.to_numpy()) ** 2)


def test_a_report_against_a_later_list(whole: Publications, trained: Vintages) -> None:
    day = DAYS[3]
    made = forecast(whole, day, trained)
    later = Publications(
        whole.home.filter(pl.col("as_at") == DAYS[5]), whole.inspection.clear(), whole.movement.clear(),
        whole.described.filter(pl.col("day") == DAYS[5], pl.col("source") == "ofsted.provider_level"),
    )  # fmt: skip
    found = report(made, whole, later)
    gone = set(made.homes["urn"]) - set(later.home["urn"])
    assert found["days"] == (DAYS[5] - day).days
    assert found["figures"]["positives"] + found["what_became_of_them"].get("registered anew", 0) == len(gone)
    assert found["within_a_year"] is None, "a list alone does not say in which year homes left"
    assert 0.5 < found["figures"]["auc"]["value"] <= 1
    with pytest.raises(InputError, match="not a day after"):
        report(forecast(whole, DAYS[5], trained), whole, later)


def test_outcomes_of_a_later_year_are_not_known(whole: Publications) -> None:
    register = standing(whole.by(DAYS[5]))
    assert register is not None
    assert outcomes(register, Later.of(whole))["outcome"].null_count() == register.homes.height


def test_a_home_alone_loses_its_owner_everything() -> None:
    assert loses_over(0.25, np.array([0.1]), [4], 0.4) == pytest.approx(0.1, abs=1e-6)


def test_without_correlation_the_chance_is_the_binomial_one() -> None:
    four = loses_over(0.25, np.full(4, 0.1), [3, 3, 3, 3], 0.0)
    assert four == pytest.approx(1 - 0.9**4 - 4 * 0.1 * 0.9**3), "one of four is a quarter, not over"
    assert loses_over(0.25, np.full(4, 0.1), [3, 3, 3, 3], 0.5) > four, "together they go more often"
    assert loses_over(0.25, np.array([0.1, 0.2]), [0, 0], 0.5) == 0.0


def test_the_correlation_is_found_again() -> None:
    rng = np.random.default_rng(3)
    owners, size, true = 4_000, 5, 0.4
    common, own = rng.normal(size=(owners, 1)), rng.normal(size=(owners, size))
    left = (np.sqrt(true) * common + np.sqrt(1 - true) * own < -1.2816).astype(np.float64).ravel()
    owner = [str(number) for number in np.repeat(np.arange(owners), size)]
    assert likeliest_correlation(left, np.full(left.size, 0.1), owner) == pytest.approx(true, abs=0.06)
    assert likeliest_correlation(left[:3], np.full(3, 0.1), ["a", "b", "c"]) == 0.0


def test_owners_are_added_up_from_their_homes() -> None:
    homes = pl.DataFrame(
        {"owner_key": ["a", "a", None], "places": [4, None, 9], "probability": [0.1, 0.3, 0.9]},
        schema={"owner_key": pl.String, "places": pl.Int64, "probability": pl.Float64},
    )
    (row,) = by_owner(homes, 0.2).rows(named=True)
    assert (row["owner_key"], row["homes"], row["places"]) == ("a", 2, 8)
    assert row["expected_homes_leaving"] == pytest.approx(0.4)
    assert row["expected_places_lost"] == pytest.approx(1.6)


def test_every_feature_is_measured_and_every_step_rises(whole: Publications) -> None:
    register = standing(whole.by(DAYS[3]))
    assert register is not None
    measured = set(measure(whole.by(DAYS[3]), register).columns)
    for name, feature in catalogue().items():
        assert name in measured
        assert list(feature.steps) == sorted(set(feature.steps))
        assert bool(feature.steps) != bool(feature.words)
        assert feature.reason("x" if feature.words else 3.0)
    basis = Basis(used())
    assert len(basis.columns) == len(basis.signs)


def test_the_models_that_come_with_the_product_can_be_read() -> None:
    models = vintages.load()
    assert [model.outcomes_by for model in models.models] == sorted(model.outcomes_by for model in models.models)
    assert {model.features for model in models.models} == {used()}
    assert all(0.02 < model.positives / model.rows < 0.1 for model in models.models)
