"""Owners, groups, exposure and the scope screen."""

from datetime import UTC, date, datetime

import polars as pl
import pytest

from risk.assess import assess
from risk.parameters import load
from risk.register import entry_id
from tests.risk.build import Builder

PARAMETERS = load()


def tables(made: Builder) -> dict[str, pl.DataFrame]:
    return assess(made.evidence(), PARAMETERS).tables()


def test_two_owners_under_one_parent_are_one_group() -> None:
    made = Builder()
    for place, owner in enumerate(("Alpha Care Ltd", "Beta Care Ltd"), start=1):
        made.homes(owner, place)
        made.company(f"0000000{place}", owner.upper())
        made.owns("00000009", f"0000000{place}")
        made.link(owner, f"0000000{place}")
    made.company("00000009", "PARENT LTD")
    found = tables(made)
    assert found["group"].select("name", "companies", "providers", "homes", "places").rows() == [
        ("PARENT LTD", 3, 2, 3, 12)
    ]
    assert found["register_entry"].height == 1


def test_the_newest_decision_on_an_owner_stands() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 1)
    made.company("00000001", "ALPHA CARE LTD")
    made.link("Alpha Care Ltd", "00000001", "automatic", decided_at=datetime(2025, 1, 1, tzinfo=UTC))
    assert tables(made)["provider"]["link_decision"].to_list() == ["automatic"]
    made.link("Alpha Care Ltd", "00000001", "rejected", decided_at=datetime(2025, 2, 1, tzinfo=UTC))
    provider = tables(made)["provider"].row(0, named=True)
    assert (provider["link_decision"], provider["company_number"]) == ("none", None)


@pytest.mark.parametrize(
    ("owner", "sector", "kind"),
    [
        ("Testshire County Council", "Local authority", "council"),
        ("Example Care Ltd", "Private", "unlinked"),
    ],
)
def test_an_owner_without_a_link_is_a_group_of_its_own(owner: str, sector: str, kind: str) -> None:
    made = Builder()
    made.homes(owner, 1, sector=sector)
    assert tables(made)["group"]["kind"].to_list() == [kind]


def test_only_open_homes_of_the_listed_types_count() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 1, provision_type="Children's Home")
    made.homes("Alpha Care Ltd", 1, provision_type="Secure children\u2019s home")
    made.homes("Alpha Care Ltd", 1, provision_type="Residential Special School (registered as a children's home)")
    made.homes("Alpha Care Ltd", 1, provision_type="Independent Fostering Agency")
    made.homes("Alpha Care Ltd", 1, status="Resigned")
    made.homes("Alpha Care Ltd", 1, status=None)
    row = tables(made)["group"].row(0, named=True)
    assert (row["homes"], row["settings"], row["places"]) == (4, 5, 16)


def test_a_group_of_fostering_agencies_has_no_entry() -> None:
    made = Builder()
    made.homes("Alpha Fostering Ltd", 2, provision_type="Independent Fostering Agency")
    found = tables(made)
    assert found["group"]["settings"].to_list() == [2]
    assert found["register_entry"].is_empty()


def test_the_newest_publication_up_to_the_day_is_used() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 5, as_at=date(2024, 3, 31))
    made.homes("Alpha Care Ltd", 3, as_at=date(2025, 3, 31))
    made.homes("Alpha Care Ltd", 9, as_at=date(2025, 9, 30))
    assert tables(made)["group"]["homes"].to_list() == [3]


def test_homes_without_an_owner_count_in_the_totals_only() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 1)
    made.homes(None, 3)
    found = tables(made)
    assert found["group"].height == 1
    assert found["exposure"].select("homes", "authority_homes", "share_of_places").rows() == [(1, 4, 25.0)]


def test_places_that_are_not_published_give_no_share() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 2, places=None)
    found = tables(made)
    assert found["exposure"]["share_of_places"].to_list() == [None]
    assert found["register_entry"]["largest_share_of_places"].to_list() == [None]


def test_an_authority_that_is_not_known_keeps_its_name() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 1, local_authority_code=None, local_authority="Nowhere")
    made.homes("Alpha Care Ltd", 1, local_authority_code=None, local_authority=None)
    assert tables(made)["exposure"]["local_authority_code"].to_list() == ["Nowhere", "authority not given"]


def scope_of(made: Builder, name: str) -> dict[str, bool]:
    met = tables(made)["scope"].filter(pl.col("condition_set") == name)
    return dict(met.select("condition", "met").rows())


@pytest.mark.parametrize(("homes", "number", "size"), [(14, False, False), (15, True, True)])
def test_scope_by_number_and_size(homes: int, number: bool, size: bool) -> None:  # noqa: FBT001
    made = Builder()
    made.homes("Alpha Care Ltd", homes)
    met = scope_of(made, "illustrative")
    assert (met["number"], met["size"]) == (number, size)


@pytest.mark.parametrize(("authorities", "met"), [(2, False), (3, True)])
def test_scope_by_concentration(authorities: int, met: bool) -> None:  # noqa: FBT001
    made = Builder()
    for place in range(authorities):
        where = {"local_authority": f"Place {place}", "local_authority_code": f"E0900000{place}"}
        made.homes("Alpha Care Ltd", 1, as_at=date(2025, 3, 31), **where)
        made.homes("Other Ltd", 9, as_at=date(2025, 3, 31), **where)
    alpha = tables(made)["scope"].filter(
        pl.col("condition_set") == "illustrative", pl.col("condition") == "concentration", pl.col("value") < 9,
    )  # fmt: skip
    assert met in alpha["met"].to_list()
    assert alpha.filter(pl.col("met") == met)["value"].to_list() == [authorities] * 2


def test_no_scope_threshold_is_called_verified() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 1)
    scope = tables(made)["scope"]
    assert scope["condition_set"].n_unique() >= 3
    assert not scope["verified"].any()


def test_an_entry_number_is_made_of_the_group_alone() -> None:
    assert entry_id("g") == "R-cd0aa985"


def fund(kind: str, *, consolidated: bool = True, top_too: bool = False) -> dict[str, pl.DataFrame]:
    """A home's owner below a top company below a partnership or company of some type."""
    made = Builder()
    made.homes("Alpha Care Ltd", 1)
    made.company("00000001", "ALPHA CARE LTD")
    made.company("00000002", "ALPHA TOPCO LTD")
    made.company("OC000003", "FUND PARTNERS LLP", company_type=kind)
    made.owns("00000002", "00000001")
    made.owns("OC000003", "00000002")
    made.link("Alpha Care Ltd", "00000001")
    made.accounts("00000002", date(2024, 3, 31), {"turnover": 1e6}, consolidated=consolidated)
    if top_too:
        made.accounts("OC000003", date(2024, 3, 31), {"turnover": 2e6}, consolidated=True)
    return tables(made)


@pytest.mark.parametrize(
    ("kind", "consolidated", "top_too", "name"),
    [
        ("llp", True, False, "ALPHA TOPCO LTD"),
        ("limited-partnership", True, False, "ALPHA TOPCO LTD"),
        ("llp", True, True, "FUND PARTNERS LLP"),
        ("llp", False, False, "FUND PARTNERS LLP"),
        ("ltd", True, False, "FUND PARTNERS LLP"),
    ],
)
def test_a_group_below_a_fund_is_named_by_the_company_that_consolidates(
    kind: str,
    consolidated: bool,  # noqa: FBT001
    top_too: bool,  # noqa: FBT001
    name: str,
) -> None:
    found = fund(kind, consolidated=consolidated, top_too=top_too)
    assert found["group"].select("name", "uk_parent_name").rows() == [(name, "FUND PARTNERS LLP")]
    assert found["register_entry"]["group_name"].to_list() == [name]
    assert found["register_entry"]["uk_parent_number"].to_list() == ["OC000003"]
