"""Accounts from files an analyst has: documents, archives and folders; and the lines as a table."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import polars as pl

from collectors.accounts.catalogue import catalogue
from collectors.accounts.reader import read_document
from collectors.accounts.tags import Problem
from collectors.accounts.unpack import Member, documents, kind_of, members
from collectors.accounts.zips import BadZipError
from collectors.reading import Origin, Row, Rows
from oversight.errors import InputError
from oversight.model.ids import document_id

SOURCE = "file"
_SUFFIXES = frozenset({".html", ".xhtml", ".htm", ".xml", ".xbrl", ".gz", ".zip", ".pdf"})

COLUMNS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "company_number": pl.String,
    "period_start": pl.Date,
    "period_end": pl.Date,
    "consolidated": pl.Boolean,
    "line": pl.String,
    "value": pl.Float64,
    "unit": pl.String,
    "concept": pl.String,
    "document": pl.String,
    "locator": pl.String,
    "method": pl.String,
    "confidence": pl.Float64,
}
"""Columns of `table`, in order."""


def read_path(path: Path) -> Iterator[tuple[Origin, Rows]]:
    """Read every set of accounts at a path: a document, a `.gz`, a `.zip` of any number, or a folder of these.

    One damaged document never stops the rest: it comes with an issue of severity `error` and no facts.

    Raises:
        InputError: if there is no such file, or it cannot be opened.
    """
    if path.is_dir():
        inside = sorted(each for each in path.rglob("*") if each.is_file() and each.suffix.lower() in _SUFFIXES)
        if not inside:
            raise InputError(
                "the folder holds no accounts",
                where=str(path),
                next_step=f"Give a folder with files ending in {', '.join(sorted(_SUFFIXES))}.",
            )
        for each in inside:
            yield from read_path(each)
        return
    for item in _items(path):
        yield _read_item(item, path)


def _items(path: Path) -> Iterator[Member | Problem]:
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
        if kind_of(start) == "zip":
            with path.open("rb") as archive:
                yield from members(archive, path.name)
        else:
            yield from documents(path.read_bytes(), path.name)
    except BadZipError as error:
        yield Problem("archive_unreadable", f"the zip is damaged or cut short: {error}", path.name, severity="error")
    except OSError as error:
        raise InputError(
            f"the file cannot be opened: {error.strerror}", where=str(path), next_step="Check the path and its rights."
        ) from error


def _read_item(item: Member | Problem, path: Path) -> tuple[Origin, Rows]:
    rows = Rows()
    if isinstance(item, Problem):
        origin = Origin(document_id(item.locator.encode()), SOURCE, "", item.locator)
        rows.issue(origin, item.kind, item.message, locator=item.locator, value=item.value, severity=item.severity)
        return origin, rows
    origin = Origin(document_id(item.content), SOURCE, "", item.name if "!" in item.name else str(path))
    read_document(item.content, origin, rows)
    return origin, rows


def placed(rows: Rows) -> int:
    """How many facts reached a line: their figure stands in a line of their concept and period.

    The same figure tagged again (in a note, or by another concept of the line) counts as placed.
    """
    places = catalogue().places
    standing = {(line["line"], line["period_end"], abs(_number(line["value"]))) for line in rows.tables.get("line", ())}
    return sum(
        any(
            (place.line.name, fact["period_end"], abs(_number(fact["number"]))) in standing
            for place in places.get(str(fact["concept"]), ())
        )
        for fact in rows.tables.get("fact", ())
        if fact["number"] is not None
    )


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def table(read: Iterable[tuple[Origin, Rows]]) -> pl.DataFrame:
    """The lines of any number of documents, one row for each line and period, in the columns of `COLUMNS`.

    `document` is the file, or its path in the archive.
    """
    rows: list[Row] = [
        {**{name: line[name] for name in COLUMNS if name in line}, "document": origin.url}
        for origin, found in read
        for line in found.tables.get("line", ())
    ]
    frame = pl.DataFrame(rows, schema=dict(COLUMNS))
    return frame.sort("document", "period_end", "consolidated", "line", descending=[False, True, True, False])
