"""Pictures of invented runs: what they say, for whom, and that they are the same each time."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

import polars as pl
import pytest

from oversight.errors import InputError, SettingsError
from oversight.geography import by_code, in_force
from oversight.model.evidence import schema_of
from reports.charts import Picture, concentration_curve, map_of_shares, ownership_tree, replacement_map
from reports.charts.areas import Label, filled
from reports.charts.picture import Part
from reports.charts.shares import COLOURS
from reports.frames import RunView
from tests.reports.invented_view import frame, view

VIEW = view()
FIRST = str(VIEW.table("group").sort("homes", descending=True)["group_id"][0])
DRAWN: dict[str, Callable[[RunView], Picture]] = {
    "map": lambda run: map_of_shares(run, FIRST),
    "hexagons": lambda run: map_of_shares(run, FIRST, "hexagons"),
    "concentration": concentration_curve,
    "replacement": lambda run: replacement_map(run, FIRST, region="North West"),
    "tree": lambda run: ownership_tree(run, FIRST),
}


def texts(svg: str) -> str:
    return " ".join(" ".join(ET.fromstring(svg).itertext()).split())  # noqa: S314 - of our own making


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_has_title_words_marking_data_and_one_form(name: str) -> None:
    picture = DRAWN[name](VIEW)
    svg = picture.svg()
    root = ET.fromstring(svg)  # noqa: S314 - of our own making
    space = "{http://www.w3.org/2000/svg}"
    found = [root.find(f"{space}title"), root.find(f"{space}desc")]
    assert [each is not None and each.text for each in found] == [picture.title, picture.alternative]
    assert root.get("aria-labelledby") == "picture-title picture-words"
    assert svg.count(f">{picture.banner}<") == 2
    assert not picture.table.is_empty()
    assert "Open Government Licence" in texts(svg)
    assert "http://www.w3.org" in svg
    assert not re.findall(r"(?:href|src)=\"http|url\(http|@import", svg)
    assert DRAWN[name](VIEW).svg() == svg


def test_png_is_the_same_each_time() -> None:
    one = DRAWN["tree"](VIEW).png()
    assert one.startswith(b"\x89PNG\r\n")
    assert DRAWN["tree"](VIEW).png() == one


def test_the_map_states_its_finding_and_has_every_authority() -> None:
    picture = map_of_shares(VIEW, FIRST)
    assert len(picture.table) == len(in_force(VIEW.as_at.on))
    top = picture.table.row(0, named=True)
    assert top["local_authority"] in picture.title
    assert set(picture.table["band"]) <= set(COLOURS)
    assert picture.table["homes"].sum() == VIEW.table("exposure").filter(pl.col("group_id") == FIRST)["homes"].sum()


def test_an_authority_that_was_split_since_shows_on_each_part() -> None:
    exposed = VIEW.table("exposure").with_columns(local_authority_code=pl.lit("E10000006")).unique("group_id")
    drawn = map_of_shares(replace(VIEW, tables={**VIEW.tables, "exposure": exposed}), FIRST).table
    assert drawn.filter(pl.col("homes") > 0)["local_authority"].to_list() == ["Cumberland", "Westmorland and Furness"]


def test_the_curve_ends_with_everything() -> None:
    table = concentration_curve(VIEW).table
    assert table["share_together"].to_list()[-1] == pytest.approx(100)
    assert table["places"].is_sorted(descending=True)
    with pytest.raises(InputError, match="no group of the run has a place"):
        concentration_curve(replace(VIEW, tables={}))


def test_a_replacement_map_keeps_to_its_region_and_distance() -> None:
    near = replacement_map(VIEW, FIRST, region="North West")
    assert near.table["local_authority"].to_list() == ["Bolton"]
    assert "within 20 miles" in near.title
    far = replacement_map(VIEW, FIRST, miles=60)
    assert len(far.table) == 2
    for wrong in ({"region": "Atlantis"}, {"miles": 30.0}):
        with pytest.raises(InputError):
            replacement_map(VIEW, FIRST, **wrong)
    with pytest.raises(InputError, match="no judgements"):
        replacement_map(replace(VIEW, tables={"group": VIEW.tables["group"]}), FIRST)


@pytest.mark.parametrize("text", ["no such group", ""])
def test_a_group_that_does_not_fit_is_named(text: str) -> None:
    with pytest.raises(InputError) as raised:
        map_of_shares(VIEW, text)
    assert raised.value.next_step


def test_without_a_marking_there_is_no_picture() -> None:
    with pytest.raises(SettingsError):
        concentration_curve(replace(VIEW, marking=""))


def owned(members: list[dict[str, Any]], **top: Any) -> RunView:
    group = {
        "group_id": "g", "name": "Example Holdings Limited", "kind": "company", "top_key": "1", "top_name": None,
        "companies": len(members), "providers": 1, "homes": 2, "settings": 2, "places": 6, "authorities": 1,
        "regions": 1,
    }  # fmt: skip
    rows = [{"group_id": "g", "depth": row["path"].count(">"), **row} for row in members]
    provider = {
        "owner_key": "x", "group_id": "g", "owner": "X", "kind": "company", "company_number": "3", "homes": 2,
        "settings": 2, "places": 6, "link_decision": "automatic", "document_id": "d", "locator": "row 1",
    }  # fmt: skip
    tables = {
        "group": filled_frame("group", [group | top]),
        "membership": filled_frame("membership", rows),
        "provider": frame("provider", [provider]),
    }
    return replace(VIEW, tables=tables)


def filled_frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = schema_of(name).create_empty().schema
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema)


CHAIN: list[dict[str, Any]] = [
    {"company_number": "1", "name": "TOP LIMITED", "path": "1"},
    {
        "company_number": "2",
        "name": "MIDDLE LTD",
        "parent_key": "1",
        "share_min": 75.0,
        "share_max": 100.0,
        "path": "1 > 2",
    },
    {
        "company_number": "3",
        "name": "HOMES LTD",
        "parent_key": "2",
        "share_min": 50.0,
        "since": date(2016, 4, 6),
        "status": "liquidation",
        "dormant": True,
        "share_max": 75.0,
        "path": "1 > 2 > 3",
    },
    {
        "company_number": "4",
        "name": "EMPTY LTD",
        "parent_key": "1",
        "share_min": 100.0,
        "share_max": 100.0,
        "path": "1 > 4",
    },
]


def test_a_tree_shows_owners_above_what_they_own_with_shares() -> None:
    picture = ownership_tree(owned(CHAIN), "g")
    said = texts(picture.svg())
    assert "4 companies, one of which runs" in picture.title
    assert said.index("TOP LIMITED") < said.index("MIDDLE LTD") < said.index("HOMES LTD") < said.index("EMPTY LTD")
    assert "75% to 100%" in said
    homes = "Company 3, liquidation, dormant, runs 2 homes with 6 places"
    assert homes in said
    assert f"HOMES LTD ({homes}) under MIDDLE LTD, 50% to 75% since 6 April 2016" in picture.alternative


def test_a_company_held_jointly_names_the_other_holder() -> None:
    holders = [
        {
            "holding_id": f"h{key}", "group_id": "g", "company_number": "3", "owner_key": key, "owner_name": name,
            "owner_kind": "corporate", "role": "half", "source": "register", "locator": "/items/0",
        }
        for key, name in (("2", "MIDDLE LTD"), ("9", "OTHER HALF LTD"), ("p", None))
    ]  # fmt: skip
    run = owned([{**row, "basis": "half", "share_min": None, "share_max": None} for row in CHAIN])
    picture = ownership_tree(replace(run, tables={**run.tables, "holding": filled_frame("holding", holders)}), "g")
    assert "held jointly with An individual (name withheld) and OTHER HALF LTD" in picture.alternative
    assert "half" in texts(picture.svg())


def test_an_individual_at_the_top_has_no_name() -> None:
    picture = ownership_tree(owned(CHAIN, kind="individual", top_key="person"), "g")
    assert picture.title.endswith("under An individual (name withheld)")
    assert picture.svg().count("<path") == 4


def test_a_very_large_group_is_drawn_as_far_as_it_runs_homes() -> None:
    many = CHAIN + [
        {"company_number": f"9{n:03d}", "name": f"DORMANT {n} LTD", "parent_key": "1", "path": f"1 > 9{n:03d}"}
        for n in range(300)
    ]
    picture = ownership_tree(owned(many), "g")
    assert len(picture.table) == 304
    assert "301 further companies that run no home are not drawn" in picture.subtitle
    assert "DORMANT" not in picture.svg()


def test_hostile_names_stay_text() -> None:
    bad = '<script>alert(1)</script> & \u202e\x07 "X" ]]>' + "W" * 300
    rows = [{**CHAIN[0], "name": bad}, *CHAIN[1:]]
    svg = ownership_tree(owned(rows, name=bad), "g").svg()
    assert "<script" not in svg
    assert "\u202e" not in svg
    assert "\u2026" in svg
    ET.fromstring(svg)  # noqa: S314 - of our own making


def test_a_group_without_companies_has_no_tree() -> None:
    with pytest.raises(InputError, match="no company is linked"):
        ownership_tree(owned([]), "g")


def test_labels_do_not_overlap_and_the_first_come_first() -> None:
    codes = ["E08000035", "E08000032", "E10000008"]
    labels = [Label(code, f"{by_code(code).name}|10%") for code in codes]
    spec = filled(
        dict.fromkeys(codes, "Under 5%"),
        labels,
        COLOURS,
        on=date(2025, 3, 31),
        layout="ground",
        size=(300, 300),
        legend="x",
    )
    written = [point["text"] for point in spec["layer"][1]["data"]["values"]]
    assert written == ["Leeds|10%", "Devon|10%"]


def test_long_titles_and_sources_are_wrapped() -> None:
    picture = Picture(
        title="word " * 60, subtitle="s", alternative="a", source="t " * 200, banner="OFFICIAL", table=pl.DataFrame(),
        height=10, parts=(Part(0, 0, 10, 10, svg="<rect/>"),),
    )  # fmt: skip
    lines = re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg())
    assert len(lines) > 6
    assert max(map(len, lines)) <= 138
