"""Authorities by name, code and number, as at a day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.ofsted.words import vocabulary
from oversight.geography import authorities, authority, by_code, carried, in_force, known
from oversight.model.spelling import key

MARCH_2025 = date(2025, 3, 31)


@pytest.mark.parametrize(
    ("printed", "name", "code"),
    [
        ("St Helens", "St. Helens", "E08000013"),
        ("Kingston upon Hull", "Kingston Upon Hull, City of", "E06000010"),
        ("Bedford", "Bedford Borough", "E06000055"),
        ("Bristol", "Bristol, City of", "E06000023"),
        ("Southend on Sea", "Southend-on-Sea", "E06000033"),
        ("Bournemouth, Christchurch & Poole", "Bournemouth, Christchurch and Poole", "E06000058"),
        ("Durham", "Durham", "E06000047"),
        ("West Berkshire (Newbury)", "West Berkshire", "E06000037"),
        ("Telford & Wrekin", "Telford and Wrekin", "E06000020"),
        ("Wrexham", "Wrexham", "W06000006"),
    ],
)
def test_spellings_of_authorities(printed: str, name: str, code: str) -> None:
    found = authority(printed, date(2023, 3, 31))
    assert found is not None
    assert (found.name, found.code) == (name, code)


@pytest.mark.parametrize(
    ("printed", "day", "code"),
    [
        ("Dorset", date(2019, 3, 31), "E10000009"),
        ("Dorset", date(2019, 4, 1), "E06000059"),
        ("Bournemouth", date(2018, 3, 31), "E06000028"),
        ("Poole", date(2018, 3, 31), "E06000029"),
        ("Northamptonshire", date(2021, 3, 31), "E10000021"),
        ("Northamptonshire", date(2022, 3, 31), "E10000021"),
        ("Cumbria", date(2023, 3, 31), "E10000006"),
        ("Buckinghamshire", date(2020, 3, 31), "E10000002"),
        ("Buckinghamshire", date(2020, 4, 1), "E06000060"),
        ("North Yorkshire", date(2023, 4, 1), "E06000065"),
        ("Barnsley", date(2025, 3, 31), "E08000016"),
        ("Barnsley", date(2025, 4, 1), "E08000038"),
        ("838", date(2025, 3, 31), "E06000059"),
        ("835", date(2018, 3, 31), "E10000009"),
        ("e08000037", date(2025, 3, 31), "E08000037"),
        ("E08000020", date(2025, 3, 31), "E08000037"),
    ],
)
def test_the_code_in_force_on_a_day(printed: str, day: date, code: str) -> None:
    found = authority(printed, day)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["Camelot", "", "E99999999", "9999"])
def test_unknown_authorities_are_unknown(text: str) -> None:
    assert authority(text, MARCH_2025) is None
    assert not known(text)


def test_every_english_authority_of_2025_has_a_region_and_no_spelling_is_shared_at_one_time() -> None:
    now = in_force(MARCH_2025)
    assert len(now) == 153
    assert {one.region for one in now} == set(vocabulary("region").values())
    assert len({key(one.name) for one in now}) == len(now)
    assert len({one.number for one in now} - {None}) == len(now)
    for one in authorities():
        found = authority(one.name, one.end or one.start or MARCH_2025)
        assert found is not None
        assert found.code == one.code


@pytest.mark.parametrize(("year", "number"), [(2015, 152), (2020, 151), (2022, 152), (2024, 153), (2026, 153)])
def test_how_many_there_were(year: int, number: int) -> None:
    assert len(in_force(date(year, 3, 31))) == number


def test_former_authorities_name_their_successors() -> None:
    after = {one.name: one.successors for one in authorities() if one.end}
    assert after["Northamptonshire"] == ("E06000061", "E06000062")
    assert after["Poole"] == ("E06000058",)
    assert after["Dorset"] == ("E06000058", "E06000059")
    assert all(after.values())


@pytest.mark.parametrize(
    ("code", "day", "names"),
    [
        ("E10000006", date(2024, 1, 1), ["Cumberland", "Westmorland and Furness"]),
        ("E06000058", date(2018, 1, 1), ["Bournemouth", "Poole", "Dorset"]),
        ("E06000061", date(2015, 1, 1), ["Northamptonshire"]),
        ("E08000035", date(2015, 1, 1), ["Leeds"]),
    ],
)
def test_an_area_carried_to_another_day(code: str, day: date, names: list[str]) -> None:
    assert [one.name for one in carried(code, day)] == names


@given(st.dates(date(2014, 1, 1), date(2026, 12, 31)), st.sampled_from(authorities()))
def test_an_area_carried_is_in_force_and_has_one_nation(day: date, one: object) -> None:
    assert hasattr(one, "code")
    found = carried(one.code, day)
    assert found
    assert all(each.days_from(day) == 0 for each in found)
    assert {each.nation for each in found} == {by_code(one.code).nation}


def test_a_reorganisation_leaves_no_gap_and_no_overlap() -> None:
    for one in authorities():
        if one.end:
            assert all(by_code(code).days_from(one.end + timedelta(days=1)) == 0 for code in one.successors)
            assert all(by_code(code).days_from(one.end) <= 1 for code in one.successors if code != "E06000058")


def test_size_people_and_place_of_england() -> None:
    now = in_force(MARCH_2025)
    assert sum(one.area_km2 or 0 for one in now) == pytest.approx(130_310, rel=0.005)  # ONS: England, land
    assert sum(one.population or 0 for one in now) == 56_550_138  # ONS: mid-2020 estimate
    assert all(one.spread_km > 0 for one in now)
    kinds = {one.name: one.kind for one in now}
    assert kinds["Leeds"] == "Metropolitan district"
    assert kinds["Kent"] == "County council"


@pytest.mark.parametrize("year", range(2014, 2027))
def test_no_two_authorities_share_a_hexagon(year: int) -> None:
    hexagons = [one.hexagon for one in in_force(date(year, 3, 31))]
    assert None not in hexagons
    assert len(set(hexagons)) == len(hexagons)
