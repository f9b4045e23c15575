"""A balance sheet whose heading is missing: cut off, under a stamp, or never printed. Its captions give it away."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from collectors.accounts.blocks import Block
from collectors.accounts.captions import ANYWHERE, Captions, plain_words
from collectors.accounts.cells import Row
from collectors.accounts.figures import Printed, read_row

_LEAST_LINES = 4
_MOST_APART = 8
"""Rows between two lines of one statement."""
_HEADER = 6
"""Rows above the first line in which its column headings stand."""
_TELLING = frozenset({"net_assets", "shareholders_funds", "total_assets_less_current_liabilities"})
"""Lines of which every balance sheet has one."""


def without_heading(blocks: Sequence[Block], table: Captions) -> Iterator[Block]:
    """What reads as a balance sheet among rows that no heading claims."""
    for block in blocks:
        if block.kind == "other":
            lines = [_line(row, table) for row in block.rows]
            for first, last in _runs([number for number, line in enumerate(lines) if line]):
                named = {line for line in lines[first : last + 1] if line}
                if len(named) >= _LEAST_LINES and named & _TELLING:
                    rows = block.rows[max(0, first - _HEADER) : last + 1]
                    yield Block("balance_sheet", block.scope, rows[0].text, list(rows))


def _line(row: Row, table: Captions) -> str | None:
    """The line of a balance sheet that a row with figures is by its caption."""
    printed: Printed = read_row(row)
    if not printed.figures or not printed.caption:
        return None
    words = plain_words(printed.caption)
    line = table.line("balance_sheet", ANYWHERE, words)
    opened = table.section("balance_sheet", words)
    return line.name if line else opened.total if opened else None


def _runs(numbers: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and last of numbers that follow each other closely."""
    if not numbers:
        return
    first = numbers[0]
    for before, number in pairwise(numbers):
        if number - before > _MOST_APART:
            yield first, before
            first = number
    yield first, numbers[-1]
