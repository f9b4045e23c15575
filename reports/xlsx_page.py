"""A worksheet that takes the rows of a table a column at a time.

xlsxwriter keeps an object for each cell and asks its style anew when it writes it, which takes most of the time of a
large workbook. Here each different cell of a column is made once. What is written is the same to the byte: a test
writes a workbook both ways.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from reports.sheet import Cell, Link

PLACE: Final = "<row/>"
"""Stands in the sheet's part where its rows belong, until `Page.rows` are put there: they are compressed once."""

_POINTS_A_PIXEL: Final = 0.75

Style = Callable[[Cell], Any]
"""The format of a cell, which has its index."""

Styled = tuple[Sequence[Cell], Style]
"""The cells of a column, and how they look."""


class Page(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A worksheet with a head written cell by cell, then one table.

    Attributes:
        rows: the table's rows as XML.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows = b""
        self._last_of_head = self._last = -1

    def write_columns(self, first: int, columns: Sequence[Styled], heights: Sequence[int]) -> None:
        """Write the table's rows.

        Args:
            first: the first row, from 0.
            columns: the cells of each column, and how they look. Links have been written by `write_url` before.
            heights: of each row in points.
        """
        self._last_of_head, self._last = first - 1, first + len(heights) - 1
        self._check_dimensions(self._last, len(columns) - 1)
        numbers = range(first + 1, first + 1 + len(heights))
        made = [
            self._column(xl_col_to_name(place), numbers, cells, style) for place, (cells, style) in enumerate(columns)
        ]
        starts = [f'" spans="1:{len(columns)}" ht="{_height(points):.16g}">' for points in heights]
        rows = zip(numbers, starts, zip(*made, strict=True), strict=True)
        self.rows = "".join(f'<row r="{number}{start}{"".join(cells)}</row>' for number, start, cells in rows).encode()

    def add_tall_table(self, first: int, last: int, width: int, options: dict[str, Any]) -> None:
        """`add_table` without its note of each cell of the table, which serves to find tables that overlap."""
        self.add_table(first, 0, first + 1, width - 1, options)
        self.tables[-1] |= dict.fromkeys(("range", "a_range"), xl_range(first, 0, last, width - 1))

    def _column(self, letters: str, numbers: range, cells: Sequence[Cell], style: Style) -> list[str]:
        """A column's cells as XML, from the row's number on."""
        counts = Counter(cells)
        ends = {cell: self._end(cell, style(cell), count) for cell, count in counts.items()}
        return [f'<c r="{letters}{number}{ends[cell]}' for number, cell in zip(numbers, cells, strict=True)]

    def _end(self, cell: Cell, style: Any, count: int) -> str:
        """What follows a cell's place: its style and its value."""
        styled = f'" s="{style.xf_index}"'
        if isinstance(cell, float | int):
            return f"{styled}><v>{cell:.16G}</v></c>"
        if isinstance(cell, date):
            return f"{styled}><v>{self._convert_date_time(cell):.16G}</v></c>"
        if isinstance(cell, Link):
            index = self.str_table.string_table[cell.text]  # each was counted when it was written
        else:
            index = self.str_table._get_shared_string_index(cell)  # noqa: SLF001 - the public ways make an object a cell
            self.str_table.count += count - 1
        return f'{styled} t="s"><v>{index}</v></c>'

    def _write_rows(self) -> None:
        """The rows of the head, and the place of the others."""
        last, self.dim_rowmax = self._last, self._last_of_head
        super()._write_rows()
        self.dim_rowmax = last
        self.fh.write(PLACE)


def _height(points: float) -> float:
    """A row's height as it is kept, in whole pixels."""
    return int(points / _POINTS_A_PIXEL + 0.5) * _POINTS_A_PIXEL
