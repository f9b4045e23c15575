"""Figures against scikit-learn's, and what must hold whatever the rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from oversight.errors import InputError
from risk.learning.metrics import evaluate, reliability


def rows(seed: int = 1, size: int = 400, *, ties: bool = False) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    probability = rng.beta(1, 6, size)
    if ties:
        probability = np.round(probability, 1)
    outcome = (rng.random(size) < probability).astype(float)
    outcome[:2] = (0, 1)
    return outcome, probability


@pytest.mark.parametrize("ties", [False, True])
def test_figures_are_those_of_scikit_learn(*, ties: bool) -> None:
    outcome, probability = rows(ties=ties)
    weight = np.random.default_rng(3).random(len(outcome))
    found = evaluate(outcome, probability, weight=weight, draws=0).figures
    assert found["auc"].value == pytest.approx(roc_auc_score(outcome, probability, sample_weight=weight))
    assert found["average_precision"].value == pytest.approx(
        average_precision_score(outcome, probability, sample_weight=weight)
    )
    assert found["brier"].value == pytest.approx(brier_score_loss(outcome, probability, sample_weight=weight))
    clipped = np.clip(probability, 1e-12, 1 - 1e-12)
    assert found["log_loss"].value == pytest.approx(log_loss(outcome, clipped, sample_weight=weight))


def test_precision_and_recall_at_the_top_by_hand() -> None:
    probability = np.linspace(0.99, 0.01, 100)
    outcome = np.zeros(100)
    outcome[[0, 2, 4, 50]] = 1
    found = evaluate(outcome, probability, draws=0).figures
    assert found["precision_at_1_percent"].value == pytest.approx(1)
    assert found["recall_at_1_percent"].value == pytest.approx(1 / 4)
    assert found["precision_at_5_percent"].value == pytest.approx(3 / 5)
    assert found["recall_at_5_percent"].value == pytest.approx(3 / 4)


def test_a_tie_at_the_bound_counts_in_proportion() -> None:
    outcome = np.array([1.0] * 10 + [0.0] * 90)
    found = evaluate(outcome, np.full(100, 0.1), draws=0).figures
    assert found["precision_at_5_percent"].value == pytest.approx(0.1)
    assert found["auc"].value == pytest.approx(0.5)
    assert found["brier_skill"].value == pytest.approx(0.0)


def test_calibration_error_by_hand() -> None:
    outcome = np.array([0.0] * 45 + [1.0] * 5 + [0.0] * 25 + [1.0] * 25)
    probability = np.array([0.05] * 50 + [0.65] * 50)
    found = evaluate(outcome, probability, draws=0).figures
    assert found["expected_calibration_error"].value == pytest.approx((0.05 + 0.15) / 2)
    assert found["expected_calibration_error_equal_mass"].value == pytest.approx((0.05 + 0.15) / 2)


def test_intervals_hold_the_figure_and_widen_when_entities_repeat() -> None:
    outcome, probability = rows(size=300)
    single = evaluate(outcome, probability, draws=200).figures["auc"]
    four = [np.repeat(values, 4) for values in (outcome, probability)]
    naive = evaluate(four[0], four[1], draws=200).figures["auc"]
    by_entity = evaluate(four[0], four[1], cluster=np.repeat(np.arange(300), 4), draws=200).figures["auc"]
    assert single.low < single.value < single.high
    assert naive.high - naive.low < 0.7 * (by_entity.high - by_entity.low)
    assert by_entity.high - by_entity.low == pytest.approx(single.high - single.low, rel=0.3)


def test_the_same_seed_draws_the_same() -> None:
    outcome, probability = rows()
    assert evaluate(outcome, probability, draws=20) == evaluate(outcome, probability, draws=20)


@given(st.integers(0, 10_000))
def test_the_order_of_rows_makes_no_difference(seed: int) -> None:
    outcome, probability = rows(seed, 60, ties=True)
    order = np.random.default_rng(seed).permutation(60)
    first = evaluate(outcome, probability, draws=0).figures
    second = evaluate(outcome[order], probability[order], draws=0).figures
    for name, interval in first.items():
        assert interval.value == pytest.approx(second[name].value), name


def test_weights_stand_for_repeated_rows() -> None:
    outcome, probability = rows(size=50, ties=True)
    times = np.random.default_rng(0).integers(1, 4, 50)
    weighted = evaluate(outcome, probability, weight=times.astype(float), draws=0).figures
    repeated = evaluate(np.repeat(outcome, times), np.repeat(probability, times), draws=0).figures
    for name in ("auc", "average_precision", "precision_at_5_percent", "brier", "expected_calibration_error"):
        assert weighted[name].value == pytest.approx(repeated[name].value), name


@pytest.mark.parametrize(
    ("outcome", "probability"),
    [([0, 0], [0.1, 0.2]), ([0, 2], [0.1, 0.2]), ([0, 1], [0.1, 1.2]), ([0, 1], [0.1, float("nan")])],
)
def test_what_cannot_be_measured_is_refused(outcome: list[float], probability: list[float]) -> None:
    with pytest.raises(InputError):
        evaluate(np.array(outcome, dtype=float), np.array(probability))


def test_points_of_the_calibration_plot() -> None:
    outcome, probability = rows(size=1000)
    points = reliability(outcome, probability)
    assert len(points) == 10
    assert sum(point["rows"] for point in points) == 1000
    tripled = reliability(outcome, probability, 1, weight=np.where(outcome > 0, 3.0, 1.0))
    share = outcome.mean()
    assert tripled[0]["observed"] == pytest.approx(3 * share / (3 * share + 1 - share))
    assert [point["predicted"] for point in points] == sorted(point["predicted"] for point in points)
