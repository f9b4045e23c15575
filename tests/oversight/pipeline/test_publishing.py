"""A run leaves the building when a second person approved every decision of people in it, and not before."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from openpyxl import load_workbook
from starlette.testclient import TestClient

from oversight.errors import InputError
from oversight.model.assessment import Assessment
from oversight.model.evidence import VISIBLE_SCHEMA, Evidence, schema_of
from oversight.model.times import AsAt
from oversight.pipeline.approve import Verdict, approve, decisions
from oversight.pipeline.past import report, view_of
from oversight.pipeline.publish import outstanding, publish, published_files
from oversight.pipeline.standing import standing_decisions
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.pipeline.written import write_fields
from oversight.web.app import create_app
from reports.briefing import briefing
from reports.standing import standing
from tests.oversight.web.conftest import NOW, PROXY, entry_id, settings, write_run
from tests.reports.invented_view import view

FIRST, SECOND, THIRD = "20261122-0000000001", "20261122-0000000002", "20261122-0000000003"
ONE, TWO = "One Person (invented)", "Two Person (invented)"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Workspace]:
    ticks = count()
    roles = {ONE: "approver", TWO: "approver", "A Reader": "analyst"}
    given = settings(tmp_path, web_sign_in="proxy", web_trusted_proxies=[PROXY], web_roles=roles)
    with open_workspace(given, lambda: NOW + timedelta(seconds=next(ticks))) as workspace:
        yield workspace


def make_run(workspace: Workspace, run_id: str) -> None:
    """A run of the invented market that rests on what the ledger says by now."""
    run = view()
    now = workspace.clock()
    held = {name: workspace.ledger.frame(name) for name in ("register_field", "ownership_decision", "approval")}
    evidence = evidence_of(replace(run.as_at, known_by=now), held)
    derived = {name: run.table(name) for name in Assessment.table_names()}
    tables = {**run.tables, "decision": standing_decisions(evidence, derived)}
    write_run(workspace, run_id, replace(run, tables=tables, as_at=evidence.as_at))


def evidence_of(as_at: AsAt, tables: dict[str, pl.DataFrame]) -> Evidence:
    """Evidence of nothing but some tables."""
    empty = {name: schema_of(name).create_empty() for name in Evidence.table_names()}
    return Evidence(as_at=as_at, visible=pl.DataFrame(schema=VISIBLE_SCHEMA), **(empty | tables))


def waiting(workspace: Workspace) -> Verdict:
    row = decisions(workspace).filter(pl.col("verdict") != "approved").row(0, named=True)
    return Verdict(row["decided_table"], row["decided_id"], "approved")


def test_publication_waits_for_a_second_person_and_for_a_run_that_knows(opened: Workspace) -> None:
    write_fields(opened, entry_id(0), {"residual_likelihood": "2"}, author=ONE, reason="An invented meeting")
    make_run(opened, FIRST)
    assert outstanding(opened, FIRST).height == 1
    for who in (ONE, TWO):
        with pytest.raises(InputError, match="1 decision in this run is not approved"):
            publish(opened, FIRST, author=who, reason="x")
    with pytest.raises(InputError, match="themselves"):
        approve(opened, waiting(opened), author=ONE, reason="mine")
    approve(opened, waiting(opened), author=TWO, reason="seen")
    with pytest.raises(InputError, match="before its decisions were approved"):
        publish(opened, FIRST, author=TWO, reason="x")
    make_run(opened, SECOND)
    assert outstanding(opened, SECOND).is_empty()
    with pytest.raises(InputError, match="author and a reason"):
        publish(opened, SECOND, author=TWO, reason=" ")
    with pytest.raises(InputError, match="by a person"):
        publish(opened, SECOND, author="rule:x-v1", reason="x")
    assert published_files(opened, SECOND) == []
    paths = publish(opened, SECOND, author=TWO, reason="Agreed")
    assert paths == publish(opened, SECOND, author=ONE, reason="Again") == report(opened, SECOND)
    assert opened.ledger.frame("publication")["author"].to_list() == [TWO]
    sealed = {path.suffix: path for path in report(opened, FIRST)}
    final = {path.suffix: path for path in paths}
    for files, said in ((sealed, "DRAFT, NOT PUBLISHED"), (final, "FINAL, published 22 November 2026")):
        rows = list(csv.DictReader(files[".csv"].read_text(encoding="utf-8").splitlines()))
        assert {row["standing"] for row in rows} == {said}
        sheet = load_workbook(files[".xlsx"])["Highest ratings"]
        assert said in str(sheet["A2"].value)
    assert "residual likelihood" not in sealed[".csv"].read_text()
    assert "Written in the register" in sealed[".csv"].read_text()
    assert "Written in the register" not in final[".csv"].read_text()


def test_a_rejection_or_a_new_decision_bars_it_again(opened: Workspace) -> None:
    write_fields(opened, entry_id(0), {"response": "Sent (invented)"}, author=ONE, reason="x")
    given = waiting(opened)
    approve(opened, given, author=TWO, reason="seen")
    make_run(opened, FIRST)
    approve(opened, replace(given, verdict="rejected"), author=TWO, reason="seen again")
    assert outstanding(opened, FIRST).select("verdict", "now").rows() == [("approved", "rejected")]
    with pytest.raises(InputError, match="not approved"):
        publish(opened, FIRST, author=TWO, reason="x")
    write_fields(opened, entry_id(0), {"response": "Sent in June (invented)"}, author=TWO, reason="x")
    approve(opened, waiting(opened), author=ONE, reason="seen")
    make_run(opened, SECOND)  # the rejected decision stands no more
    assert publish(opened, SECOND, author=ONE, reason="x")


def test_a_word_on_ones_own_decision_counts_for_nothing(opened: Workspace) -> None:
    write_fields(opened, entry_id(0), {"trend": "Up"}, author=ONE, reason="x")
    given = waiting(opened)
    row = {"approval_id": "x", "decided_table": given.decided_table, "decided_id": given.decided_id,
           "verdict": "approved", "author": " one  PERSON (Invented) ", "decided_at": NOW, "reason": "x"}  # fmt: skip
    opened.ledger.add("approval", [row])
    assert decisions(opened)["verdict"].to_list() == ["waiting"]


def test_briefings_say_draft_until_then(opened: Workspace) -> None:
    write_fields(opened, entry_id(0), {"residual_likelihood": "2"}, author=ONE, reason="x")
    make_run(opened, FIRST)
    approve(opened, waiting(opened), author=TWO, reason="seen")
    make_run(opened, SECOND)
    publish(opened, SECOND, author=TWO, reason="x")
    for run_id, words, awaits in ((FIRST, "DRAFT, NOT PUBLISHED", True), (SECOND, "FINAL, published", False)):
        run = view_of(opened, run_id)
        paper = briefing(run, run.table("register_entry").filter(entry_id=entry_id(0))["group_id"][0])
        text = str(paper.blocks)
        assert words in paper.banner
        assert standing(run) in paper.banner
        assert ("awaits approval" in text) is awaits


def frames(**rows: list[dict[str, Any]]) -> dict[str, pl.DataFrame]:
    made = {}
    for name, given in rows.items():
        schema = schema_of(name).create_empty().schema
        made[name] = pl.DataFrame(given, schema=schema)
    return made


def test_each_kind_of_decision_is_told_of_the_groups_it_concerns() -> None:
    tables = frames(
        register_entry=[{"entry_id": "R-1", "group_id": "g1"}],
        membership=[{"group_id": "g1", "company_number": "01"}, {"group_id": "g2", "company_number": "02"}],
        provider=[{"group_id": "g2", "owner_key": "larkrise example", "company_number": "02"}],
        account_period=[{"period_id": "p", "group_id": "g1"}],
        account=[{"period_id": "p", "line_id": "line"}, {"period_id": "p", "line_id": None}],
    )
    who = {"author": "A", "decided_at": NOW, "reason": "x"}
    old = who | {"decided_at": NOW - timedelta(days=1)}
    rule = {"author": "rule:match-v1", "decided_at": NOW + timedelta(days=1), "reason": "x"}
    made = frames(
        register_field=[
            {"register_field_id": "f-old", "entry_id": "R-1", "field": "owner", "value": "B", **old},
            {"register_field_id": "f", "entry_id": "R-1", "field": "owner", "value": "C", **who},
            {"register_field_id": "f-gone", "entry_id": "R-9", "field": "owner", "value": "C", **who},
        ],
        override=[
            {"override_id": "o", "subject": "line", "field": "value", "new_value": "1", **who},
            {"override_id": "o-unused", "subject": "another", "field": "value", "new_value": "1", **who},
        ],
        hand_read=[{"hand_read_id": "h", "line_id": "x", "company_number": "01", "line": "turnover", **who}],
        link=[
            {"link_id": "l", "owner_key": "larkrise example", "owner": "L", "decision": "confirmed", **who},
            {"link_id": "l2", "owner_key": "tern", "owner": "T", "decision": "confirmed", **who},
            {"link_id": "l2-rule", "owner_key": "tern", "owner": "T", "decision": "automatic", **rule},
        ],
        ownership_decision=[
            {"ownership_decision_id": "w", "company_number": "01", "owner_key": "02", "owner_company_number": "02",
             "decision": "join", **who}
        ],
        determination=[
            {"determination_id": "d1", "subject": "01", "notice_reference": "FO/1", **who},
            {"determination_id": "d2", "subject": "Larkrise Example", "notice_reference": "FO/2", **who},
        ],
        approval=[
            {"approval_id": "a", "decided_table": "override", "decided_id": "o", "verdict": "approved",
             **(who | {"author": "B"})}
        ],
    )  # fmt: skip
    evidence = evidence_of(view().as_at, made)
    found = standing_decisions(evidence, tables)
    assert found.select("group_id", "entry_id", "decided_id", "verdict").rows() == [
        ("g1", "R-1", "d1", "waiting"),
        ("g1", "R-1", "h", "waiting"),
        ("g1", "R-1", "o", "approved"),
        ("g1", "R-1", "w", "waiting"),
        ("g1", "R-1", "f", "waiting"),
        ("g2", None, "d2", "waiting"),
        ("g2", None, "l", "waiting"),
        ("g2", None, "w", "waiting"),
    ]
    assert standing_decisions(Evidence.empty(view().as_at), tables).is_empty()


def test_an_approver_publishes_on_the_page_of_runs(opened: Workspace) -> None:
    write_fields(opened, entry_id(0), {"residual_likelihood": "2"}, author=ONE, reason="x")
    make_run(opened, FIRST)
    app = create_app(opened)

    def person(name: str) -> TestClient:
        return TestClient(app, client=(PROXY, 1), headers={"X-Forwarded-User": name})

    def token(page: str) -> str:
        return page.partition('name="token" value="')[2].partition('"')[0]

    page = person(ONE).get("/runs").text
    assert "Decisions that bar publication" in page
    assert "Publish run" not in page
    group = person(ONE).get(f"/groups/{entry_id(0)}").text
    assert "Awaiting approval" in group
    assert f"by {ONE} (awaits approval)" in group
    assert "Awaits approval" in person(ONE).get("/register").text
    mine = person(ONE).get("/approvals").text
    refused = {"run": FIRST, "reason": "x", "token": token(person(TWO).get("/approvals").text)}
    assert person(TWO).post("/runs", data=refused).status_code == 422
    assert "second person approves it" in mine
    approve(opened, waiting(opened), author=TWO, reason="seen")
    assert "make a new run" in person(ONE).get("/runs").text
    make_run(opened, SECOND)
    person(ONE).get("/register")
    shown = person(ONE).get("/runs")
    assert "Publish run" in shown.text
    assert "Publish run" not in person("A Reader").get("/runs").text
    form = {"run": SECOND, "token": token(shown.text), "reason": "Agreed (invented)"}
    assert person("A Reader").post("/runs", data=form).status_code == 403
    done = person(ONE).post("/runs", data=form)
    assert "Published by One Person (invented), 22 November 2026" in done.text
    assert ">Published</strong>" in person(ONE).get(f"/register?run={SECOND}").text
    assert ">Draft</strong>" in person(ONE).get(f"/register?run={FIRST}").text
    assert "FINAL, published" in person(ONE).get(f"/downloads/register.csv?run={SECOND}").text
    assert "DRAFT, NOT PUBLISHED" in person(ONE).get(f"/downloads/register.csv?run={FIRST}").text


def test_a_run_of_an_earlier_version_is_told_so(opened: Workspace) -> None:
    run = view()
    tables = {name: frame for name, frame in run.tables.items() if name != "decision"}
    write_run(opened, THIRD, replace(run, tables=tables))
    with pytest.raises(InputError, match="does not say which decisions"):
        publish(opened, THIRD, author=ONE, reason="x")
    client = TestClient(create_app(opened), client=(PROXY, 1), headers={"X-Forwarded-User": ONE})
    assert "Make a new run to publish one" in client.get("/runs").text
