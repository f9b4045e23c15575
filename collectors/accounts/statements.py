"""Printed statements: rows of a page to figures of lines of account.

A statement begins at its heading and ends at the next. Its columns say period and group or company; its captions, in
the section they stand in, say the line. The reader does not care where the rows come from: a page, the text layer of a
PDF or the characters of a scan.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from collectors.accounts.blocks import LONGEST_HEADING, Block, blocks, notes, tables
from collectors.accounts.captions import Captions, Kind, captions, plain_words
from collectors.accounts.catalogue import Catalogue, Line
from collectors.accounts.cells import Row
from collectors.accounts.columns import Columns, columns, scaled
from collectors.accounts.entries import entries, first_figures, section_over
from collectors.accounts.figures import Figure, Printed, read_row
from collectors.accounts.funds import has_funds, total_columns
from collectors.accounts.headings import Header, read_header, which_period
from collectors.accounts.particulars import Particulars
from collectors.accounts.scope import Scope
from collectors.accounts.unheaded import without_heading

_MOST_SENTENCES = 30
_LONGEST_SENTENCE = 600
_WORDED = {"nil": "0", "none": "0", "no": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5"}
_COUNT = rf"\d{{1,3}}(?:,\d{{3}})*|\d{{1,6}}|{'|'.join(_WORDED)}"
_EMPLOYEES = re.compile(
    r"average (?:monthly )?number of (?:persons|people|employees|staff)\b(?![^.:]{0,80}undertakings)[^.:]{0,160}?"
    rf"\b(?:was|were|amounted to)\s*:?\s*(?P<now>{_COUNT})\b(?!%|[.,]\d)"
    rf"(?:[^.(]{{0,30}}\(\s*(?P<year>20\d\d)\s*[:=\u2013-]?\s*(?P<then>{_COUNT})\s*\))?",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(r"\b(?:loss|losses|liability|liabilities|deficit|deficiency|outflow|used|decrease)\b")
_POSITIVE = re.compile(
    r"\b(?:profit|profits|gains?|assets?|surplus|income|earnings|inflow|funds|generated|increase|from|less)\b"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """A figure read for a line.

    Attributes:
        line: the line.
        value: in units of money, with the sign of the line as far as the print tells.
        unsure: true where the print does not tell the sign.
        caption: as printed.
        figure: the figure and its place.
        column: number of its column, from 1.
        disputed: true where the statement has another figure with such a caption.
    """

    line: Line
    value: Decimal
    unsure: bool
    caption: str
    figure: Figure
    column: int
    disputed: bool = False


@dataclass(slots=True)
class Statement:
    """One statement for one period of one group or company.

    Attributes:
        kind: profit_and_loss, balance_sheet, cash_flow or notes.
        heading: as printed.
        scope: whose it is, `None` where neither heading nor column says.
        comparative: true for the earlier period.
        currency: of the column.
        scale: power of ten of the printed figures.
        readings: by line.
        sure: false where columns have no headings and are taken in their usual order.
        column: every figure of that period and scope from the top down, of rows that are no line too.
    """

    kind: Kind
    heading: str
    scope: Scope | None
    comparative: bool
    currency: str
    scale: int
    readings: dict[str, Reading] = field(default_factory=dict)
    sure: bool = True
    column: list[Figure] = field(default_factory=list)


def read_statements(rows: Sequence[Row], about: Particulars, catalogue: Catalogue) -> list[Statement]:
    """Every primary statement and note of a page for which there are figures."""
    table = captions()
    found: list[Statement] = []
    header = Header()
    cut = list(blocks(rows, table))
    for block in cut:
        if block.kind != "other":
            found.extend(_employees_said(block, about, catalogue))
        if block.kind == "notes":
            usual = _usual_scale(found)
            for part in notes(block, table):
                for one in tables(part):
                    found.extend(_read(one, about, catalogue, table, Header(), usual=usual)[0])
        elif block.kind != "other":
            read, header = _read(block, about, catalogue, table, header)
            found.extend(read)
    if not any(each.kind == "balance_sheet" and each.readings for each in found):
        for block in without_heading(cut, table):
            found.extend(_read(block, about, catalogue, table, Header())[0])
    return found


def _usual_scale(statements: list[Statement]) -> int:
    """The scale of the primary statements, for notes that print no unit; none where they differ."""
    scales = {each.scale for each in statements if each.kind != "notes" and each.readings}
    return scales.pop() if len(scales) == 1 else 0


def _employees_said(block: Block, about: Particulars, catalogue: Catalogue) -> Iterator[Statement]:
    """The average number of employees where a sentence of a note gives it, of this year and last."""
    line = catalogue.lines["average_employees"]
    for row in [each for each in block.rows if "verage" in each.text][:_MOST_SENTENCES]:
        match = _EMPLOYEES.search(row.text[:_LONGEST_SENTENCE])
        if match is None:
            continue
        for comparative, text in ((False, match["now"]), (True, match["then"])):
            if not text or (comparative and which_period(int(match["year"]), about) is not True):
                continue
            value = Decimal(_WORDED.get(text.lower(), text.replace(",", "")))
            figure = Figure(value, row.cells[-1], marked=False, dash=False)
            reading = Reading(line, value, unsure=False, caption=row.text[:LONGEST_HEADING], figure=figure, column=1)
            yield Statement("notes", block.heading, block.scope, comparative, "count", 0, readings={line.name: reading})
        return


# One statement


def _read(
    block: Block, about: Particulars, catalogue: Catalogue, table: Captions, before: Header, *, usual: int = 0
) -> tuple[list[Statement], Header]:
    """The statements of a block, one for each period and scope, and its header (for a page that repeats none)."""
    printed = [read_row(row) for row in block.rows]
    start = first_figures(printed, block.kind, table)
    header = read_header(printed[:start], about)
    if not header.heads and not header.units and "cont" in block.heading.lower():
        header = before
    if not header.units and not header.scale:
        header.scale = usual
    body = printed[start:]
    placed = columns(body, header)
    if has_funds(block.heading, printed[:start]):
        placed = total_columns(printed[:start], placed, about)
    found: dict[tuple[bool, Scope | None], Statement] = {}
    crowded = _crowded(body, placed, block)
    opening = section_over(printed[:start], block, table)
    for entry in entries(body, block.kind, opening, placed, table):
        line, caption = entry.line, entry.caption
        if line.count and header.units and not entry.row.caption:
            continue  # The total of a table in money, under a title that speaks of employees.
        for key, figure, number in _figures(entry.row, placed, block, crowded):
            statement = found.setdefault(
                key,
                Statement(block.kind, block.heading, key[1], key[0], header.currency, header.scale, sure=placed.sure),
            )
            scale = 0 if line.count else header.scale
            value, unsure = signed(line, caption, figure, scaled(figure, scale))
            _keep(statement, Reading(line, value, unsure, caption, figure, number))
    _keep_columns(found, body, placed, block)
    for statement in found.values():
        _convention(statement)
        _equal(statement, catalogue)
    return list(found.values()), header


def _keep_columns(
    found: dict[tuple[bool, Scope | None], Statement], body: list[Printed], placed: Columns, block: Block
) -> None:
    """Every figure of a statement's period, in the order of the page, whatever its caption."""
    for row in body:
        for head, figures in sorted(placed.by_head(row).items()):
            key = _key(head, placed, block)
            if key in found:
                found[key].column.extend(figures)


def _keep(statement: Statement, reading: Reading) -> None:
    """The first figure of a line; a later one in place of nil, or captioned as the total.

    One that differs from the first puts it in doubt.
    """
    known = statement.readings.get(reading.line.name)
    total = known is not None and _is_total(reading.caption) and not _is_total(known.caption)
    if known is None or not known.value or total:
        statement.readings[reading.line.name] = reading
    elif reading.value and abs(known.value) != abs(reading.value):
        statement.readings[reading.line.name] = replace(known, disputed=True)


def _is_total(caption: str) -> bool:
    """True for `total cost of sales`, which stands below its parts."""
    return plain_words(caption).startswith("total ")


Key = tuple[bool, Scope | None]


def _figures(row: Printed, placed: Columns, block: Block, crowded: set[Key]) -> Iterator[tuple[Key, Figure, int]]:
    """The figure of a row for each period and scope: the first in its columns, or the one under `total`."""
    seen: dict[Key, tuple[Figure, int]] = {}
    for head, figures in sorted(placed.by_head(row).items()):
        key = _key(head, placed, block)
        if key is None:
            continue
        if key in crowded:
            if placed.header.heads and placed.header.heads[head].total:
                seen[key] = figures[-1], head + 1
        elif key not in seen:
            # Nil in the inner column beside a figure in the outer one is dirt: an item stands in one of them.
            seen[key] = next((each for each in figures if not each.dash), figures[0]), head + 1
    for key, (figure, number) in seen.items():
        yield key, figure, number


def _key(head: int, placed: Columns, block: Block) -> Key | None:
    if not placed.header.heads:
        return head == 1, block.scope
    found = placed.header.heads[head]
    if found.comparative is None:
        return None
    return found.comparative, found.scope or block.scope


def _crowded(body: list[Printed], placed: Columns, block: Block) -> set[Key]:
    """Periods with several figures in most rows: funds, or continuing and discontinued, not items and their totals."""
    several: dict[Key, int] = {}
    rows: dict[Key, int] = {}
    for row in body:
        here: dict[Key, int] = {}
        for head, figures in placed.by_head(row).items():
            if (key := _key(head, placed, block)) is not None:
                here[key] = here.get(key, 0) + len(figures)
        for key, count in here.items():
            rows[key] = rows.get(key, 0) + 1
            several[key] = several.get(key, 0) + (count > 1)
    return {key for key, count in several.items() if count > 2 and count * 2 > rows[key]}  # noqa: PLR2004


# Signs


def signed(line: Line, caption: str, figure: Figure, value: Decimal) -> tuple[Decimal, bool]:
    """The value with the sign of the line, and whether the print leaves the sign open.

    A line that is never positive is negative, in brackets or not. A caption such as `loss for the year` with a figure
    without brackets is taken as negative, unless the arithmetic says otherwise.
    """
    if line.nature < 0 or (line.subtracted and line.instant and line.name != "pension_deficit"):
        return -abs(value), False
    if line.nature > 0 and line.count:
        return abs(value), False
    words = plain_words(caption)
    if not line.subtracted and not figure.marked and value and _NEGATIVE.search(words) and not _POSITIVE.search(words):
        return -value, True
    return value, line.subtracted or bool(line.name == "exceptional_items")


def _convention(statement: Statement) -> None:
    """Where costs are printed without brackets, what is subtracted is minus what is printed."""
    costs = [
        each.figure.marked
        for each in statement.readings.values()
        if each.line.nature < 0 and not each.line.instant and each.value
    ]
    open_lines = [each for each in statement.readings.values() if each.line.subtracted and each.unsure]
    if (costs and any(costs)) or (not costs and any(each.figure.marked for each in open_lines)):
        return
    for each in open_lines:
        statement.readings[each.line.name] = replace(each, value=-each.value)


def _equal(statement: Statement, catalogue: Catalogue) -> None:
    """Where a balance sheet does not print net assets, the total of capital and reserves is what they are."""
    funds = statement.readings.get("shareholders_funds")
    if funds is not None and "net_assets" not in statement.readings and "attributable" not in funds.caption.lower():
        statement.readings["net_assets"] = replace(funds, line=catalogue.lines["net_assets"])
