"""The door: whose host, whose request, how often, and whether their role suffices. What no rule names is denied."""

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oversight.web.access import Person, Role, SignIn
from oversight.web.limits import RateLimit

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": POLICY,
    "x-frame-options": "DENY",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with none, a browser would not say where a form of ours comes from
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
    "x-robots-tag": "noindex, nofollow",
}
"""On every answer; a page may set its own where it needs another, such as a picture that carries its style."""

_SAFE: Final = frozenset({"GET", "HEAD"})
_LARGEST_FORM: Final = 64 * 1024
_MACHINES: Final = "/api/"
SIGN_IN: Final = "/sign-in"
Key = tuple[str, str]
"""Method and path template."""
FILES: Final[Key] = ("GET", "/static")
"""Style sheets and scripts."""


class Guard:
    """Lets a request through to the application, or answers it.

    Args:
        app: the application behind the door.
        routes: its routes, to know which one a request would reach.
        rules: the least role for each method and path template.
        sign_in: who asks.
        hosts: names the pages may be asked for under, without port.
        reads: requests of a person in a minute.
        writes: of these, how many may change something.
        denied: told of a person whose role did not suffice.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        routes: list[BaseRoute],
        rules: Mapping[Key, Role],
        sign_in: SignIn,
        hosts: frozenset[str],
        reads: RateLimit,
        writes: RateLimit,
        denied: Callable[[Request, Person], None] | None = None,
    ) -> None:
        self._app = app
        self._routes = routes
        self._rules = rules
        self._sign_in = sign_in
        self._hosts = hosts
        self._reads = reads
        self._writes = writes
        self._denied = denied

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no rule names a web socket
            return
        request = Request(scope)
        answer = self._refusal(request)
        await (answer or self._app)(scope, receive, _with_headers(send))

    def _refusal(self, request: Request) -> Response | None:
        """Why a request is not let through; None where it is, with `state.person` set."""
        if request.url.hostname not in self._hosts:
            return _plain(400, "This address is not known here.")
        return (request.method not in _SAFE and _foreign(request)) or self._unentitled(request)

    def _unentitled(self, request: Request) -> Response | None:
        """Why this person may not have this answer; None where they may."""
        key = self._rule_key(request)
        least = Role.VIEWER if key is None else self._rules.get(key)
        if least is Role.ANYBODY:
            return None if key == FILES else self._too_often(request, _peer(request))
        person = self._sign_in.person(request)
        if person is None:
            return self._stranger(request)
        if (answer := self._too_often(request, person.name)) is not None:
            return answer
        if least is None or not person.may(least):
            if self._denied is not None:
                self._denied(request, person)
            return _plain(403, "Your role does not allow this.")
        request.state.person = person
        return None

    def _rule_key(self, request: Request) -> Key | None:
        """The route that would answer; None where there is none, so that the answer is that there is no such page."""
        for route in self._routes:
            match, _ = route.matches(request.scope)
            if match is Match.FULL:
                method = "GET" if request.method == "HEAD" else request.method
                return method, route.path if isinstance(route, Route) else str(getattr(route, "path", ""))
        return None

    def _stranger(self, request: Request) -> Response:
        """What somebody gets who is not signed in: the way to sign in, where they look for a page and there is one."""
        looks = request.method in _SAFE and "text/html" in request.headers.get("accept", "")
        if not self._sign_in.asks or not looks or request.url.path.startswith(_MACHINES):
            return _plain(401, "You are not signed in, or have no role here. Ask who runs the monitor.")
        wanted = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
        return RedirectResponse(f"{SIGN_IN}?to={quote(wanted, safe='')}", 303)

    def _too_often(self, request: Request, name: str) -> Response | None:
        wait = self._reads.wait(name)
        if request.method not in _SAFE:
            wait = max(wait, self._writes.wait(name))
        if wait <= 0:
            return None
        return _plain(429, "Too many requests. Wait a little.", {"retry-after": str(int(wait) + 1)})


def _foreign(request: Request) -> Response | None:
    """The answer to a form that another site's page sent, or that is larger than any form of ours."""
    site = request.headers.get("sec-fetch-site", "same-origin")
    origin = request.headers.get("origin")
    elsewhere = origin is not None and urlsplit(origin).netloc != request.headers.get("host", "")
    if site not in {"same-origin", "none"} or elsewhere:
        return _plain(403, "This form was sent from another site.")
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > _LARGEST_FORM:
        return _plain(413, "This form is too large.")
    return None


def _peer(request: Request) -> str:
    """A name for the count of requests of somebody who is not signed in, that nobody can sign in with."""
    return f"\x00{request.client.host if request.client else ''}"


def _plain(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    return PlainTextResponse(f"{text}\n", status, headers=dict(headers or {}))


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
