"""Tables of the reports as tables of a page: the same rows and words, with links instead of ids to copy."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from markupsafe import Markup, escape

from oversight.model.tables import derived
from reports.sheet import NUMERIC, Cell, Column, Kind, Link, Sheet
from reports.style import date_text, number_text, percent_text, pounds_text, value_text
from reports.symbols import (
    CONFIDENTIAL,
    LOW_RELIABILITY,
    NOT_APPLICABLE,
    NOT_ASSESSED,
    NOT_AVAILABLE,
    TO_COMPLETE,
)

_IN_WORDS: Final = {
    NOT_AVAILABLE: "not available",
    NOT_APPLICABLE: "not applicable",
    LOW_RELIABILITY: "not reliable",
    CONFIDENTIAL: "withheld",
    NOT_ASSESSED: "not assessed",
    TO_COMPLETE: "to be completed",
}
"""What a workbook's shorthand says in full: a page has room for it."""

Linker = Callable[[Mapping[str, Cell]], str | None]
"""Address that a row's cell leads to, from the row's cells by column name; None for none."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell as a page shows it.

    Attributes:
        text: what it says.
        href: where it leads; empty for nowhere.
        number: whether it is set to the right.
        quiet: whether it stands for a missing value.
        whole: whether it stays on one line, as a day or a number does.
    """

    text: str
    href: str = ""
    number: bool = False
    quiet: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table as a page shows it: a caption, headers with their alignment, rows of cells."""

    caption: str
    headers: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[Shown, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def body(self) -> Markup:
        """The rows marked up, the first cell of each as its header. A template would take ten times as long."""
        return Markup("\n".join(map(_row, self.rows)))  # noqa: S704 - every text in it is escaped


_LONG: Final = 60
"""Letters from which a cell gets room for a sentence."""


def _row(cells: Sequence[Shown]) -> str:
    made = []
    for place, cell in enumerate(cells):
        kind = "header" if place == 0 else "cell"
        classes = (
            (f" govuk-table__{kind}--numeric" if cell.number else "")
            + (" missing" if cell.quiet else "")
            + (" whole" if cell.whole else "")
            + (" long" if len(cell.text) > _LONG else "")
        )
        text = str(escape(cell.text))
        inside = f'<a class="govuk-link" href="{escape(cell.href)}">{text}</a>' if cell.href else text
        tag = 'th scope="row"' if place == 0 else "td"
        made.append(f'<{tag} class="govuk-table__{kind}{classes}">{inside}</{tag[:2]}>')
    return f'<tr class="govuk-table__row">{"".join(made)}</tr>'


def page_table(
    sheet: Sheet,
    *,
    caption: str = "",
    drop: Collection[str] = (),
    only: Sequence[str] = (),
    links: Mapping[str, Linker] | None = None,
) -> PageTable:
    """A sheet's table for a page.

    Args:
        sheet: the sheet.
        caption: names the table; the sheet's title where not given.
        drop: names of columns left out.
        only: names of the columns shown, in this order; all where not given.
        links: by column name, where its cells lead.
    """
    at = {column.name: place for place, column in enumerate(sheet.table.columns)}
    names = [name for name in (only or at) if name in at and name not in drop]
    columns = [sheet.table.columns[at[name]] for name in names]
    empty = len(sheet.table.rows) == 1 and sheet.table.rows[0][0] == "None"
    rows = () if empty else sheet.table.rows
    shown = []
    for cells in rows:
        named = {name: cells[place] for name, place in at.items()}
        shown.append(
            tuple(_shown(named[column.name], column, (links or {}).get(column.name), named) for column in columns)
        )
    headers = tuple((column.header, column.kind in NUMERIC) for column in columns)
    return PageTable(caption or sheet.title, headers, tuple(shown), sheet.notes)


def _shown(cell: Cell, column: Column, link: Linker | None, row: Mapping[str, Cell]) -> Shown:
    href = (link(row) or "") if link else ""
    if isinstance(cell, Link):
        return Shown(cell.text, cell.target)
    if isinstance(cell, str):
        quiet = cell in _IN_WORDS
        return Shown(_IN_WORDS.get(cell, cell), "" if quiet else href, column.kind in NUMERIC, quiet)
    if isinstance(cell, date):
        return Shown(date_text(cell), href, whole=True)
    return Shown(number_shown(float(cell), column), href, number=True, whole=True)


def number_shown(value: float, column: Column) -> str:
    """A number as its column says."""
    if column.kind is Kind.PERCENT:  # a workbook holds percentages as fractions
        return percent_text(value * 100, column.decimals)
    if column.kind is Kind.MONEY:
        return pounds_text(value)
    return number_text(value, column.decimals)


def plain_table(
    caption: str, headers: Sequence[str], rows: Iterable[Sequence[Shown | str]], *, numbers: Collection[int] = ()
) -> PageTable:
    """A table made for a page.

    Args:
        caption: names it.
        headers: of its columns.
        rows: a cell for each column; text stands for a plain cell.
        numbers: places of the columns that are set to the right.
    """
    shown = tuple(
        tuple(Shown(cell, number=place in numbers) if isinstance(cell, str) else cell for place, cell in enumerate(row))
        for row in rows
    )
    return PageTable(caption, tuple((text, place in numbers) for place, text in enumerate(headers)), shown)


MISSING: Final = {
    derived.NOT_APPLICABLE: _IN_WORDS[NOT_APPLICABLE],
    derived.NOT_FILED: _IN_WORDS[NOT_AVAILABLE],
    derived.NOT_RELIABLE: _IN_WORDS[LOW_RELIABILITY],
}
"""Why a figure has no value, in words."""


def figure(value: float | None, unit: str, status: str = derived.NOT_FILED, href: str = "") -> Shown:
    """A figure with its unit, or why there is none."""
    if value is None:
        return Shown(MISSING.get(status, _IN_WORDS[NOT_AVAILABLE]), href, number=True, quiet=True)
    return Shown(value_text(value, unit), href, number=True)


def day(value: date | None) -> Shown:
    """A day, on one line."""
    return Shown("not known", quiet=True) if value is None else Shown(date_text(value), whole=True)
