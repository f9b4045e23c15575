"""Curves that can be read: straight between knots, level outside, one way where a sign is known; gaps speak alone."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression

from oversight.errors import InputError
from risk.learning import logistic
from risk.learning.calibration import probability
from risk.learning.ramps import Ramps


def sample(size: int = 3000) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(size, 2))
    outcome = (rng.random(size) < probability(-1 + 1.5 * values[:, 0] - 0.5 * values[:, 1])).astype(float)
    return values, outcome


def test_the_fit_is_that_of_scikit_learn() -> None:
    values, outcome = sample()
    line = logistic.fit(values, outcome, ridge=2.0)
    peer = LogisticRegression(C=0.5, tol=1e-9, max_iter=1000).fit(values, outcome)
    assert line.coefficients == pytest.approx(peer.coef_[0], abs=1e-4)
    assert line.intercept == pytest.approx(peer.intercept_[0], abs=1e-4)


def test_weights_stand_for_repeated_rows() -> None:
    values, outcome = sample(200)
    times = np.random.default_rng(1).integers(1, 4, 200)
    weighted = logistic.fit(values, outcome, 1.0, weight=times.astype(float))
    repeated = logistic.fit(np.repeat(values, times, axis=0), np.repeat(outcome, times), 1.0)
    assert weighted.coefficients == pytest.approx(repeated.coefficients, abs=1e-4)


def test_a_known_sign_is_kept_even_from_a_start_that_breaks_it() -> None:
    values, outcome = sample()
    free = logistic.fit(values, outcome, 1.0)
    bound = logistic.fit(values, outcome, 1.0, sign=np.array([-1, 0]), start=free)
    assert free.coefficients[0] > 1
    assert bound.coefficients[0] == 0
    assert bound.coefficients[1] < 0


@given(st.integers(0, 1000))
def test_a_ramp_rises_between_its_knots_and_rests_outside(seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(300, 1))
    ramps = Ramps.learn(values, 6)
    line = logistic.Line(0.0, ramps.is_ramp.astype(float))
    knots = ramps.knots[0]
    grid = np.array([knots[0] - 100, *knots, knots[-1] + 100])[:, None]
    curve = line.log_odds(ramps.basis(grid))
    assert np.diff(curve)[1:-1] == pytest.approx(np.ones(len(knots) - 1))
    assert np.diff(curve)[[0, -1]] == pytest.approx([0, 0])


def test_a_gap_speaks_through_its_indicator_alone() -> None:
    values = np.random.default_rng(0).normal(size=(400, 1))
    values[:100] = np.nan
    ramps = Ramps.learn(values, 4)
    basis = ramps.basis(values)
    assert (basis[:100, :-1] == 0).all()
    assert basis[0, -1] == pytest.approx(0.75)
    assert basis.mean(axis=0) == pytest.approx(np.zeros(basis.shape[1]), abs=1e-12)


def test_a_value_that_many_share_has_an_indicator() -> None:
    values = np.random.default_rng(0).normal(size=(500, 1))
    values[:100] = 0.0
    ramps = Ramps.learn(values, 4)
    assert ramps.spikes == (0.0,)
    assert ramps.is_ramp.tolist()[-2:] == [0, 0]
    assert len(ramps.owner) == len(ramps.average) == ramps.basis(values).shape[1]


def test_columns_that_are_empty_or_constant_do_no_harm() -> None:
    values = np.column_stack([np.full(50, np.nan), np.ones(50), np.arange(50.0)])
    ramps = Ramps.learn(values, 4)
    assert np.isfinite(ramps.basis(values)).all()
    assert np.isfinite(ramps.basis(np.full((1, 3), np.nan))).all()


def test_ramps_survive_json() -> None:
    values, _ = sample(100)
    ramps = Ramps.learn(values, 4)
    assert Ramps.from_dict(json.loads(json.dumps(ramps.to_dict()))) == ramps


@pytest.mark.parametrize(
    "raw",
    [
        None,
        {},
        {"knots": [[2, 1]], "spikes": [None], "average": [0, 0]},
        {"knots": [[1, 2]], "spikes": [], "average": []},
        {"knots": [[1, 2]], "spikes": [None], "average": [0, float("nan")]},
    ],
)
def test_what_are_no_ramps_is_refused(raw: object) -> None:
    with pytest.raises(InputError):
        Ramps.from_dict(raw)


def test_other_columns_are_refused() -> None:
    values, _ = sample(100)
    with pytest.raises(InputError, match="knows 2 columns"):
        Ramps.learn(values, 4).basis(values[:, :1])
