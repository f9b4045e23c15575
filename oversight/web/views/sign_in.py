"""Signing in by OpenID Connect and out again: the only pages for people we do not know yet."""

from collections.abc import Callable
from typing import Final

import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from oversight.errors import OversightError, ProviderError, SettingsError, SignInError
from oversight.store.audit import Entry
from oversight.web.guard import SIGN_IN
from oversight.web.oidc.person import groups_in, name_in
from oversight.web.visit import Site, Visit

_log = structlog.get_logger(__name__)
Doorstep = Callable[[Site, Request], Response]
SIGNED_OUT: Final = "/signed-out"
_NOBODY: Final = "nobody"
"""The role in the audit log of somebody who was refused."""
_LONGEST_CODE: Final = 4096


def start(site: Site, request: Request) -> Response:
    """Send somebody to the provider; the address they wanted comes back with them."""
    if site.oidc is None:
        return _absent(site)
    try:
        flow, kept = site.oidc.flows.new(request.query_params.get("to", ""))
        answer: Response = RedirectResponse(site.oidc.provider.ask(flow.state, flow.nonce, flow.challenge), 303)
    except ProviderError as error:
        return _down(site, error)
    site.oidc.flows.keep(answer, kept)
    return answer


def done(site: Site, request: Request) -> Response:
    """Let somebody in whom the provider vouches for, and who has a role here."""
    if site.oidc is None:
        return _absent(site)
    try:
        answer = _admitted(site, request)
    except ProviderError as error:
        answer = _down(site, error)
    except SignInError as error:
        _log.warning("sign-in refused", why=error.message)
        answer = _page(
            site,
            403,
            "You are not signed in",
            f"{error.message[:1].upper()}{error.message[1:]}.",
            again="Sign in again",
        )
    except OversightError as error:  # what cannot be written down is not granted
        _log.error("sign-in", why=str(error))
        answer = _page(site, 503, "Sorry, there is a problem", "The audit log cannot be written, so nobody is let in.")
    site.oidc.flows.over(answer)
    return answer


def signed_out(site: Site, _: Request) -> Response:
    """Say that somebody is signed out here, and how to be at the provider too."""
    if site.oidc is None:
        return _absent(site)
    return _page(
        site, 200, "You are signed out", "You are signed out of this service.", again="Sign in again",
        leave=site.oidc.provider.leave(),
    )  # fmt: skip


def sign_out(visit: Visit) -> Response:
    """End the session; a copy of its cookie opens nothing any more."""
    answer: Response = RedirectResponse(SIGNED_OUT, 303)
    if visit.site.oidc is not None:
        visit.site.oidc.sessions.end(visit.request, answer)
    return answer


def _admitted(site: Site, request: Request) -> Response:
    """The answer to what a browser brought back from the provider.

    Raises:
        SignInError: where it does not hold.
        StoreError: if it cannot be written down.
    """
    oidc = site.oidc
    if oidc is None:
        raise SettingsError("there is no provider")
    said = request.query_params
    flow = oidc.flows.of(request)
    if flow is None or not flow.answers(said.get("state", "")):
        raise SignInError("this sign-in took longer than ten minutes, or was not begun in this browser")
    if said.get("iss", oidc.provider.issuer) != oidc.provider.issuer:  # RFC 9207
        raise SignInError("the sign-in comes from another provider")
    code = said.get("code", "")
    if not code or len(code) > _LONGEST_CODE:
        raise SignInError("the department's sign-in did not let you in")
    claims = oidc.provider.redeem(code, flow.verifier, flow.nonce)
    name = name_in(claims, oidc.name_claim)
    groups = groups_in(claims, oidc.roles_claim, site.sign_in.groups)
    person = site.sign_in.known(name, groups)
    role = _NOBODY if person is None else person.role.name.lower()
    status = 403 if person is None else 303
    site.audit.append(Entry(site.workspace.clock(), name[:200], role, "GET", request.url.path, None, status))
    if person is None:
        return _page(
            site, 403, "You have no role here",
            "The department knows you, but none of your groups may use this service. Ask who runs the monitor.",
            again="Sign in as somebody else",
        )  # fmt: skip
    answer = RedirectResponse(flow.to, 303)
    oidc.sessions.begin(answer, person.name, groups)
    return answer


def _down(site: Site, error: ProviderError) -> Response:
    _log.error("provider of sign-in", why=error.message, where=error.where)
    return _page(
        site, 503, "You cannot sign in at the moment",
        "The department\u2019s sign-in does not answer as it should. Nothing is wrong with your account. "
        "Who is signed in already can go on.",
        again="Try again",
    )  # fmt: skip


def _absent(site: Site) -> Response:
    return _page(site, 404, "Page not found", "Nobody signs in on this page here.")


def _page(site: Site, status: int, title: str, text: str, *, again: str = "", leave: str | None = None) -> Response:
    """A page that says nothing but how signing in went."""
    values = {"title": title, "text": text, "again": again, "sign_in": SIGN_IN, "leave": leave}
    return HTMLResponse(site.rendering.content("doorstep.html", values), status)
