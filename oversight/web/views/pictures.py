"""Pictures of a run as SVG, drawn once and kept: a page shows them as images with words and data beside."""

from collections.abc import Callable, Mapping
from typing import Final

from starlette.responses import Response

from oversight.errors import InputError
from oversight.web.visit import Visit
from reports.charts import Picture, concentration_curve, map_of_shares, ownership_tree, replacement_map
from reports.frames import RunView

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
"""A picture carries its own style and nothing else; it cannot run anything."""

OF_GROUP: Final[Mapping[str, Callable[[RunView, str], Picture]]] = {
    "map": map_of_shares,
    "hexagons": lambda view, group: map_of_shares(view, group, "hexagons"),
    "structure": ownership_tree,
    "replacement": replacement_map,
}


def of_group(visit: Visit) -> Response:
    """A picture about one group."""
    name = visit.part("picture")
    if name not in OF_GROUP:
        raise InputError("there is no such picture", where=name)
    run = visit.run
    group_id = run.group_id(visit.part("group"))
    return _svg(visit, lambda: OF_GROUP[name](run.of_group(group_id), group_id))


def concentration(visit: Visit) -> Response:
    """The curve of concentration."""
    run = visit.run
    return _svg(visit, lambda: concentration_curve(run.view))


def _svg(visit: Visit, draw: Callable[[], Picture]) -> Response:
    drawn = visit.site.rendered.get((visit.run.run_id, visit.request.url.path), lambda: draw().svg())
    headers = {"content-security-policy": _POLICY, "cache-control": "private, max-age=3600"}
    return Response(drawn, media_type="image/svg+xml", headers=headers)
