"""Routes of the example server for The Gazette and Ofsted's reports site."""

import json
from datetime import date

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from oversight.example.gazette import feed, notices
from oversight.example.reports_site import page
from oversight.example.shapes import Market

GAZETTE = "/gazette"
REPORTS = "/ofsted-reports"
_LABEL = {"X-Example-Data": "invented"}
_MOST = 100


class Sites:
    """Answers for a market's notices and homes."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.notices = notices(market)
        self.homes = {home.urn: home for home in market.homes}

    def routes(self) -> list[Route]:
        """The routes, to go before any that catches everything."""
        return [
            Route(f"{GAZETTE}/insolvency/notice/data.json", self.feed),
            Route(f"{REPORTS}/inspection-reports/find-inspection-report/provider/CARE/{{urn}}", self.find),
            Route(f"{REPORTS}/provider/2/{{urn}}", self.page),
        ]

    async def feed(self, request: Request) -> Response:
        """Corporate insolvency notices published between two days."""
        asked = request.query_params
        first, last = _day(asked.get("start-publish-date"), date.min), _day(asked.get("end-publish-date"), date.max)
        if asked.get("categorycode") not in {None, "24"}:
            return PlainTextResponse("only corporate insolvency is played", status_code=404, headers=_LABEL)
        found = [notice for notice in self.notices if first <= notice.on <= last]
        site = f"{str(request.base_url).rstrip('/')}{GAZETTE}"
        size = max(1, min(_MOST, _whole(asked.get("results-page-size"), 10)))
        body = feed(found, site, page=max(1, _whole(asked.get("results-page"), 1)), size=size)
        return Response(json.dumps(body).encode(), media_type="application/json", headers=_LABEL)

    async def find(self, request: Request) -> Response:
        """The old address of a provider, which leads to its page."""
        return RedirectResponse(f"{REPORTS}/provider/2/{request.path_params['urn']}", status_code=301, headers=_LABEL)

    async def page(self, request: Request) -> Response:
        """A provider's page."""
        home = self.homes.get(request.path_params["urn"])
        if home is None:
            return HTMLResponse("<!DOCTYPE html><title>Page not found</title>", status_code=404, headers=_LABEL)
        return HTMLResponse(page(self.market, home), headers=_LABEL)


def _day(text: str | None, otherwise: date) -> date:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return otherwise


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else otherwise  # noqa: PLR2004
