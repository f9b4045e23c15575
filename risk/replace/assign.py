"""Children to beds as an assignment: a bed takes one child, and a child only a bed within reach."""

from typing import Final

import numpy as np
import scipy
from numpy.typing import NDArray

Whole = NDArray[np.int64]
_ENDS: Final = 2


def unplaced(children: Whole, beds: Whole, reachable: Whole) -> Whole:
    """Children who get no bed in the best assignment there is, by trial.

    Args:
        children: to place, by authority, shape (origins, trials).
        beds: free, by authority, shape (places, trials).
        reachable: how many of the beds of a place are within reach of the children of an origin, shape
            (origins, places, trials); never more than the beds.

    Returns:
        Shape (trials,): children less the largest flow from origins to beds, which is whole.
    """
    wanted = children.sum(axis=0)
    at_most = np.minimum(
        np.minimum(children, reachable.sum(axis=1)).sum(axis=0), np.minimum(beds, reachable.sum(axis=0)).sum(axis=0)
    )
    placed = _in_turn(children, beds, reachable)
    for trial in np.flatnonzero(placed < at_most):
        placed[trial] = _flow(children[:, trial], beds[:, trial], reachable[:, :, trial])
    return np.asarray(wanted - placed)


def _in_turn(children: Whole, beds: Whole, reachable: Whole) -> Whole:
    """Children placed when authorities choose in turn, those with the fewest beds to a child first.

    Each takes first the beds that the fewest others can use. This is one assignment, so the best places as many or
    more; where it reaches a bound on the best, it is the best.
    """
    free = beds.copy()
    placed = np.zeros(children.shape[1], dtype=np.int64)
    rivals = (reachable.sum(axis=2) > 0).sum(axis=0)
    scarcity = reachable.sum(axis=(1, 2)) / np.maximum(children.sum(axis=1), 1)
    order = np.argsort(rivals, kind="stable")
    for origin in np.argsort(scarcity, kind="stable"):
        usable = np.minimum(free, reachable[origin])[order]
        taken = np.minimum(np.cumsum(usable, axis=0), children[origin])
        free[order] -= np.diff(taken, axis=0, prepend=0)
        placed += taken[-1] if len(taken) else 0
    return placed


def _flow(children: Whole, beds: Whole, reachable: Whole) -> int:
    """The largest flow: source to origins to places to sink."""
    origins, places = len(children), len(beds)
    source, sink = origins + places, origins + places + 1
    one, other = np.nonzero(reachable)
    tails = np.concatenate([np.full(origins, source), one, origins + np.arange(places)])
    heads = np.concatenate([np.arange(origins), origins + other, np.full(places, sink)])
    sizes = np.concatenate([children, reachable[one, other], beds]).astype(np.int32)
    size = origins + places + _ENDS
    graph = scipy.sparse.csr_array((sizes, (tails, heads)), shape=(size, size))
    return int(scipy.sparse.csgraph.maximum_flow(graph, source, sink).flow_value)
