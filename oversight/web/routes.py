"""Every route with its rule: the one table of who may ask for what. What does not stand here does not exist."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Final

import structlog
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from oversight.errors import InputError, OversightError
from oversight.web import tokens
from oversight.web.access import Role
from oversight.web.frame import framed
from oversight.web.guard import FILES, SIGN_IN, Key
from oversight.web.oidc.provider import DONE
from oversight.web.rendering import STATIC
from oversight.web.views import (
    alerts,
    api,
    approvals,
    audit,
    company,
    determinations,
    downloads,
    evidence,
    group,
    health,
    homes,
    market,
    method,
    pictures,
    register,
    review,
    runs,
    sign_in,
    statement,
    structure,
    written,
)
from oversight.web.visit import Page, Site, Visit

_log = structlog.get_logger(__name__)
View = Callable[[Visit], Page | Response]
STATIC_PATH: Final = FILES[1]
_MOST_FIELDS: Final = 50


@dataclass(frozen=True, slots=True)
class Rule:
    """One route.

    Attributes:
        method: GET or POST. Only a POST may change anything, and its token is checked before the view is called.
        path: template of its path.
        view: makes the answer.
        least: the least role that may ask.
    """

    method: str
    path: str
    view: View
    least: Role


@dataclass(frozen=True, slots=True)
class Doorstep:
    """A route for people we do not know yet: read only, and it says nothing of what is behind the door.

    Attributes:
        path: its path.
        view: makes the answer.
    """

    path: str
    view: sign_in.Doorstep


RULES: Final[tuple[Rule, ...]] = (
    Rule("GET", "/", register.register_page, Role.VIEWER),
    Rule("GET", "/register", register.register_page, Role.VIEWER),
    Rule("GET", "/groups/{group}", group.group_page, Role.VIEWER),
    Rule("GET", "/groups/{group}/pictures/{picture}.{form}", pictures.of_group, Role.VIEWER),
    Rule("GET", "/groups/{group}/homes", homes.homes_of_group, Role.VIEWER),
    Rule("GET", "/groups/{group}/written", written.written_page, Role.VIEWER),
    Rule("POST", "/groups/{group}/written", written.write, Role.ANALYST),
    Rule("GET", "/groups/{group}/structure", structure.structure_page, Role.VIEWER),
    Rule("POST", "/groups/{group}/structure", structure.decide, Role.ANALYST),
    Rule("GET", "/companies/{number}", company.company_page, Role.VIEWER),
    Rule("GET", "/homes/{urn}", homes.home_page, Role.VIEWER),
    Rule("GET", "/authorities", market.authorities_page, Role.VIEWER),
    Rule("GET", "/authorities/{code}", market.authority_page, Role.VIEWER),
    Rule("GET", "/market", market.market_page, Role.VIEWER),
    Rule("GET", "/runs", runs.runs_page, Role.VIEWER),
    Rule("POST", "/runs", runs.publish_run, Role.APPROVER),
    Rule("GET", "/runs/compare", runs.compare_page, Role.VIEWER),
    Rule("GET", "/method", method.method_page, Role.VIEWER),
    Rule("GET", "/method/indicators", method.indicators_page, Role.VIEWER),
    Rule("GET", "/method/parameters", method.parameters_page, Role.VIEWER),
    Rule("GET", "/method/conditions", method.conditions_page, Role.VIEWER),
    Rule("GET", "/alerts", alerts.alerts_page, Role.VIEWER),
    Rule("POST", "/alerts", alerts.answer_alert, Role.ANALYST),
    Rule("GET", "/alerts/{token}", alerts.linked_page, Role.VIEWER),
    Rule("POST", "/alerts/{token}", alerts.answer_link, Role.VIEWER),  # and the letter's own reader, or an analyst
    Rule("GET", "/review", review.review_page, Role.VIEWER),
    Rule("GET", "/review/figures", review.figures_page, Role.VIEWER),
    Rule("POST", "/review/figures", review.settle_figure, Role.ANALYST),
    Rule("GET", "/review/owners", review.owners_page, Role.VIEWER),
    Rule("POST", "/review/owners", review.settle_owner, Role.ANALYST),
    Rule("GET", "/approvals", approvals.approvals_page, Role.VIEWER),
    Rule("POST", "/approvals", approvals.decide, Role.APPROVER),
    Rule("GET", "/determinations", determinations.determinations_page, Role.VIEWER),
    Rule("POST", "/determinations", determinations.write, Role.ANALYST),
    Rule("GET", "/data", health.health_page, Role.VIEWER),
    Rule("GET", "/accessibility", statement.statement_page, Role.VIEWER),
    Rule("GET", "/market/pictures/concentration.{form}", pictures.concentration, Role.VIEWER),
    Rule("GET", "/evidence/{item:path}", evidence.evidence_page, Role.VIEWER),
    Rule("GET", "/documents/{document}", evidence.document_page, Role.VIEWER),
    Rule("GET", "/audit", audit.audit_page, Role.ADMIN),
    Rule("POST", "/sign-out", sign_in.sign_out, Role.VIEWER),
    Rule("GET", "/downloads/register.{form}", downloads.register_file, Role.VIEWER),
    Rule("GET", "/api/v1", api.index, Role.VIEWER),
    Rule("GET", "/api/v1/openapi.json", api.openapi, Role.VIEWER),
    Rule("GET", "/api/v1/{resource}", api.rows, Role.VIEWER),
)


DOORSTEPS: Final[tuple[Doorstep, ...]] = (
    Doorstep(SIGN_IN, sign_in.start),
    Doorstep(DONE, sign_in.done),
    Doorstep(sign_in.SIGNED_OUT, sign_in.signed_out),
)


def rules_by_route(rules: Iterable[Rule], doorsteps: Iterable[Doorstep]) -> dict[Key, Role]:
    """The least role for each method and path template, static files included."""
    open_to_all = {FILES: Role.ANYBODY} | {("GET", doorstep.path): Role.ANYBODY for doorstep in doorsteps}
    return open_to_all | {(rule.method, rule.path): rule.least for rule in rules}


def routes_of(rules: Iterable[Rule], doorsteps: Iterable[Doorstep], site: Site) -> list[BaseRoute]:
    """The application's routes: one for each rule and doorstep, and the static files."""
    made: list[BaseRoute] = [
        Route(rule.path, _endpoint(rule, site), methods=[rule.method], name=f"{rule.method} {rule.path}")
        for rule in rules
    ]
    made += [Route(each.path, _doorstep(each, site), methods=["GET"], name=f"GET {each.path}") for each in doorsteps]
    return [*made, Mount(STATIC_PATH, StaticFiles(directory=STATIC))]


def _doorstep(doorstep: Doorstep, site: Site) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await run_in_threadpool(doorstep.view, site, request)

    return answer


def _endpoint(rule: Rule, site: Site) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        visit = Visit(site, request, request.state.person)
        if rule.method == "POST":
            form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
            fields = {name: value for name, value in form.items() if isinstance(value, str)}
            if not site.tokens.good(visit.person.name, fields.pop(tokens.FIELD, "")):
                return PlainTextResponse("This form is out of date. Open the page again.\n", 403)
            visit.form = fields
        return await run_in_threadpool(_made, rule.view, visit)

    return answer


def _made(view: View, visit: Visit) -> Response:
    """The view's answer, a mistake of the reader's said in words."""
    try:
        given = view(visit)
    except InputError as error:
        # what could not be found in a form's answer is the reader's; in an address, it is not there
        status = 404 if visit.request.method in {"GET", "HEAD"} else 422
        given = visit.page("There is a problem", "problem.html", status=status, error=error)
    except OversightError as error:
        _log.exception("page", path=visit.request.url.path)
        given = visit.page("Sorry, there is a problem", "problem.html", status=500, error=error)
    except Exception:  # noqa: BLE001 - the roof of a request: whatever falls through is logged and shown as a defect
        _log.exception("page", path=visit.request.url.path)
        defect = OversightError(
            "this page has a defect, which the log describes", next_step="Tell who runs the monitor."
        )
        given = visit.page("Sorry, there is a problem", "problem.html", status=500, error=defect)
    return HTMLResponse(framed(visit, given), given.status) if isinstance(given, Page) else given
