"""The rendered page as rows of cells, whatever the layout it was written in.

Filing software writes a statement as one table, as a table for every row, as tables inside layout tables, as blocks
placed by coordinates, or as floats and inline blocks with a width. All come out alike: rows in reading order, each
with its cells, and for a cell where it stands across the page and in the document.
"""

import html
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from collectors.accounts.cells import Cell, Row, element_name, one_line, split
from collectors.accounts.styles import Length, Styles, length
from collectors.accounts.texts import BLOCKS, UNSEEN, UNSEEN_TAGS

MOST_ROWS = 20_000
MOST_ELEMENTS = 250_000
"""Elements looked at: five times those of the longest set of accounts met."""
_MOST_COLUMNS = 400
MOST_CELLS_A_ROW = 200
_LONGEST_CELL = 4_000
_WIDEST_SPAN = 100
_TALLEST_SPAN = 2_000
_LETTER = 4.6
"""Points across of a letter whose block gives no width."""
_SAME_LINE = 4.5
"""Points by which tops on one line may differ: software puts a rule above a total by moving it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a document, in reading order; `cut` where it is too long to be read to its end."""

    rows: list[Row]
    cut: bool


def sheet(root: etree._Element) -> Sheet:
    """The rows of a document as a reader sees them; at most `MOST_ROWS` from at most `MOST_ELEMENTS` elements."""
    walker = _Walker(Styles(root))
    walker.block(root)
    walker.flush()
    return Sheet(walker.rows, walker.full)


class _Walker:
    """Goes through a document once and gathers rows."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.rows: list[Row] = []
        self.loose: list[tuple[str, etree._Element]] = []
        self.left = MOST_ELEMENTS

    @property
    def full(self) -> bool:
        """True where no more is read, so that no document takes long."""
        return self.left <= 0 or len(self.rows) >= MOST_ROWS

    def add(self, row: Row) -> None:
        if len(self.rows) < MOST_ROWS and row.cells:
            row.cells = row.cells[:MOST_CELLS_A_ROW]
            self.rows.append(row)

    def flush(self) -> None:
        """Make rows of the text that stands outside tables and blocks with a place."""
        if self.loose:
            holder = self.loose[0][1]
            text = "".join(piece for piece, _ in self.loose)
            self.loose = []
            for line in text.split("\n"):
                if clean := one_line(line):
                    self.add(Row([Cell(clean, 0.0, 1.0, holder, (clean,))], "none"))

    def block(self, element: etree._Element) -> None:
        """Text and children of an element that is no table."""
        properties = self.styles.of(element)
        pre = properties.get("white-space", "").startswith("pre")
        placed: list[tuple[float, float, etree._Element]] = []
        beside: list[etree._Element] = []
        self._text(element.text, element, pre=pre)
        for child in element:
            if child.tag is etree.Entity:
                self._text(html.unescape(child.text or ""), element, pre=pre)
            elif isinstance(child.tag, str):
                if (spot := self._spot(child)) is not None:
                    placed.append((*spot, child))
                elif self._is_beside(child):
                    beside.append(child)
                else:
                    self._beside(beside)
                    self.child(child)
            if (child.tail or "").strip():
                self._beside(beside)
                self._text(child.tail, element, pre=pre)
        self._beside(beside)
        if placed:
            self.flush()
            self._placed(placed)

    def _text(self, text: str | None, holder: etree._Element, *, pre: bool) -> None:
        if text:
            self.loose.append((text if pre else text.replace("\n", " "), holder))

    def child(self, child: etree._Element) -> None:
        """An element in the flow of its parent."""
        name = element_name(child)
        if self._unseen(child, name):
            return
        display = self.styles.of(child).get("display", "")
        if name == "br":
            self.loose.append(("\n", child))
        elif name == "table" or display == "table":
            self.flush()
            self.table(child)
        elif display.startswith("inline") or (name not in BLOCKS and display not in {"block", "table-row"}):
            self.block(child)
        else:
            self.flush()
            self.block(child)
            self.flush()

    def _unseen(self, element: etree._Element, name: str) -> bool:
        self.left -= 1
        if self.full or name in UNSEEN or element.tag in UNSEEN_TAGS:
            return True
        properties = self.styles.of(element)
        return properties.get("display") == "none" or properties.get("visibility") == "hidden"

    # Blocks with coordinates

    def _spot(self, element: etree._Element) -> tuple[float, float] | None:
        """Top and left, in points, of an element placed by coordinates."""
        properties = self.styles.of(element)
        if "left" not in properties or properties.get("position") in {"relative", "static"}:
            return None
        left = length(properties.get("left"))
        top, bottom = length(properties.get("top")), length(properties.get("bottom"))
        down = top or (Length(-bottom.value, bottom.share) if bottom else None)
        if left is None or left.share:
            return None
        if down is None:
            return (0.0, left.value) if properties.get("position") == "absolute" else None
        return (down.value, left.value) if not down.share else None

    def _placed(self, blocks: list[tuple[float, float, etree._Element]]) -> None:
        pieces: list[tuple[float, Cell]] = []
        for top, left, element in blocks:
            self._pieces(element, top, left, pieces)
        pieces.sort(key=lambda piece: (piece[0], piece[1].left))
        line: list[Cell] = []
        height = 0.0
        for top, cell in pieces:
            if line and top - height > _SAME_LINE:
                self.add(Row(sorted(line, key=lambda each: each.left), "points"))
                line = []
            if not line:
                height = top
            line.append(cell)
        if line:
            self.add(Row(sorted(line, key=lambda each: each.left), "points"))

    def _pieces(self, element: etree._Element, top: float, left: float, pieces: list[tuple[float, Cell]]) -> None:
        """The placed blocks inside a placed block, or the block itself where there is none; a table is read as one."""
        if self._unseen(element, element_name(element)) or len(pieces) >= MOST_ROWS:
            return
        inside = [(spot, child) for child in element.iterchildren(etree.Element) if (spot := self._spot(child))]
        if inside:
            own = one_line(element.text or "")
            if own:
                pieces.append((top, Cell(own, left, left + len(own) * _LETTER, element, (own,))))
            for (down, across), child in inside:
                self._pieces(child, top + down, left + across, pieces)
            return
        if _holds_columns(element):
            self.block(element)
            self.flush()
            return
        lines = self._lines(element)
        if text := " ".join(lines):
            width = length(self.styles.of(element).get("width"))
            across = width.value if width and not width.share else len(text) * _LETTER
            pieces.append((top, Cell(text, left, left + across, element, tuple(lines))))

    # Blocks side by side

    def _is_beside(self, element: etree._Element) -> bool:
        properties = self.styles.of(element)
        side = properties.get("float") in {"left", "right"} or properties.get("display") in {
            "inline-block",
            "table-cell",
        }
        return side and "width" in properties and not _holds_table(element) and not self._unseen(element, "")

    def _beside(self, blocks: list[etree._Element]) -> None:
        """Blocks that follow each other on a line, each with its width; a line is full at the width of the page."""
        if not blocks:
            return
        if len(blocks) == 1:
            (only,) = blocks
            blocks.clear()
            self.block(only)
            return
        self.flush()
        cells: list[Cell] = []
        across = 0.0
        measure = "share"
        for block in blocks:
            width = length(self.styles.of(block).get("width"))
            measure = "share" if width and width.share else "points"
            wide = width.value if width else 0.0
            if measure == "share" and across + wide > 1.02:  # noqa: PLR2004  rounding of percentages
                self.add(Row(cells, measure))
                cells, across = [], 0.0
            lines = self._lines(block)
            if lines:
                cells.append(Cell(" ".join(lines), across, across + wide, block, tuple(lines)))
            across += wide
        self.add(Row(cells, measure))
        blocks.clear()

    # Tables

    def table(self, table: etree._Element) -> None:
        """A table: its rows, or what its cells hold where it only arranges the page."""
        held = list(self._table_rows(table))
        widths = self._column_widths(table)
        taken: dict[int, int] = {}
        read: list[tuple[list[tuple[int, int, etree._Element]], int]] = []
        for row in held:
            if row is not None:
                cells, count = self._grid(row, taken)
                read.append((cells, count))
        columns = max((count for _, count in read), default=0)
        if not widths:
            widths = self._widths_by_cells([cells for cells, _ in read], columns)
        for cells, _ in read:
            self._table_row(cells, columns, widths)

    def _table_rows(self, table: etree._Element) -> Iterator[etree._Element]:
        for child in table.iterchildren(etree.Element):
            name, display = element_name(child), self.styles.of(child).get("display", "")
            if self._unseen(child, name):
                continue
            if name == "tr" or display == "table-row":
                yield child
            elif name in {"tbody", "thead", "tfoot"} or display.endswith("-group"):
                yield from self._table_rows(child)
            elif name == "caption":
                self.block(child)
                self.flush()

    def _grid(self, row: etree._Element, taken: dict[int, int]) -> tuple[list[tuple[int, int, etree._Element]], int]:
        """Cells of a row with their first column and how many they span."""
        cells: list[tuple[int, int, etree._Element]] = []
        column = 0
        for cell in row.iterchildren(etree.Element):
            if element_name(cell) not in {"td", "th"} and self.styles.of(cell).get("display") != "table-cell":
                continue
            while taken.get(column, 0) > 0:
                taken[column] -= 1
                column += 1
            if column >= _MOST_COLUMNS or self.full:
                break
            span = _count(cell.get("colspan"), _WIDEST_SPAN)
            down = _count(cell.get("rowspan"), _TALLEST_SPAN) - 1
            cells.append((column, span, cell))
            for each in range(column, column + span):
                if down:
                    taken[each] = down
            column += span
        for later in [each for each in taken if each >= column and taken[each] > 0]:
            taken[later] -= 1
        return cells, column

    def _column_widths(self, table: etree._Element) -> list[Length]:
        found: list[Length] = []
        for column in table.iterchildren("{*}colgroup", "{*}col"):
            inner = list(column.iterchildren("{*}col")) or [column]
            for each in inner:
                width = length(self.styles.of(each).get("width")) or length(each.get("width"))
                if width is None:
                    return []
                found.extend([width] * _count(each.get("span"), _WIDEST_SPAN))
        return found

    def _widths_by_cells(self, rows: list[list[tuple[int, int, etree._Element]]], columns: int) -> list[Length]:
        """Widths of the columns from cells that give theirs and span one."""
        known: dict[int, Length] = {}
        for cells in rows:
            for column, span, cell in cells:
                if span == 1 and column not in known:
                    width = length(self.styles.of(cell).get("width")) or length(cell.get("width"))
                    if width is not None:
                        known[column] = width
            if len(known) == columns:
                break
        widths = [known[column] for column in range(columns) if column in known]
        if len(widths) < columns or len({width.share for width in widths}) > 1:
            return []
        return widths

    def _table_row(self, cells: list[tuple[int, int, etree._Element]], columns: int, widths: list[Length]) -> None:
        if any(_arranges(cell) for _, _, cell in cells):
            for _, _, cell in cells:
                self.flush()
                self.block(cell)
                self.flush()
            return
        total = sum(width.value for width in widths)
        edges = [0.0]
        for width in widths:
            edges.append(edges[-1] + width.value / total if total else 0.0)
        measured = bool(total) and len(edges) > columns
        found: list[Cell] = []
        for column, span, cell in cells:
            if self._unseen(cell, ""):
                continue
            lines = self._lines(cell)
            if not lines:
                continue
            if measured:
                left, right = edges[column], edges[min(column + span, len(edges) - 1)]
            else:
                left, right = float(column - columns), float(column + span - columns)
            found.append(Cell(" ".join(lines)[:_LONGEST_CELL], left, right, cell, tuple(lines)))
        for row in split(Row(found, "share" if measured else "columns")):
            self.add(row)

    def _lines(self, element: etree._Element) -> list[str]:
        """The text of a cell, line by line."""
        parts: list[str] = []
        self._gather(element, parts)
        return [clean for line in "".join(parts)[:_LONGEST_CELL].split("\n") if (clean := one_line(line))]

    def _gather(self, element: etree._Element, parts: list[str]) -> None:
        pre = self.styles.of(element).get("white-space", "").startswith("pre")
        if element.text:
            parts.append(element.text if pre else element.text.replace("\n", " "))
        for child in element:
            if child.tag is etree.Entity:
                parts.append(html.unescape(child.text or ""))
            elif isinstance(child.tag, str):
                name = element_name(child)
                if not self._unseen(child, name):
                    edge = "\n" if self._breaks(child, name) else ""
                    parts.append(edge)
                    if len(child) or child.text:
                        self._gather(child, parts)
                    parts.append(edge)
            if child.tail:
                parts.append(child.tail if pre else child.tail.replace("\n", " "))

    def _breaks(self, element: etree._Element, name: str) -> bool:
        if name == "br":
            return True
        display = self.styles.of(element).get("display", "")
        return (name in BLOCKS or display == "block") and not display.startswith("inline")


def _count(text: str | None, most: int) -> int:
    return max(1, min(int(text), most)) if text and text.isascii() and text.isdigit() and len(text) < 6 else 1  # noqa: PLR2004


def _holds_table(element: etree._Element) -> bool:
    return next(element.iter("{*}table"), None) is not None


def _holds_columns(element: etree._Element) -> bool:
    """True where a table inside has a row of several cells."""
    return any(len(row) > 1 for row in element.iter("{*}tr"))


def _arranges(cell: etree._Element) -> bool:
    """True for a cell that holds a table of several rows: it arranges the page and is no cell of a statement."""
    return any(True for number, _ in enumerate(cell.iter("{*}tr")) if number == 1)
