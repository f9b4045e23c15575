"""Which pages hold a primary statement or a note that is wanted: only those are worth reading with care."""

from collections.abc import Sequence

from collectors.accounts.blocks import blocks
from collectors.accounts.captions import ANYWHERE, Captions, Kind, captions, plain_words
from collectors.accounts.catalogue import Catalogue
from collectors.accounts.cells import Row
from collectors.accounts.figures import read_row
from collectors.accounts.particulars import Particulars
from collectors.accounts.scans.places import find_place
from collectors.accounts.scans.sheets import Sheet
from collectors.accounts.statements import read_statements

_FACES: tuple[Kind, ...] = ("profit_and_loss", "balance_sheet", "cash_flow")
_LEAST_LINES = 3
_FACE, _NOTE = 1_000, 1


def wanted(sheets: Sequence[Sheet], about: Particulars, catalogue: Catalogue) -> list[int]:
    """Numbers of the pages to read with care, the most telling first.

    A page is wanted where the statement reader finds a line on it even in the first, quick reading, or where it has
    several captions of a primary statement beside figures, whatever its heading.
    """
    table = captions()
    points = {
        sheet.number: _FACE * count for sheet in sheets if (count := _captions(sheet.rows, table)) >= _LEAST_LINES
    }
    rows = [row for sheet in sheets for row in sheet.rows]
    for statement in read_statements(rows, about, catalogue):
        for reading in statement.readings.values():
            place = find_place(str(reading.figure.cell.element))
            if place is not None:
                gain = _NOTE if statement.kind == "notes" else _FACE
                points[place.page] = points.get(place.page, 0) + gain
    for page in _headed(sheets, table):
        points[page] = points.get(page, 0) + _FACE
    return sorted(points, key=lambda page: (-points[page], page))


def _captions(rows: Sequence[Row], table: Captions) -> int:
    """Rows of a page that are lines of one primary statement, by caption and figures."""
    printed = [each for row in rows if (each := read_row(row)).figures and each.caption]
    return max(
        (sum(table.line(kind, ANYWHERE, plain_words(row.caption)) is not None for row in printed) for kind in _FACES),
        default=0,
    )


def _headed(sheets: Sequence[Sheet], table: Captions) -> list[int]:
    """Pages with the heading of a primary statement over several rows of figures."""
    found = []
    for sheet in sheets:
        for block in blocks(sheet.rows, table):
            figures = sum(bool(read_row(row).figures) for row in block.rows)
            if block.kind in _FACES and figures >= _LEAST_LINES:
                found.append(sheet.number)
                break
    return found
