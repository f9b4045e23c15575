"""What stands around each page: marking, navigation, who is signed in, which run is shown."""

from typing import Final

from oversight.web.visit import Page, Visit
from reports.marking import marking_text
from reports.style import clean

NAVIGATION: Final = (
    ("/register", "Register"),
    ("/market", "Market"),
    ("/authorities", "Authorities"),
    ("/runs", "Runs"),
    ("/alerts", "Alerts"),
    ("/review", "Review"),
    ("/approvals", "Approvals"),
    ("/determinations", "Determinations"),
    ("/data", "Data"),
    ("/method", "Method"),
)
"""Address and name of the pages that every page leads to; a page below one of them counts as its."""


def framed(visit: Visit, page: Page) -> str:
    """A whole page."""
    settings = visit.site.workspace.settings
    view = None if page.run is None else page.run.view
    path = visit.request.url.path
    return visit.site.rendering.whole(
        {
            "page": page,
            "marking": marking_text(settings.marking if view is None else view.marking),
            "label": clean(settings.label if view is None else view.label),
            "navigation": [
                {"href": visit.href(href), "text": name, "active": path == href or path.startswith(f"{href}/")}
                for href, name in NAVIGATION
            ],
            "person": visit.person,
            "local": visit.site.sign_in.local,
            "token": visit.site.tokens.make(visit.person.name) if visit.site.sign_in.asks else None,
            "run": view,
            "published": page.run is not None and visit.publication(page.run.run_id) is not None,
            "chosen": bool(visit.query("run")),
            "href": visit.href,
        }
    )
