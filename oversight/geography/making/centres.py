"""Where the people of an authority are: mean and spread of its postcode sectors, each counted by its postcodes."""

from dataclasses import dataclass
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from oversight.geography.making.files import LOWER_TIER, SECTORS, Row, areas, table
from oversight.geography.making.topology import contains

# A sector may straddle a boundary, so a few of its postcodes say nothing of a reorganisation.
SMALLEST_SHARE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Sectors:
    """Postcode sectors of England and Wales.

    Attributes:
        places: mean easting and northing, shape (sectors, 2), metres.
        postcodes: number of postcodes in the authority named, shape (sectors,).
        upper_tier: today's code of that authority.
    """

    places: NDArray[np.float64]
    postcodes: NDArray[np.float64]
    upper_tier: NDArray[np.str_]


def add_centres(folder: Path, rows: list[Row]) -> None:
    """Add easting, northing (metres) and spread (standard deviation along an axis, kilometres) to each row.

    A code in force today has the sectors that name it; a former one those whose mean lies within its boundary.
    """
    sectors = read_sectors(folder)
    shapes = {area["properties"]["areacd"]: area for area in areas(folder)}
    for row in rows:
        mine = _of(folder, sectors, row, shapes[row["code"]])
        weights = sectors.postcodes[mine]
        places = sectors.places[mine]
        centre = np.average(places, axis=0, weights=weights)
        variance = float(np.average(((places - centre) ** 2).sum(axis=1) / 2, weights=weights))
        row["easting"], row["northing"] = (str(round(float(each))) for each in centre)
        row["spread_km"] = f"{sqrt(variance) / 1000:.2f}"


def _of(folder: Path, sectors: Sectors, row: Row, area: dict[str, Any]) -> NDArray[np.bool_]:
    if not row["end"]:
        return np.asarray(sectors.upper_tier == row["code"])
    return contains(folder, area, sectors.places)


def successors(folder: Path) -> dict[str, tuple[str, ...]]:
    """For each former English code, in order, the codes of today that hold at least 1% of its postcodes."""
    sectors = read_sectors(folder)
    found = {}
    for area in areas(folder, "E"):
        if not area["properties"].get("end"):
            continue
        mine = contains(folder, area, sectors.places)
        codes, numbers = np.unique(sectors.upper_tier[mine], return_inverse=True)
        held = np.bincount(numbers, weights=sectors.postcodes[mine])
        found[area["properties"]["areacd"]] = tuple(map(str, codes[held >= SMALLEST_SHARE * held.sum()]))
    return found


@cache
def read_sectors(folder: Path) -> Sectors:
    """The sectors of England and Wales, with the upper-tier authority of today."""
    upper = {row["LADCD"]: row["UTLACD"] for row in table(folder / LOWER_TIER)}
    upper |= {area["properties"]["areacd"]: area["properties"]["areacd"] for area in areas(folder)}
    rows = [row for row in table(folder / SECTORS) if row["laua"][0] in "EW"]
    return Sectors(
        places=np.array([(float(row["oseast1m"]), float(row["osnrth1m"])) for row in rows]),
        postcodes=np.array([float(row["postcodes_in_this_la"]) for row in rows]),
        upper_tier=np.array([upper[row["laua"]] for row in rows]),
    )
