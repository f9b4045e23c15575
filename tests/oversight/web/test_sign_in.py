"""Signing in by OpenID Connect, over real sockets, at a provider that can be made to lie."""

import base64
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from lxml import html

from oversight.errors import SettingsError
from oversight.pipeline.workspace import open_workspace
from oversight.store.audit import AuditLog
from oversight.web import sessions
from oversight.web.app import create_app
from oversight.web.oidc import flow
from oversight.web.routes import DOORSTEPS, RULES
from tests.oversight.web.browser import free_port, served
from tests.oversight.web.conftest import NOW, settings
from tests.oversight.web.provider import CLIENT, SECRET, Change, Provider, made_key, provider, query_of
from tests.oversight.web.test_routes import ROLES, address

pytestmark = [pytest.mark.integration, pytest.mark.timeout(400)]
ROLE_OF = {"readers": "viewer", "analysts": "analyst", "approvers": "approver", "admins": "admin"}
HTML = {"accept": "text/html"}


@dataclass
class Browser:
    """Keeps cookies as a browser does, which sends secure ones to this computer without encryption too."""

    base: str
    cookies: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, **given: Any) -> httpx.Response:
        kept = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        url = path if path.startswith("http") else self.base + path
        headers = HTML | ({"cookie": kept} if kept and url.startswith(self.base) else {}) | given.pop("headers", {})
        answer = httpx.request(method, url, headers=headers, timeout=60, **given)
        for text in answer.headers.get_list("set-cookie") if url.startswith(self.base) else []:
            self.said.append(text)
            name, _, value = text.partition(";")[0].partition("=")
            if "max-age=0" in text.lower():
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def sign_in(self, to: str = "/register") -> httpx.Response:
        """From the page wanted to the provider and back; the answer to what the provider sent back."""
        sent = self.get(to)
        assert sent.status_code == 303
        there = self.get(sent.headers["location"])
        assert there.status_code == 303, there.text
        back = self.get(there.headers["location"])
        return self.get(back.headers["location"])


@dataclass
class Place:
    """The pages and their provider."""

    base: str
    provider: Provider
    moment: list[datetime]
    audit: AuditLog

    def browser(self) -> Browser:
        return Browser(self.base)


@contextmanager
def place(home: Path, audit: Path, roles: dict[str, str], **changes: object) -> Iterator[Place]:
    moment, port = [NOW], free_port()
    with provider(lambda: moment[0]) as made:
        given = settings(
            home, web_sign_in="oidc", web_oidc_issuer=made.base, web_oidc_client_id=CLIENT,
            web_oidc_client_secret=SECRET, web_oidc_roles=roles, web_hosts=["127.0.0.1"],
            audit_url=f"sqlite:///{audit / 'audit.sqlite'}", link_base=f"http://127.0.0.1:{port}",
            web_requests_per_minute=9000, **changes,
        )  # fmt: skip
        with (
            open_workspace(given, lambda: moment[0]) as opened,
            served(create_app(opened), port) as base,
            AuditLog(given.audit_url) as log,
        ):
            yield Place(base, made, moment, log)


@pytest.fixture
def here(home: Path, tmp_path: Path) -> Iterator[Place]:
    with place(home, tmp_path, ROLE_OF) as made:
        yield made


def test_somebody_signs_in_sees_the_page_they_wanted_and_signs_out(here: Place) -> None:
    browser = here.browser()
    sent = browser.get("/register?text=larkrise&sort=homes")
    assert sent.headers["location"] == "/sign-in?to=%2Fregister%3Ftext%3Dlarkrise%26sort%3Dhomes"
    done = browser.sign_in("/register?text=larkrise&sort=homes")
    assert (done.status_code, done.headers["location"]) == (303, "/register?text=larkrise&sort=homes")
    page = browser.get(done.headers["location"])
    assert "Signed in as ann@dept.test, analyst." in page.text
    cookie = next(text for text in browser.said if text.startswith(f"{sessions.COOKIE}="))
    for part in ("HttpOnly", "Secure", "SameSite=lax", "Path=/", "Max-Age=28800"):
        assert part in cookie
    assert "Domain" not in cookie
    assert flow.COOKIE not in browser.cookies
    copied = Browser(here.base, dict(browser.cookies))
    form = re.search(r'name="token" value="([0-9a-f]+)"', page.text)
    assert form
    out = browser.ask("POST", "/sign-out", data={"token": form[1]})
    assert (out.status_code, out.headers["location"]) == (303, "/signed-out")
    assert sessions.COOKIE not in browser.cookies
    assert f"{here.provider.base}/leave?client_id={CLIENT}" in browser.get("/signed-out").text
    for each in (browser, copied):  # a copy of the cookie opens nothing either
        assert each.get("/register").headers["location"].startswith("/sign-in?")
    told = here.audit.rows().select("person", "role", "path", "outcome").rows()
    assert told[0] == ("ann@dept.test", "analyst", "/sign-in/done", 303)
    assert told[-1] == ("ann@dept.test", "analyst", "/sign-out", 303)


def test_a_session_ends_by_itself_and_cannot_be_changed(here: Place) -> None:
    browser = here.browser()
    browser.sign_in()
    value = browser.cookies[sessions.COOKIE]
    assert browser.get("/register").status_code == 200
    body, _, seal = value.partition(".")
    more = json.dumps([int(NOW.timestamp()) + 10**6, {"key": "x", "name": "ann@dept.test", "groups": ["admins"]}])
    forged = base64.urlsafe_b64encode(more.encode()).rstrip(b"=").decode()
    for wrong in (f"{forged}.{seal}", f"{body}.", body, f"{body}.{seal[:-2]}xx", ""):
        assert Browser(here.base, {sessions.COOKIE: wrong}).get("/register").status_code == 303
    here.moment[0] = NOW + timedelta(hours=8, seconds=-1)
    assert browser.get("/register").status_code == 200
    here.moment[0] = NOW + timedelta(hours=8)
    assert browser.get("/register").status_code == 303


def test_what_a_browser_keeps_while_signing_in_is_no_session(here: Place) -> None:
    browser = here.browser()
    browser.get("/sign-in")
    kept = browser.cookies[flow.COOKIE]
    assert Browser(here.base, {sessions.COOKIE: kept}).get("/register").status_code == 303


OTHER = RSAKey.generate_key(2048, {"kid": "one"})
"""Named as the provider's key is, which it is not."""


def other_key(made: Provider) -> None:
    made.signing = OTHER


def unsigned(made: Provider) -> None:
    def bare(token: str) -> str:
        header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
        return f"{header}.{token.split('.')[1]}."

    made.whole = bare


def by_public_key(made: Provider) -> None:
    """Signed with the published key as if it were a secret shared with us."""

    def signed(token: str) -> str:
        body = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        secret = OctKey.import_key(made.key.as_pem(private=False).replace(b"-----", b""))
        return jwt.encode({"alg": "HS256", "kid": "one"}, claims, secret)

    made.whole = signed


def claims(**given: object) -> Any:
    def set_up(made: Provider) -> None:
        made.change = lambda said: said.update(given)

    return set_up


def without(name: str) -> Any:
    def set_up(made: Provider) -> None:
        made.change = lambda said: said.pop(name) and None

    return set_up


def back(**given: str) -> Any:
    def set_up(made: Provider) -> None:
        made.answer = lambda said: said.update(given)

    return set_up


SECONDS = int(NOW.timestamp())
LIES: dict[str, Any] = {
    "a signature by another key": other_key,
    "no signature": unsigned,
    "a signature by a shared secret": by_public_key,
    "another nonce": claims(nonce="x" * 43),
    "no nonce": without("nonce"),
    "another audience": claims(aud="another-service"),
    "no audience": without("aud"),
    "several audiences without us as the party": claims(aud=[CLIENT, "another-service"]),
    "another party": claims(aud=[CLIENT, "another-service"], azp="another-service"),
    "another issuer": claims(iss="https://elsewhere.example"),
    "expired": claims(exp=SECONDS - 61),
    "no expiry": without("exp"),
    "issued in the future": claims(iat=SECONDS + 61),
    "not yet valid": claims(nbf=SECONDS + 61),
    "nobody": without("sub"),
    "no name": without("email"),
    "a name that nobody verified": claims(email_verified=False),
    "not a token": lambda made: setattr(made, "whole", lambda _: "x.y"),
    "another state": back(state="x" * 43),
    "another provider's answer": back(iss="https://elsewhere.example"),
    "a code of nobody": back(code="x"),
    "no code": back(code=""),
    "an error": back(code="", error="access_denied"),
    "no role": claims(groups=["others"]),
    "groups that are no groups": claims(groups={"analysts": True}),
    "no groups": without("groups"),
}


def test_what_does_not_hold_lets_nobody_in(here: Place) -> None:
    made = here.provider
    for what, lie in LIES.items():
        made.signing, made.change, made.answer, made.whole = None, lambda _: None, lambda _: None, lambda token: token
        lie(made)
        browser = here.browser()
        answer = browser.sign_in()
        assert answer.status_code in {403, 503}, what
        assert sessions.COOKIE not in browser.cookies, what
        assert flow.COOKIE not in browser.cookies, what
        assert browser.get("/register").status_code == 303, what
        assert "Larkrise" not in answer.text
    refused = here.audit.rows().filter(here.audit.rows()["role"] == "nobody")
    assert refused["person"].to_list() == ["ann@dept.test"] * 3  # of those whom the provider did name
    assert here.audit.rows().height == 3


def test_clocks_that_differ_by_less_than_a_minute_are_borne_with(here: Place) -> None:
    changes: list[Change] = [
        lambda said: said.update(exp=SECONDS - 59),
        lambda said: said.update(iat=SECONDS + 59),
        lambda said: said.update(aud=[CLIENT, "another-service"], azp=CLIENT),
    ]
    for change in changes:
        here.provider.change = change
        assert here.browser().sign_in().headers["location"] == "/register"


def test_an_answer_holds_once_in_the_browser_that_asked_for_ten_minutes(here: Place) -> None:
    browser = here.browser()
    to = browser.get(browser.get("/register").headers["location"]).headers["location"]
    first = browser.get(to).headers["location"]
    assert here.browser().get(first).status_code == 403  # somebody lured with a code of another's sign-in
    assert browser.get(first).status_code == 303
    assert browser.get(first).status_code == 403
    slow = here.browser()
    brought = slow.get(slow.get("/sign-in").headers["location"]).headers["location"]
    here.moment[0] = NOW + timedelta(minutes=10)
    assert slow.get(brought).status_code == 403


@pytest.mark.parametrize(
    "to", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/x\r\ny: z", "/" * 2000]
)
def test_nobody_is_led_elsewhere_after_signing_in(to: str) -> None:
    assert flow.local(to) == "/"


def test_new_keys_of_the_provider_are_fetched_and_not_at_anybodys_bidding(here: Place) -> None:
    assert here.browser().sign_in().status_code == 303
    here.provider.key = made_key("two")
    assert here.browser().sign_in().status_code == 403  # read less than a minute ago
    here.moment[0] += timedelta(minutes=1)
    assert here.browser().sign_in().status_code == 303
    asked = here.provider.asked.count("/keys")
    here.provider.signing = made_key("three")
    for _ in range(3):
        assert here.browser().sign_in().status_code == 403
    assert here.provider.asked.count("/keys") == asked


def test_a_provider_that_is_down_or_another_is_told_plainly(here: Place) -> None:
    signed_in = here.browser()
    signed_in.sign_in()
    here.moment[0] += timedelta(hours=1)
    here.provider.down = True
    page = here.browser().get("/sign-in")
    assert page.status_code == 503
    assert "You cannot sign in at the moment" in page.text
    assert "Try again" in page.text
    assert signed_in.get("/register").status_code == 200  # who is in can go on
    assert signed_in.get("/signed-out").status_code == 200
    here.provider.down = False
    for wrong in (
        {"issuer": "https://elsewhere.example"},
        {"authorization_endpoint": "http://elsewhere.example/authorize"},
        {"jwks_uri": "http://elsewhere.example/keys"},
    ):
        here.provider.configuration = wrong
        here.moment[0] += timedelta(hours=1)
        assert here.browser().get("/sign-in").status_code == 503


def test_a_secret_in_the_form_where_the_provider_wants_it_there(here: Place) -> None:
    here.provider.configuration = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert here.browser().sign_in().status_code == 303


def test_every_rule_holds_for_who_signed_in(here: Place) -> None:
    by_role = {}
    for group, role in ROLE_OF.items():
        here.provider.named = {"email": f"{role}@dept.test", "groups": group}
        by_role[role] = here.browser()
        assert by_role[role].sign_in().status_code == 303
    stranger = here.browser()
    for rule in RULES:
        path, size = address(rule.path), {"content-length": "0"}
        page = stranger.ask(rule.method, path, headers=size)
        shown = rule.method == "GET" and not path.startswith("/api/")
        assert page.status_code == (303 if shown else 401), rule
        assert stranger.ask(rule.method, path, headers=size | {"accept": "text/csv"}).status_code == 401, rule
        for name, held in ROLES.items():
            if held < rule.least:
                assert by_role[name].ask(rule.method, path, headers=size).status_code == 403, rule
    for doorstep in DOORSTEPS:
        assert stranger.ask("POST", doorstep.path, headers={"content-length": "0"}).status_code in {401, 405}


def test_roles_follow_the_settings_for_who_is_signed_in_already(home: Path, tmp_path: Path) -> None:
    with place(home, tmp_path, ROLE_OF) as before:
        browser = before.browser()
        browser.sign_in()
        kept = dict(browser.cookies)
    with place(home, tmp_path, {"analysts": "viewer"}) as after:
        assert "ann@dept.test, viewer." in Browser(after.base, kept).get("/register").text
    with place(home, tmp_path, {"others": "viewer"}) as none:
        assert Browser(none.base, kept).get("/register").status_code == 303


@pytest.mark.parametrize(
    ("claim", "said"),
    [("realm_access.roles", {"realm_access": {"roles": ["admins"]}}), ("https://dept.test/roles", None)],
)
def test_groups_may_stand_elsewhere(home: Path, tmp_path: Path, claim: str, said: dict[str, Any] | None) -> None:
    with place(home, tmp_path, ROLE_OF, web_oidc_roles_claim=claim, web_oidc_name_claim="oid") as here:
        here.provider.named = {"oid": "0123-abcd"} | (said or {claim: ["admins"]})
        browser = here.browser()
        browser.sign_in()
        assert "Signed in as 0123-abcd, admin." in browser.get("/register").text


def test_pages_of_the_doorstep_are_whole_and_say_nothing(here: Place) -> None:
    here.provider.named = {"email": "ann@dept.test"}
    pages = [here.browser().get("/signed-out"), here.browser().sign_in(), here.browser().get("/sign-in/done")]
    for page in pages:
        tree = html.fromstring(page.text)
        assert len(tree.findall(".//h1")) == 1
        assert page.headers["cache-control"] == "no-store"
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert "OFFICIAL" not in page.text


WHOLE = {"web_oidc_issuer": "https://login.example", "web_oidc_client_id": "a", "web_oidc_client_secret": "b",
         "web_oidc_roles": {"x": "viewer"}, "link_base": "https://oversight.example"}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"web_oidc_issuer": ""},
        {"web_oidc_issuer": "http://login.example"},
        {"web_oidc_client_id": ""},
        {"web_oidc_client_secret": ""},
        {"web_oidc_roles": {}},
        {"web_oidc_roles": {"x": "king"}},
        {"link_base": "http://oversight.example"},
    ],
    ids=str,
)
def test_settings_nobody_could_sign_in_with_are_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    given = settings(tmp_path, web_sign_in="oidc", **(WHOLE | wrong))
    with open_workspace(given, lambda: NOW) as opened, pytest.raises(SettingsError):
        create_app(opened)


def test_without_a_provider_nobody_signs_in(local: Any) -> None:
    for doorstep in DOORSTEPS:
        answer = local.get(doorstep.path)
        assert answer.status_code == 404
        assert "set-cookie" not in answer.headers


def test_what_a_provider_sends_back_is_asked(here: Place) -> None:
    browser = here.browser()
    asked = query_of(browser.get("/sign-in?to=/market").headers["location"])
    assert asked["redirect_uri"] == f"{here.base}/sign-in/done"
    assert asked["scope"] == "openid profile email"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"]}) == 3
    again = query_of(browser.get("/sign-in").headers["location"])
    assert {asked[name] for name in ("state", "nonce")} & {again[name] for name in ("state", "nonce")} == set()
