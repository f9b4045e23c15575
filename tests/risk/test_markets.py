"""Markets: shares, concentration, areas through changes of boundaries, what lists leave out, and the change."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oversight.geography import in_force, miles_apart, neighbours
from risk import groups
from risk.market import Markets, markets
from risk.market.areas import KINDS, areas_on, find
from risk.parameters import load
from tests.risk.build import ON, Builder

VALUES = load().at(ON)
BOLTON: dict[str, Any] = {"local_authority": "Bolton", "local_authority_code": "E08000001", "region": "North West"}
BURY: dict[str, Any] = {"local_authority": "Bury", "local_authority_code": "E08000002", "region": "North West"}
YORK: dict[str, Any] = {
    "local_authority": "York",
    "local_authority_code": "E06000014",
    "region": "Yorkshire and The Humber",
}


def measured(made: Builder, **options: Any) -> Markets:
    return markets(groups.form(made.evidence(), VALUES), VALUES, **options)


def market(found: Markets, area: str = "england.E92000001", market_type: str = "all_homes") -> Mapping[str, Any]:
    return found.market.filter(pl.col("market_id") == f"{area}.{market_type}").row(0, named=True)


def shares(found: Markets, area: str = "england.E92000001", market_type: str = "all_homes") -> list[float]:
    return found.share.filter(pl.col("market_id") == f"{area}.{market_type}").sort("place")["share"].to_list()


def test_shares_concentration_and_the_largest_holders() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 5, **BOLTON)
    made.homes("Beta Care Ltd", 3, **BOLTON)
    made.homes("Testshire County Council", 2, sector="Local authority", **BOLTON)
    found = measured(made)
    row = market(found)
    assert (row["settings"], row["places"], row["holders"], row["basis"]) == (10, 40, 3, "places")
    assert row["hhi"] == pytest.approx(50**2 + 30**2 + 20**2)
    assert [row[f"top{n}_share"] for n in (1, 3, 5, 10)] == pytest.approx([50, 100, 100, 100])
    assert row["council_share"] == pytest.approx(20)
    assert row["reason"] is None
    assert shares(found) == pytest.approx([50, 30, 20])


def test_a_single_holder_is_10000_and_an_empty_market_has_no_index() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 2, **BOLTON)
    found = measured(made)
    assert market(found, "authority.E08000001")["hhi"] == pytest.approx(10_000)
    empty = market(found, "authority.E08000002")
    assert (empty["settings"], empty["hhi"], empty["reason"]) == (0, None, "there is no such setting")


def test_every_type_in_every_area_has_a_row_and_all_153_authorities_are_there() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 1, **BOLTON)
    found = measured(made)
    counts = dict(found.market.filter(pl.col("market_type") == "all_homes").group_by("area_kind").len().iter_rows())
    assert counts == {"england": 1, "region": 9, "authority": 153, "beside": 153, "within": 153}
    assert found.market["market_id"].n_unique() == found.market.height


def test_a_neighbourhood_is_what_lies_beside_or_near() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 1, **BOLTON)
    made.homes("Beta Care Ltd", 3, **BURY)
    made.homes("Gamma Care Ltd", 4, **YORK)
    found = measured(made)
    assert shares(found, "beside.E08000001") == pytest.approx([75, 25])
    assert shares(found, "within.E08000001") == pytest.approx([75, 25])
    assert shares(found, "authority.E08000001") == [100]
    assert shares(measured(made, miles=1), "within.E08000001") == [100]
    far = measured(made, miles=100)
    assert shares(far, "within.E08000001") == pytest.approx([50, 37.5, 12.5])


def test_areas_are_those_of_the_day() -> None:
    on, earlier = date(2025, 3, 31), date(2018, 3, 31)
    now = areas_on(on, 20.0)
    assert set(now.area["area_kind"]) == set(KINDS)
    members = now.member.filter(pl.col("area_kind") == "beside", pl.col("area_code") == "E08000001")["member"].to_list()
    assert sorted(members) == sorted(["E08000001", *neighbours("E08000001", on)])
    codes = [one.code for one in in_force(earlier)]
    then = areas_on(earlier, 20.0)
    near = then.member.filter(pl.col("area_kind") == "within", pl.col("area_code") == codes[0])["member"].to_list()
    assert near == [code for code, far in zip(codes, miles_apart(codes)[0], strict=True) if far <= 20]
    assert find("Northamptonshire", earlier) == "E10000021"
    assert find("Northamptonshire", on) is None
    assert find("the north west", on) is None
    assert (find("north west", on), find("England", on), find("E08000001", on)) == (
        "North West", "E92000001", "E08000001",
    )  # fmt: skip
    assert find("Kingston upon Hull", on) == find("Kingston Upon Hull, City of", on) == "E06000010"


def test_without_owners_there_is_size_and_no_share() -> None:
    made = Builder()
    made.homes(None, 3, **BOLTON)
    found = measured(made)
    row = market(found)
    assert (row["settings"], row["places"], row["holders"], row["hhi"]) == (3, 12, None, None)
    assert row["reason"] == "the list names no owners"
    assert found.share.is_empty()


def test_a_few_settings_without_an_owner_are_in_the_total_and_many_end_the_index() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 19, **BOLTON)
    made.homes(None, 1, **BOLTON)
    row = market(measured(made))
    assert row["hhi"] == pytest.approx(95**2)
    assert row["unattributed_share"] == pytest.approx(5)
    made.homes(None, 2, **BOLTON)
    row = market(measured(made))
    assert (row["hhi"], row["reason"]) == (None, "too many settings have no owner")


def test_without_places_shares_are_of_settings_and_places_are_missing_not_zero() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 3, places=None, **BOLTON)
    made.homes("Beta Care Ltd", 1, places=None, **BOLTON)
    found = measured(made)
    row = market(found)
    assert (row["basis"], row["settings"], row["places"]) == ("settings", 4, None)
    assert shares(found) == pytest.approx([75, 25])
    assert found.share["places"].to_list().count(None) == found.share.height


def test_types_are_markets_apart() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 4, short_breaks_only=False, **BOLTON)
    made.homes("Beta Care Ltd", 2, short_breaks_only=True, **BOLTON)
    made.homes("Testshire County Council", 1, provision_type="Secure children's home", **BOLTON)
    made.homes("Gamma Ltd", 5, provision_type="Independent Fostering Agency", places=None, **BOLTON)
    found = measured(made)
    sizes = {kind: market(found, market_type=kind)["settings"] for kind in found.market["market_type"].unique()}
    assert (sizes["all_homes"], sizes["childrens_home"], sizes["short_break_home"], sizes["secure_home"]) == (
        7,
        4,
        2,
        1,
    )
    assert sizes["supported_accommodation"] is None
    assert market(found, market_type="supported_accommodation")["reason"] == "the list has no setting of this type"
    agencies = market(found, market_type="fostering_agency")
    assert (agencies["basis"], agencies["settings"], agencies["places"], agencies["hhi"]) == (
        "settings", 5, None, pytest.approx(10_000),
    )  # fmt: skip


def test_a_list_that_does_not_tell_short_breaks_apart_says_so() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 4, short_breaks_only=None, **BOLTON)
    found = measured(made)
    missing = market(found, market_type="short_break_home")
    assert (missing["settings"], missing["reason"]) == (None, "the list does not tell short-break homes apart")
    both = market(found, market_type="childrens_home")
    assert (both["settings"], both["reason"]) == (4, None)
    assert "short-break" in str(both["caveat"])


def test_the_change_is_against_the_list_nearest_to_a_year_before() -> None:
    made = Builder()
    for as_at, homes in ((date(2023, 3, 31), 9), (date(2024, 3, 31), 2), (date(2025, 3, 31), 4)):
        made.homes("Alpha Care Ltd", homes, as_at=as_at, **BOLTON)
        made.homes("Beta Care Ltd", 2, as_at=as_at, **BOLTON)
    made.homes("New Care Ltd", 2, as_at=date(2025, 3, 31), **BOLTON)
    found = measured(made)
    row = market(found)
    assert (row["compared_on"], row["settings_before"], row["settings_change"], row["places_change"]) == (
        date(2024, 3, 31), 4, 4, 16,
    )  # fmt: skip
    assert row["growth"] == pytest.approx(100, rel=0.01)
    assert row["hhi_change"] == pytest.approx((50**2 + 25**2 + 25**2) - 5000)
    whole = found.share.filter(pl.col("market_id") == "england.E92000001.all_homes").sort("settings", "settings_before")
    assert whole.select("settings", "settings_before", "change_reason").rows() == [
        (2, None, "no owner of it is named in the earlier list"), (2, 2, None), (4, 2, None),
    ]  # fmt: skip


def test_an_owner_without_homes_here_a_year_before_had_none_and_not_an_unknown_number() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 2, as_at=date(2024, 3, 31), **YORK)
    made.homes("Alpha Care Ltd", 1, as_at=date(2025, 3, 31), **BOLTON)
    share = measured(made).share.filter(pl.col("market_id") == "authority.E08000001.all_homes").row(0, named=True)
    assert (share["settings_before"], share["settings_change"], share["change_reason"]) == (0, 1, None)


def test_no_list_of_about_a_year_before_gives_no_change_and_says_so() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 2, as_at=date(2020, 3, 31), **BOLTON)
    made.homes("Alpha Care Ltd", 2, as_at=date(2025, 3, 31), **BOLTON)
    row = market(measured(made))
    assert (row["settings_change"], row["compared_on"]) == (None, None)
    assert row["change_reason"] == "no list of about a year before is held"


def test_a_recoded_authority_is_compared_and_a_split_one_is_not() -> None:
    somerset: dict[str, Any] = {"local_authority": "Somerset", "region": "South West"}
    cumbria: dict[str, Any] = {
        "local_authority": "Cumbria",
        "local_authority_code": "E10000006",
        "region": "North West",
    }
    cumberland: dict[str, Any] = {
        "local_authority": "Cumberland",
        "local_authority_code": "E06000063",
        "region": "North West",
    }
    made = Builder(on=date(2024, 6, 30))
    made.homes("Alpha Care Ltd", 3, as_at=date(2023, 3, 31), local_authority_code="E10000027", **somerset)
    made.homes("Alpha Care Ltd", 3, as_at=date(2023, 3, 31), **cumbria)
    made.homes("Alpha Care Ltd", 5, as_at=date(2024, 3, 31), local_authority_code="E06000066", **somerset)
    made.homes("Alpha Care Ltd", 4, as_at=date(2024, 3, 31), **cumberland)
    found = measured(made)
    assert market(found, "authority.E06000066")["settings_change"] == 2
    split = market(found, "authority.E06000063")
    assert (split["settings_change"], split["change_reason"]) == (None, "boundaries have changed since then")
    held = found.share.filter(pl.col("market_id") == "authority.E06000063.all_homes").row(0, named=True)
    assert (held["settings_before"], held["change_reason"]) == (None, "boundaries have changed since then")
    assert market(found, "region.North West")["settings_change"] == 1


def test_homes_bought_by_a_group_count_for_it_a_year_before_too() -> None:
    made = Builder()
    for place, owner in enumerate(("Alpha Care Ltd", "Beta Care Ltd"), start=1):
        made.homes(owner, 2, as_at=date(2024, 3, 31), **BOLTON)
        made.homes(owner, 3, as_at=date(2025, 3, 31), **BOLTON)
        made.company(f"0000000{place}", owner.upper())
        made.owns("00000009", f"0000000{place}")
        made.link(owner, f"0000000{place}")
    made.company("00000009", "PARENT LTD")
    found = measured(made)
    assert market(found)["holders"] == 1
    share = found.share.filter(pl.col("market_id") == "england.E92000001.all_homes").row(0, named=True)
    assert (share["settings"], share["settings_before"], share["share_change"]) == (6, 4, 0)


@settings(deadline=None, max_examples=20)
@given(
    st.lists(
        st.tuples(st.sampled_from([BOLTON, BURY, YORK]), st.integers(0, 4), st.integers(1, 9), st.integers(1, 3)),
        min_size=1,
        max_size=12,
    )
)
def test_shares_never_pass_100_and_regions_add_up_to_england(
    homes: list[tuple[dict[str, Any], int, int, int]],
) -> None:
    made = Builder()
    for where, owner, places, count in homes:
        made.homes(f"Owner {owner} Ltd" if owner else None, count, places=places, **where)
    found = measured(made)
    of_homes = found.market.filter(pl.col("market_type") == "all_homes")
    england = market(found)
    for kind in ("region", "authority"):
        parts = of_homes.filter(pl.col("area_kind") == kind)
        assert (parts["settings"].sum(), parts["places"].sum()) == (england["settings"], england["places"])
    totals = found.share.group_by("market_id").agg(pl.col("share").sum())
    assert totals.filter(pl.col("share") > 100 + 1e-9).is_empty()
    said = of_homes.drop_nulls("hhi")
    assert said.filter((pl.col("hhi") < pl.col("top1_share") ** 2 - 1e-6) | (pl.col("hhi") > 10_000 + 1e-6)).is_empty()
