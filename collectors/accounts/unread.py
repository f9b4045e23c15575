"""Whether tags leave unread what the page prints, a primary statement or the head count: only then it is read."""

import re
from collections.abc import Callable, Mapping

from collectors.accounts.candidates import Choice, Key

_ENOUGH = 2
_TELLING = {
    "profit_and_loss": ("turnover", "total_expenditure", "operating_profit", "profit_before_tax"),
    "balance_sheet": ("net_assets", "current_assets", "creditors_within_one_year", "cash", "shareholders_funds"),
}
_PROFIT = re.compile(
    r"^[ \t]*(?:group |total |net )*(?:turnover|revenue|gross (?:profit|loss)"
    r"|operating \W{0,2}(?:profit|loss|surplus|deficit)"
    r"|net (?:movement in funds|incom(?:e|ing)[^\n]{0,20}expend)"
    r"|\W{0,2}(?:profit|loss|surplus|deficit)[^\n]{0,60}before tax)"
    r"[^\n\d]{0,80}[\s\d.]{1,30}[(£$€ \n\t-]{0,20}\d{1,3}[,\d]",
    re.IGNORECASE | re.MULTILINE,
)
_HEAD_COUNT = re.compile(rb"average (?:monthly )?number of (?:persons|people|employees|staff)", re.IGNORECASE)
_GROUP_STATEMENT = re.compile(
    r"^[ \t]*(?:consolidated|group) (?:balance sheet|statement of|profit|income)", re.IGNORECASE | re.MULTILINE
)


_PROFIT_WORDS = (
    b"before tax",
    b"operating profit",
    b"operating loss",
    b"operating (",
    b"operating surplus",
    b"gross profit",
    b"financial activities",
)
_GROUP_WORDS = tuple(
    whose + b" " + what
    for whose in (b"consolidated", b"group")
    for what in (b"balance sheet", b"statement of", b"profit", b"income")
)
"""Looked for in the bytes first, in lower case: a hundred times faster than making text of a page."""


def says_group(content: bytes, text: Callable[[], str]) -> bool:
    """True for a page that heads a statement as the group's."""
    return _holds(content, _GROUP_WORDS) and _GROUP_STATEMENT.search(text()) is not None


def leaves_unread(choices: Mapping[Key, Choice], content: bytes, text: Callable[[], str], *, holds_group: bool) -> bool:
    """True where the page prints a primary statement or a head count of the current period that tags do not give.

    Args:
        choices: what the tags gave.
        content: bytes of the document.
        text: gives the page as text; asked for only where the bytes hold the words of a statement.
        holds_group: the document holds group accounts.
    """
    if holds_group:
        return not all(_is_read(choices, statement, consolidated=True) for statement in _TELLING) or not _is_read(
            choices, "balance_sheet", consolidated=False
        )
    if not _is_read(choices, "balance_sheet", consolidated=False):
        return True
    if ("average_employees", False, False) not in choices and _HEAD_COUNT.search(content):
        return True
    return (
        not _is_read(choices, "profit_and_loss", consolidated=False)
        and _holds(content, _PROFIT_WORDS)
        and _PROFIT.search(text()) is not None
    )


def _is_read(choices: Mapping[Key, Choice], statement: str, *, consolidated: bool) -> bool:
    return sum((line, False, consolidated) in choices for line in _TELLING[statement]) >= _ENOUGH


def _holds(content: bytes, words: tuple[bytes, ...]) -> bool:
    lowered = content.lower()
    return any(each in lowered for each in words)
