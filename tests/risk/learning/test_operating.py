"""Hits, false alarms and misses at shares of the rows, counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from risk.learning.operating import SHARES, at_points


def test_counts_by_hand() -> None:
    outcome = np.zeros(100)
    outcome[[0, 3, 8, 50]] = 1
    days = np.full(100, np.nan)
    days[[0, 3, 50]] = [10, 30, 400]
    one, five, ten = at_points(outcome, np.linspace(0.9, 0.1, 100), lead_days=days)
    assert (one["picked"], one["hits"], one["false_alarms"], one["missed"]) == (1, 1, 0, 3)
    assert (five["hits"], five["false_alarms_a_hit"], five["median_lead_days"]) == (2, 1.5, 20.0)
    assert (ten["hits"], ten["precision"], ten["recall"]) == (3, 0.3, 0.75)


def test_ties_are_picked_together_and_nothing_found_is_said() -> None:
    outcome = np.array([0.0] * 9 + [1.0])
    probability = np.array([0.5] * 4 + [0.1] * 6)
    (point, *_) = at_points(outcome, probability, lead_days=np.full(10, np.nan))
    assert (point["picked"], point["hits"], point["false_alarms_a_hit"]) == (4, 0, None)
    assert point["median_lead_days"] is None


def test_companies_picked_a_period_before_they_failed() -> None:
    entity = np.array([1, 1, 2, 2, 3, 4])
    period = np.array([2020, 2021, 2020, 2021, 2021, 2020])
    outcome = np.array([0.0, 1, 0, 1, 1, 0])
    probability = np.array([0.9, 0.8, 0.1, 0.2, 0.7, 0.3])
    ten = at_points(outcome, probability, entity=entity, period=period)[-1]
    assert (ten["picked"], ten["seen_before"], ten["picked_before"]) == (1, 2, 1)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=2, max_size=60).filter(
    lambda rows: any(hit for hit, _ in rows)
))  # fmt: skip
def test_every_row_with_the_outcome_is_a_hit_or_missed(rows: list[tuple[bool, float]]) -> None:
    outcome = np.array([float(hit) for hit, _ in rows])
    points = at_points(outcome, np.array([chance for _, chance in rows]))
    assert [point["share"] for point in points] == list(SHARES)
    for point in points:
        assert point["hits"] + point["missed"] == outcome.sum()
        assert point["hits"] + point["false_alarms"] == point["picked"] >= 1
        assert point["precision"] == pytest.approx(point["hits"] / point["picked"], abs=1e-6)
