"""Rows of a statement to lines of account, by their captions and the sections they stand in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import zip_longest

from collectors.accounts.blocks import LONGEST_HEADING, Block
from collectors.accounts.captions import ANYWHERE, Captions, Kind, Section, plain_words
from collectors.accounts.catalogue import Line
from collectors.accounts.columns import Columns
from collectors.accounts.figures import Printed
from collectors.accounts.headings import period_text

_MOST_HEADER_ROWS = 14
_COMPANY_NUMBER = re.compile(
    r"(?:(?:company|registered|registration|charity)[a-z ]*(?:number|no\b)\W*)?(?:[A-Z]{2})?\d{6,8}", re.IGNORECASE
)
_LAST_NOTE = re.compile(r"\s+\d{1,2}$")
_NOT_OURS = frozenset({"other_comprehensive_income", "attributable", "discontinued", "funds"})
"""Sections of a profit and loss account whose figures are parts or continuations of its lines, not the lines."""
_AMONG_OTHERS = frozenset({"comprehensive_income"})
"""Lines that stand in such a section."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A row that is a line of account, with its caption as printed."""

    line: Line
    caption: str
    row: Printed


@dataclass(slots=True)
class _Reading:
    """Where the reader stands: the section, its rows so far, and a caption that goes on in the row below."""

    section: Section | None
    items: list[Printed] = field(default_factory=list)
    totalled: bool = False
    pending: str = ""
    opened_by_pending: bool = False

    @property
    def name(self) -> str:
        return self.section.name if self.section else ANYWHERE

    def open(self, section: Section | None) -> None:
        self.section, self.items, self.totalled = section, [], False


def first_figures(printed: list[Printed], kind: Kind, table: Captions) -> int:
    """Where the header ends: the first row with a caption that is a line or a section, or with figures."""
    for number, row in enumerate(printed):
        if number >= _MOST_HEADER_ROWS and kind != "notes":
            return number
        if is_header(row):
            continue
        words = plain_words(row.caption)
        named = kind != "notes" and bool(table.section(kind, words) or table.line(kind, ANYWHERE, words))
        if (row.caption and (row.figures or named)) or (len(row.figures) > 1 and not row.caption):
            return number
    return len(printed)


def is_header(row: Printed) -> bool:
    """True for a row of column headings with periods; the number of the company may stand beside them."""
    periods = [period_text(cell.text) is not None for cell in row.row.cells]
    return any(periods) and all(
        period or not any(character.isdigit() for character in cell.text) or _COMPANY_NUMBER.fullmatch(cell.text)
        for period, cell in zip(periods, row.row.cells, strict=True)
    )


def section_over(rows: list[Printed], block: Block, table: Captions) -> Section | None:
    """The section that the title of a note or the rows before the first figures open."""
    opened = next((each for each in table.sections.get(block.kind, ()) if each.name == block.section), None)
    for row in rows:
        opened = table.section(block.kind, plain_words(row.row.text)) or opened
    return opened


def entries(
    body: list[Printed], kind: Kind, section: Section | None, placed: Columns, table: Captions
) -> Iterator[Entry]:
    """Rows that are lines of account.

    A row without a caption is the total of its section where the rows above it add up to it; a section of one row is
    its own total. A caption without figures opens a section, or goes on in the row below it.
    """
    now = _Reading(section)
    for row in _continued(body, kind, table):
        if is_header(row) and not row.caption:
            continue
        if row.figures:
            yield from _with_figures(row, now, kind, placed, table)
            now.pending, now.opened_by_pending = "", False
        else:
            yield from _without_figures(row, now, kind, table)
    yield from _only_item(now, kind, table)


def _continued(body: list[Printed], kind: Kind, table: Captions) -> Iterator[Printed]:
    """Rows, with a caption that goes on below its figures (`Creditors: amounts falling due  16  (70)`) made whole."""
    rows = iter(list(zip_longest(body, body[1:])))
    for row, below in rows:
        if row.figures and row.caption and below is not None and below.caption and not below.figures:
            caption = _LAST_NOTE.sub("", row.caption)
            words = plain_words(f"{caption} {below.caption}")
            if not _says(plain_words(caption), kind, table) and _says(words, kind, table):
                yield replace(row, caption=f"{caption} {below.caption}")
                next(rows)
                continue
        yield row


def _says(words: str, kind: Kind, table: Captions) -> bool:
    """Whether a caption is a line or a section, whatever section it stands in."""
    return bool(table.section(kind, words)) or any(
        table.line(kind, name, words) for name in (ANYWHERE, *(each.name for each in table.sections.get(kind, ())))
    )


def _without_figures(row: Printed, now: _Reading, kind: Kind, table: Captions) -> Iterator[Entry]:
    text = " ".join([row.caption, *(cell.text for cell in row.words)]).strip()
    if not text:
        return
    opened = table.section(kind, plain_words(f"{now.pending} {text}")) if now.pending else None
    opened = opened or table.section(kind, plain_words(text))
    if opened is not None:
        yield from _only_item(now, kind, table)
        now.open(opened)
    anew = opened or not now.pending or now.opened_by_pending
    now.pending = (text if anew else f"{now.pending} {text}")[-LONGEST_HEADING:]
    now.opened_by_pending = opened is not None


def _with_figures(row: Printed, now: _Reading, kind: Kind, placed: Columns, table: Captions) -> Iterator[Entry]:
    line, words = _which(row.caption, now, kind, table)
    opened = table.section(kind, plain_words(words)) if words and kind != "notes" else None
    if opened is not None and opened.name != now.name:
        yield from _only_item(now, kind, table)
        now.open(opened)
        line = table.line(kind, now.name, plain_words(words)) or line
    if kind == "profit_and_loss" and now.name in _NOT_OURS and (line is None or line.name not in _AMONG_OTHERS):
        return
    total = now.section.total if now.section else None
    if line is None and not row.caption:
        if total is not None and not now.totalled and _adds_up(now.items, row, placed):
            now.totalled = True
            yield Entry(table.named(kind, total), words or now.name.replace("_", " "), row)
        return
    if line is not None:
        if total is not None and line.name == total:
            now.totalled = True
        elif line.name in _CLOSING:
            yield from _only_item(now, kind, table)
            now.totalled = True
        yield Entry(line, words, row)
    if not now.totalled:
        now.items.append(row)


_CLOSING = frozenset({"net_current_assets", "total_assets_less_current_liabilities", "net_assets"})
"""Lines after which the rows of a section are over."""
_SELF_TOTALLED = frozenset({"fixed_assets", "current_assets", "provisions"})
"""Sections whose only row is their total."""
_EQUITY = "equity"


def _only_item(now: _Reading, kind: Kind, table: Captions) -> Iterator[Entry]:
    if now.section and not now.totalled and len(now.items) == 1 and now.section.total:
        (item,) = now.items
        if now.name in _SELF_TOTALLED or _names_itself(item, now.section, kind, table):
            now.totalled = True
            yield Entry(table.named(kind, now.section.total), f"{now.name.replace('_', ' ')}: {item.caption}", item)


def _names_itself(item: Printed, section: Section, kind: Kind, table: Captions) -> bool:
    """True for `Reserves  3,219`: equity in one row, as micro-entities print it."""
    return section.name == _EQUITY and table.section(kind, plain_words(item.caption)) == section


def _which(caption: str, now: _Reading, kind: Kind, table: Captions) -> tuple[Line | None, str]:
    """The line of a caption; of one that goes on from the row above it, both read together."""
    joined = f"{now.pending} {caption}".strip()
    texts = [joined, caption] if now.pending and not now.opened_by_pending else [caption, joined]
    for text in texts:
        if text and (line := table.line(kind, now.name, plain_words(text))):
            return line, text
    for text in texts:
        if text and table.section(kind, plain_words(text)) is not None:
            return None, text
    return None, caption


def _adds_up(items: list[Printed], total: Printed, placed: Columns) -> bool:
    """Whether a row is the total of the rows above it, in its first or last column; true where there is none above.

    Items may stand in the inner column of their period and the total in the outer one.
    """
    if not items:
        return True
    ends = [_ends(item, placed) for item in items]
    if (wanted := _ends(total, placed)) is None:
        return False
    return any(
        abs(abs(wanted[side]) - abs(sum((each[side] for each in ends if each), Decimal(0)))) <= len(items)
        for side in (0, 1)
    )


def _ends(row: Printed, placed: Columns) -> tuple[Decimal, Decimal] | None:
    """The first and the last figure of a row, numbers of notes left out."""
    figures = [figure for _, each in sorted(placed.by_head(row).items()) for figure in each]
    return (figures[0].value, figures[-1].value) if figures else None
