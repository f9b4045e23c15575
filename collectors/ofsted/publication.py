"""A publication of Ofsted: what it is, and its rows.

`identify` says which source a file belongs to and which day it describes; `READERS` gives its rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Final

from collectors.ofsted.cells import Record, read_records
from collectors.ofsted.dates import cell_date, day_described, iso_day, year_end, year_named
from collectors.ofsted.rows import add_homes, add_inspections, add_movements, add_premises
from collectors.ofsted.tables import Found, Table, find_tables, require_since
from collectors.ofsted.words import data
from collectors.reading import Origin, Reader, Rows
from collectors.sheets import CSV_TYPE, GZIP_TYPE, Book, open_book, stem
from oversight.errors import InputError
from oversight.model.spelling import key

WORKBOOK: Final = "ofsted.workbook"
_VERSION: Final = 2
_SINGLE: Final = frozenset({CSV_TYPE, GZIP_TYPE})
_TITLE_LENGTH: Final = 150
_MOVEMENT_DAYS: Final = ("registered_on", "resigned_on", "closed_on", "cancelled_on")
_LATE_SHARE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Publication:
    """What a file is.

    Attributes:
        source: name of the source, a key of `READERS`.
        subject: the day it describes, as 2025-03-31.
        as_at: the same day; for inspections and movements the end of the period.
        published_on: day it became public; None where the file does not say.
        media_type: of the bytes.
        title: the kinds of table in it, in words.
    """

    source: str
    subject: str
    as_at: date
    published_on: date | None
    media_type: str
    title: str


def identify(content: bytes, filename: str, as_at: date | None = None) -> Publication:
    """What a file is: which source, which day it describes, when it was published.

    Args:
        content: CSV, gzip of a CSV, ODS or XLSX, as Ofsted published it.
        filename: name or URL; its date counts where the file's own text has none.
        as_at: the day it describes, where the caller knows it.

    Raises:
        LayoutError: if the file is no list of providers or its columns are not sure; names column and sheet.
        HostileInputError: for a bomb or an XML entity.
        InputError: if it cannot be opened, or if nothing says which day it describes.
    """
    book = open_book(content, filename)
    found = find_tables(book)
    day = as_at or _day_described(book, found)
    if day is None:
        raise InputError(
            "nothing in the file or its name says which day it describes",
            where=book.name,
            next_step="Give the day with --as-at YYYY-MM-DD (and --published YYYY-MM-DD for the day it came out).",
        )
    for table in found.tables:
        require_since(table, day, book.name)
    return Publication(
        source=_source(found),
        subject=day.isoformat(),
        as_at=day,
        published_on=_published_on(book),
        media_type=book.media_type,
        title=", ".join(dict.fromkeys(table.title for table in found.tables)),
    )


def read(content: bytes, origin: Origin) -> Rows:
    """The rows of a publication: `home`, `inspection`, `movement`, `premises` and `issue`.

    Args:
        content: the file.
        origin: `url` is the file name or URL, `subject` the day it describes.

    Raises:
        LayoutError: as `identify`, and for shifted columns.
        HostileInputError: for a bomb or an XML entity.
        InputError: if it cannot be opened.
    """
    book = open_book(content, origin.url)
    found = find_tables(book)
    as_at = iso_day(origin.subject) or identify(content, origin.url).as_at
    rows = Rows()
    _report_file(book, found, as_at, origin, rows)
    homes: list[tuple[Table, list[Record]]] = []
    for table in found.tables:
        require_since(table, as_at, book.name)
        records = read_records(table, origin, book.name, rows)
        if table.lists_homes:
            homes.append((table, records))
        elif table.kind == "in_year":
            add_inspections(records, origin, rows)
        elif table.kind == "premises":
            add_premises(records, as_at, origin, rows)
        else:
            add_movements(table, records, as_at, origin, rows)
    add_homes(homes, as_at, origin, book.name, rows)
    return rows


def bundled() -> tuple[bytes, str, date]:
    """The publication that comes with the product: its bytes, its file name, the day it was published."""
    facts = data("bundled.yaml")
    name = str(facts["file"])
    content = resources.files("collectors.ofsted").joinpath("data", name).read_bytes()
    return content, name, facts["published_on"]


def _source(found: Found) -> str:
    sources = {table.source for table in found.tables}
    return sources.pop() if len(sources) == 1 and len(found.tables) == 1 else WORKBOOK


def _report_file(book: Book, found: Found, as_at: date, origin: Origin, rows: Rows) -> None:
    for oddity in book.oddities:
        rows.issue(origin, "odd_file", f"{oddity}; it was not unpacked", value=oddity)
    for name, reason in found.skipped.items():
        where, message = f"sheet '{name}'", f"not read: {reason}"
        rows.issue(origin, "sheet_skipped", message, locator=where, value=name, severity="information")
    for table in found.tables:
        stated = _stated_day(book, table)
        if stated is not None and stated != as_at:
            message = f"the sheet says it describes {stated}, it was read as describing {as_at}"
            where = f"sheet '{table.layout.sheet.name}'"
            rows.issue(origin, "as_at_differs", message, locator=where, value=str(stated))


def _day_described(book: Book, found: Found) -> date | None:
    """The day of the first table of the weightiest kind that states one; else what the movements themselves show."""
    ranked = sorted(found.tables, key=lambda table: not table.lists_homes)
    for table in ranked:
        if (day := _stated_day(book, table)) is not None:
            return day
    if all(table.kind in {"movements", "closures"} for table in ranked):
        return _end_of_movements(book, found)
    return None


def _stated_day(book: Book, table: Table) -> date | None:
    """The day a table states: in a title, in its headings, in the sheet's name, in the file's name."""
    layout = table.layout
    titles = [text for text in layout.banner if len(text) < _TITLE_LENGTH]
    days = [max(layout.days).isoformat()] if layout.days else []
    return day_described([*titles, *days, layout.sheet.name, stem(book.name)])


def _end_of_movements(book: Book, found: Found) -> date | None:
    """The end of the period a list of movements covers, when no text says it.

    A year in the file name is taken for Ofsted's year to 31 March if the movements bear it out; otherwise the list
    covers the time to its last dated movement.
    """
    days = sorted(day for table in found.tables for day in _movement_days(table))
    if not days:
        return None
    year = year_named(stem(book.name))
    if year is not None:
        end = year_end(year)
        late = sum(1 for day in days if day > end)
        return end if late <= _LATE_SHARE * len(days) and days[-1] > year_end(year - 1) else None
    return days[-1]


def _movement_days(table: Table) -> list[date]:
    columns = [table.layout.columns[field] for field in _MOVEMENT_DAYS if field in table.layout.columns]
    rows = table.layout.sheet.rows[table.layout.header + 1 :]
    cells = (row[column].strip() for row in rows for column in columns if column < len(row))
    return [day for cell in cells if (day := cell_date(cell)) is not None]


def _published_on(book: Book) -> date | None:
    """The day beside `Published on:` on a workbook's cover."""
    if book.media_type in _SINGLE:
        return None
    for name in book.names:
        if not key(name).startswith("cover"):
            continue
        for row in book.sheet(name).rows:
            if row and key(row[0]).startswith("published on"):
                return next((day for cell in row if (day := cell_date(cell.strip())) is not None), None)
    return None


READERS: Final[Mapping[str, Reader]] = {
    source: Reader(source, _VERSION, read)
    for source in (
        "ofsted.provider_level",
        "ofsted.providers_and_places",
        "ofsted.management_information",
        "ofsted.in_year",
        "ofsted.movements",
        "ofsted.closures",
        "ofsted.premises",
        WORKBOOK,
    )
}
