"""Groups: worked cases that an analyst can read, and properties of every web of owners."""

import random
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from oversight.identity.groups import Groups, build, companies_to_follow
from oversight.identity.keys import corporate_key
from oversight.model.ids import row_id
from oversight.model.tables.decided import OwnershipDecision
from oversight.model.tables.derived_groups import Membership
from oversight.model.tables.read import Company, Ownership, Statement

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "ownership_groups.yaml").read_text(encoding="utf-8")
)["cases"]
KINDS = {"person": "individual", "abroad": "corporate", "council": "legal-person", "nobody": "statement"}
ON = date(2025, 3, 31)


def key(owner: str) -> str:
    """The key of an owner or a top as the cases write it."""
    if owner.startswith("named "):
        return corporate_key(owner.removeprefix("named "))
    if owner.startswith("joint "):
        return "joint:" + row_id("joint", *sorted(key(each) for each in owner[6:].split(", ")))
    return owner if " " not in owner else row_id(*owner.split(" ", 1))


def ownership(owners: Sequence[Sequence[Any]]) -> pl.DataFrame:
    rows = []
    for at, (company, owner, least, most, *more) in enumerate(owners):
        notified, ceased, natures = [*more, None, None, None][:3]
        sort, _, name = owner.partition(" ")
        if owner == "nobody":
            sort, name, natures = "nobody", "", "no-individual-or-entity-with-signficant-control"
        rows.append(
            {
                "document_id": f"document {company}",
                "locator": f"/items/{at}",
                "company_number": company,
                "owner_kind": KINDS.get(sort, "corporate"),
                "owner_key": key(owner),
                "owner_name": None if sort == "person" else name or f"COMPANY {owner}",
                "owner_company_number": None if name else owner,
                "owner_country": "Luxembourg" if sort == "abroad" else None,
                "natures": natures,
                "share_min": least,
                "share_max": most,
                "notified_on": notified,
                "ceased_on": ceased,
            }
        )
    return Ownership.validate(pl.DataFrame(rows, schema=Ownership.create_empty().schema), cast=True)


def statements(said: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """Parents that accounts state: company, kind, name, balance sheet's day and the sentence."""
    rows = [
        {
            "document_id": f"accounts {number} {ended}", "kind": kind, "company_number": number, "period_end": ended,
            "value": name, "quote": quote, "locator": f"text line {at}", "confidence": 0.9,
        }
        for at, (number, kind, name, ended, quote) in enumerate(said)
    ]  # fmt: skip
    return Statement.validate(pl.DataFrame(rows, schema=Statement.create_empty().schema), cast=True)


def decisions(made: Sequence[Sequence[Any]]) -> pl.DataFrame:
    """Decisions in the order they were made: company, join, split or withdrawn, owner; first and last day."""
    rows = [
        {
            "ownership_decision_id": f"decision {at}", "company_number": number, "owner_key": key(owner),
            "owner_company_number": owner if " " not in owner and owner != "any" else None,
            "owner_name": owner.partition(" ")[2] or None, "owner_country": None, "decision": made_of,
            "from_on": days[0] if days else None, "to_on": days[1] if len(days) > 1 else None,
            "author": "A. Analyst", "decided_at": datetime(2025, 4, 1, at, tzinfo=UTC), "reason": "same managers",
        }
        for at, (number, made_of, owner, *days) in enumerate(made)
    ]  # fmt: skip
    schema = OwnershipDecision.create_empty().schema
    return OwnershipDecision.validate(pl.DataFrame(rows, schema=schema), cast=True)


def company(dissolved: Mapping[str, date]) -> pl.DataFrame:
    rows = [
        {"document_id": f"profile {n}", "company_number": n, "locator": "", "name": f"COMPANY {n}", "dissolved_on": on}
        for n, on in dissolved.items()
    ]
    return Company.validate(pl.DataFrame(rows, schema=Company.create_empty().schema), cast=True)


def members(groups: Groups) -> dict[str, list[str]]:
    top_of = dict(groups.tops.select("group_id", "top_key").iter_rows())
    found: dict[str, list[str]] = {}
    for group, number in groups.membership.select("group_id", "company_number").iter_rows():
        found.setdefault(top_of[group], []).append(number)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["why"])
def test_cases(case: dict[str, Any]) -> None:
    groups = build(
        ownership(case["owners"]),
        company(case.get("dissolved", {})),
        on=case["day"],
        roots=case["linked"],
        statement=statements(case.get("accounts", [])),
        decision=decisions(case.get("decided", [])),
    )
    assert members(groups) == {key(top): numbers for top, numbers in case["groups"].items()}
    paths = dict(groups.membership.select("company_number", "path").iter_rows())
    for number, path in case.get("paths", {}).items():
        assert paths[number] == " > ".join(key(step) for step in path.split(" > "))
    kinds = dict(groups.tops.select("top_key", "kind").iter_rows())
    for top, kind in case.get("kinds", {}).items():
        assert kinds[key(top)] == kind
    uk_parents = dict(groups.parents.select("company_number", "uk_parent_number").iter_rows())
    for number, parent in case.get("uk_parents", {}).items():
        assert uk_parents[number] == parent
    roles = {(row["company_number"], row["owner_key"]): row["role"] for row in groups.edges.iter_rows(named=True)}
    for number, expected in case.get("roles", {}).items():
        assert {owner: roles[number, key(owner)] for owner in expected} == expected
    classes = dict(groups.tops.select("top_key", "owner_class").iter_rows())
    for top, owner_class in case.get("classes", {}).items():
        assert classes[key(top)] == owner_class
    if "circles" in case:
        assert groups.tops.filter("circle")["top_key"].to_list() == [key(top) for top in case["circles"]]


def test_a_step_carries_its_share_and_its_source() -> None:
    owners = [["00000001", "00000002", 75, 100], ["00000002", "abroad Example Sarl", 50, 75]]
    groups = build(ownership(owners), company({}), on=ON, roots=["1"])
    lower, upper = Membership.validate(groups.membership).sort("depth", descending=True).iter_rows(named=True)
    assert (lower["parent_key"], lower["parent_name"], lower["share_min"]) == ("00000002", "COMPANY 00000002", 75)
    assert (lower["document_id"], lower["locator"], lower["depth"]) == ("document 00000001", "/items/0", 2)
    assert (upper["parent_name"], upper["share_max"], upper["depth"]) == ("Example Sarl", 75, 1)
    top = groups.tops.row(0, named=True)
    assert (top["top_name"], top["top_country"], top["uk_parent_name"]) == (
        "Example Sarl",
        "Luxembourg",
        "COMPANY 00000002",
    )
    assert top["group_id"] == row_id("group", top["top_key"])


def test_joint_holders_are_named_together_and_their_band_spans_both() -> None:
    owners = [["00000001", "00000003", 25, 50], ["00000001", "00000002", 25, 50]]
    groups = build(ownership(owners), company({}), on=ON, roots=["00000001"])
    row = groups.membership.row(0, named=True)
    assert row["parent_name"] == groups.tops["top_name"][0] == "COMPANY 00000002 and COMPANY 00000003"
    assert (row["share_min"], row["share_max"], row["depth"]) == (25, 50, 1)
    assert groups.tops["joint"].to_list() == [True]
    assert groups.edges["role"].to_list() == ["half", "half"]


def test_no_person_is_named() -> None:
    groups = build(ownership([["00000001", "person P", 75, 100]]), company({}), on=ON, roots=["00000001"])
    assert groups.tops.select("top_name", "kind").row(0) == (None, "individual")
    assert groups.membership["parent_name"].to_list() == [None]


def test_every_owner_of_a_member_is_an_edge_with_its_role() -> None:
    owners = [
        ["00000001", "00000002", 75, 100],
        ["00000001", "person P", 75, 100],
        ["00000001", "person Q", 25, 50],
        ["00000002", "person P", 75, 100],
    ]
    edges = build(ownership(owners), company({}), on=ON, roots=["00000001"]).edges
    roles = {(row["company_number"], row["owner_key"]): row["role"] for row in edges.iter_rows(named=True)}
    assert roles == {
        ("00000001", "00000002"): "majority",
        ("00000001", key("person P")): "indirect",
        ("00000001", key("person Q")): "minority",
        ("00000002", key("person P")): "majority",
    }


def test_companies_to_follow_are_owners_past_and_present_that_are_not_known() -> None:
    owners = [
        ["00000001", "00000002", 75, 100, date(2016, 4, 6), date(2018, 1, 1)],
        ["00000001", "00000003", 75, 100],
        ["00000001", "person P", 25, 50],
        ["00000004", "00000001", 75, 100],
    ]
    assert companies_to_follow(ownership(owners), ["1", "4"]) == ["00000002", "00000003"]
    assert companies_to_follow(ownership([]), []) == []


def test_nothing_linked_gives_no_group() -> None:
    groups = build(ownership([["00000001", "person P", 75, 100]]), company({}), on=ON, roots=[])
    assert groups.membership.is_empty()
    assert groups.tops.is_empty()


def test_a_long_chain_is_no_trouble() -> None:
    owners = [[f"{at:08d}", f"{at + 1:08d}", 75, 100] for at in range(1, 800)]
    groups = build(ownership(owners), company({}), on=ON, roots=["00000001"])
    assert groups.tops["top_key"].to_list() == ["00000800"]
    assert groups.membership["depth"].max() == 799


COMPANIES = [f"{at:08d}" for at in range(1, 8)]
OWNERS = st.sampled_from([*COMPANIES, "person P", "person Q", "abroad Fund"])
BANDS = st.sampled_from([(25, 50), (50, 75), (75, 100), (None, None)])
NATURES = st.sampled_from([None, "right-to-appoint-and-remove-directors", "significant-influence-or-control"])
EDGES = st.lists(
    st.tuples(st.sampled_from(COMPANIES), OWNERS, BANDS, NATURES).map(
        lambda drawn: [drawn[0], drawn[1], *drawn[2], None, None, drawn[3]]
    ),
    max_size=14,
)


@given(EDGES, st.sets(st.sampled_from(COMPANIES)))
def test_groups_are_a_partition_that_holds_every_root(owners: list[list[Any]], roots: set[str]) -> None:
    groups = build(ownership(owners), company({}), on=ON, roots=roots)
    numbers = groups.membership["company_number"].to_list()
    assert len(numbers) == len(set(numbers))
    assert roots <= set(numbers)
    assert set(groups.membership["group_id"]) == set(groups.tops["group_id"])
    assert sorted(numbers) == groups.parents["company_number"].to_list()
    for path, number, depth in groups.membership.select("path", "company_number", "depth").iter_rows():
        steps = path.split(" > ")
        assert (steps[-1], len(steps) - 1, len(set(steps))) == (number, depth, len(steps))


@given(EDGES, st.randoms(use_true_random=False))
def test_the_order_of_rows_makes_no_difference(owners: list[list[Any]], chance: random.Random) -> None:
    frame = ownership(owners)
    order = list(range(frame.height))
    chance.shuffle(order)
    one = build(frame, company({}), on=ON, roots=COMPANIES)
    other = build(frame[order], company({}), on=ON, roots=COMPANIES[::-1])
    for name in ("membership", "tops", "parents", "edges"):
        assert getattr(one, name).equals(getattr(other, name)), name
