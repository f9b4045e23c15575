"""Alerts answered on their page and by a letter's link, in the name of who is signed in."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.web.app import create_app
from oversight.web.guard import Guard
from oversight.web.trail import Trail
from reports.alerts.links import Claim, sign
from tests.oversight.web.conftest import (
    HOSTILE,
    KEY,
    LETTER,
    NEWEST,
    NOW,
    PROXY,
    alert_rows,
    entry_id,
    link,
    settings,
    write_run,
)
from tests.reports.invented_view import view

ME = "An Analyst (invented)"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Workspace]:
    seconds = count()

    def clock() -> datetime:
        return NOW + timedelta(milliseconds=next(seconds))

    with open_workspace(settings(tmp_path, web_local_name=ME), clock) as workspace:
        write_run(workspace, NEWEST, view("Larkrise Example Holdings Limited", HOSTILE))
        workspace.ledger.add_all(alert_rows())
        yield workspace


@pytest.fixture
def reader(opened: Workspace) -> TestClient:
    return TestClient(create_app(opened), client=("127.0.0.1", 50_000))


def token(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_opening_a_letters_link_changes_nothing_and_its_button_answers(opened: Workspace, reader: TestClient) -> None:
    path = f"/alerts/{link(1)}"
    page = reader.get(path)
    assert page.status_code == 200
    assert "Nobody has said anything yet" in page.text
    assert "<script>alert" not in page.text
    assert opened.ledger.count("alert_answer") == 0
    form = {"token": token(page.text), "decision": "acknowledged", "reason": "An invented call"}
    done = reader.post(path, data=form)
    assert "Acknowledged" in done.text
    rows = opened.ledger.frame("alert_answer").select("alert_id", "decision", "by", "author", "reason").rows()
    assert rows == [("alert-1", "acknowledged", "link", ME, "An invented call")]


def test_a_letter_is_answered_by_whom_it_was_sent_to_and_a_forwarded_link_is_not_enough(tmp_path: Path) -> None:
    roles = {"Ann@dept.test": "viewer", "bob@dept.test": "viewer", "cy@dept.test": "analyst"}
    given = settings(tmp_path, web_sign_in="proxy", web_trusted_proxies=[PROXY], web_roles=roles)
    path = f"/alerts/{link(1)}"
    seconds = count()
    with open_workspace(given, lambda: NOW + timedelta(milliseconds=next(seconds))) as workspace:
        write_run(workspace, NEWEST, view("Larkrise Example Holdings Limited", HOSTILE))
        workspace.ledger.add_all(alert_rows())
        app = create_app(workspace)

        def signed_in(name: str) -> TestClient:
            return TestClient(app, client=(PROXY, 1), headers={"X-Forwarded-User": name})

        form = {"decision": "snoozed", "until": "2026-12-01", "reason": "An invented call"}
        assert TestClient(app, client=(PROXY, 1)).get(path).status_code == 401
        assert TestClient(app, client=(PROXY, 1)).post(path, data=form).status_code == 401
        other = signed_in("bob@dept.test")
        page = other.get(path)
        assert page.status_code == 200
        assert "sent to somebody else" in page.text
        assert "<form" not in page.text
        said = {"token": app_token(app, "bob@dept.test")}
        assert other.post(path, data=form | said).status_code == 403
        assert other.post("/alerts", data=form | said | {"alert": "alert-1"}).status_code == 403
        assert workspace.ledger.count("alert_answer") == 0
        reader = signed_in("Ann@dept.test")
        done = reader.post(path, data=form | {"token": token(reader.get(path).text)})
        assert "Put off until 1 December 2026" in done.text
        assert reader.post("/alerts", data=form | {"token": token(reader.get(path).text)}).status_code == 403
        analyst = signed_in("cy@dept.test")
        answered = analyst.post(path, data={"token": token(analyst.get(path).text), "decision": "acknowledged"})
        assert "Acknowledged" in answered.text
        rows = workspace.ledger.frame("alert_answer").sort("decision").select("decision", "by", "author").rows()
        assert rows == [("acknowledged", "link", "cy@dept.test"), ("snoozed", "link", "Ann@dept.test")]


def app_token(app: Guard, name: str) -> str:
    """A token of somebody's forms, as they could have it from another page."""
    trail = app._app
    assert isinstance(trail, Trail)
    return trail.site.tokens.make(name)


def test_links_that_are_not_ours_or_have_expired_show_nothing(reader: TestClient) -> None:
    old = sign(Claim(LETTER, entry_id(1), NOW - timedelta(seconds=1)), KEY)
    other = sign(Claim(LETTER, entry_id(1), NOW + timedelta(days=1)), "another key for these tests")
    for text, said in ((old, "expired"), (other, "not one of ours"), ("x", "not one of ours")):
        page = reader.get(f"/alerts/{text}")
        assert page.status_code == 404
        assert said in page.text
        assert "Insolvency" not in page.text


def test_answered_and_taken_back_on_the_page(opened: Workspace, reader: TestClient) -> None:
    page = reader.get("/alerts")
    assert "2 alerts wait" in page.text
    form = {"token": token(page.text), "alert": "alert-0", "decision": "snoozed", "until": "soon"}
    wrong = reader.post("/alerts", data=form)
    assert (wrong.status_code, "Not a day" in wrong.text) == (422, True)
    assert opened.ledger.count("alert_answer") == 0
    assert "Put off until 1 December 2026" in reader.post("/alerts", data=form | {"until": "2026-12-01"}).text
    reader.post("/alerts", data=form | {"decision": "acknowledged"})
    assert "1 alert waits" in reader.get("/alerts").text
    assert "Acknowledged by An Analyst (invented)" in reader.get("/alerts?all=1").text
    reader.post("/alerts", data=form | {"decision": "reopened"})
    assert "2 alerts wait" in reader.get("/alerts").text
