"""The rows of a page cut into statements and notes, by their headings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from collectors.accounts.captions import ANYWHERE, Captions, Kind, plain_words
from collectors.accounts.cells import Row
from collectors.accounts.figures import read_figure
from collectors.accounts.headings import period_text
from collectors.accounts.scope import Scope

LONGEST_HEADING = 130
_MOST_ROWS = 400
_HEADING_TAIL = re.compile(
    r" (?:continued|for the .*|for (?:year|period) .*|as (?:at|of) .*|at \d.*|year (?:ended|to) .*"
    r"|period (?:ended|from) .*|\d+ (?:weeks|months) .*|\d{1,2}(?:st|nd|rd|th)? [a-z]+ (?:19|20)\d\d.*"
    r"|(?:registered|company) (?:number|no).*)$"
)
_COMPANY_NAME = re.compile(
    r"^.*\b(?:limited|ltd|plc|llp|cic|inc|company)(?: (?:registered|company) (?:number|no) \w+)? (?=\w)"
)
_BESIDE_HEADING = re.compile(
    r"\(?continued|(?:company |registered |registration |charity )+(?:number|no\b)", re.IGNORECASE
)
"""What may stand in the row of a heading, in cells of its own."""
_NUMBERED = re.compile(r"\d{1,2}\.?\s+(?=[A-Z][A-Za-z])")
_GROUP_WORDS = re.compile(r"\b(?:consolidated|groups?)\b")
_COMPANY_WORDS = re.compile(r"\b(?:company|companys|parent|individual|charity)\b")


@dataclass(slots=True)
class Block:
    """The rows from one heading to the next.

    Attributes:
        kind: what the heading opens.
        scope: whose it is by its heading; None where that does not say.
        heading: as printed.
        rows: the rows under it.
        section: for a note, the section that its title opens.
    """

    kind: Kind
    scope: Scope | None
    heading: str
    rows: list[Row] = field(default_factory=list)
    section: str = ANYWHERE


def blocks(rows: Sequence[Row], table: Captions) -> Iterator[Block]:
    """Cut a page at the headings of statements. A heading repeated over the page goes on with its statement."""
    current = Block("other", None, "")
    for row in rows:
        heading = _heading(row, table)
        if heading is None or _over_column(heading, current):
            if current.kind == "notes" or len(current.rows) < _MOST_ROWS:
                current.rows.append(row)
        elif (heading.kind, heading.scope) != (current.kind, current.scope) or _is_new(heading, current):
            yield current
            current = heading
    yield current


def _over_column(heading: Block, current: Block) -> bool:
    """True for the word `note` over its column: a statement does not end before its first figure."""
    begun = current.kind not in {"notes", "other"} and not any(
        read_figure(cell) and period_text(cell.text) is None for row in current.rows for cell in row.cells
    )
    return begun and plain_words(heading.heading) in {"note", "notes"}


def _is_new(heading: Block, current: Block) -> bool:
    return heading.kind not in {"notes", "other"} and "cont" not in heading.heading.lower() and bool(current.rows)


def _heading(row: Row, table: Captions) -> Block | None:
    first, *others = row.cells
    beside = " ".join(cell.text for cell in others)
    if others and _BESIDE_HEADING.match(beside) is None:
        return None
    for text in first.lines or (first.text,):
        if len(text) <= LONGEST_HEADING and not text.endswith((".", ";", ",")) and (found := _kind(text, table)):
            kind, words = found
            return Block(kind, _scope(words), text)
    return None


def _kind(text: str, table: Captions) -> tuple[Kind, str] | None:
    words = plain_words(text)
    short = _HEADING_TAIL.sub("", words)
    for form in (words, short, _COMPANY_NAME.sub("", short)):
        if form and (kind := table.heading(form)):
            return kind, form
    return None


def _scope(words: str) -> Scope | None:
    group, company = _GROUP_WORDS.search(words), _COMPANY_WORDS.search(words)
    if group and company:
        return "unclear"
    return "group" if group else "company" if company else None


def notes(block: Block, table: Captions) -> Iterator[Block]:
    """The notes one by one, each from its number and title or from a caption that opens a section."""
    current = Block("notes", block.scope, block.heading)
    for row in block.rows:
        opened = _opens(row, table)
        if opened is not None:
            yield current
            current = Block("notes", block.scope, row.text[:LONGEST_HEADING], section=opened)
        if len(current.rows) < _MOST_ROWS:
            current.rows.append(row)
    yield current


def tables(note: Block) -> Iterator[Block]:
    """The tables of a note one by one: each begins with the words over its own row of column headings."""
    current = replace(note, rows=[])
    over: list[Row] | None = None
    for row in note.rows:
        periods = sum(period_text(cell.text) is not None for cell in row.cells)
        if over is not None and periods > 1 and periods == len(row.cells):
            yield current
            current, over = replace(note, rows=over), None
        current.rows.append(row)
        if periods == 0 and len(row.cells) > 1 and read_figure(row.cells[-1]) is not None:
            over = []
        elif over is not None:
            over.append(row)
    yield current


def _opens(row: Row, table: Captions) -> str | None:
    """The section that a note of this title is, `other` for a numbered title of none; None for what is no title.

    Periods over the columns may stand beside the title; alone they are no title, though a date begins with a number.
    """
    cells = [cell for cell in row.cells if period_text(cell.text) is None]
    text = " ".join(cell.text for cell in cells)
    match = _NUMBERED.match(text)
    title = text[match.end() :] if match else text
    if len(cells) > 2 or not title or len(title) > LONGEST_HEADING or title.endswith((".", ";")):  # noqa: PLR2004
        return None
    section = table.section("notes", plain_words(title))
    if section is not None:
        return section.name
    return "other" if match else None
