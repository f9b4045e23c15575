"""Boosted trees as plain arrays: fitted by scikit-learn, kept without pickle, predicted by a few lines of numpy.

A pickle runs code when it is read, so no model is kept as one. An `.npz` of numbers cannot; and the same numbers give
the same probabilities whatever version of scikit-learn is installed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from oversight.errors import InputError
from risk.learning.metrics import Floats, Ints

_ROWS_FOR_THREADS: Final = 20_000
_CELLS: Final = 4_000_000
_DEPTH: Final = 1_000


@dataclass(frozen=True, slots=True)
class Boosting:
    """Settings of a boosted ensemble; names as in scikit-learn, `columns_a_split` the share of columns tried.

    Attributes:
        rounds: trees.
        rate: learning rate.
        leaves: most leaves a tree.
        rows_a_leaf: least rows a leaf.
        ridge: L2 penalty of leaf values.
        columns_a_split: at most so many columns are tried at each split, drawn by the seed.
    """

    rounds: int
    rate: float
    leaves: int
    rows_a_leaf: int
    ridge: float
    columns_a_split: int


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """An ensemble's nodes, tree after tree; node numbers count from the start of the arrays.

    Attributes:
        base: log-odds before the first tree.
        root: first node of each tree.
        column: column that a node asks for; -1 in a leaf.
        threshold: rows up to it go left.
        left: next node.
        right: next node.
        gap_left: whether a gap goes left.
        value: log-odds that a leaf adds.
    """

    base: Floats
    root: NDArray[np.int32]
    column: NDArray[np.int32]
    threshold: Floats
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    gap_left: NDArray[np.bool_]
    value: Floats

    def log_odds(self, values: Floats) -> Floats:
        """The log-odds of rows (rows by columns, NaN for gaps)."""
        step = max(1, _CELLS // max(1, len(self.root)))
        parts = [self._chunk(values[start : start + step]) for start in range(0, len(values), step)]
        return np.concatenate(parts) if parts else np.empty(0)

    def _chunk(self, values: Floats) -> Floats:
        node = np.broadcast_to(self.root, (len(values), len(self.root))).copy()
        rows = np.arange(len(values))[:, None]
        for _ in range(_DEPTH):
            column = self.column[node]
            inner = column >= 0
            if not inner.any():
                break
            x = values[rows, np.maximum(column, 0)]
            go_left = np.where(np.isnan(x), self.gap_left[node], x <= self.threshold[node])
            node = np.where(inner, np.where(go_left, self.left[node], self.right[node]), node)
        return np.asarray(self.base[0] + self.value[node].sum(axis=1))

    @property
    def columns(self) -> int:
        """One more than the highest column asked for."""
        return int(self.column.max(initial=-1)) + 1

    def to_arrays(self, prefix: str) -> dict[str, NDArray[Any]]:
        """Arrays by name, for an `.npz`."""
        return {f"{prefix}{field.name}": getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], prefix: str) -> "Trees":
        """What `to_arrays` gave.

        Raises:
            InputError: if an array is missing, of another kind or length, or a node leads out of or back in the tree.
        """
        kinds = {"base": "f", "threshold": "f", "value": "f", "gap_left": "b"}
        parts = {}
        for field in fields(cls):
            array = arrays.get(f"{prefix}{field.name}")
            if array is None or array.ndim != 1 or array.dtype.kind != kinds.get(field.name, "i"):
                raise InputError(f"the trees lack the array {prefix}{field.name}, or it is of the wrong kind")
            parts[field.name] = array
        made = cls(**parts)
        size = len(made.column)
        nodes = ("threshold", "left", "right", "gap_left", "value")
        inner = made.column >= 0
        number = np.arange(size)
        forward = (
            (made.left[inner] > number[inner]) & (made.right[inner] > number[inner])
            & (made.left[inner] < size) & (made.right[inner] < size)
        )  # fmt: skip
        rooted = ((made.root >= 0) & (made.root < size)).all()
        if len(made.base) != 1 or any(len(parts[name]) != size for name in nodes) or not forward.all() or not rooted:
            raise InputError("the arrays are no trees: their lengths differ, or a node does not lead forward")
        return made


def fit(values: Floats, outcome: Floats, settings: Boosting, *, sign: Ints | None = None, seed: int = 0) -> Trees:
    """Boosted trees on the log-odds.

    Args:
        values: rows by columns, NaN for gaps, which go where they predict best.
        outcome: 0 or 1.
        settings: of the ensemble.
        sign: for each column 1 (risk only rises with it), -1 (only falls) or 0.
        seed: of the columns drawn.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415 - slow to load; predicting needs none
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - the same

    model = HistGradientBoostingClassifier(
        learning_rate=settings.rate,
        max_iter=settings.rounds,
        max_leaf_nodes=settings.leaves,
        min_samples_leaf=settings.rows_a_leaf,
        l2_regularization=settings.ridge,
        max_features=min(1.0, settings.columns_a_split / values.shape[1]),
        monotonic_cst=None if sign is None else sign.tolist(),
        early_stopping=False,
        random_state=seed,
    )
    # threads that wait for each other at every node cost small data many times what they gain; the trees are the same
    with threadpool_limits(1 if len(values) < _ROWS_FOR_THREADS else None, user_api="openmp"):
        model.fit(values, outcome)
    return gather([tree[0].nodes for tree in model._predictors], float(model._baseline_prediction.ravel()[0]))  # noqa: SLF001 - scikit-learn offers no public way to its nodes


def gather(trees: Sequence[NDArray[Any]], base: float) -> Trees:
    """One ensemble from scikit-learn's node records."""
    sizes = np.array([len(nodes) for nodes in trees])
    root = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int32)
    shift = np.repeat(root, sizes)
    nodes = np.concatenate(list(trees))
    leaf = nodes["is_leaf"].astype(bool)
    return Trees(
        base=np.array([base]),
        root=root,
        column=np.where(leaf, -1, nodes["feature_idx"]).astype(np.int32),
        threshold=np.where(leaf, 0.0, nodes["num_threshold"]),
        left=np.where(leaf, 0, nodes["left"] + shift).astype(np.int32),
        right=np.where(leaf, 0, nodes["right"] + shift).astype(np.int32),
        gap_left=nodes["missing_go_to_left"].astype(bool),
        value=np.where(leaf, nodes["value"], 0.0),
    )


def averaged(ensembles: Sequence[Trees]) -> Trees:
    """One ensemble whose log-odds are the mean of several."""
    share = 1 / len(ensembles)
    shifts = np.concatenate([[0], np.cumsum([len(each.column) for each in ensembles])[:-1]]).astype(np.int32)

    def moved(name: str) -> NDArray[np.int32]:
        return np.concatenate([getattr(each, name) + shift for each, shift in zip(ensembles, shifts, strict=True)])

    leaf = np.concatenate([each.column for each in ensembles]) < 0
    return Trees(
        base=np.array([sum(float(each.base[0]) for each in ensembles) * share]),
        root=moved("root"),
        column=np.concatenate([each.column for each in ensembles]),
        threshold=np.concatenate([each.threshold for each in ensembles]),
        left=np.where(leaf, 0, moved("left")).astype(np.int32),
        right=np.where(leaf, 0, moved("right")).astype(np.int32),
        gap_left=np.concatenate([each.gap_left for each in ensembles]),
        value=np.concatenate([each.value for each in ensembles]) * share,
    )
