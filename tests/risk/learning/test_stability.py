"""Population stability: by hand, by chance, and that what did not move is not said to have moved."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from oversight.errors import InputError
from risk.learning.stability import Reference, compare


def test_an_index_by_hand() -> None:
    """Two halves that became 70% and 30%: (0.2)(ln 1.4) + (-0.2)(ln 0.6), less the half rows added to each bin."""
    then = Reference.by_edges([1.0], np.array([100_000, 100_000]), 0.0)
    found = compare(then, np.array([70_000, 30_000]))
    assert found is not None
    assert found.index == pytest.approx(0.2 * np.log(1.4) - 0.2 * np.log(0.6), rel=1e-3)
    assert found.changed == "1 or more: 50% then, 30% now"


def test_a_sample_of_the_same_population_stays_below_what_chance_makes() -> None:
    rng = np.random.default_rng(5)
    then = Reference.of(rng.normal(size=20_000))
    over = 0
    for _ in range(400):
        counts, _ = then.count(rng.normal(size=60))
        found = compare(then, counts)
        assert found is not None
        over += found.index > found.by_chance
    assert over / 400 < 0.08


def test_a_population_that_moved_is_told_with_where() -> None:
    rng = np.random.default_rng(5)
    then = Reference.of(rng.normal(size=20_000))
    counts, missing = then.count(np.append(rng.normal(2, size=300), np.full(100, np.nan)))
    found = compare(then, counts)
    assert found is not None
    assert found.index > max(0.25, found.by_chance)
    assert found.changed == "1.31 or more: 10% then, 77% now"
    assert missing == pytest.approx(0.25)


def test_too_few_rows_give_no_index() -> None:
    then = Reference.of(np.arange(1000.0))
    assert compare(then, then.count(np.arange(7.0))[0]) is None
    assert compare(then, then.count(np.array([]))[0]) is None


def test_words_are_put_together_where_few() -> None:
    then = Reference(("private", "council", "charity"), (0.9, 0.06, 0.04), (), 1000, 0.0)
    found = compare(then, np.array([30, 15, 5]))
    assert found is not None
    assert found.changed.startswith("council or charity")


@given(arrays.arrays(np.float64, st.integers(1, 200), elements=st.floats(-1e6, 1e6)))
def test_a_reference_comes_back_from_its_json_and_counts_every_row(values: np.ndarray) -> None:
    then = Reference.of(values)
    assert Reference.from_dict(json.loads(json.dumps(then.to_dict()))) == then
    counts, missing = then.count(values)
    assert counts.sum() == len(values) == then.rows
    assert missing == 0
    assert sum(then.shares) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("raw", [{"edges": [2, 1], "shares": [0.2, 0.3, 0.5]}, {"edges": [1], "shares": [1]}])
def test_what_is_no_reference_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="fit each other"):
        Reference.from_dict({**raw, "rows": 1, "missing": 0})
    with pytest.raises(InputError):
        Reference.of(np.array([np.nan]))
