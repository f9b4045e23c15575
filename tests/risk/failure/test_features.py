"""Features look at the rows and their past, never at the future or the outcome."""

import json

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.errors import InputError
from risk.failure.features import Recipe, learn, look_like_amounts, near_copies
from risk.failure.panel import Panel, build
from tests.risk.failure.invented import panel


def made(frame: pl.DataFrame) -> Panel:
    return build(frame, target="failed", entity="company", period="year")


def column(recipe: Recipe, panel_: Panel, name: str) -> np.ndarray:
    return np.asarray(recipe.make(panel_)[:, recipe.names.index(name)])


def test_the_past_by_hand() -> None:
    frame = pl.DataFrame(
        {
            "company": ["b", "a", "a", "a", "b"],
            "year": [2021, 2022, 2020, 2021, 2020],
            "debt": [5.0, 7.0, 1.0, 3.0, None],
            "failed": [0, 1, 0, 0, 0],
        }
    )
    recipe = Recipe(("debt",), amounts=False, differences=(), past=True)
    found = build(frame, target="failed", entity="company", period="year", only=["debt"])
    assert column(recipe, found, "debt, year before").tolist() == pytest.approx(
        [np.nan, 3, np.nan, 1, np.nan], nan_ok=True
    )
    assert column(recipe, found, "debt, change").tolist() == pytest.approx([np.nan, 4, np.nan, 2, np.nan], nan_ok=True)
    unsteady = [np.nan, np.std([1, 3, 7]), np.nan, np.std([1, 3]), np.nan]
    assert column(recipe, found, "debt, unsteadiness").tolist() == pytest.approx(unsteady, nan_ok=True)
    assert column(recipe, found, "figures missing").tolist() == [0, 0, 0, 0, 1]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_a_row_never_looks_at_a_later_one(seed: int) -> None:
    frame = panel(20, 4, seed)
    recipe = learn(made(frame), near=0.5)
    earlier = frame.filter(pl.col("year") < 2023)
    of_all = recipe.make(made(frame))[(frame["year"] < 2023).to_numpy()]
    changed = earlier.with_columns(failed=pl.when(pl.int_range(pl.len()) == 0).then(1).otherwise(0))
    assert np.array_equal(of_all, recipe.make(made(changed)), equal_nan=True)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_the_order_of_rows_makes_no_difference(seed: int) -> None:
    frame = panel(20, 3, seed)
    recipe = learn(made(frame), near=0.5)
    order = np.random.default_rng(seed).permutation(len(frame))
    assert np.array_equal(recipe.make(made(frame))[order], recipe.make(made(frame[order])), equal_nan=True)


def test_near_copies_give_their_difference_or_their_sum() -> None:
    rng = np.random.default_rng(0)
    first = rng.normal(size=500)
    values = np.column_stack([first, first + rng.normal(0, 0.01, 500), -first, rng.normal(size=500)])
    assert set(near_copies(values, 0.9)) == {(0, 1, -1), (0, 2, 1), (1, 2, 1)}


def test_amounts_are_known_and_divided() -> None:
    rng = np.random.default_rng(0)
    size = rng.lognormal(8, 2, 400)
    values = np.column_stack([size * rng.lognormal(0, 0.3, 400) for _ in range(4)])
    values[0, 1] = 0.0
    assert look_like_amounts(values)
    assert not look_like_amounts(rng.normal(size=(400, 4)))
    found = Panel(("a", "b", "c", "d"), values, np.zeros(400), None, None)
    recipe = learn(found, near=0.9)
    ratio = column(recipe, found, "a / b")
    assert np.isnan(ratio[0])
    assert ratio[1:] == pytest.approx(values[1:, 0] / values[1:, 1])


def test_a_recipe_survives_json_and_refuses_nonsense() -> None:
    recipe = learn(made(panel().with_columns(debt_again=pl.col("debt") * 2 + 0.01 * pl.col("noise"))), near=0.9)
    assert recipe.differences == ((0, 4, -1),)
    assert Recipe.from_dict(json.loads(json.dumps(recipe.to_dict()))) == recipe
    for raw in (None, {}, recipe.to_dict() | {"differences": [[0, 99, 1]]}):
        with pytest.raises(InputError):
            Recipe.from_dict(raw)


def test_other_figures_are_refused() -> None:
    recipe = learn(made(panel()), near=0.9)
    with pytest.raises(InputError, match="not those the model was fitted on"):
        recipe.make(made(panel().rename({"debt": "owed"})))
