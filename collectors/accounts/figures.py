"""Printed figures: which cell of a row is a number, what it is worth, and with which sign it is printed."""

import re
from dataclasses import dataclass
from decimal import Decimal

from collectors.accounts.cells import Cell, Row

_SPACES = str.maketrans("", "", " \u00a0\u2007\u2009\u202f\u200b\ufeff")
_DASHES = "\\-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_SIGN_ONLY = re.compile(rf"[£$€]|[(\[]\s*[£$€]?|[£$€]?\s*[(\[]|[)\]]|[£$€]\s*[{_DASHES}]?")
_NUMBER = re.compile(
    rf"(?P<open>[(\[{_DASHES}])?[£$€]?(?P<open2>[(\[{_DASHES}])?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+|\d{1,15})(?P<part>\.\d{1,2})?(?P<unit>[km]?)(?P<close>[)\]]|[-\u2212])?",
    re.IGNORECASE,
)
_SPACED = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+(?!\d)")
_NIL = re.compile(rf"[£$€]?[{_DASHES}]{{1,2}}|nil|\(-\)", re.IGNORECASE)
_RULE = re.compile(r"[-_=\u2013\u2014\u2500\u2550.\s]{3,}")
_NOTE = re.compile(r"\d{1,2}(?:\.\d{1,2})?[a-z]?(?:\([a-z]\))?(?:\s*(?:,|&|and|-|/)\s*\d{1,2}[a-z]?)*", re.IGNORECASE)
_PAGE = re.compile(rf"[{_DASHES}]\s*\d{{1,3}}\s*[{_DASHES}]")
_LONGEST = 40
_THOUSANDS = "000"
"""What is left of a unit such as `£'000`; no figure is printed so."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number.

    Attributes:
        value: as printed, negative in brackets or after a minus.
        cell: where it stands.
        marked: true for brackets or a minus.
        dash: true for a dash or `nil`.
    """

    value: Decimal
    cell: Cell
    marked: bool
    dash: bool
    decimals: bool = False

    @property
    def could_be_note(self) -> bool:
        """True for what could be the number of a note as well."""
        return not self.marked and not self.dash and _NOTE.fullmatch(self.cell.text.strip()) is not None


@dataclass(slots=True)
class Printed:
    """A row told apart: its caption and its figures.

    Attributes:
        caption: words at the left, in one line.
        figures: numbers from left to right.
        words: other cells, such as column headings and references to notes.
        row: the row itself.
    """

    caption: str
    figures: list[Figure]
    words: list[Cell]
    row: Row


def read_row(row: Row) -> Printed:
    """Caption, figures and other words of a row.

    Brackets and currency signs in cells of their own are put together with their number. A number before the caption
    is that of a note.
    """
    printed = Printed("", [], [], row)
    for cell in _joined(row.cells):
        figure = read_figure(cell)
        if figure is not None:
            printed.figures.append(figure)
        elif _RULE.fullmatch(cell.text):
            continue
        elif (
            not printed.caption
            and all(each.could_be_note for each in printed.figures)
            and any(character.isalpha() for character in cell.text)
        ):
            printed.caption, printed.figures = cell.text, []
        else:
            printed.words.append(cell)
    return printed


def _joined(cells: list[Cell]) -> list[Cell]:
    """Cells with what belongs to a number put to it: an opening sign before it, a closing bracket after it."""
    joined: list[Cell] = []
    held: Cell | None = None
    for cell in cells:
        text = cell.text.strip()
        if text in {")", "]"}:
            if joined and joined[-1].text[-1:] not in {")", "]"} and any(map(str.isdigit, joined[-1].text)):
                last = joined[-1]
                joined[-1] = Cell(last.text + text, last.left, last.right, last.element, last.lines)
            continue
        if _SIGN_ONLY.fullmatch(text):
            if held is not None:
                joined.append(held)
            held = cell
            continue
        if held is not None and text[:1].isdigit():
            joined.append(Cell(held.text.strip() + text, held.left, cell.right, cell.element, cell.lines))
        else:
            joined.extend([held] if held is not None else [])
            joined.append(cell)
        held = None
    return joined + ([held] if held is not None else [])


def read_figure(cell: Cell) -> Figure | None:
    """The number a cell holds and nothing else; None for words, rules and dates."""
    text = cell.text.strip()
    if not text or len(text) > _LONGEST:
        return None
    if _NIL.fullmatch(text):
        return Figure(Decimal(0), cell, marked=False, dash=True)
    if _SPACED.search(text):
        text = text.replace(" ", "").replace("\u00a0", "")
    match = _NUMBER.fullmatch(text.translate(_SPACES))
    if match is None or _PAGE.fullmatch(text) or match["digits"] == _THOUSANDS:
        return None
    marked = bool(match["open"] or match["open2"] or (match["close"] or "") in {")", "]", "-", "\u2212"})
    value = Decimal(match["digits"].replace(",", "") + (match["part"] or ""))
    value *= {"": 1, "k": 1000, "m": 1_000_000}[match["unit"].lower()]
    return Figure(-value if marked and value else value, cell, marked, dash=False, decimals=bool(match["part"]))
