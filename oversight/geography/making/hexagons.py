"""A hexagon for each authority, from a published layout of 2019 carried to the authorities before and since."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from oversight.geography.making.files import Row, hexes

# Authorities that the layout does not have, each on or beside the hexagon of what it came from or became.
ADDED: Final[Mapping[str, tuple[int, int]]] = {
    "E06000063": (6, 14),  # Cumberland: Cumbria's
    "E06000064": (7, 14),  # Westmorland and Furness: free, to the east of it
    "E06000062": (6, 6),  # West Northamptonshire
    "E06000061": (7, 6),  # North Northamptonshire: Northamptonshire's
    "E06000028": (5, 2),  # Bournemouth: that of Bournemouth, Christchurch and Poole
    "E06000029": (4, 1),  # Poole: free, to the south of it
    "E10000009": (3, 1),  # Dorset before 2019
    "E06000060": (8, 6),  # Buckinghamshire since 2020
    "E06000065": (10, 13),  # North Yorkshire since 2023
    "E06000066": (3, 2),  # Somerset since 2023
    "E08000038": (9, 11),  # Barnsley since 2025
    "E08000039": (9, 10),  # Sheffield since 2025
}
# Moved one to the west, which was free, to make room for the second Northamptonshire.
MOVED: Final[Mapping[str, tuple[int, int]]] = {"E06000019": (4, 6), "E10000031": (5, 6)}


def add_hexagons(folder: Path, rows: list[Row]) -> None:
    """Add column and row of the hexagon to each English row; rows count upwards, odd ones stand half a step right."""
    places = {**hexes(folder), **ADDED, **MOVED}
    for row in rows:
        place = places[row["code"]] if row["code"].startswith("E") else ("", "")
        row["hex_column"], row["hex_row"] = map(str, place)
