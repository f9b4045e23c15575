"""Pages made before anybody asks: when a run is opened, those that most readers come to first."""

import time
from collections.abc import Callable
from typing import Final

from starlette.requests import Request

from oversight.errors import OversightError
from oversight.web.access import Person, Role
from oversight.web.shelf import OpenRun
from oversight.web.views import group, market, method, register
from oversight.web.visit import Page, Site, Visit
from reports.frames import register as entries

_View = Callable[[Visit], Page]
_FIRST: Final[tuple[tuple[str, _View], ...]] = (
    ("/", register.register_page),
    ("/register", register.register_page),
    ("/market", market.market_page),
    ("/authorities", market.authorities_page),
    ("/method", method.method_page),
    ("/method/parameters", method.parameters_page),
)
_GROUPS: Final = 40
_PAUSE: Final = 0.02
"""Seconds between two pages, so that readers of the run before go first."""


def warm(site: Site, run: OpenRun) -> None:
    """Make the pages of a run that most readers come to: the lists, and the first groups of its register."""
    nobody = Person("", Role.VIEWER)
    site.shelf.homes(run)
    first = entries(run.view)["entry_id"].head(_GROUPS).to_list()
    addresses: list[tuple[str, dict[str, str], _View]] = [(path, {}, view) for path, view in _FIRST]
    addresses += [(f"/groups/{entry}", {"group": entry}, group.group_page) for entry in first]
    for path, parts, view in addresses:
        request = Request(
            {
                "type": "http", "method": "GET", "scheme": "http", "server": ("localhost", 80), "path": path,
                "query_string": b"", "headers": [], "path_params": parts,
            }
        )  # fmt: skip
        try:
            view(Visit(site, request, nobody, _run=run))
        except OversightError:  # its reader will be told
            continue
        time.sleep(_PAUSE)
