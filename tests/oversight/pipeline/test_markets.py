"""Markets of every real list since 2014: nothing is lost between England, its regions and its authorities."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from oversight.pipeline import collect
from oversight.pipeline.holders import By
from oversight.pipeline.markets import ALL_TYPES, Found, Wanted, markets_over_time
from oversight.pipeline.read import read_documents
from oversight.pipeline.workspace import open_workspace
from oversight.settings import Settings


@pytest.fixture(scope="module")
def found(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Found:
    home = tmp_path_factory.mktemp("lists") / "home"
    with open_workspace(Settings(home=home, workers=1), lambda: datetime(2026, 11, 22, tzinfo=UTC)) as workspace:
        files = sorted((shared_data / "ofsted" / "provider_level").glob("provider_level_*.csv.gz"))
        collect.collect_files(workspace, files)
        read_documents(workspace)
        wanted = Wanted(kinds=("england", "region", "authority"), market_type=ALL_TYPES)
        return markets_over_time(workspace, wanted, on=None, by=By.OWNER)


@pytest.mark.shared
def test_regions_and_authorities_add_up_to_england_in_every_list(found: Found) -> None:
    totals = found.market.group_by("as_at", "market_type", "area_kind").agg(
        pl.col("settings").sum(), pl.col("places").sum()
    )
    wide = totals.pivot("area_kind", index=["as_at", "market_type"], values=["settings", "places"])
    homes = wide.filter(pl.col("market_type").is_in(["all_homes", "fostering_agency"]))
    assert homes["as_at"].n_unique() == 9
    for part in ("region", "authority"):
        assert homes["settings_england"].to_list() == homes[f"settings_{part}"].to_list()
        assert homes["places_england"].to_list() == homes[f"places_{part}"].to_list()


@pytest.mark.shared
def test_the_authorities_are_those_of_the_day_and_reorganised_ones_are_not_compared(found: Found) -> None:
    of_homes = found.market.filter(pl.col("area_kind") == "authority", pl.col("market_type") == "all_homes")
    counts = dict(of_homes.group_by("as_at").len().iter_rows())
    assert (counts[date(2014, 9, 30)], counts[date(2020, 3, 31)], counts[date(2025, 3, 31)]) == (152, 151, 153)
    cut = of_homes.filter(pl.col("change_reason").str.starts_with("boundaries")).group_by("as_at").agg("area_name")
    assert {day: set(names) for day, names in cut.iter_rows()} == {
        date(2020, 3, 31): {"Bournemouth, Christchurch and Poole", "Dorset"},
        date(2022, 3, 31): {"North Northamptonshire", "West Northamptonshire"},
        date(2025, 3, 31): {"Cumberland", "Westmorland and Furness"},
    }


@pytest.mark.shared
def test_what_a_list_lacks_is_missing_with_its_reason(found: Found) -> None:
    england = found.market.filter(pl.col("area_kind") == "england", pl.col("market_type") == "all_homes").sort("as_at")
    known = dict(england.select("as_at", pl.col("hhi").is_not_null()).iter_rows())
    assert [day.year for day, owned in known.items() if owned] == [2019, 2020, 2022, 2023, 2025]
    assert set(england.filter(pl.col("hhi").is_null())["reason"]) == {"the list names no owners"}
    unplaced = england.filter(pl.col("places").is_null())
    assert unplaced.select("as_at", "basis").rows() == [(date(2015, 3, 31), "settings")]
    assert england["settings"].null_count() == 0
