"""What the example server answers: the register's API, the Document API and GOV.UK, each as the real one does."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from oversight.example.documents import Library, metadata
from oversight.example.govuk import Site
from oversight.example.registrar import filings, people, search
from oversight.example.registrar.answers import error
from oversight.example.registrar.profile import insolvency, profile
from oversight.example.shapes import Company, Market, Officer

REGISTER = "/companies-house"
DOCUMENTS = "/document-api"
SIGNED = "/signed"
GOV_UK = "/gov-uk"
ASSETS = f"{GOV_UK}/assets"
LABEL = {"X-Example-Data": "invented"}
WINDOW_SECONDS = 300
_SIGNED_SECONDS = 60
MOST_ITEMS = 100
_USUAL_ITEMS = 35

Clock = Callable[[], float]
"""Seconds since 1970."""

Answer = Callable[[Request, Company], Any]
"""The body for a company, or None where the register has none."""


class Player:
    """Holds a market and answers for it."""

    def __init__(
        self, market: Market, rate_limit: int, clock: Clock, window: int = WINDOW_SECONDS, most_items: int = MOST_ITEMS
    ) -> None:
        self.show(market)
        self.rate_limit = rate_limit
        self.clock = clock
        self.window_seconds = window
        self.most_items = most_items
        self.secret = hashlib.sha256(f"example/{market.seed}".encode()).digest()
        self.window = (0.0, 0)

    def show(self, market: Market) -> None:
        """Answer for this market from now on: what was filed since is on the register with the next request."""
        appointed: dict[str, list[tuple[Company, Officer]]] = {}
        for company in market.companies:
            for officer in company.officers:
                appointed.setdefault(people.officer_id(officer.person.number), []).append((company, officer))
        self.market, self.appointed = market, appointed
        self.library = Library(market)
        self.site = Site(market)
        self.index = search.Index(market.companies)
        self.companies = {company.number: company for company in market.companies}

    async def ready(self, _: Request) -> Response:
        """What is played."""
        told = {"example": "invented", "until": self.market.until.isoformat(), "companies": len(self.companies)}
        return _json(told, {})

    async def robots(self, _: Request) -> Response:
        """Robots may read everything."""
        return PlainTextResponse("User-agent: *\nDisallow:\n", headers=LABEL)

    # Companies House

    def _admit(self, request: Request) -> tuple[dict[str, str], Response | None]:
        """Headers every answer carries, and the refusal if the key is missing or the limit is used up."""
        now = self.clock()
        started, used = self.window
        if now - started >= self.window_seconds:
            started, used = now, 0
        self.window = (started, used + 1)
        headers = {
            "X-Ratelimit-Limit": str(self.rate_limit),
            "X-Ratelimit-Remain": str(max(0, self.rate_limit - used - 1)),
            "X-Ratelimit-Reset": str(int(started) + self.window_seconds),
            "X-Ratelimit-Window": f"{self.window_seconds}s"
            if self.window_seconds % 60
            else f"{self.window_seconds // 60}m",
        }
        sent = request.headers.get("Authorization", "")
        if not sent:
            return headers, _json({"error": "Empty Authorization header", "type": "ch:service"}, headers, status=401)
        if not _key(sent):
            return headers, _json({"error": "Invalid Authorization", "type": "ch:service"}, headers, status=401)
        if used >= self.rate_limit:
            return headers, Response(status_code=429, headers={**LABEL, **headers})
        return headers, None

    def register(self, answer: Answer) -> Callable[[Request], Any]:
        """A route of the register: checks the key, finds the company, marks the answer's version."""

        async def endpoint(request: Request) -> Response:
            headers, refusal = self._admit(request)
            if refusal is not None:
                return refusal
            company = self.companies.get(request.path_params["number"])
            body = None if company is None else answer(request, company)
            if body is None:
                what = request.url.path.rpartition("/")[2]
                name = "company-profile-not-found" if company is None else f"company-{what}-not-found"
                return _json(error(name), headers, status=404)
            return _versioned(request, body, headers)

        return endpoint

    def of_company(self) -> dict[str, Answer]:
        """What the register answers about one company, by path below the company."""

        def history(request: Request, company: Company) -> Any:
            start, count = self._page(request, 25)
            wanted = [each for each in request.query_params.get("category", "").split(",") if each]
            documents = f"{_base(request)}{DOCUMENTS}"
            return filings.filing_history(company, documents, start=start, count=count, categories=wanted)

        def transaction(request: Request, company: Company) -> Any:
            name, documents = request.path_params["transaction"], f"{_base(request)}{DOCUMENTS}"
            found = [each for each in company.filings if each.transaction_id == name]
            return filings.filing_item(found[0], documents) if found else None

        def charge(request: Request, company: Company) -> Any:
            found = [each for each in company.charges if each.charge_id == request.path_params["charge"]]
            return filings.charge_item(company, found[0]) if found else None

        def paged(answer: Callable[..., Any], known: Callable[[Company], bool] = lambda _: True) -> Answer:
            def with_page(request: Request, company: Company) -> Any:
                start, count = self._page(request)
                return answer(company, start=start, count=count) if known(company) else None

            return with_page

        def stated(company: Company) -> bool:
            return any(control.kind == "statement" for control in company.controls)

        def controlled(company: Company) -> bool:
            return any(control.kind != "statement" for control in company.controls)

        return {
            "": lambda _, company: profile(company, self.market.until),
            "/filing-history": history,
            "/filing-history/{transaction}": transaction,
            "/charges": paged(filings.charges, lambda company: bool(company.charges)),
            "/charges/{charge}": charge,
            "/officers": paged(people.officers),
            "/persons-with-significant-control": paged(people.controls, controlled),
            "/persons-with-significant-control-statements": paged(people.statements, stated),
            "/insolvency": lambda _, company: insolvency(company) if company.cases else None,
        }

    def _page(self, request: Request, usual: int = _USUAL_ITEMS) -> tuple[int, int]:
        """Start and number of items asked for; nonsense gives the usual."""

        def number(name: str, default: int) -> int:
            text = request.query_params.get(name, "")
            return int(text) if text.isdigit() else default

        return number("start_index", 0), max(1, min(self.most_items, number("items_per_page", usual)))

    async def find(self, request: Request) -> Response:
        """Search for companies."""
        headers, refusal = self._admit(request)
        if refusal is not None:
            return refusal
        start, count = self._page(request, 20)
        body = search.answer(self.index, request.query_params.get("q", ""), start=start, count=count)
        return _versioned(request, body, headers)

    async def appointments(self, request: Request) -> Response:
        """What an officer is and was appointed to."""
        headers, refusal = self._admit(request)
        if refusal is not None:
            return refusal
        held = self.appointed.get(request.path_params["officer"])
        if held is None:
            return _json(error("officer-appointments-not-found"), headers, status=404)
        start, count = self._page(request)
        return _versioned(request, people.appointments(held, start=start, count=count), headers)

    # Document API

    async def metadata(self, request: Request) -> Response:
        """What the Document API knows of a document."""
        headers, refusal = self._admit(request)
        if refusal is not None:
            return refusal
        name = request.path_params["document"]
        entry = self.library.entry(name)
        if entry is None:
            return _json(error("document-not-found"), headers, status=404)
        base = f"{_base(request)}{DOCUMENTS}"
        return _versioned(request, metadata(name, entry, self.library.resources(name), base), headers)

    async def content(self, request: Request) -> Response:
        """Where a document lies: an address that is good for a minute, in the form asked for."""
        headers, refusal = self._admit(request)
        if refusal is not None:
            return refusal
        name = request.path_params["document"]
        if self.library.entry(name) is None:
            return _json(error("document-not-found"), headers, status=404)
        kind = _chosen(request.headers.get("Accept", "application/pdf"), self.library.resources(name))
        if kind is None:
            return _json(error("unsupported-media-type"), headers, status=406)
        until = int(self.clock()) + _SIGNED_SECONDS
        query = f"kind={kind.replace('+', '%2B')}&expires={until}&signature={self._sign(name, kind, until)}"
        return RedirectResponse(
            f"{_base(request)}{SIGNED}/{name}?{query}", status_code=302, headers={**LABEL, **headers}
        )

    def _sign(self, name: str, kind: str, until: int) -> str:
        return hmac.new(self.secret, f"{name}/{kind}/{until}".encode(), hashlib.sha256).hexdigest()

    async def signed(self, request: Request) -> Response:
        """The bytes of a document, for whoever has the signed address; no key is asked for."""
        name, query = request.path_params["document"], request.query_params
        kind, expires = query.get("kind", ""), query.get("expires", "")
        good = expires.isdigit() and hmac.compare_digest(
            self._sign(name, kind, int(expires)).encode(), query.get("signature", "").encode()
        )
        if not good or int(expires) < self.clock() or self.library.entry(name) is None:
            return PlainTextResponse("Access denied", status_code=403, headers=LABEL)
        return Response(self.library.resources(name)[kind], media_type=kind, headers=LABEL)

    # GOV.UK

    async def content_item(self, request: Request) -> Response:
        """The Content API."""
        base = _base(request)
        body = self.site.content(f"/{request.path_params['path']}", base + ASSETS, base + GOV_UK)
        if body is None:
            return _json({"errors": [{"status": 404, "title": "not found"}]}, {}, status=404)
        return _versioned(request, body, {})

    async def asset(self, request: Request) -> Response:
        """A file."""
        file = self.site.asset(f"/{request.path_params['path']}")
        if file is None:
            return PlainTextResponse("Not found", status_code=404, headers=LABEL)
        return _conditional(request, file.content, "text/csv", {})

    async def page(self, request: Request) -> Response:
        """A web page."""
        base = _base(request)
        html = self.site.page(f"/{request.path_params['path']}", base + ASSETS, base + GOV_UK)
        if html is None:
            return HTMLResponse("<!DOCTYPE html><title>Page not found</title>", status_code=404, headers=LABEL)
        return HTMLResponse(html, headers=LABEL)


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


def _key(sent: str) -> str:
    """The key in a basic authorisation header; empty if there is none."""
    scheme, _, coded = sent.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(coded, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _json(body: object, headers: Mapping[str, str], status: int = 200) -> Response:
    content = json.dumps(body, ensure_ascii=False).encode()
    return Response(content, status_code=status, media_type="application/json", headers={**LABEL, **headers})


def _versioned(request: Request, body: object, headers: Mapping[str, str]) -> Response:
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return _conditional(request, content, "application/json", headers)


def _conditional(request: Request, content: bytes, kind: str, headers: Mapping[str, str]) -> Response:
    """The content, or 304 if the caller holds this version."""
    mark = f'"{hashlib.sha1(content, usedforsecurity=False).hexdigest()}"'
    told = {**LABEL, **headers, "ETag": mark}
    if mark in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=told)
    return Response(content, media_type=kind, headers=told)


def _chosen(accept: str, resources: Mapping[str, bytes]) -> str | None:
    """The first acceptable media type there is; a browser's wish for anything gets the PDF."""
    for part in accept.split(","):
        kind = part.partition(";")[0].strip()
        if kind in resources:
            return kind
        if kind in {"*/*", "application/*"}:
            return "application/pdf"
    return None
