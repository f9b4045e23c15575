"""Trees kept as plain numbers say what scikit-learn's say; broken or hostile ones are refused."""

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from oversight.errors import InputError
from risk.learning import trees
from risk.learning.trees import Boosting, Trees

SETTINGS = Boosting(rounds=20, rate=0.1, leaves=8, rows_a_leaf=10, ridge=1.0, columns_a_split=99)


def sample(size: int = 800) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    values = rng.normal(size=(size, 4))
    values[rng.random((size, 4)) < 0.2] = np.nan
    outcome = (rng.random(size) < np.where(np.nan_to_num(values[:, 0]) > 0.3, 0.6, 0.1)).astype(float)
    return values, outcome


def test_predictions_are_those_of_scikit_learn() -> None:
    values, outcome = sample()
    fitted = trees.fit(values, outcome, SETTINGS)
    peer = HistGradientBoostingClassifier(
        learning_rate=0.1, max_iter=20, max_leaf_nodes=8, min_samples_leaf=10, l2_regularization=1.0,
        early_stopping=False, random_state=0,
    ).fit(values, outcome)  # fmt: skip
    fresh = np.random.default_rng(9).normal(size=(500, 4)) * 3
    fresh[::7] = np.nan
    assert fitted.log_odds(fresh) == pytest.approx(peer.decision_function(fresh), abs=1e-9)


def test_rows_in_pieces_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    values, outcome = sample()
    fitted = trees.fit(values, outcome, SETTINGS)
    whole = fitted.log_odds(values)
    monkeypatch.setattr(trees, "_CELLS", 100)
    assert (fitted.log_odds(values) == whole).all()
    assert len(fitted.log_odds(values[:0])) == 0


def test_a_known_sign_is_kept() -> None:
    values, outcome = sample()
    fitted = trees.fit(values, outcome, SETTINGS, sign=np.array([-1, 0, 0, 0]))
    grid = np.tile(np.nan_to_num(values[:1]), (50, 1))
    grid[:, 0] = np.linspace(-3, 3, 50)
    assert (np.diff(fitted.log_odds(grid)) <= 1e-12).all()


def test_an_average_of_ensembles_is_the_mean() -> None:
    values, outcome = sample()
    both = [trees.fit(values[half::2], outcome[half::2], SETTINGS, seed=half) for half in (0, 1)]
    mean = (both[0].log_odds(values) + both[1].log_odds(values)) / 2
    assert trees.averaged(both).log_odds(values) == pytest.approx(mean, abs=1e-9)


def test_arrays_bring_the_same_trees_back() -> None:
    values, outcome = sample()
    fitted = trees.fit(values, outcome, SETTINGS)
    again = Trees.from_arrays(fitted.to_arrays("a."), "a.")
    assert (again.log_odds(values) == fitted.log_odds(values)).all()


@pytest.mark.parametrize("fault", ["missing", "kind", "length", "loop", "out", "root"])
def test_arrays_that_are_no_trees_are_refused(fault: str) -> None:
    values, outcome = sample()
    arrays = dict(trees.fit(values, outcome, SETTINGS).to_arrays(""))
    first = int(np.flatnonzero(arrays["column"] >= 0)[0])
    if fault == "missing":
        del arrays["left"]
    elif fault == "kind":
        arrays["left"] = arrays["left"].astype(float)
    elif fault == "length":
        arrays["value"] = arrays["value"][:-1]
    elif fault == "root":
        arrays["root"] = arrays["root"] - 1
    else:
        arrays["left"] = arrays["left"].copy()
        arrays["left"][first] = first if fault == "loop" else len(arrays["column"])
    with pytest.raises(InputError):
        Trees.from_arrays(arrays, "")
