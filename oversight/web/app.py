"""The application: routes behind the door."""

import gc
import threading

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from oversight.errors import InputError
from oversight.pipeline.workspace import Workspace
from oversight.store.audit import AuditLog
from oversight.web.access import OIDC, SignIn
from oversight.web.frame import framed
from oversight.web.guard import Guard
from oversight.web.kept import Kept
from oversight.web.limits import RateLimit
from oversight.web.oidc import open_oidc
from oversight.web.rendering import Rendering
from oversight.web.routes import DOORSTEPS, RULES, routes_of, rules_by_route
from oversight.web.shelf import OpenRun, Shelf
from oversight.web.tokens import Tokens
from oversight.web.trail import Trail
from oversight.web.views import health, review
from oversight.web.visit import Rendered, Site, Visit
from oversight.web.warm import warm


def prepare(site: Site) -> None:
    """Do what the first reader would have to wait for."""
    if site.shelf.manifests():
        warm(site, site.shelf.take(None))
    health.state(site)
    review.figures_waiting(site)
    review.owners_waiting(site)
    settle()


def settled(site: Site, run: OpenRun) -> None:
    """Make the first pages of a run, and settle."""
    warm(site, run)
    settle()


def settle() -> None:
    """Take what stands by now out of the search for dropped cycles, which would stop every reader for 0.1 s."""
    gc.collect()
    gc.freeze()


def create_app(workspace: Workspace, *, ready: bool = False, until: threading.Event | None = None) -> Guard:
    """The pages of an installation as an ASGI application.

    Args:
        workspace: stays open as long as the application.
        ready: whether to open the newest run and count what waits before the first reader comes.
        until: new runs are opened as they appear until this is set; where not given, when somebody asks.

    Raises:
        SettingsError: where nobody could sign in.
        StoreError: if the home folder or the audit log cannot be used.
    """
    settings = workspace.settings
    oidc = open_oidc(settings, workspace.clock) if settings.web_sign_in == OIDC else None
    site = Site(
        workspace=workspace,
        shelf=Shelf(workspace),
        rendering=Rendering(),
        rendered=Rendered(),
        documents=Rendered(),
        kept=Kept(workspace),
        sign_in=SignIn(settings, None if oidc is None else oidc.sessions),
        tokens=Tokens(settings.home, workspace.clock),
        audit=AuditLog(settings.audit_url),
        oidc=oidc,
    )
    if ready:
        site.shelf.on_open = lambda run: settled(site, run)
        prepare(site)
    if until is not None:
        threading.Thread(target=site.shelf.keep_up, args=(until,), name="new-runs", daemon=True).start()
    routes = routes_of(RULES, DOORSTEPS, site)

    def no_page(request: Request, _: Exception) -> Response:
        person = getattr(request.state, "person", None)
        if person is None:  # a style sheet or script
            return PlainTextResponse("There is no such file.\n", 404)
        visit = Visit(site, request, person)
        error = InputError("there is no such page", where=request.url.path)
        return HTMLResponse(framed(visit, visit.page("Page not found", "problem.html", status=404, error=error)), 404)

    trail = Trail(Starlette(routes=routes, exception_handlers={404: no_page}), site)
    return Guard(
        trail,
        routes=routes,
        rules=rules_by_route(RULES, DOORSTEPS),
        sign_in=site.sign_in,
        hosts=frozenset(settings.web_hosts),
        reads=RateLimit(settings.web_requests_per_minute),
        writes=RateLimit(settings.web_changes_per_minute),
        denied=trail.denied,
    )
