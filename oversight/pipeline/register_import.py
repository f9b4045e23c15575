"""What analysts wrote in a register: read back from the workbook, compared with what stands, kept with who and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from collectors.sheets import Book, Sheet, open_book
from oversight.errors import InputError
from oversight.model.ids import row_id
from oversight.pipeline.run import standing_fields
from oversight.pipeline.signed import check_signed
from oversight.pipeline.workspace import Workspace
from reports.sheets.risks import MANUAL
from reports.style import clean
from reports.symbols import TO_COMPLETE

_BANDS: Final = frozenset({"residual_likelihood", "residual_impact"})
_DAYS: Final = frozenset({"raised_on", "reviewed_on", "review_due_on"})
_LONGEST: Final = 4_000
_LARGEST: Final = 200_000_000
_NEXT: Final = "Give a register.ods or register.xlsx that this tool made, with its sheets and headings."
CHANGES_SCHEMA: Final = pl.Schema(
    {
        "entry_id": pl.String,
        "group": pl.String,
        "field": pl.String,
        "stood": pl.String,
        "now": pl.String,
        "changed_since_by": pl.String,
    }
)
"""Columns of `Reading.changes`; `changed_since_by`: who wrote in the cell after the workbook was made, else null."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A workbook read back.

    Attributes:
        run_id: the run it was made from.
        changes: rows of `CHANGES_SCHEMA`, sorted by entry and field.
    """

    run_id: str
    changes: pl.DataFrame


def read_register(workspace: Workspace, path: Path) -> Reading:
    """What a person changed in the manual columns since the workbook was made.

    A cell counts as changed where it differs from what the workbook's own run had in it, so that a cell nobody touched
    never takes away what somebody else has written since.

    Raises:
        InputError: if it is no register of this installation, or a cell holds what its column cannot.
    """
    book = _open(path)
    run_id = _run_of(book, path)
    base = _values(workspace.runs.tables(run_id).get("register_field"))
    newest = standing_fields(workspace.ledger.frame("register_field"))
    stands = _values(newest)
    authors = {(entry, name): who for entry, name, who in newest.select("entry_id", "field", "author").iter_rows()}
    rows = []
    for entry, group, written in _entries(book, path):
        for name, text in written.items():
            key = (entry, name)
            if text == base.get(key) or text == stands.get(key):
                continue
            since = authors.get(key) if stands.get(key) != base.get(key) else None
            rows.append((entry, group, name, stands.get(key), text, since))
    return Reading(run_id, pl.DataFrame(rows, schema=CHANGES_SCHEMA, orient="row").sort("entry_id", "field"))


def record_changes(workspace: Workspace, reading: Reading, *, author: str, reason: str) -> int:
    """Keep the changes, each as a row with author, time and reason.

    Returns:
        How many were new.

    Raises:
        InputError: if author or reason is empty.
    """
    check_signed(author, reason, "oversight register import")
    moment = workspace.clock()
    rows = [
        {
            "register_field_id": row_id(row["entry_id"], row["field"], row["now"], author, moment),
            "entry_id": row["entry_id"],
            "field": row["field"],
            "value": row["now"],
            "author": author,
            "decided_at": moment,
            "reason": reason,
        }
        for row in reading.changes.iter_rows(named=True)
    ]
    return workspace.ledger.add("register_field", rows)


def _open(path: Path) -> Book:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError("too large for a register", where=str(path), next_step=_NEXT)
        return open_book(path.read_bytes(), path.name)
    except OSError as error:
        raise InputError(
            f"the register cannot be read: {error.strerror or error}", where=str(path), next_step="Check the path."
        ) from error


def _sheet(book: Book, name: str, path: Path) -> Sheet:
    if name not in book.names:
        raise InputError(f"there is no sheet {name!r}", where=str(path), next_step=_NEXT)
    return book.sheet(name)


def _run_of(book: Book, path: Path) -> str:
    """The run that the cover names."""
    for row in _sheet(book, "Cover", path).rows:
        if row and row[0].strip() == "Run ID" and len(row) > 1:
            return row[1].strip()
    raise InputError("the cover names no run", where=f"{path}, sheet 'Cover'", next_step=_NEXT)


def _values(fields: pl.DataFrame | None) -> dict[tuple[str, str], str]:
    """What stands, by entry and field."""
    if fields is None:
        return {}
    rows = fields.select("entry_id", "field", "value").drop_nulls("value").iter_rows()
    return {(entry, name): value for entry, name, value in rows}


def _entries(book: Book, path: Path) -> list[tuple[str, str, Mapping[str, str | None]]]:
    """Entry, group and what is written in each manual column, one item a row of the register."""
    sheet = _sheet(book, "Register", path)
    headers = {clean(header): name for name, header in MANUAL.items()}
    top = next((at for at, row in enumerate(sheet.rows) if row and row[0].strip() == "ID"), None)
    if top is None:
        raise InputError(
            "there is no header row that starts with ID", where=f"{path}, sheet 'Register'", next_step=_NEXT
        )
    columns = {headers[clean(text)]: at for at, text in enumerate(sheet.rows[top]) if clean(text) in headers}
    if missing := [header for name, header in MANUAL.items() if name not in columns]:
        raise InputError(
            f"columns are missing: {', '.join(missing)}", where=f"{path}, {sheet.locator(top)}", next_step=_NEXT
        )
    found: list[tuple[str, str, Mapping[str, str | None]]] = []
    for at, row in enumerate(sheet.rows[top + 1 :], start=top + 1):
        if not row or not row[0].startswith("R-"):
            continue
        place = f"{path}, {sheet.locator(at)}"
        written = {
            name: manual_value(name, row[index] if index < len(row) else "", place) for name, index in columns.items()
        }
        found.append((row[0].strip(), row[1], written))
    if len({entry for entry, _, _ in found}) != len(found):
        raise InputError(
            "an entry stands twice", where=f"{path}, sheet 'Register'", next_step="Remove one of the rows."
        )
    return found


def manual_value(name: str, text: str, place: str) -> str | None:
    """What is written in a manual column; None where it says nothing.

    Raises:
        InputError: where the column cannot hold it.
    """
    said = clean(text)
    if not said or said == TO_COMPLETE:
        return None
    if len(said) > _LONGEST:
        raise _wrong(name, f"is longer than {_LONGEST:,} characters", place)
    if name in _BANDS:
        number = said.removesuffix(".0")
        if number not in {"1", "2", "3", "4", "5"}:
            raise _wrong(name, f"should be 1 to 5, not {said!r}", place)
        return number
    if name in _DAYS:
        try:
            return date.fromisoformat(said[:10]).isoformat()
        except ValueError as error:
            raise _wrong(name, f"should be a day such as 2026-11-30, not {said!r}", place) from error
    return said


def _wrong(name: str, fault: str, place: str) -> InputError:
    return InputError(f"{MANUAL[name]!r} {fault}", where=place, next_step="Correct the cell and import the file again.")
