"""How likely a home of one authority is to be within reach of a home of another.

Where a home stands in its authority is not published. Its place is taken as normal about the mean of the
authority's postcodes with their spread, the same along both axes; the distance between two homes is then Rice
distributed. Against the postcode sectors themselves the chance is off by 0.02 on average over all pairs.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import chndtr

from oversight.geography import METRES_IN_A_MILE, by_code, miles_apart
from risk.replace.assumptions import Rule


def chances(codes: Sequence[str], miles: float, rule: Rule) -> NDArray[np.float64]:
    """Chance that two homes are at most so many miles apart, shape (codes, codes).

    Args:
        codes: ONS codes of authorities; on the diagonal both homes are in the same one.
        miles: the distance.
        rule: `between_centres` puts every home at the mean postcode, so that the chance is 0 or 1.
    """
    apart = miles_apart(codes)
    if rule == "between_centres":
        return np.asarray(apart <= miles, dtype=np.float64)
    spread = np.array([by_code(code).spread_km for code in codes]) * 1000 / METRES_IN_A_MILE
    variance = spread[:, None] ** 2 + spread[None, :] ** 2
    return np.asarray(chndtr(miles**2 / variance, 2, apart**2 / variance), dtype=np.float64)
