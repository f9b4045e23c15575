"""The bundled files as text."""

import csv
import io
from pathlib import Path
from typing import Final

from oversight.geography.making.areas import area_rows
from oversight.geography.making.centres import add_centres
from oversight.geography.making.files import Row, areas
from oversight.geography.making.hexagons import add_hexagons
from oversight.geography.making.neighbours import neighbour_rows
from oversight.geography.making.outlines import outlines
from oversight.geography.making.topology import square_kilometres

COLUMNS: Final = (
    "name",
    "code",
    "number",
    "region",
    "start",
    "end",
    "successors",
    "population",
    "area_km2",
    "easting",
    "northing",
    "spread_km",
    "hex_column",
    "hex_row",
    "former_codes",
    "spellings",
)


def bundle(folder: Path) -> dict[str, str]:
    """Name and text of each bundled file, from a folder of the published ones.

    Raises:
        KeyError: if the published files do not fit together.
    """
    rows = area_rows(folder)
    add_centres(folder, rows)
    add_hexagons(folder, rows)
    english = {area["properties"]["areacd"]: area for area in areas(folder, "E")}
    for row in rows:
        area = english.get(row["code"])
        row["area_km2"] = f"{square_kilometres(folder, area):.1f}" if area else ""
    return {
        "authorities.csv": _csv(COLUMNS, rows),
        "neighbours.csv": _csv(("code", "neighbour", "kind", "km"), neighbour_rows(folder, rows)),
        "boundaries.topojson": outlines(folder),
    }


def _csv(columns: tuple[str, ...], rows: list[Row]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
