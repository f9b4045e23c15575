"""Rows written a column at a time are what xlsxwriter writes cell by cell, to the byte."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsxwriter.worksheet import Worksheet

from reports.sheet import Cell, Column, Kind, Link, Sheet, Table, Workbook
from reports.workbook import build
from reports.xlsx import xlsx_bytes
from reports.xlsx_page import PLACE, Styled
from tests.reports.invented_view import view


class CellByCell(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """The same page by xlsxwriter's public ways."""

    rows = PLACE.encode()

    def write_columns(self, first: int, columns: Sequence[Styled], heights: Sequence[int]) -> None:
        for row, points in enumerate(heights, start=first):
            self.set_row(row, points)
        for index, (cells, style) in enumerate(columns):
            for row, cell in enumerate(cells, start=first):
                self._put(row, index, cell, style(cell))

    def _put(self, row: int, index: int, cell: Cell, style: Any) -> None:
        if isinstance(cell, float):
            self.write_number(row, index, cell, style)
        elif isinstance(cell, date):
            self.write_datetime(row, index, cell, style)
        elif isinstance(cell, str):
            self.write_string(row, index, cell, style)

    def add_tall_table(self, first: int, last: int, width: int, options: dict[str, Any]) -> None:
        self.add_table(first, 0, last, width - 1, options)


def both(book: Workbook, monkeypatch: pytest.MonkeyPatch) -> tuple[bytes, bytes]:
    ours = xlsx_bytes(book)
    with monkeypatch.context() as patch:
        patch.setattr("reports.xlsx.Page", CellByCell)
        return ours, xlsx_bytes(book)


def test_the_workbook_of_a_run_is_the_same_cell_by_cell(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, theirs = both(build(view()), monkeypatch)
    assert ours == theirs


COLUMNS = (
    Column("a", "A"),
    Column("b", "B", Kind.MONEY, decimals=2),
    Column("c", "C", Kind.DATE),
    Column("d", "D", Kind.LINK),
    Column("e", "E", Kind.PERCENT, width=3, decimals=1),
)
WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=60)
FIGURES = st.floats(-1e15, 1e15, allow_nan=False).map(lambda figure: figure + 0.0)
SHORT = st.sampled_from(["[x]", "[z]", "=1+1", "-", "<b>&amp;", "_x000D_"])
DAYS = st.dates(date(1900, 3, 1), date(2100, 12, 31))
LINKS = st.integers(0, 9).map(lambda number: Link(f"https://example.test/{number}", f"https://example.test/{number}"))
ROWS = st.tuples(SHORT | WORDS, FIGURES | SHORT, DAYS | SHORT, LINKS, FIGURES | SHORT)


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, min_size=1, max_size=40), st.integers(0, 20))
def test_any_rows_below_any_head_are_the_same_cell_by_cell(rows: list[tuple[Cell, ...]], notes: int) -> None:
    table = Table("Sheet", COLUMNS, tuple(rows))
    sheet = Sheet("Sheet", "Title", "About", ("Note",) * notes, table)
    book = Workbook("Title", "OFFICIAL", "Run", "Analyst", datetime(2026, 1, 1, tzinfo=UTC), (sheet,))
    with pytest.MonkeyPatch.context() as patch:
        ours, theirs = both(book, patch)
    assert ours == theirs
