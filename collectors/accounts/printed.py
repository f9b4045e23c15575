"""The sign a figure is printed with, to hold against the sign it is tagged with.

Brackets and minus signs stand outside the tag more often than inside, in the same cell or in cells of their own.
"""

import re

from lxml import etree

from collectors.accounts.texts import all_text, before, inner_text

_OPENS = re.compile(r"^[\s£$€]*[(\[][\s£$€]*$|[(\[][\s£$€]*$")
_MINUS = re.compile(r"^[\s£$€]*[-\u2010-\u2015\u2212][\s£$€]*$")
_INSIDE = re.compile(r"^[\s£$€]*[(\[\-\u2010-\u2015\u2212]\s*[£$€]?\s*\d")
_CLOSES = re.compile(r"^\s*[)\]]")
_NEGATIVE_WORDS = re.compile(
    r"liabilit|\bloss|deficit|deficiency|overdrawn|outflow|\bused in\b|payable|decrease|credit|negative|deduct"
    r"|\bless\b",
    re.IGNORECASE,
)
_NOT_NEGATIVE = re.compile(r"less (?:current )?liabilities|/?\(?(?:liabilities|loss|deficit|used in)\)", re.IGNORECASE)
_CELLS = frozenset({"td", "th"})
_LEVELS_UP = 12


def printed_negative(element: etree._Element) -> bool | None:
    """True for a figure printed as negative, False for one printed as positive, None where the page does not tell.

    A positive figure beside a caption such as `Net current liabilities` does not tell.
    """
    if _INSIDE.match(inner_text(element)):
        return True
    in_front = before(element)
    if _OPENS.search(in_front) or _MINUS.match(in_front) or (not in_front and _CLOSES.match(_after(element))):
        return True
    cell, row = _cell_and_row(element)
    if cell is None or row is None:
        return None
    left, right = _neighbour(cell, forward=False), _neighbour(cell, forward=True)
    if _OPENS.search(left) or _CLOSES.match(right):
        return True
    return None if _NEGATIVE_WORDS.search(_caption(row)) else False


def _after(element: etree._Element) -> str:
    """The text that follows in the same cell, as far as the first words."""
    current: etree._Element | None = element
    while current is not None and _name(current) not in _CELLS:
        if (current.tail or "").strip():
            return current.tail or ""
        following = current.getnext()
        if following is not None:
            return all_text(following)
        current = current.getparent()
    return ""


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _cell_and_row(element: etree._Element) -> tuple[etree._Element | None, etree._Element | None]:
    cell: etree._Element | None = None
    current = element.getparent()
    for _ in range(_LEVELS_UP):
        if current is None:
            break
        if cell is None and _name(current) in _CELLS:
            cell = current
        if _name(current) == "tr":
            return cell, current
        current = current.getparent()
    return cell, None


def _neighbour(cell: etree._Element, *, forward: bool) -> str:
    """Text of the next cell that has any, and only if it is nothing but a sign.

    A dash in the cell before is last year's or this year's nil, not a minus.
    """
    other = cell.getnext() if forward else cell.getprevious()
    while other is not None:
        text = all_text(other).strip()
        if text:
            return text if len(text) <= len("(£") else ""
        other = other.getnext() if forward else other.getprevious()
    return ""


def _caption(row: etree._Element) -> str:
    text = " ".join(all_text(row).split())
    return _NOT_NEGATIVE.sub("", re.split(r"\d[\d,.]{2,}", text, maxsplit=1)[0])
