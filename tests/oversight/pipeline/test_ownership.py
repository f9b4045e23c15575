"""Groups on any day from the ledger: decisions kept and taken back, stated parents, what was known when, and BODS."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from oversight.errors import InputError
from oversight.model.ids import document_id
from oversight.pipeline.link_decisions import decide_by_hand
from oversight.pipeline.ownership import Ownership, Parent, decisions, join, ownership_on, split, withdraw
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings
from tests.oversight.identity.bods_rules import faults
from tests.oversight.pipeline.test_fitness import Clock, publish

FIRST, SECOND, TOP, OTHER = "99000001", "99000002", "99000003", "99000004"
READ_AT = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Homes of one owner, linked to the first of two companies that one person owns through a holding company."""
    with open_workspace(Settings(home=tmp_path / "home"), Clock()) as opened:
        publish(opened, tmp_path, date(2026, 3, 31), range(1, 4))
        decide_by_hand(opened, "Example Care Ltd", FIRST, kind="company", author="A. Analyst", reason="same name")
        for number, name in ((FIRST, "EXAMPLE CARE LTD"), (SECOND, "EXAMPLE HOMES LTD"), (TOP, "EXAMPLE TOP LTD")):
            register(opened, "profile", number, "company", name=name, incorporated_on=date(2010, 1, 4), locator="")
        for number in (FIRST, SECOND):
            owned(opened, number, owner_key=TOP, owner_company_number=TOP, owner_name="Example Top Ltd")
        owned(opened, TOP, owner_key="f" * 16, owner_kind="individual", share_min=50.0, share_max=75.0)
        yield opened


def register(workspace: Workspace, source: str, number: str, table: str, **values: Any) -> None:
    """A row of the register with the fetch and the document it was read from."""
    name = f"companies_house.{source}"
    document = document_id(f"{name} {number}".encode())
    fetched = {
        "fetch_id": document[:16], "source": name, "subject": number, "url": f"https://example.org/{source}/{number}",
        "requested_at": READ_AT, "retrieved_at": READ_AT, "status": "ok", "document_id": document,
    }  # fmt: skip
    workspace.ledger.add_all(
        {
            "fetch": [fetched],
            "document": [{"document_id": document, "media_type": "application/json", "size": 2}],
            table: [{"document_id": document, "company_number": number, **values}],
        }
    )


def owned(workspace: Workspace, number: str, **values: Any) -> None:
    """An owner of a company on the register."""
    low, high = int(values.get("share_min", 75)), int(values.get("share_max", 100))
    natures = f"ownership-of-shares-{low}-to-{high}-percent,voting-rights-{low}-to-{high}-percent"
    said = {
        "owner_kind": "corporate", "owner_country": "England", "share_min": 75.0, "share_max": 100.0,
        "natures": natures, "notified_on": date(2016, 4, 6), "locator": "/items/0",
    } | values  # fmt: skip
    register(workspace, "psc", number, "ownership", **said)


def members(found: Ownership) -> dict[str, list[str]]:
    rows = found.members(found.market.tops["group_id"].to_list())
    top_of = dict(found.market.tops.select("group_id", "top_key").iter_rows())
    grouped: dict[str, list[str]] = {}
    for group, number in rows.select("group_id", "company_number").sort("company_number").iter_rows():
        grouped.setdefault(top_of[group], []).append(number)
    return grouped


def test_a_group_on_a_day_with_its_homes_and_what_it_rests_on(workspace: Workspace) -> None:
    found = ownership_on(workspace)
    assert members(found) == {"f" * 16: [FIRST, SECOND, TOP]}
    row = found.listing(found.only(None)).row(0, named=True)
    assert (row["kind"], row["owner_class"], row["uk_parent_number"], row["homes"]) == (
        "individual",
        "individual",
        TOP,
        3,
    )
    step = found.members(found.only(FIRST)).filter(pl.col("company_number") == FIRST).row(0, named=True)
    assert (step["basis"], step["source"], step["since"]) == ("majority", "register", date(2016, 4, 6))
    assert found.only("example top") == found.only(SECOND) == found.only(row["group_id"])
    assert members(ownership_on(workspace, date(2016, 4, 5))) == {FIRST: [FIRST]}, "before anybody was notified"


def test_a_join_is_used_from_the_moment_it_is_known_and_can_be_taken_back(workspace: Workspace) -> None:
    before = workspace.clock()
    join(workspace, FIRST, Parent(OTHER), author="A. Analyst", reason="bought in May")
    known = workspace.clock()
    assert members(ownership_on(workspace)) == {OTHER: [FIRST, OTHER]}
    step = ownership_on(workspace).market.membership.filter(pl.col("company_number") == FIRST).row(0, named=True)
    assert (step["basis"], step["source"], step["document_id"]) == ("decided", "decided", None)
    assert step["why"].startswith("A. Analyst, ")
    assert step["why"].endswith(": bought in May")
    withdraw(workspace, FIRST, Parent(OTHER), author="A. Analyst", reason="wrong company")
    assert members(ownership_on(workspace)) == {"f" * 16: [FIRST, SECOND, TOP]}
    assert members(ownership_on(workspace, known_by=known)) == {OTHER: [FIRST, OTHER]}, "what was known then"
    assert members(ownership_on(workspace, known_by=before)) == {"f" * 16: [FIRST, SECOND, TOP]}
    assert decisions(workspace)["decision"].to_list() == ["join", "withdrawn"]


def test_a_split_sets_the_parent_aside_for_its_days(workspace: Workspace) -> None:
    split(workspace, FIRST, Parent(TOP), author="A. Analyst", reason="nominee", from_on=date(2026, 6, 1))
    assert members(ownership_on(workspace)) == {FIRST: [FIRST]}
    assert ownership_on(workspace).edges(ownership_on(workspace).only(None))["role"].to_list() == ["split"]


def test_a_parent_abroad_is_joined_by_name(workspace: Workspace) -> None:
    join(
        workspace, TOP, Parent(name="Example Fund SCA", country="Luxembourg"), author="A. Analyst", reason="prospectus"
    )
    row = ownership_on(workspace).market.tops.row(0, named=True)
    assert (row["kind"], row["top_name"], row["top_country"]) == ("overseas", "Example Fund SCA", "Luxembourg")


@pytest.mark.parametrize(
    ("parent", "author", "reason", "days"),
    [
        (Parent(OTHER), "", "why", ()),
        (Parent(OTHER), "who", " ", ()),
        (Parent(), "who", "why", ()),
        (Parent(FIRST), "who", "why", ()),
        (Parent(OTHER), "who", "why", (date(2026, 1, 2), date(2026, 1, 2))),
        (Parent("not a number"), "who", "why", ()),
    ],
)
def test_a_decision_that_cannot_stand_is_refused(
    workspace: Workspace, parent: Parent, author: str, reason: str, days: tuple[date, ...]
) -> None:
    start, end = days or (None, None)
    with pytest.raises(InputError):
        join(workspace, FIRST, parent, author=author, reason=reason, from_on=start, to_on=end)
    with pytest.raises(InputError):
        withdraw(workspace, FIRST, Parent(OTHER), author="who", reason="why")
    assert decisions(workspace).is_empty()


def test_an_unknown_group_is_refused(workspace: Workspace) -> None:
    with pytest.raises(InputError):
        ownership_on(workspace).only("no such group")


def test_bods_keeps_the_rules_of_the_standard_and_names_no_person(workspace: Workspace) -> None:
    join(workspace, SECOND, Parent(OTHER), author="A. Analyst", reason="bought", from_on=date(2026, 5, 1))
    found = ownership_on(workspace)
    told = found.bods(found.only(FIRST), "Test publisher")
    assert faults(told) == []
    assert told == ownership_on(workspace).bods(found.only(FIRST), "Test publisher"), (
        "the same rows, the same statements"
    )
    people = [each["recordDetails"] for each in told if each["recordType"] == "person"]
    assert [person["personType"] for person in people] == ["anonymousPerson"]
    assert not {"names", "birthDate", "addresses", "nationalities"} & people[0].keys()
    held = {each["recordDetails"]["interestedParty"]: each for each in told if each["recordType"] == "relationship"}
    shares = held[f"owner-{'f' * 16}"]["recordDetails"]["interests"][0]
    assert (shares["type"], shares["share"]) == ("shareholding", {"exclusiveMinimum": 50, "exclusiveMaximum": 75})
    assert shares["beneficialOwnershipOrControl"] is True
    assert held[f"GB-COH-{TOP}"]["source"]["url"] == f"https://example.org/psc/{FIRST}"
    assert held[f"GB-COH-{TOP}"]["recordDetails"]["interests"][1]["share"] == {"minimum": 75, "maximum": 100}
    assert json.loads(json.dumps(told)) == told


def test_a_decision_is_shown_as_one_in_bods(workspace: Workspace) -> None:
    join(workspace, FIRST, Parent(OTHER), author="A. Analyst", reason="bought")
    found = ownership_on(workspace)
    told = found.bods(found.only(OTHER), "Test publisher")
    assert faults(told) == []
    relations = [each for each in told if each["recordType"] == "relationship"]
    decided = next(each for each in relations if each["recordDetails"]["interestedParty"] == f"GB-COH-{OTHER}")
    assert decided["source"]["type"] == ["primaryResearch"]
    assert "A. Analyst" in decided["source"]["description"]
    nobody = next(each for each in relations if each["recordDetails"]["subject"] == f"GB-COH-{OTHER}")
    assert nobody["recordDetails"]["interestedParty"]["reason"] == "informationUnknownToPublisher"


def test_the_past_is_the_past(workspace: Workspace) -> None:
    owned(workspace, OTHER, owner_key=FIRST, owner_company_number=FIRST, notified_on=date(2026, 9, 1))
    assert members(ownership_on(workspace)) == {"f" * 16: [FIRST, SECOND, TOP, OTHER]}
    assert members(ownership_on(workspace, date(2026, 8, 31))) == {"f" * 16: [FIRST, SECOND, TOP]}
    assert timedelta(0) < workspace.clock() - READ_AT
