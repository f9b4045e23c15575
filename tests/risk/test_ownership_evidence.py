"""Who owns whom in a run: stated parents and people's decisions beside the register, and what makes no group."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from oversight.model.ids import row_id
from risk.assess import assess
from risk.parameters import load
from tests.risk.build import Builder

PARAMETERS = load()
FIRST, SECOND, PARENT = "00000001", "00000002", "00000009"
SENTENCE = "The ultimate parent undertaking is Other Holdings Limited."


def tables(made: Builder) -> dict[str, pl.DataFrame]:
    return assess(made.evidence(), PARAMETERS).tables()


def two_owners() -> Builder:
    made = Builder()
    for number, owner in ((FIRST, "Alpha Care Ltd"), (SECOND, "Beta Care Ltd")):
        made.homes(owner, 2)
        made.company(number, owner.upper())
        made.link(owner, number)
    return made


def states(made: Builder, number: str, kind: str, name: str, quote: str) -> None:
    document = made.accounts(number, date(2024, 12, 31), {"turnover": 1_000_000}, filed_on=date(2025, 5, 1))
    made.add(
        "statement", document_id=document, kind=kind, company_number=number, period_end=date(2024, 12, 31), value=name,
        quote=quote, locator="text line 40", confidence=0.9,
    )  # fmt: skip


def decided(made: Builder, number: str, parent: str, decision: str, **values: Any) -> None:
    row = {
        "ownership_decision_id": row_id(number, parent, decision), "company_number": number, "owner_key": parent,
        "owner_company_number": parent, "decision": decision, "author": "A. Analyst",
        "decided_at": datetime(2025, 5, 1, tzinfo=UTC), "reason": "bought in May",
    } | values  # fmt: skip
    made.add("ownership_decision", **row)


def quality(found: dict[str, pl.DataFrame], measure: str) -> list[tuple[str, str]]:
    return found["quality"].filter(pl.col("measure") == measure).select("value", "note").rows()


def test_a_stated_parent_that_the_register_contradicts_is_a_finding_with_its_sentence() -> None:
    made = two_owners()
    made.owns(PARENT, FIRST)
    states(made, FIRST, "ultimate_parent", "Other Holdings Limited", SENTENCE)
    found = tables(made)
    ((value, note),) = quality(found, "stated_parents_contradicted")
    assert value == "1"
    assert note.endswith(f"ALPHA CARE LTD: {SENTENCE}")
    assert found["membership"].filter(pl.col("company_number") == FIRST)["parent_key"].to_list() == [PARENT]
    edge = found["holding"].filter(pl.col("role") == "contradicts").row(0, named=True)
    assert (edge["source"], edge["locator"], edge["why"]) == ("accounts", "text line 40", SENTENCE)


def test_where_the_register_is_silent_two_owners_whose_accounts_state_one_parent_are_a_group() -> None:
    made = two_owners()
    for number in (FIRST, SECOND):
        states(made, number, "immediate_parent", "Other Holdings Limited", "The parent is Other Holdings Limited.")
    found = tables(made)
    assert found["group"].select("companies", "providers", "owner_class").rows() == [(2, 2, "corporate")]
    assert found["membership"]["basis"].to_list() == ["stated", "stated"]
    assert found["membership"]["since"].to_list() == [date(2024, 12, 31)] * 2
    assert [value for value, _ in quality(found, "parents_only_stated")] == ["2"]


def test_what_a_person_decided_is_used_and_shown() -> None:
    made = two_owners()
    made.company(PARENT, "PARENT LTD")
    decided(made, FIRST, PARENT, "join")
    decided(made, SECOND, PARENT, "join")
    found = tables(made)
    assert found["group"].select("name", "companies", "providers").rows() == [("PARENT LTD", 3, 2)]
    step = found["membership"].filter(pl.col("company_number") == FIRST).row(0, named=True)
    assert (step["source"], step["why"]) == ("decided", "A. Analyst, 01 May 2025: bought in May")
    assert [value for value, _ in quality(found, "ownership_decided")] == ["2"]


def test_two_companies_that_share_only_an_agent_who_formed_them_are_two_groups() -> None:
    made = two_owners()
    for number in (FIRST, SECOND):
        document = made.page("companies_house.officers", number)
        for role in ("corporate-secretary", "corporate-director"):
            made.add(
                "officer", document_id=document, locator=f"/items/{role}", company_number=number, officer_id="agent",
                role=role, corporate=True, appointed_on=date(2010, 1, 4),
            )  # fmt: skip
        made.add(
            "ownership", document_id=document, locator="/items/9", company_number=number, owner_kind="corporate",
            owner_key="00000077", owner_name="FORMATIONS LTD", owner_company_number="00000077", share_min=75.0,
            share_max=100.0, notified_on=date(2016, 4, 6), ceased_on=date(2016, 4, 6),
        )  # fmt: skip
    found = tables(made)
    assert found["group"].height == 2
    assert set(found["holding"]["role"]) == {"ceased"}
    assert found["group"]["owner_class"].to_list() == ["unknown", "unknown"]
