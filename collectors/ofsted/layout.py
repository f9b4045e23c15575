"""The header of a table: where it stands, and which column is which field."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache
from typing import Final, NoReturn

from collectors.ofsted.dates import day_described
from collectors.ofsted.words import data
from collectors.sheets import Sheet
from oversight.errors import LayoutError
from oversight.model.spelling import key

SEARCHED: Final = 20
"""Rows from the top in which a header is looked for."""
_LEAST_KNOWN: Final = 2
_SHOWN: Final = 8
_NOTE: Final = re.compile(r"[(\[]\s*notes?\s*[\d, and]*[)\]]", re.IGNORECASE)
_WHEN: Final = re.compile(r"\(?\b(?:as )?at\s+(@?\w[\w ]*?\d{4}|@startdate|@enddate)\)?\s*$", re.IGNORECASE)
_START: Final = date.min
_END: Final = date.max
_IGNORED: Final = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """One cell of a header.

    Attributes:
        index: column, from 0.
        text: as printed, on one line.
        field: the field it stands for, '' for a column knowingly not read, None for an unknown one.
        when: the day in `(as at 31 March 2025)`; the first or last day there is for Ofsted's unfilled
            `@startdate` and `@enddate`.
    """

    index: int
    text: str
    field: str | None
    when: date | None

    @property
    def known(self) -> bool:
        """Whether it stands for a field or is knowingly not read."""
        return self.field is not None


@dataclass(frozen=True, slots=True)
class Layout:
    """A header found in a sheet.

    Attributes:
        sheet: the sheet.
        header: index of the header's row, from 0.
        columns: field to column.
        unknown: headings that stand for nothing known.
        unheaded: columns without a heading.
        banner: texts above the header, top to bottom.
        days: days named in headings.
        clashes: pairs of columns that claim the same field.
    """

    sheet: Sheet
    header: int
    columns: Mapping[str, int]
    unknown: tuple[Heading, ...]
    unheaded: tuple[int, ...]
    banner: tuple[str, ...]
    days: tuple[date, ...]
    clashes: tuple[tuple[Heading, Heading], ...]

    def heading(self, index: int) -> str:
        """What the header says of a column, on one line."""
        return _one_line(self.sheet.rows[self.header][index])

    def cell(self, row: int, column: int) -> str:
        """Where one cell stands: `sheet 'NAME' row N column C`."""
        return f"{self.sheet.locator(row)} column {letters(column)}"

    def place(self, index: int) -> str:
        """A column for messages: `sheet 'X', column C ('Sector')`."""
        return f"sheet '{self.sheet.name}', column {letters(index)} ({self.heading(index)!r})"


def find_layout(sheet: Sheet) -> Layout | None:
    """The header of a sheet: of its first rows, the one with most known headings. None where no row has two."""
    best: list[Heading] = []
    header = -1
    for index, row in enumerate(sheet.rows[:SEARCHED]):
        headings = [read_heading(column, cell) for column, cell in enumerate(row) if cell.strip()]
        if sum(heading.known for heading in headings) > sum(heading.known for heading in best):
            best, header = headings, index
    if sum(heading.known for heading in best) < _LEAST_KNOWN:
        return None
    headed = {heading.index for heading in best}
    columns, clashes = _claims(best)
    return Layout(
        sheet=sheet,
        header=header,
        columns=columns,
        unknown=tuple(heading for heading in best if not heading.known),
        unheaded=tuple(index for index in range(len(sheet.rows[header])) if index not in headed),
        banner=tuple(_one_line(cell) for row in sheet.rows[:header] for cell in row if cell.strip()),
        days=tuple(heading.when for heading in best if heading.when and heading.when not in {_START, _END}),
        clashes=clashes,
    )


def read_heading(index: int, text: str) -> Heading:
    """What one cell of a header stands for."""
    line = _one_line(text)
    bare = _NOTE.sub("", line).strip()
    when: date | None = None
    if match := _WHEN.search(bare):
        bare = bare[: match.start()].strip()
        named = match[1].lower()
        when = {"@startdate": _START, "@enddate": _END}.get(named) or day_described([named])
    return Heading(index, line, _field(key(bare)), when)


def field_title(field: str) -> str:
    """The commonest heading of a field, for messages."""
    return str(data("columns.yaml")["fields"][field]["names"][0])


def letters(index: int) -> str:
    """A column's letters in a spreadsheet program: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def refuse_clashes(layout: Layout, file: str) -> None:
    """Stop if two columns claim the same field.

    Raises:
        LayoutError: naming the two.
    """
    for one, other in layout.clashes:
        raise LayoutError(
            f"columns {letters(one.index)} ({one.text!r}) and {letters(other.index)} ({other.text!r}) "
            f"of sheet '{layout.sheet.name}' both claim to be {field_title(str(one.field))!r}",
            where=f"{file}, sheet '{layout.sheet.name}'",
            next_step="Delete the column that is not wanted, or rename it. Nothing was read.",
        )


def missing(layout: Layout, fields: Sequence[str], file: str) -> NoReturn:
    """Stop because required columns are not there, naming the unknown headings that may be they."""
    titles = ", ".join(repr(field_title(field)) for field in fields)
    unknown = [heading.text for heading in layout.unknown]
    message = f"{'column' if len(fields) == 1 else 'columns'} {titles} missing from sheet '{layout.sheet.name}'"
    if unknown:
        message += f"; not recognised there: {', '.join(repr(text) for text in unknown[:_SHOWN])}"
        if near := get_close_matches(field_title(fields[0]), unknown, n=1):
            message += f"; nearest: {near[0]!r}"
    raise LayoutError(
        message,
        where=f"{file}, sheet '{layout.sheet.name}', header in row {layout.header + 1}",
        next_step="If a column has a new name, add the name to collectors/ofsted/data/columns.yaml. Nothing was read.",
    )


def _claims(headings: Sequence[Heading]) -> tuple[dict[str, int], tuple[tuple[Heading, Heading], ...]]:
    """Field to column, and clashes. Of one heading at two dates (as at 1 April, as at 31 March) the later counts."""
    claimed: dict[str, Heading] = {}
    clashes = []
    for heading in headings:
        if not heading.field:
            continue
        other = claimed.get(heading.field)
        if other is not None and (other.when is None or heading.when is None or other.when == heading.when):
            clashes.append((other, heading))
        elif other is None or (other.when or _START) < (heading.when or _START):
            claimed[heading.field] = heading
    return {field: heading.index for field, heading in claimed.items()}, tuple(clashes)


def _field(bare: str) -> str | None:
    names = _names()
    for candidate in (bare, *_without_leading(bare)):
        if candidate in names:
            return names[candidate]
    return None


def _without_leading(bare: str) -> list[str]:
    found = []
    for leading in data("columns.yaml")["leading"]:
        if match := re.match(leading, bare):
            rest = bare[match.end() :]
            found += [rest, f"inspection {rest}"]
    return found


@cache
def _names() -> Mapping[str, str]:
    """Each known heading, by `key`, with its field; '' for those knowingly not read."""
    columns = data("columns.yaml")
    names = {key(heading): _IGNORED for heading in columns["ignored"]}
    for field, spec in columns["fields"].items():
        names |= {key(_NOTE.sub("", heading)): field for heading in spec["names"]}
    return names


def _one_line(text: str) -> str:
    return " ".join(text.split())
