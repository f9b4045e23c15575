"""From homes to owners: the chance that an owner loses more than a quarter of its places within a year.

Homes of one owner leave together more often than chance, since one decision or one failure closes several. A common
factor stands for that (a one-factor normal copula): given the factor homes leave independently, and the distribution
of places lost is worked out exactly, place by place.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
import polars as pl
import scipy
from numpy.typing import NDArray

from risk.learning.metrics import Floats, Ints

QUARTER: Final = 0.25
_NODES: Final = 24
_LARGEST: Final = 0.8
_FINENESS: Final = 0.02
_SMALLEST: Final = 1e-9


def factor(correlation: float, probability: Floats) -> tuple[Floats, Floats]:
    """Probabilities of homes at each value of the common factor, and the weight of each value.

    Returns:
        Factor values by homes, and one weight for each factor value (they add up to 1).
    """
    points, weights = _nodes()
    bar = scipy.special.ndtri(np.clip(probability, _SMALLEST, 1 - _SMALLEST))
    given = scipy.special.ndtr((bar[None, :] + np.sqrt(correlation) * points[:, None]) / np.sqrt(1 - correlation))
    return given, weights / weights.sum()


@cache
def _nodes() -> tuple[Floats, Floats]:
    """Points and weights of Gauss-Hermite quadrature."""
    points, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    return points, weights


def loses_over(share: float, probability: Floats, places: Sequence[int], correlation: float) -> float:
    """Chance that homes with more than a share of all places leave."""
    total = sum(places)
    if not total:
        return 0.0
    given, weights = factor(correlation, probability)
    lost = np.zeros((len(weights), total + 1))
    lost[:, 0] = 1.0
    for home, size in enumerate(places):
        leaves = given[:, home, None]
        stays = lost * (1 - leaves)
        if size:
            stays[:, size:] += lost[:, :-size] * leaves
        else:
            stays += lost * leaves
        lost = stays
    over = np.arange(total + 1) > share * total
    return float(np.clip(weights @ lost[:, over].sum(axis=1), 0.0, 1.0))


def likeliest_correlation(outcome: Floats, probability: Floats, owner: Sequence[str]) -> float:
    """The correlation under which the outcomes of owners' homes are likeliest, to two decimals.

    Args:
        outcome: 1 for homes that left.
        probability: of leaving, out of time.
        owner: owner of each home at each day; only owners with two homes or more tell anything.
    """
    keys = np.asarray(owner)
    _, place, size = np.unique(keys, return_inverse=True, return_counts=True)
    several = size[place] > 1
    if not several.any():
        return 0.0
    order = np.argsort(place[several], kind="stable")
    left, chance = outcome[several][order] > 0, probability[several][order]
    starts = np.flatnonzero(np.diff(place[several][order], prepend=-1))
    grid = np.arange(0, _LARGEST, _FINENESS)
    best = max(grid, key=lambda value: _likelihood(float(value), left, chance, starts))
    return float(round(best, 2))


def _likelihood(correlation: float, left: NDArray[np.bool_], chance: Floats, starts: Ints) -> float:
    """Log-likelihood of owners' outcomes; rows stand owner by owner, from the starts on."""
    given, weights = factor(correlation, chance)
    logs = np.log(np.maximum(np.where(left[None, :], given, 1 - given), _SMALLEST))
    together = np.add.reduceat(logs, starts, axis=1)
    return float(np.log(np.maximum(weights @ np.exp(together), 1e-300)).sum())


def by_owner(homes: pl.DataFrame, correlation: float, key: str = "owner_key") -> pl.DataFrame:
    """What is to be expected of each owner.

    Args:
        homes: the owner's key, places (gaps stand for the middle number of places) and probability.
        correlation: of homes of one owner.
        key: name of the column with the owner or group.

    Returns:
        The key, homes, places, `expected_homes_leaving`, `expected_places_lost`, and `probability` that more than a
        quarter of the places is lost; sorted by the key. Homes without an owner are left out.
    """
    owned = homes.filter(pl.col(key).is_not_null())
    middle = owned["places"].median()
    filled = owned.with_columns(pl.col("places").fill_null(middle if isinstance(middle, float) else 0).cast(pl.Int64))
    rows = [
        (
            owner,
            part.height,
            int(part["places"].sum()),
            float(part["probability"].sum()),
            float((part["probability"] * part["places"]).sum()),
            loses_over(QUARTER, part["probability"].to_numpy(), part["places"].to_list(), correlation),
        )
        for (owner,), part in sorted(filled.partition_by(key, as_dict=True).items(), key=lambda item: str(item[0][0]))
    ]
    schema = {
        key: pl.String, "homes": pl.Int64, "places": pl.Int64, "expected_homes_leaving": pl.Float64,
        "expected_places_lost": pl.Float64, "probability": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
