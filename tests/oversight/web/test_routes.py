"""Every route has a rule, and the rule holds; what has none is denied."""

import re
from pathlib import Path

import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from oversight.pipeline.workspace import open_workspace
from oversight.web.access import Role
from oversight.web.app import create_app
from oversight.web.guard import HEADERS, Guard
from oversight.web.limits import RateLimit
from oversight.web.routes import DOORSTEPS, RULES, STATIC_PATH, Rule
from tests.oversight.web.conftest import NEWEST, NOW, PROXY, Reader, settings

ROLES = {"viewer": Role.VIEWER, "analyst": Role.ANALYST, "approver": Role.APPROVER, "admin": Role.ADMIN}


def address(template: str) -> str:
    """An address that a template's route answers, whether or not there is such a thing."""
    return re.sub(r"\{[^}]*\}", "x", template)


def test_every_route_of_the_application_stands_in_the_table(local: TestClient) -> None:
    guard = local.app
    assert isinstance(guard, Guard)
    named = set()
    for route in guard._routes:
        assert isinstance(route, Route | Mount)
        if isinstance(route, Mount):
            assert route.path == STATIC_PATH
            continue
        named |= {(method, route.path) for method in (route.methods or set()) - {"HEAD"}}
    assert named == {(rule.method, rule.path) for rule in RULES} | {("GET", each.path) for each in DOORSTEPS}
    assert len(named) == len(RULES) + len(DOORSTEPS)
    assert all(rule.least >= Role.VIEWER for rule in RULES)
    changing = {rule.path: rule.least for rule in RULES if rule.method != "GET"}
    assert {path for path, least in changing.items() if least < Role.ANALYST} == {
        "/sign-out", "/alerts/{token}",  # what the letter's own reader may say, see test_alert_pages
    }  # fmt: skip


def test_nobody_unknown_gets_further_than_the_doorstep(local: TestClient) -> None:
    guard = local.app
    assert isinstance(guard, Guard)
    for_all = {key for key, least in guard._rules.items() if least is Role.ANYBODY}
    assert for_all == {
        ("GET", STATIC_PATH), ("GET", "/sign-in"), ("GET", "/sign-in/done"), ("GET", "/signed-out"),
    }  # fmt: skip


def test_who_is_unknown_is_told_to_wait_on_the_doorstep_too(home: Path) -> None:
    with open_workspace(settings(home, web_requests_per_minute=2), lambda: NOW) as opened:
        stranger = TestClient(create_app(opened), client=("192.168.1.2", 1))
        assert [stranger.get("/sign-in").status_code for _ in range(3)] == [404, 404, 429]
        assert stranger.get("/static/pages.css").status_code == 200


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.method} {rule.path}")
def test_who_is_not_signed_in_or_below_the_rule_is_denied(reader: Reader, rule: Rule) -> None:
    path = address(rule.path)
    stranger = TestClient(reader("viewer").app, client=(PROXY, 1))
    assert stranger.request(rule.method, path, headers={"content-length": "0"}).status_code == 401
    nobody = TestClient(reader("viewer").app, client=(PROXY, 1), headers={"X-Forwarded-User": "somebody else"})
    assert nobody.request(rule.method, path, headers={"content-length": "0"}).status_code == 401
    elsewhere = TestClient(reader("viewer").app, client=("10.9.9.9", 1), headers={"X-Forwarded-User": "admin example"})
    assert elsewhere.request(rule.method, path, headers={"content-length": "0"}).status_code == 401
    for name, role in ROLES.items():
        if role < rule.least:
            assert reader(name).request(rule.method, path, headers={"content-length": "0"}).status_code == 403


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.method == "POST"], ids=lambda rule: rule.path)
def test_a_form_without_its_token_changes_nothing(reader: Reader, rule: Rule) -> None:
    for data in ({}, {"token": "0" * 64}):
        answer = reader("admin").post(address(rule.path), data={"x": "1", **data})
        assert answer.status_code == 403
        assert "out of date" in answer.text


def test_a_route_without_a_rule_is_denied(local: TestClient) -> None:
    guard = local.app
    assert isinstance(guard, Guard)
    bare = Guard(
        guard._app, routes=guard._routes, rules={}, sign_in=guard._sign_in, hosts=guard._hosts,
        reads=RateLimit(100), writes=RateLimit(100),
    )  # fmt: skip
    assert TestClient(bare, client=("127.0.0.1", 1)).get("/register").status_code == 403


def test_local_mode_answers_this_computer_only(local: TestClient) -> None:
    assert local.get("/register").status_code == 200
    assert TestClient(local.app, client=("192.168.1.2", 1)).get("/register").status_code == 401


def test_other_hosts_and_other_sites_are_refused(local: TestClient) -> None:
    assert local.get("/register", headers={"host": "evil.example"}).status_code == 400
    for headers in ({"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}):
        assert local.post("/register", data={"a": "b"}, headers=headers).status_code == 403


def test_every_answer_is_guarded_and_sets_no_cookie(local: TestClient) -> None:
    for path in ("/register", "/nothing-here", "/static/pages.css", "/static/none.css", f"/register?run={NEWEST}x"):
        answer = local.get(path)
        for name in HEADERS:
            assert answer.headers[name]
        assert "set-cookie" not in answer.headers
    assert "unsafe" not in HEADERS["content-security-policy"]


def test_too_many_requests_are_told_to_wait() -> None:
    now = [0.0]
    limit = RateLimit(2, clock=lambda: now[0])
    assert [limit.wait("one"), limit.wait("one")] == [0, 0]
    assert limit.wait("one") == pytest.approx(30)
    assert limit.wait("two") == 0
    now[0] = 31
    assert limit.wait("one") == 0
