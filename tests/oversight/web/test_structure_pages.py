"""A group is corrected on its page: who may, what is refused, what is kept, and that it awaits approval."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import polars as pl
import pytest
from starlette.testclient import TestClient

from oversight.model.evidence import schema_of
from oversight.pipeline.approve import Verdict, approve, decisions
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.store.audit import AuditLog
from oversight.web.app import create_app
from tests.oversight.web.conftest import HOSTILE, NEWEST, NOW, PROXY, entry_id, settings, write_run
from tests.reports.invented_view import view

ANALYST, READER = "An Analyst (invented)", "A Reader (invented)"
PATH = f"/groups/{entry_id(0)}/structure"
COMPANY, TOP, NEW, PERSON = "99000001", "98000001", "99000009", "0123abcd"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Workspace]:
    ticks = count()
    roles = {ANALYST: "analyst", READER: "viewer"}
    given = settings(tmp_path, web_sign_in="proxy", web_trusted_proxies=[PROXY], web_roles=roles)
    with open_workspace(given, lambda: NOW + timedelta(seconds=next(ticks))) as workspace:
        run = view("Larkrise Example Holdings Limited", HOSTILE)
        group = run.table("register_entry").filter(entry_id=entry_id(0))["group_id"][0]
        owner = {"holding_id": "h", "group_id": group, "company_number": COMPANY, "owner_key": PERSON,
                 "owner_kind": "individual", "role": "majority", "source": "register", "locator": "/0"}  # fmt: skip
        held = pl.DataFrame([owner], schema=schema_of("holding").create_empty().schema)
        write_run(workspace, NEWEST, replace(run, tables={**run.tables, "holding": held}))
        yield workspace


class Reader:
    """Somebody signed in, and their form's token."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        app = create_app(workspace)
        self.client = TestClient(app, client=(PROXY, 1), headers={"X-Forwarded-User": name})

    def post(self, **form: str) -> tuple[int, str]:
        token = self.client.get("/approvals").text.partition('name="token" value="')[2].partition('"')[0]
        token = token or self.client.get(PATH).text.partition('name="token" value="')[2].partition('"')[0]
        answer = self.client.post(PATH, data={"reason": "An invented letter", "token": token, **form})
        return answer.status_code, answer.text


def test_a_company_is_joined_split_and_taken_back(opened: Workspace) -> None:
    analyst = Reader(opened, ANALYST)
    status, page = analyst.post(
        what="join", company=NEW, parent=COMPANY, **{"from": "2026-01-01", "to": "2026-12-31"}
    )  # fmt: skip
    assert status == 200
    assert "awaits approval" in page
    assert "from 1 January 2026 until 31 December 2026" in page
    analyst.post(what="join", company=COMPANY, parent_name=HOSTILE, country="Jersey")
    analyst.post(what="split", company=COMPANY)
    status, page = analyst.post(what="withdraw", company=NEW, parent=COMPANY)
    assert "<script>alert" not in page
    assert "every owner" in page
    rows = opened.ledger.frame("ownership_decision").sort("decided_at")
    assert rows.select("company_number", "decision", "owner_company_number", "owner_name", "author").rows() == [
        (NEW, "join", COMPANY, None, ANALYST),
        (COMPANY, "join", None, HOSTILE, ANALYST),
        (COMPANY, "split", None, None, ANALYST),
        (NEW, "withdrawn", COMPANY, None, ANALYST),
    ]
    assert rows.select("from_on", "to_on", "owner_country").row(0) == (date(2026, 1, 1), date(2026, 12, 31), None)
    first = decisions(opened).row(-1, named=True)
    approve(opened, Verdict(first["decided_table"], first["decided_id"], "rejected"), author="Another", reason="seen")
    assert "rejected" in analyst.client.get(PATH).text
    with AuditLog(opened.settings.audit_url) as log:
        written = log.rows()
        posts = written.filter(method="POST", path=PATH)
        assert posts["outcome"].to_list() == [None, 303] * 4
        assert set(posts["person"]) == {ANALYST}


def test_an_owner_of_the_list_is_set_aside(opened: Workspace) -> None:
    analyst = Reader(opened, ANALYST)
    assert f"a person (name withheld), owner of {COMPANY}" in analyst.client.get(PATH).text
    status, _ = analyst.post(what="split", company=COMPANY, owner=PERSON)
    assert status == 200
    assert opened.ledger.frame("ownership_decision")["owner_key"].to_list() == [PERSON]
    status, page = analyst.post(what="split", company=COMPANY, owner="none such")
    assert (status, "has no such owner" in page) == (422, True)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"what": "join", "company": COMPANY}, "No parent is given"),
        ({"what": "join", "company": COMPANY, "parent": COMPANY}, "its own parent"),
        ({"what": "join", "company": NEW, "parent": "99000008"}, "Neither the company nor the parent"),
        ({"what": "join", "company": COMPANY, "parent": TOP, "parent_name": "Two"}, "More than one parent"),
        ({"what": "join", "company": COMPANY, "parent": TOP, "from": "soon"}, "Not a day"),
        ({"what": "join", "company": COMPANY, "parent": TOP, "reason": " "}, "author and a reason"),
        ({"what": "withdraw", "company": COMPANY, "parent": TOP}, "No decision about the two"),
        ({"what": "dissolve", "company": COMPANY}, "Nothing is decided"),
        ({"what": "join", "company": "<b>", "parent": COMPANY}, "There is a problem"),
        (
            {"what": "join", "company": COMPANY, "parent": TOP, "from": "2026-02-01", "to": "2026-02-01"},
            "ends before it begins",
        ),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_no_decision_is_refused_and_what_was_typed_stays(
    opened: Workspace, form: dict[str, str], said: str
) -> None:
    status, page = Reader(opened, ANALYST).post(**form)
    assert status == 422
    assert said in page
    assert "<b>" not in page
    assert opened.ledger.count("ownership_decision") == 0


def test_a_viewer_reads_and_decides_nothing(opened: Workspace) -> None:
    reader = Reader(opened, READER)
    page = reader.client.get(PATH)
    assert page.status_code == 200
    assert "not decide" in page.text
    assert "<form" not in page.text
    assert reader.post(what="split", company=COMPANY)[0] == 403
    assert opened.ledger.count("ownership_decision") == 0
