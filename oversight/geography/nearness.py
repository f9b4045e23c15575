"""How far authorities are from each other, and which are side by side."""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

from oversight.geography.authorities import by_code

METRES_IN_A_MILE: Final = 1609.344


def miles_apart(codes: Sequence[str], others: Sequence[str] | None = None) -> NDArray[np.float64]:
    """Miles in a straight line between mean postcodes, shape (codes, others); an authority is 0 from itself.

    Raises:
        KeyError: if no authority has a code.
    """
    ones, twos = _places(codes), _places(codes if others is None else others)
    apart = ones[:, None, :] - twos[None, :, :]
    metres: NDArray[np.float64] = np.hypot(apart[..., 0], apart[..., 1])
    return metres / METRES_IN_A_MILE


def neighbours(code: str, on: date, *, across_water: bool = True) -> tuple[str, ...]:
    """Codes of the authorities beside one on a day, in order.

    Args:
        code: ONS code of an English authority.
        on: the day; only authorities in force then count.
        across_water: whether an authority faced across at most 2 km of tidal water counts, as boroughs on both
            banks of the Thames do.
    """
    kinds = {"border", "water"} if across_water else {"border"}
    beside = _beside().get(code, ())
    return tuple(other for other, kind in beside if kind in kinds and not by_code(other).days_from(on))


def _places(codes: Sequence[str]) -> NDArray[np.float64]:
    found = [by_code(code) for code in codes]
    return np.array([(one.easting, one.northing) for one in found], dtype=np.float64).reshape(len(found), 2)


@cache
def _beside() -> Mapping[str, tuple[tuple[str, str], ...]]:
    text = resources.files("oversight.geography").joinpath("data", "neighbours.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in csv.DictReader(text.splitlines()):
        found[row["code"]].append((row["neighbour"], row["kind"]))
        found[row["neighbour"]].append((row["code"], row["kind"]))
    return {code: tuple(sorted(ones)) for code, ones in found.items()}
