"""The rows of a table as checked values: bad cells are reported, bad rows refused, bad columns stop the file."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from collectors.ofsted.layout import Layout
from collectors.ofsted.tables import Table
from collectors.ofsted.values import CHECKS, BadValueError, Value, is_placeholder, is_redacted
from collectors.ofsted.words import data
from collectors.reading import Origin, Rows
from oversight.errors import LayoutError

_TOLERANCE: Final = 0.05
_FREE_FAILURES: Final = 2
_FREE_NOTES: Final = 50
_MISFIT: Final = 3
_SHOWN: Final = 3
_ACTIVE_START: Final = ("=", "@", "+")
_ADD_WORD: Final = (
    "If the columns have moved, get the publication again; if a word is new, add it to "
    "collectors/ofsted/data/vocabulary.yaml. Nothing was read."
)


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table, checked.

    Attributes:
        index: row in the sheet, from 0.
        locator: the same in words.
        values: field to value; None for an empty, withheld or bad cell, and for a column that is not there.
    """

    index: int
    locator: str
    values: Mapping[str, Value]

    @property
    def urn(self) -> str:
        """The provider's reference number, which every record has."""
        return str(self.values["urn"])


@dataclass(frozen=True, slots=True)
class _Column:
    field: str
    index: int
    values: Mapping[str, Value | BadValueError]


def read_records(table: Table, origin: Origin, file: str, rows: Rows) -> list[Record]:
    """The rows of a table that can be used; every other row and every bad cell becomes an issue in `rows`.

    Raises:
        LayoutError: if more cells of a column than a small share break its pattern, or more rows than that have
            another number of cells than the header: then the columns have shifted and nothing is read.
    """
    layout = table.layout
    _report_headings(layout, origin, rows)
    stray = _stray_columns(layout, origin, rows)
    candidates = list(_candidates(layout, stray, origin, file, rows))
    columns = [_column(layout, field, index, candidates, file) for field, index in layout.columns.items()]
    _report_placeholders(layout, columns, candidates, origin, rows)
    records = []
    for index in candidates:
        record = _record(layout, columns, index, origin, rows)
        if record is not None:
            records.append(record)
    return records


def _report_headings(layout: Layout, origin: Origin, rows: Rows) -> None:
    for heading in layout.unknown:
        rows.issue(
            origin,
            "unknown_column",
            "a column whose heading is not known was not read",
            locator=layout.cell(layout.header, heading.index),
            value=heading.text,
        )


def _stray_columns(layout: Layout, origin: Origin, rows: Rows) -> tuple[int, ...]:
    """Columns without heading that are empty in most rows: what stands in them belongs elsewhere."""
    stray = []
    body = [row for row in layout.sheet.rows[layout.header + 1 :] if any(cell.strip() for cell in row)]
    for index in layout.unheaded:
        filled = sum(1 for row in body if len(row) > index and row[index].strip())
        if filled * 2 <= len(body):
            stray.append(index)
        else:
            rows.issue(
                origin,
                "unknown_column",
                "a column without heading was not read",
                locator=layout.cell(layout.header, index),
            )
    return tuple(stray)


def _candidates(layout: Layout, stray: tuple[int, ...], origin: Origin, file: str, rows: Rows) -> Iterator[int]:
    """Rows below the header with a URN and as many cells as the header."""
    sheet, width, urn = layout.sheet, len(layout.sheet.rows[layout.header]), layout.columns["urn"]
    uneven = listed = notes = 0
    for index in range(layout.header + 1, len(sheet.rows)):
        row = sheet.rows[index]
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= urn or is_empty(row[urn]):
            first = next(cell.strip() for cell in row if cell.strip())
            notes += 1
            message = "no URN: a note, a total or a broken row"
            _refuse(rows, origin, "row_without_urn", message, sheet.locator(index), first)
            continue
        listed += 1
        if len(row) != width:
            uneven += 1
            message = f"the row has {len(row)} cells where the header has {width}, so its columns are not sure"
            _refuse(rows, origin, "row_width", message, sheet.locator(index), row[urn])
            continue
        if extra := [row[column].strip() for column in stray if row[column].strip()]:
            uneven += 1
            message = "the row goes on beyond the last heading, so its columns are not sure"
            _refuse(rows, origin, "row_width", message, sheet.locator(index), extra[0])
            continue
        yield index
    if notes > max(_FREE_NOTES, listed):
        raise LayoutError(
            f"{notes} rows of sheet '{sheet.name}' have nothing in {layout.place(urn)}, {listed} have",
            where=f"{file}, {layout.place(urn)}",
            next_step="Check that the column holds the reference numbers. Nothing was read.",
        )
    if uneven > max(_FREE_FAILURES, _TOLERANCE * listed) or (uneven == listed and uneven > 1):
        raise LayoutError(
            f"{uneven} of {listed} rows of sheet '{sheet.name}' do not have the columns of its header "
            f"(column A {layout.heading(0)!r} to the last)",
            where=f"{file}, sheet '{sheet.name}', header in row {layout.header + 1}",
            next_step="Get the publication again, or save it as ODS. Nothing was read.",
        )


def _column(layout: Layout, field: str, index: int, candidates: list[int], file: str) -> _Column:
    """The value of each text in a column.

    Raises:
        LayoutError: if too many cells break the column's pattern.
    """
    spec = data("columns.yaml")["fields"][field]
    check = CHECKS[spec["check"]]
    counts = Counter(layout.sheet.rows[row][index].strip() for row in candidates)
    values: dict[str, Value | BadValueError] = {}
    for text in counts:
        try:
            values[text] = None if is_empty(text) or is_redacted(text) else check(text)
        except BadValueError as error:
            values[text] = error
    filled = sum(count for text, count in counts.items() if not is_empty(text))
    bad = {text: count for text, count in counts.items() if isinstance(values[text], BadValueError)}
    failures = sum(bad.values())
    limit = max(_FREE_FAILURES, spec.get("tolerance", _TOLERANCE) * filled)
    if failures > limit or (failures == filled and failures > 1):
        shown = ", ".join(repr(text[:40]) for text in sorted(bad, key=lambda text: (-bad[text], text))[:_SHOWN])
        raise LayoutError(
            f"{failures} of {filled} values in {layout.place(index)} are {values[next(iter(bad))]}: {shown}",
            where=f"{file}, {layout.place(index)}",
            next_step=_ADD_WORD,
        )
    return _Column(field, index, values)


def _report_placeholders(
    layout: Layout, columns: list[_Column], candidates: list[int], origin: Origin, rows: Rows
) -> None:
    for column in columns:
        texts = (layout.sheet.rows[row][column.index].strip() for row in candidates)
        for text, count in sorted(Counter(filter(is_placeholder, texts)).items()):
            rows.issue(
                origin,
                "no_value_mark",
                f"{count} cells of column {layout.heading(column.index)!r} read {text!r}: taken as not given",
                locator=layout.cell(layout.header, column.index),
                value=text,
                severity="information",
            )


def _record(layout: Layout, columns: list[_Column], index: int, origin: Origin, rows: Rows) -> Record | None:
    row, locator = layout.sheet.rows[index], layout.sheet.locator(index)
    values: dict[str, Value] = {}
    bad: list[tuple[_Column, BadValueError]] = []
    for column in columns:
        value = column.values[row[column.index].strip()]
        if isinstance(value, BadValueError):
            bad.append((column, value))
            value = value.kept
        values[column.field] = value
    if values["urn"] is None:
        text = row[layout.columns["urn"]].strip()
        _refuse(rows, origin, "invalid_urn", "the URN is no Ofsted reference number", locator, text)
        return None
    filled = sum(1 for column in columns if not is_empty(row[column.index]))
    if len(bad) >= _MISFIT and len(bad) * 3 >= filled:
        message = f"{len(bad)} of {filled} cells do not fit their columns: the row seems to have shifted"
        _refuse(rows, origin, "row_does_not_fit", message, locator, str(values["urn"]))
        return None
    for column, error in bad:
        ending = "kept as published" if error.kept is not None else "not read"
        message = f"{layout.heading(column.index)!r} holds {error}; {ending}"
        rows.issue(
            origin, error.kind, message, locator=layout.cell(index, column.index), value=row[column.index].strip()
        )
    _report_active_text(layout, index, values, origin, rows)
    return Record(index, locator, values)


def _report_active_text(layout: Layout, index: int, values: Mapping[str, Value], origin: Origin, rows: Rows) -> None:
    """Name texts a spreadsheet program or a browser would act on. They are kept as text."""
    for field in ("name", "owner", "reason"):
        text = values.get(field)
        if isinstance(text, str) and (text.startswith(_ACTIVE_START) or "<" in text):
            message = f"the {field} looks like a formula or markup; kept as plain text"
            rows.issue(origin, "active_text", message, locator=layout.cell(index, layout.columns[field]), value=text)


def is_empty(text: str) -> bool:
    """Whether a cell holds no value: nothing, spaces, or a mark such as NULL."""
    stripped = text.strip()
    return not stripped or is_placeholder(stripped)


def _refuse(rows: Rows, origin: Origin, kind: str, message: str, locator: str, value: str) -> None:
    rows.issue(origin, kind, f"row refused: {message}", locator=locator, value=value, severity="error")
