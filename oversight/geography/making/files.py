"""The published files that the bundled geography is made of."""

import csv
import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import fastexcel

BOUNDARIES: Final = "uk_boundaries_super_generalised.topojson"
LOWER_TIER: Final = "la_all_codes.csv"
REGISTER: Final = "uk_local_authorities_future.csv"
OTHER_NAMES: Final = "lookup_name_to_registry.csv"
DFE_LIST: Final = "dfe_la_code_list.xlsx"
SECTORS: Final = "postcode_sector_to_local_authority.csv.gz"
HEXES: Final = "uk_upper_tier_local_authorities.hexjson"


Row = dict[str, Any]


@cache
def table(path: Path) -> tuple[dict[str, str], ...]:
    """The rows of a CSV file, plain or gzipped."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def boundaries(folder: Path) -> dict[str, Any]:
    """The topology of the ONS boundaries."""
    found: dict[str, Any] = json.loads((folder / BOUNDARIES).read_text(encoding="utf-8"))
    return found


def areas(folder: Path, nations: str = "EW") -> list[dict[str, Any]]:
    """Upper-tier areas of the boundary file, geometry and properties, in order of code."""
    found = [
        area
        for area in boundaries(folder)["objects"]["utla"]["geometries"]
        if area["properties"]["areacd"][0] in nations
    ]
    return sorted(found, key=lambda area: str(area["properties"]["areacd"]))


def dfe_list(folder: Path) -> list[tuple[int, str]]:
    """Number and name of each authority in the DfE's list, without its totals."""
    sheet = fastexcel.read_excel(folder / DFE_LIST).load_sheet(0, dtypes="string").to_polars()
    rows = sheet.iter_rows()
    return [(int(float(number)), name) for number, name, _, kind in rows if kind != "NA"]


def hexes(folder: Path) -> dict[str, tuple[int, int]]:
    """Column and row of each code in the hex map, rows counted upwards."""
    found = json.loads((folder / HEXES).read_text(encoding="utf-8"))["hexes"]
    return {code: (place["q"], place["r"]) for code, place in found.items()}
