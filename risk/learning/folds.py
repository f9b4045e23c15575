"""Folds that do not leak: no entity, and no row and its copy, on both sides; the past never sees the future."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy
from numpy.typing import NDArray

from oversight.errors import InputError
from risk.learning.metrics import Floats, Ints

Mask = NDArray[np.bool_]


def numbered(values: NDArray[Any]) -> Ints:
    """The number of each row's value among the distinct ones."""
    return np.unique(values, return_inverse=True)[1].astype(np.int64)


def identical_rows(features: Floats) -> Ints:
    """A number for each row, the same for rows whose features are all the same (gaps compare as equal)."""
    return np.unique(np.nan_to_num(features, nan=-1.2345e300), axis=0, return_inverse=True)[1].reshape(-1)


def joined(*groupings: Ints) -> Ints:
    """Groups of rows that any of the groupings puts together, directly or through other rows."""
    rows = len(groupings[0])
    starts, ends = [], []
    offset = rows
    for grouping in groupings:
        starts.append(np.arange(rows))
        ends.append(grouping + offset)
        offset += int(grouping.max()) + 1
    edges = (np.ones(rows * len(groupings)), (np.concatenate(starts), np.concatenate(ends)))
    _, component = scipy.sparse.csgraph.connected_components(
        scipy.sparse.coo_array(edges, shape=(offset, offset)), directed=False
    )
    return numbered(component[:rows])


def grouped(outcome: Floats, group: Ints, k: int, seed: int = 0) -> Ints:
    """The fold, 0 to k-1, of each row: groups whole, positives and rows spread evenly.

    Groups with the outcome are dealt first, then the others, each shuffled by the seed and the largest first to the
    fold that has the fewest rows of their kind.

    Raises:
        InputError: if fewer than k groups have the outcome, or fewer than k do not.
    """
    rng = np.random.default_rng(seed)
    sizes = np.bincount(group)
    positive = np.bincount(group, outcome) > 0
    fold_of_group = np.zeros(len(sizes), dtype=np.int64)
    for kind in (True, False):
        members = np.flatnonzero(positive == kind)
        if len(members) < k:
            word = "with" if kind else "without"
            raise InputError(
                f"{k} folds need at least {k} entities {word} the outcome; there are {len(members)}",
                next_step="Ask for fewer folds, or give a larger panel.",
            )
        order = rng.permutation(members)
        order = order[np.argsort(-sizes[order], kind="stable")]
        filled = np.zeros(k)
        for member in order:
            fold = int(np.argmin(filled))
            fold_of_group[member] = fold
            filled[fold] += sizes[member]
    return fold_of_group[group]


def splits(fold: Ints) -> Iterator[tuple[Mask, Mask]]:
    """Training and held-back rows, fold by fold."""
    for number in range(int(fold.max()) + 1):
        held = fold == number
        yield ~held, held


def last_period(period: NDArray[Any]) -> tuple[Mask, Mask]:
    """Rows before the last period, to train on, and those of it, to test on.

    Raises:
        InputError: if there is one period only.
    """
    last = period.max()
    held = np.asarray(period == last)
    if held.all():
        raise InputError(
            f"every row is of the period {last}, so there is no past to train on",
            next_step="Split by entity, or give a panel of several periods.",
        )
    return ~held, held
