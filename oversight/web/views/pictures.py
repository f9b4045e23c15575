"""Pictures of a run, drawn once and kept: shown in pages, or saved as SVG, PNG and the data drawn."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from typing import Final

import polars as pl
from starlette.responses import Response

from oversight.errors import InputError
from oversight.web.views.downloads import saved
from oversight.web.visit import Visit
from reports.charts import (
    Picture,
    concentration_curve,
    debt_by_year,
    map_of_shares,
    margins_by_year,
    ownership_tree,
    replacement_map,
)
from reports.csv import neutral
from reports.frames import RunView

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'"
"""A picture carries its own style and nothing else; it cannot run anything."""

OF_GROUP: Final[Mapping[str, Callable[[RunView, str], Picture]]] = {
    "map": map_of_shares,
    "hexagons": lambda view, group: map_of_shares(view, group, "hexagons"),
    "structure": ownership_tree,
    "replacement": replacement_map,
    "debt": lambda view, group: debt_by_year(view, group).picture(view),
    "margins": lambda view, group: margins_by_year(view, group).picture(view),
}


FORMS: Final = frozenset({"svg", "png", "csv"})


def of_group(visit: Visit) -> Response:
    """A picture about one group, or the data drawn in it."""
    name = visit.part("picture")
    if name not in OF_GROUP:
        raise InputError("there is no such picture", where=name)
    run = visit.run
    group_id = run.group_id(visit.part("group"))
    return _answer(visit, f"{name}_{visit.part('group')}", lambda: OF_GROUP[name](run.of_group(group_id), group_id))


def concentration(visit: Visit) -> Response:
    """The curve of concentration, or the data drawn in it."""
    run = visit.run
    return _answer(visit, "concentration", lambda: concentration_curve(run.view))


def _answer(visit: Visit, name: str, draw: Callable[[], Picture]) -> Response:
    form = visit.part("form")
    if form not in FORMS:
        raise InputError("a picture is svg, png or csv (its data)", where=form)
    run_id = visit.run.run_id
    made = visit.site.rendered.get((run_id, visit.request.url.path), lambda: _made(draw(), form))
    if form == "svg":
        headers = {"content-security-policy": _POLICY, "cache-control": "private, max-age=3600"}
        return Response(made, media_type="image/svg+xml", headers=headers)
    if form == "png":
        return Response(b64decode(made), media_type="image/png", headers=saved(f"{name}_{run_id}.png"))
    return Response(made, media_type="text/csv", headers=saved(f"{name}_{run_id}.csv"))


def _made(picture: Picture, form: str) -> str:
    """A picture as text to be kept."""
    if form == "svg":
        return picture.svg()
    if form == "png":
        return b64encode(picture.png()).decode()
    return neutral(picture.table.with_columns(pl.lit(picture.banner).alias("marking"))).write_csv(
        date_format="%Y-%m-%d"
    )
