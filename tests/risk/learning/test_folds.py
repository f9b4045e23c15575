"""No entity, and no row with its copy, stands on both sides of a fold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.errors import InputError
from risk.learning.folds import grouped, identical_rows, joined, last_period, numbered, splits


@given(st.integers(0, 10_000), st.integers(2, 6))
def test_groups_stay_whole_and_outcomes_are_spread(seed: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    group = numbered(rng.integers(0, 80, 300))
    outcome = (rng.random(group.max() + 1) < 0.3).astype(float)[group]
    fold = grouped(outcome, group, k, seed)
    for seen, held in splits(fold):
        assert not set(group[seen]) & set(group[held])
        assert 0 < outcome[held].sum() < held.sum()
    assert np.bincount(fold).max() - np.bincount(fold).min() < 300 / k * 0.5


def test_single_rows_are_stratified() -> None:
    outcome = np.array([1.0] * 20 + [0.0] * 180)
    fold = grouped(outcome, np.arange(200), 10)
    assert np.bincount(fold).tolist() == [20] * 10
    assert np.bincount(fold, outcome).tolist() == [2.0] * 10


def test_rows_that_are_the_same_are_found_gaps_and_all() -> None:
    features = np.array([[1.0, np.nan], [2.0, 3.0], [1.0, np.nan], [1.0, 0.0]])
    same = identical_rows(features)
    assert same[0] == same[2]
    assert len(set(same)) == 3


def test_groupings_join_through_other_rows() -> None:
    entity = numbered(np.array(["a", "a", "b", "c", "d"]))
    copies = np.array([0, 1, 1, 2, 3])
    found = joined(entity, copies)
    assert found[0] == found[1] == found[2]
    assert len({found[0], found[3], found[4]}) == 3


def test_the_past_never_sees_the_last_period() -> None:
    seen, held = last_period(np.array([2020, 2022, 2021, 2022]))
    assert seen.tolist() == [True, False, True, False]
    assert held.tolist() == [False, True, False, True]


def test_too_few_failures_or_periods_are_refused() -> None:
    with pytest.raises(InputError, match="folds need"):
        grouped(np.array([1.0, 0, 0, 0]), np.arange(4), 2)
    with pytest.raises(InputError, match="no past"):
        last_period(np.array([2020, 2020]))
