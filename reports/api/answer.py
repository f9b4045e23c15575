"""Rows as JSON, CSV or Parquet, a page at a time; marked, dated, and safe to open in a spreadsheet."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import polars as pl

from reports.api.query import TYPES, Query
from reports.api.resources import Resource
from reports.api.units import unit_of
from reports.csv import neutral
from reports.marking import marking_text
from reports.style import clean

_MOMENT: Final = "%Y-%m-%dT%H:%M:%S%.6fZ"


@dataclass(frozen=True, slots=True)
class About:
    """What an answer says of the run it is from; None where it is of no run.

    Attributes:
        marking: protective marking.
        label: a warning, such as that the data are invented; may be empty.
        run_id: the run.
        on: day it looked at.
        known_by: moment it knew of.
    """

    marking: str
    label: str
    run_id: str | None = None
    on: date | None = None
    known_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's bytes and headers; `total` is how many rows there are in all."""

    content: bytes
    media_type: str
    headers: Mapping[str, str]
    total: int


def answer(resource: Resource, rows: pl.DataFrame, query: Query, about: About, following: str = "") -> Answer:
    """One page of a resource.

    Args:
        resource: what is asked for.
        rows: all its rows, in declared columns and in their order.
        query: what is wanted of them.
        about: the run.
        following: address of the same query, with a `?`, to which the offset of the next page is put.
    """
    found = rows.filter(query.condition())
    page = found.slice(query.offset, query.limit)
    page = page.select(list(query.columns) or list(resource.columns))
    after = query.offset + page.height
    beyond = f"{following}&offset={after}" if after < found.height else None
    headers = {
        "x-total-count": str(found.height),
        "x-protective-marking": marking_text(about.marking),
        "content-disposition": f'inline; filename="{_file_name(resource, query, about)}"',
    }
    if about.run_id:
        headers["x-run-id"] = about.run_id
    if beyond:
        headers["link"] = f'<{beyond}>; rel="next"'
    return Answer(
        _content(resource, page, query, about, found.height, beyond), TYPES[query.form], headers, found.height
    )


def _file_name(resource: Resource, query: Query, about: About) -> str:
    marking = "".join(letter for letter in marking_text(about.marking) if letter.isalnum() or letter == "-")
    return "_".join(part for part in (resource.name, about.run_id, marking) if part) + f".{query.form}"


def _content(
    resource: Resource, page: pl.DataFrame, query: Query, about: About, total: int, beyond: str | None
) -> bytes:
    match query.form:
        case "csv":
            return neutral(page).write_csv(date_format="%Y-%m-%d", datetime_format=_MOMENT).encode()
        case "parquet":
            return _parquet(resource, page, about)
        case _:
            return _json(resource, page, query, about, total, beyond)


def _parquet(resource: Resource, page: pl.DataFrame, about: About) -> bytes:
    """A Parquet file whose metadata hold the run, the marking and the columns' units."""
    units = {name: unit for name in page.columns if (unit := unit_of(name, resource.columns[name]))}
    held = io.BytesIO()
    page.write_parquet(
        held,
        compression="zstd",
        metadata={
            "run_id": about.run_id or "",
            "marking": marking_text(about.marking),
            "label": clean(about.label),
            "units": json.dumps(units),
        },
    )
    return held.getvalue()


def _json(resource: Resource, page: pl.DataFrame, query: Query, about: About, total: int, beyond: str | None) -> bytes:
    said = {
        "resource": resource.name,
        "run_id": about.run_id,
        "as_at_on": None if about.on is None else about.on.isoformat(),
        "known_by": None if about.known_by is None else about.known_by.isoformat(),
        "marking": marking_text(about.marking),
        "label": clean(about.label),
        "total": total,
        "offset": query.offset,
        "limit": query.limit,
        "next": beyond,
    }
    plain = page.with_columns(
        pl.col(pl.Float64).fill_nan(None),
        pl.col(pl.Date).dt.strftime("%Y-%m-%d"),
        pl.col(pl.Datetime).dt.strftime(_MOMENT),
    )
    return f'{json.dumps(said)[:-1]}, "rows": {plain.write_json()}}}'.encode()
