"""When a home was registered, by its number: Ofsted numbers registrations in the order they come in.

Points were read off Ofsted's list of 31 March 2019, the first with registration dates: the middle date of the homes
numbered around each point. Earlier lists give no date, so the number stands in for it, true to about half a year.
"""

from datetime import date, timedelta
from typing import Final

import numpy as np
import polars as pl

_EPOCH: Final = date(1970, 1, 1)
_EARLY: Final = (
    (0, date(1999, 1, 1)), (10_000, date(2001, 7, 2)), (30_000, date(2003, 4, 1)), (50_000, date(2003, 10, 6)),
    (70_000, date(2005, 10, 9)), (358_000, date(2007, 7, 6)), (370_000, date(2008, 3, 25)),
    (390_000, date(2009, 3, 28)), (410_000, date(2010, 6, 17)), (430_000, date(2011, 7, 26)),
    (450_000, date(2012, 12, 8)), (470_000, date(2014, 1, 20)), (490_000, date(2015, 2, 11)),
)  # fmt: skip
_LATER: Final = (
    (1_027_000, date(2014, 11, 11)), (1_160_000, date(2015, 10, 15)), (1_225_000, date(2016, 8, 22)),
    (1_265_000, date(2017, 10, 16)), (2_490_000, date(2018, 8, 22)), (2_500_000, date(2018, 11, 17)),
)  # fmt: skip


def registered_by_number(urn: pl.Series) -> pl.Series:
    """The likely day of registration of each URN, as `numbered_on`; null for a number above the last point.

    A later home has its date in the list, so its number is not asked.
    """
    number = urn.str.extract(r"(\d+)").cast(pl.Int64, strict=False)
    early = urn.str.to_uppercase().str.starts_with("SC")
    days = [
        _day(value, _EARLY if is_early else _LATER) if value is not None else None
        for value, is_early in zip(number, early, strict=True)
    ]
    return pl.Series("numbered_on", days, dtype=pl.Date)


def _day(number: int, points: tuple[tuple[int, date], ...]) -> date | None:
    if number > points[-1][0] * 1.02:
        return None
    at = [point for point, _ in points]
    to = [(day - _EPOCH).days for _, day in points]
    return _EPOCH + timedelta(days=int(np.interp(number, at, to)))
