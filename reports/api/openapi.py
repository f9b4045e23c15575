"""The description of the interface (OpenAPI 3.1), made from the declared tables."""

from collections.abc import Mapping
from typing import Any, Final

import dataframely as dy
import polars as pl

from reports.api.query import DEFAULT_LIMIT, MOST_ROWS, TYPES
from reports.api.resources import RESOURCES, Resource
from reports.api.units import unit_of

VERSION: Final = "1.0.0"
"""Of the interface: the first number changes when a column or a resource goes or changes its meaning."""
BASE: Final = "/api/v1"
_DESCRIPTION: Final = (
    "Read-only. Every figure is of one run, the newest unless `run` names another; a run never changes. Likelihood, "
    "impact and stage are proposals made by rules; people decide. An empty value is missing, never zero. Sign-in is "
    "that of the pages."
)


def description(title: str) -> dict[str, Any]:
    """The whole description, ready for JSON.

    Args:
        title: of the service.
    """
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{title}: read interface", "version": VERSION, "description": _DESCRIPTION},
        "servers": [{"url": BASE}],
        "paths": {f"/{each.name}": {"get": _operation(each)} for each in RESOURCES},
        "components": {
            "schemas": {_name(each): _row(each) for each in RESOURCES} | {"Problem": _PROBLEM},
            "parameters": _parameters(),
        },
    }


def _name(resource: Resource) -> str:
    return "".join(part.capitalize() for part in resource.name.replace("-", "_").split("_")) + "Row"


def _operation(resource: Resource) -> dict[str, Any]:
    said = f" Give at least one of: {', '.join(resource.needs)}." if resource.needs else ""
    shared = ["format", "limit", "offset", "columns"] + ([] if resource.origin == "runs" else ["run"])
    return {
        "operationId": resource.name.replace("-", "_"),
        "summary": resource.title,
        "description": f"{resource.description}{said}",
        "parameters": [
            *({"$ref": f"#/components/parameters/{name}"} for name in shared),
            *(parameter for name, column in resource.columns.items() for parameter in _filters(name, column)),
        ],
        "responses": {
            "200": {
                "description": "One page of rows.",
                "headers": _HEADERS,
                "content": {
                    TYPES["json"]: {"schema": _envelope(resource)},
                    TYPES["csv"]: {"schema": {"type": "string"}},
                    TYPES["parquet"]: {"schema": {"type": "string", "contentMediaType": TYPES["parquet"]}},
                },
            },
            "400": {"description": "A parameter cannot be meant.", "content": _PROBLEM_CONTENT},
            "404": {"description": "There is no such run.", "content": _PROBLEM_CONTENT},
        },
    }


def _filters(name: str, column: dy.Column) -> list[dict[str, Any]]:
    """A column as a parameter (one of several values), and its bounds where it has an order."""
    kind = {key: value for key, value in _type(column.dtype).items() if key in {"type", "format"}}
    equal = {
        "name": name, "in": "query", "description": f"Only rows with this {name}; repeat it for several.",
        "schema": {"type": "array", "items": kind}, "explode": True,
    }  # fmt: skip
    if column.dtype in {pl.String, pl.Boolean}:
        return [equal]
    bounds = [
        {"name": f"{name}.{end}", "in": "query", "description": f"{words} {name}.", "schema": kind}
        for end, words in (("from", "Least"), ("to", "Greatest"))
    ]
    return [equal, *bounds]


def _row(resource: Resource) -> dict[str, Any]:
    properties = {}
    for name, column in resource.columns.items():
        kind = _type(column.dtype)
        said: dict[str, Any] = {**kind, "type": [kind["type"], "null"]}
        if column.description:
            said["description"] = column.description
        if unit := unit_of(name, column):
            said["x-unit"] = unit
        if column.primary_key:
            said["x-primary-key"] = True
        properties[name] = said
    return {"type": "object", "title": resource.title, "description": resource.description, "properties": properties,
            "additionalProperties": False}  # fmt: skip


def _type(kind: pl.DataType) -> dict[str, Any]:
    if kind == pl.Boolean:
        return {"type": "boolean"}
    if kind == pl.Date:
        return {"type": "string", "format": "date"}
    if isinstance(kind, pl.Datetime):
        return {"type": "string", "format": "date-time"}
    if kind.is_integer():
        return {"type": "integer", "format": "int64"}
    return {"type": "number", "format": "double"} if kind.is_numeric() else {"type": "string"}


def _envelope(resource: Resource) -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["resource", "total", "offset", "limit", "next", "marking", "rows"],
        "properties": {
            "resource": {"const": resource.name},
            "run_id": {"type": ["string", "null"]},
            "as_at_on": {"type": ["string", "null"], "format": "date", "description": "day the run looked at"},
            "known_by": {"type": ["string", "null"], "format": "date-time"},
            "marking": {"type": "string", "description": "protective marking"},
            "label": {"type": "string", "description": "a warning, such as that the data are invented"},
            "total": {"type": "integer", "description": "rows in all"},
            "offset": {"type": "integer"},
            "limit": {"type": "integer"},
            "next": {"type": ["string", "null"], "description": "address of the next page"},
            "rows": {"type": "array", "items": {"$ref": f"#/components/schemas/{_name(resource)}"}},
        },
    }


def _parameters() -> dict[str, Any]:
    limits = f"{DEFAULT_LIMIT['json']:,} for JSON, {DEFAULT_LIMIT['csv']:,} else, unless given"
    return {
        "run": _parameter("run", "Id of the run; the newest where not given.", {"type": "string"}),
        "format": _parameter("format", "In place of the header Accept.", {"enum": list(TYPES)}),
        "limit": _parameter("limit", f"Most rows: {limits}.", {"type": "integer", "minimum": 1, "maximum": MOST_ROWS}),
        "offset": _parameter("offset", "Rows to pass over.", {"type": "integer", "minimum": 0}),
        "columns": _parameter("columns", "Names of the columns wanted, joined by commas.", {"type": "string"}),
    }


def _parameter(name: str, said: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": said, "schema": dict(schema)}


_HEADERS: Final[Mapping[str, Any]] = {
    "x-total-count": {"description": "rows in all", "schema": {"type": "integer"}},
    "x-run-id": {"description": "the run", "schema": {"type": "string"}},
    "x-protective-marking": {"description": "protective marking", "schema": {"type": "string"}},
    "link": {"description": "address of the next page, rel=next", "schema": {"type": "string"}},
}
_PROBLEM: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["title", "status"],
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "where it was found"},
        "next_step": {"type": "string"},
    },
}
_PROBLEM_CONTENT: Final[Mapping[str, Any]] = {
    "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
}
