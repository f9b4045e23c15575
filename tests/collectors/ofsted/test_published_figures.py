"""Figures that Ofsted and others published, from the files they were made of."""

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from collectors.ofsted import identify
from collectors.reading import Rows
from collectors.sheets import open_book
from oversight.errors import LayoutError
from tests.benchmarks import ofsted_files
from tests.collectors.ofsted.files import frame, read_rows

pytestmark = pytest.mark.shared

HOME = "Children's home"
SCHOOL_HOME = "Residential special school (registered as a children's home)"
ALL_TYPES = (HOME, SCHOOL_HOME, "Secure children's home")
BELOW_GOOD = ("Inadequate", "Requires improvement to be good")
WORKBOOK = "workbooks/childrens_social_care_in_england_{}_underlying_data.ods"


@pytest.fixture(scope="session")
def ofsted(shared_data: Path) -> Path:
    return shared_data / "ofsted"


@cache
def read(path: Path) -> Rows:
    return read_rows(path.read_bytes(), path.name)


def table(path: Path, name: str = "home") -> pl.DataFrame:
    return frame(read(path), name)


def of(rows: pl.DataFrame, *types: str) -> pl.DataFrame:
    return rows.filter(pl.col("provision_type").is_in(types))


def test_homes_below_good_in_2018_by_sector(ofsted: Path) -> None:
    rows = of(table(ofsted / "provider_level/provider_level_at_31_march_2018.csv.gz"), HOME, SCHOOL_HOME)
    rows = rows.filter(pl.col("inspected_on") >= date(2016, 4, 1))
    counts = rows.group_by("sector").agg(pl.len(), pl.col("overall").is_in(BELOW_GOOD).sum().alias("below"))
    found = {sector: (below, total) for sector, total, below in counts.iter_rows()}
    assert found["Private"] == (298, 1529)
    assert found["Voluntary"] == (24, 153)
    assert found["Local authority"] == (61, 401)


def test_homes_of_all_types_and_of_councils_in_2018(ofsted: Path) -> None:
    rows = of(table(ofsted / "provider_level/providers_and_places_at_31_march_2018.csv.gz"), *ALL_TYPES)
    assert len(rows) == 2209
    assert len(rows.filter(pl.col("sector") == "Local authority")) == 423


def test_homes_and_places_in_2023(ofsted: Path) -> None:
    """The published figures leave out homes for short breaks alone."""
    rows = of(table(ofsted / WORKBOOK.format(2023)), HOME).filter(~pl.col("short_breaks_only"))
    assert (len(rows), rows["places"].sum()) == (2880, 10818)


def test_the_two_spellings_of_the_type_in_2025_are_one(ofsted: Path) -> None:
    path = ofsted / "provider_level/provider_level_at_31_march_2025.csv.gz"
    rows = table(path)
    assert len(rows) == 5600
    assert len(of(rows, HOME)) == 3946
    sheet = open_book(path.read_bytes(), path.name).load("")
    printed = {sheet.locator(number): row[3] for number, row in enumerate(sheet.rows)}
    common = of(rows, HOME).filter(pl.col("locator").replace_strict(printed) == HOME)
    assert (len(common), common["places"].sum()) == (3938, 14243)


@pytest.mark.parametrize("year", ["2023", "2025"])
def test_the_workbooks_own_totals(ofsted: Path, year: str) -> None:
    """Tables 6a and 6b of each workbook: providers and places by type."""
    path = ofsted / WORKBOOK.format(year)
    rows = table(path)
    series = open_book(path.read_bytes(), path.name).sheet("Providers+places_Time_series").rows
    assert len(table(path, "issue")) > 0
    compared = 0
    for number, row in enumerate(series):
        if row[1] not in {"Providers", "Places"} or not row[0].startswith(f"{year}-03-31"):
            continue
        header = next(above for above in reversed(series[:number]) if above[1] == "Data type")
        for heading, printed in zip(header[2:], row[2:], strict=True):
            types = TYPES.get(heading)
            if types is None or not printed:
                continue
            chosen = of(rows, *types) if types else rows
            assert (len(chosen) if row[1] == "Providers" else chosen["places"].sum()) == int(printed), heading
            compared += 1
    assert compared >= 16


TYPES = {
    "All Children's Homes": ALL_TYPES,
    "Children's Homes": (HOME,),
    "Secure Children's Homes": ("Secure children's home",),
    SCHOOL_HOME: (SCHOOL_HOME,),
    "Residential Special Schools": ("Residential Special School",),
    "Residential Family Centres": ("Residential Family Centre",),
    "Boarding Schools": ("Boarding School",),
    "Secure Training Centres": ("Secure Training Centre",),
    "Independent Fostering Agencies": ("Independent Fostering Agency",),
    "Supported Accommodation": ("Supported Accommodation",),
    "All": (),
}


def test_inspections_premises_and_movements_of_2025(ofsted: Path) -> None:
    path = ofsted / WORKBOOK.format(2025)
    assert len(table(path, "inspection")) == 4921
    assert len(table(path, "movement")) == 1529
    premises = table(path, "premises").group_by("urn").agg(pl.col("premises").sum())
    assert premises["premises"].sum() == 8119
    assert identify(path.read_bytes(), path.name).published_on == date(2025, 7, 16)


def test_every_row_of_every_file_is_read_or_refused_with_a_reason(ofsted: Path) -> None:
    for path in sorted(ofsted.rglob("*.gz")) + sorted(ofsted.rglob("*.csv")):
        if path.parent.name == "ownership":
            with pytest.raises(LayoutError):
                identify(path.read_bytes(), path.name)
            continue
        content, rows = path.read_bytes(), read(path)
        refused = [one for one in rows.tables["issue"] if str(one["message"]).startswith(ofsted_files.REFUSED)]
        assert rows.count() + len(refused) == ofsted_files.rows_below_headers(content, path.name), path.name
        for name in rows.tables:
            assert len(frame(rows, name)) == len(rows.tables[name])


def test_every_authority_of_every_file_has_a_code(ofsted: Path) -> None:
    for path in sorted(ofsted.glob("provider_level/*.gz")):
        rows = table(path)
        assert rows["local_authority_code"].null_count() == 0, path.name
        outside = rows.filter(pl.col("region").is_null())
        assert outside["local_authority_code"].str.starts_with("W").all(), path.name


def test_the_table_of_files_names_each_file_once(ofsted: Path) -> None:
    text = ofsted_files.main(ofsted / "leavers_joiners")
    assert text.count("\n") == 1 + len(list((ofsted / "leavers_joiners").iterdir()))
    assert "| leavers_joiners_2017.csv.gz | ofsted.movements | 2017-03-31 | 468 | 468 movement | 0 |" in text
