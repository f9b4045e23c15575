"""The model of a workbook: sheets of one table each, the same for ODS and XLSX."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

import polars as pl

from reports.style import clean, rounded
from reports.symbols import BY_STATUS, CUT, NOT_APPLICABLE, NOT_AVAILABLE

LONGEST_TEXT: Final = 4_000
MOST_ROWS: Final = 100_000
ONE_PAGE: Final = 190
CHARACTERS_ACROSS: Final = 150
MOST_LINES: Final = 25
_BOLD: Final = 0.85
_WEB_ADDRESS = re.compile(r"https?://[^\s\"<>]{1,2000}", re.IGNORECASE)


class Kind(StrEnum):
    """What a column holds, hence its cell type and number format."""

    TEXT = "text"
    LINK = "link"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"


NUMERIC: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.MONEY, Kind.PERCENT})


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to a web address, or to another sheet where the target starts with `#`."""

    text: str
    target: str


Cell = str | float | date | Link
"""A percentage is held as a fraction (0.123 for 12.3%), as spreadsheets hold it."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: column of the frame it is filled from.
        header: what the reader sees, with the unit.
        width: in characters.
        decimals: places shown and kept; of the percentage, for a percentage.
        missing: shorthand for a missing value.
        status: column of the frame that says why a value is missing; goes before `missing`.
    """

    name: str
    header: str
    kind: Kind = Kind.TEXT
    width: float = 14
    decimals: int = 0
    missing: str = NOT_AVAILABLE
    status: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A named table: rows have one cell for each column, and none is empty."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its title in A1, notes below it, then one table.

    Attributes:
        about: one line for the contents sheet.
        repeat: columns repeated on each printed page, for tables wider than a page.
        editable: whether people write in the table, so that its rows should grow with what they write.
    """

    name: str
    title: str
    about: str
    notes: tuple[str, ...]
    table: Table
    repeat: int = 0
    editable: bool = False

    @property
    def pages_wide(self) -> int:
        """How many landscape A4 pages the table is printed across: one where that stays readable."""
        widths = [column.width for column in self.table.columns]
        if sum(widths) <= ONE_PAGE:
            return 1
        kept = sum(widths[: self.repeat])
        return max(1, math.ceil((sum(widths) - kept) / (CHARACTERS_ACROSS - kept)))


@dataclass(frozen=True, slots=True)
class Workbook:
    """Sheets with one title and one banner (marking and label) at the head and foot of every page."""

    title: str
    banner: str
    subject: str
    author: str
    created: datetime
    sheets: tuple[Sheet, ...]


def sheet_of(
    name: str,
    title: str,
    about: str,
    frame: pl.DataFrame,
    columns: tuple[Column, ...],
    *,
    notes: tuple[str, ...] = (),
    repeat: int = 2,
    editable: bool = False,
) -> Sheet:
    """A sheet of a frame's rows, in the frame's order. Rows beyond `MOST_ROWS` are left out and a note says so."""
    said = list(notes)
    if frame.height > MOST_ROWS:
        said.append(
            f"Shows the first {MOST_ROWS:,} of {frame.height:,} rows. All are in the run folder's Parquet tables."
        )
    rows = rows_of(frame.head(MOST_ROWS), columns)
    if not rows:
        said.append("This run has no rows for this table.")
        rows = (("None", *(NOT_APPLICABLE for _ in columns[1:])),)
    table = Table(name=table_name(name), columns=columns, rows=rows)
    return Sheet(name=name, title=title, about=about, notes=tuple(said), table=table, repeat=repeat, editable=editable)


_SHORT: Final = 2


def columns_of(table: Table) -> list[tuple[Cell, ...]]:
    """The cells of each column. Cells of a column repeat, so a writer need not make each of them anew."""
    return list(zip(*table.rows, strict=True))


def lines_of(table: Table) -> list[int]:
    """How many lines of text the tallest cell of each row takes, by an estimate that errs upwards."""
    tallest = [1] * len(table.rows)
    for column, cells in zip(table.columns, columns_of(table), strict=True):
        lines = {cell: _lines(cell, column.width) for cell in set(cells)}
        if max(lines.values(), default=1) > 1:
            tallest = list(map(max, tallest, map(lines.__getitem__, cells)))
    return [min(MOST_LINES, count + (count > _SHORT)) for count in tallest]  # some fonts break words earlier


def header_lines_of(columns: Sequence[Column]) -> int:
    """How many lines the header row takes: its letters are bold, hence wider."""
    return max(_lines(column.header, column.width * _BOLD) for column in columns)


def _lines(cell: Cell, width: float) -> int:
    """Lines of one cell: words are set one after the other, and one longer than the cell is broken."""
    text = cell.text if isinstance(cell, Link) else cell
    if not isinstance(text, str) or len(text) <= width:
        return 1
    lines, room = 1, width
    for word in text.split():
        if len(word) > room and room < width:
            lines, room = lines + 1, width
        extra = max(0, math.ceil(len(word) / width) - 1)
        lines, room = lines + extra, room + extra * width - len(word) - 1
    return lines


def table_name(sheet_name: str) -> str:
    """A name that spreadsheets accept for a table: `Likelihood by impact` becomes `Likelihood_by_impact`."""
    return re.sub(r"\W+", "_", sheet_name)


def rows_of(frame: pl.DataFrame, columns: tuple[Column, ...]) -> tuple[tuple[Cell, ...], ...]:
    """A frame's rows as cells, one for each column.

    Each different value of a column becomes a cell once, however often it stands there.

    Raises:
        polars.exceptions.ColumnNotFoundError: for a column the frame does not have.
    """
    return tuple(zip(*(_cells(frame, column) for column in columns), strict=True))


def _cells(frame: pl.DataFrame, column: Column) -> list[Cell]:
    values = frame.get_column(column.name).to_list()
    write = _writer(column)
    made = {value: None if _absent(value) else write(value) for value in set(values)}
    cells = map(made.__getitem__, values)
    return [instead if cell is None else cell for cell, instead in zip(cells, _missing(frame, column), strict=True)]


def _missing(frame: pl.DataFrame, column: Column) -> list[str]:
    if not column.status or column.status not in frame.columns:
        return [column.missing] * frame.height
    statuses = frame.get_column(column.status).to_list()
    return [BY_STATUS.get(status, column.missing) for status in statuses]


def _absent(value: object) -> bool:
    """Whether a value is missing: null, blank text, or a number that is none."""
    if isinstance(value, str):
        return not clean(value)
    return value is None or (isinstance(value, float) and not math.isfinite(value))


def _writer(column: Column) -> Callable[[object], Cell]:
    writers: dict[Kind, Callable[[object], Cell]] = {
        Kind.TEXT: text_cell,
        Kind.LINK: link_cell,
        Kind.INTEGER: lambda value: rounded(float(str(value)), 0),
        Kind.DECIMAL: lambda value: rounded(float(str(value)), column.decimals),
        Kind.MONEY: lambda value: rounded(float(str(value)), column.decimals),
        Kind.PERCENT: lambda value: rounded(float(str(value)) / 100, column.decimals + 2),
        Kind.DATE: _date_cell,
    }
    return writers[column.kind]


def text_cell(value: object) -> str:
    """Text for one cell: clean, and cut where it is longer than anybody reads."""
    text = clean(str(value))
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - len(CUT) - 1]} {CUT}"


def link_cell(value: object) -> Cell:
    """A link where the value is a web address, else plain text. No other scheme ever becomes a link."""
    text = text_cell(value)
    return Link(text, text) if _WEB_ADDRESS.fullmatch(text) else text


def _date_cell(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else text_cell(value)
