"""Calibrations make probabilities hold, keep the order, and survive a trip through JSON."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.errors import InputError
from risk.learning.calibration import (
    KINDS,
    Calibration,
    choose,
    fit,
    log_odds,
    prior_weight,
    probability,
    shift_for,
    shift_to_mean,
)
from risk.learning.metrics import evaluate, roc_auc


def scores(seed: int = 0, size: int = 6000) -> tuple[np.ndarray, np.ndarray]:
    """Scores twice too bold and 1.5 too high."""
    rng = np.random.default_rng(seed)
    true = rng.normal(-3, 1.2, size)
    outcome = (rng.random(size) < probability(true)).astype(float)
    return 2 * true + 1.5, outcome


@pytest.mark.parametrize("kind", ["platt", "isotonic"])
def test_a_calibration_makes_new_rows_hold(kind: str) -> None:
    score, outcome = scores()
    calibration = fit(kind, score, outcome)  # type: ignore[arg-type]
    fresh, truth = scores(1)
    before = evaluate(truth, probability(fresh), draws=0).figures["expected_calibration_error"].value
    after = evaluate(truth, calibration.probability(fresh), draws=0).figures["expected_calibration_error"].value
    assert after < 0.015 < before


def test_platt_finds_the_line() -> None:
    score, outcome = scores(size=60_000)
    intercept, slope = fit("platt", score, outcome).at
    assert slope == pytest.approx(0.5, abs=0.03)
    assert intercept == pytest.approx(-0.75, abs=0.08)


@pytest.mark.parametrize("kind", KINDS)
def test_calibrations_keep_the_order(kind: str) -> None:
    score, outcome = scores()
    calibration = fit(kind, score, outcome)  # type: ignore[arg-type]
    rising = calibration.log_odds(np.sort(score))
    assert (np.diff(rising) >= 0).all()
    assert roc_auc(outcome, calibration.log_odds(score)) > roc_auc(outcome, score) - 0.005


def test_the_kind_chosen_is_the_one_that_predicts_best() -> None:
    score, outcome = scores(size=1500)
    assert choose(score, outcome, np.arange(len(score))).kind == "platt"
    rng = np.random.default_rng(5)
    stepped = rng.normal(size=20_000)
    truth = (rng.random(20_000) < np.where(stepped > 1, 0.5, 0.01)).astype(float)
    assert choose(stepped, truth, np.arange(20_000)).kind == "isotonic"


@pytest.mark.parametrize("kind", KINDS)
def test_a_calibration_survives_json(kind: str) -> None:
    calibration = fit(kind, *scores())  # type: ignore[arg-type]
    assert Calibration.from_dict(json.loads(json.dumps(calibration.to_dict()))) == calibration


@pytest.mark.parametrize(
    "raw",
    [None, {}, {"kind": "magic", "at": [], "to": []}, {"kind": "platt", "at": [1], "to": []},
     {"kind": "isotonic", "at": [1.0], "to": []}, {"kind": "platt", "at": [float("nan"), 1], "to": []}],
)  # fmt: skip
def test_what_is_no_calibration_is_refused(raw: object) -> None:
    with pytest.raises(InputError):
        Calibration.from_dict(raw)


@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_prior_correction_moves_one_share_to_the_other(before: float, after: float) -> None:
    moved = probability(log_odds(np.array([before])) + shift_for(before, after))
    assert moved[0] == pytest.approx(after, rel=1e-6)


def test_prior_weights_give_the_real_share() -> None:
    outcome = np.array([1.0] * 3 + [0.0] * 7)
    weight = prior_weight(outcome, 0.02)
    assert (weight @ outcome) / weight.sum() == pytest.approx(0.02)
    assert weight.sum() == pytest.approx(len(outcome))


def test_scores_are_moved_to_a_mean() -> None:
    score, _ = scores()
    assert probability(score + shift_to_mean(score, 0.005)).mean() == pytest.approx(0.005, abs=1e-9)
    with pytest.raises(InputError):
        shift_to_mean(score, 0.0)
