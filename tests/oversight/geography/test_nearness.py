"""Distances, neighbours and outlines of authorities."""

from datetime import date
from itertools import pairwise
from math import radians

import numpy as np
import pytest

from oversight.geography import authority, by_code, in_force, miles_apart, neighbours, outlines
from oversight.geography.making.outlines import TOLERANCE_METRES, thin
from oversight.geography.making.projection import project, to_grid

MARCH_2025 = date(2025, 3, 31)


def names(place: str, on: date = MARCH_2025, *, across_water: bool = True) -> set[str]:
    one = authority(place, on)
    assert one is not None
    return {by_code(code).name for code in neighbours(one.code, on, across_water=across_water)}


def test_neighbours_by_land_and_across_water() -> None:
    assert names("Leeds") == {"North Yorkshire", "Bradford", "Kirklees", "Wakefield"}
    assert "Wirral" in names("Liverpool")
    assert "Wirral" not in names("Liverpool", across_water=False)
    assert names("Isle of Wight") == {"Hampshire"}
    assert names("Isles of Scilly") == set()


def test_neighbours_change_with_a_reorganisation() -> None:
    assert "Cumbria" in names("Lancashire", date(2023, 3, 31))
    assert "Cumbria" not in names("Lancashire", date(2023, 4, 1))
    assert "Westmorland and Furness" in names("Lancashire", date(2023, 4, 1))


@pytest.mark.parametrize(
    "day", [date(2018, 3, 31), date(2021, 3, 31), date(2022, 3, 31), MARCH_2025, date(2026, 3, 31)]
)
def test_neighbours_are_mutual_and_in_force(day: date) -> None:
    codes = {one.code for one in in_force(day)}
    for code in codes:
        beside = neighbours(code, day)
        assert set(beside) <= codes - {code}
        assert all(code in neighbours(other, day) for other in beside)


def test_miles_between_places() -> None:
    codes = [one.code for one in in_force(MARCH_2025)]
    miles = miles_apart(codes)
    assert miles.shape == (153, 153)
    assert np.allclose(miles, miles.T)
    assert not np.diag(miles).any()
    leeds, bradford, devon = "E08000035", "E08000032", "E10000008"
    assert miles_apart([leeds], [bradford])[0, 0] == pytest.approx(9, abs=2)
    assert miles_apart([leeds], [devon])[0, 0] == pytest.approx(240, abs=15)
    with pytest.raises(KeyError):
        miles_apart(["E99999999"])


def test_the_ordnance_survey_worked_example_of_the_projection() -> None:
    """Annex C of the guide: 52 39 27.2531 N, 1 43 4.5177 E on the Airy ellipsoid."""
    latitude = radians(52 + 39 / 60 + 27.2531 / 3600)
    longitude = radians(1 + 43 / 60 + 4.5177 / 3600)
    assert project(longitude, latitude) == pytest.approx((651409.903, 313177.270), abs=0.01)


def test_a_known_place_on_the_grid() -> None:
    """The Royal Observatory: WGS84 51.4778 N, 0.0015 W stands at TQ 388 773."""
    assert to_grid(-0.0015, 51.4778) == pytest.approx((538_880, 177_320), abs=60)


def test_outlines_are_closed_and_hold_the_middle_of_a_compact_authority() -> None:
    shapes = outlines(MARCH_2025)
    assert set(shapes) == {one.code for one in in_force(MARCH_2025)}
    assert all(ring[0] == ring[-1] and len(ring) > 3 for shape in shapes.values() for part in shape for ring in part)
    leeds = by_code("E08000035")
    outside = shapes["E08000035"][0][0]
    crossings = [
        (y1 > leeds.northing) != (y2 > leeds.northing)
        and leeds.easting < x1 + (leeds.northing - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in pairwise(outside)
    ]
    assert sum(crossings) % 2 == 1


def test_thinning_keeps_ends_corners_and_the_tolerance() -> None:
    line = np.array([(0.0, 0.0), (1000, TOLERANCE_METRES / 2), (2000, 0), (2000, 5000)])
    assert thin(line).tolist() == [[0, 0], [2000, 0], [2000, 5000]]
    ring = np.array([(0.0, 0.0), (10, 0), (10, 10), (0, 10), (0, 0)])
    assert len(thin(ring)) >= 4
    assert thin(ring)[0].tolist() == thin(ring)[-1].tolist()
