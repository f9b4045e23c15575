"""The read interface: tables of a run as JSON, CSV and Parquet, described by OpenAPI."""

import json
from typing import Final
from urllib.parse import urlencode

import polars as pl
from starlette.responses import JSONResponse, Response

from oversight.errors import InputError
from oversight.pipeline.api import account_rows, home_rows, runs_rows
from oversight.web.rendering import SERVICE
from oversight.web.visit import Visit
from reports.api.answer import About, answer
from reports.api.openapi import BASE, description
from reports.api.query import Query, read_query
from reports.api.resources import BY_NAME, RESOURCES, Resource

_PROBLEM_TYPE: Final = "application/problem+json"
_NOT_FOUND: Final = frozenset({"there is no such run", "not a run id", "there is no run yet", "there is no such table"})


def index(_: Visit) -> Response:
    """What there is."""
    listed = [{"name": each.name, "title": each.title, "href": f"{BASE}/{each.name}"} for each in RESOURCES]
    return JSONResponse({"title": SERVICE, "description": f"{BASE}/openapi.json", "resources": listed})


def openapi(_: Visit) -> Response:
    """The description of the interface."""
    return Response(json.dumps(description(SERVICE), indent=1), media_type="application/openapi+json")


def rows(visit: Visit) -> Response:
    """One page of a resource, or what is wrong with the question."""
    try:
        return _answer(visit)
    except InputError as error:
        status = 404 if error.message in _NOT_FOUND else 400
        said = {"title": error.message, "status": status, "detail": error.where, "next_step": error.next_step}
        return JSONResponse(said, status, media_type=_PROBLEM_TYPE)


def _answer(visit: Visit) -> Response:
    name = visit.part("resource")
    resource = BY_NAME.get(name)
    if resource is None:
        raise InputError("there is no such table", where=name, next_step=f"{BASE} lists them.")
    given = visit.request.query_params.multi_items()
    query = read_query(resource, given, visit.request.headers.get("accept", ""))
    found, about = _found(visit, resource, query)
    kept = [(key, value) for key, value in given if key not in {"offset", "run"}]
    run = [("run", about.run_id)] if about.run_id else []  # the pages that follow are of the same run
    made = answer(resource, found, query, about, f"{visit.request.url.path}?{urlencode([*run, *kept])}")
    return Response(made.content, media_type=made.media_type, headers=dict(made.headers))


def _found(visit: Visit, resource: Resource, query: Query) -> tuple[pl.DataFrame, About]:
    workspace = visit.site.workspace
    if resource.origin == "runs":
        settings = workspace.settings
        return runs_rows(resource, visit.site.shelf.manifests()), About(settings.marking, settings.label)
    view = visit.run.view
    about = About(view.marking, view.label, view.run_id, view.as_at.on, view.as_at.known_by)
    match resource.origin:
        case "accounts":
            return account_rows(workspace, resource, view.tables, query), about
        case "registrations":
            return home_rows(workspace, resource, view.tables), about
        case _:
            return view.table(resource.table), about
