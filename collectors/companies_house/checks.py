"""What is wrong with an answer that arrived whole. A wrong one is asked for again, so that a passing lie is not kept.

A list may lie for good: the register's totals are known to differ from what it gives. So an answer that
contradicts itself is believed once it keeps coming in the same words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from collectors.companies_house.record import parse
from collectors.fetch import Answer
from collectors.lengths import Insistence
from oversight.errors import InputError

PAGE = 100
"""Entries asked for at a time."""


def not_json(answer: Answer) -> str | None:
    """What is wrong with an answer that should be a JSON object; None for one that is."""
    if answer.status != HTTPStatus.OK:
        return None
    try:
        parse(answer.content, answer.url)
    except InputError as error:
        return error.message
    return None


def not_accounts(answer: Answer) -> str | None:
    """What is wrong with an answer that should be a set of accounts; None for tagged accounts or a PDF."""
    if answer.content.lstrip().startswith(b"%PDF"):
        return None
    text = answer.content.lower()
    if any("xbrl".encode(encoding) in text for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
        return None
    return "neither tagged accounts nor a PDF"


@dataclass(frozen=True, slots=True)
class Page:
    """What a page of a list says.

    Attributes:
        count: entries on it.
        total: entries in the list by its own account.
        start: place of its first entry by its own account; None where it does not say.
        size: entries a page may have by its own account, at most those asked for.
        entries: what is on it.
    """

    count: int
    total: int
    start: int | None
    size: int
    entries: Sequence[Any]

    @property
    def full(self) -> bool:
        """Whether it has as many entries as a page may have, so that more may follow whatever its total says."""
        return self.count >= self.size


def read_page(content: bytes, where: str, total: str) -> Page:
    """What a page says.

    Args:
        content: its bytes.
        where: its address.
        total: field that says how many entries there are in all.

    Raises:
        InputError: where it is no JSON object.
    """
    answer = parse(content, where)
    items = answer.get("items")
    entries = items if isinstance(items, list) else []
    size, start = _whole(answer, "items_per_page"), _whole(answer, "start_index")
    said = _whole(answer, total)
    return Page(len(entries), len(entries) if said is None else said, start, min(size or PAGE, PAGE), entries)


def _whole(answer: Mapping[str, Any], name: str) -> int | None:
    value = answer.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:  # noqa: PLR2004
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


class PageInPlace:
    """Checks that a page is the one asked for and agrees with itself.

    Args:
        start: place of its first entry, as asked for.
        total: field that says how many entries there are in all.
        before: entries of the page before it.
    """

    def __init__(self, start: int, total: str, before: Sequence[Any] = ()) -> None:
        self._start = start
        self._total = total
        self._before = before
        self._insistence = Insistence()

    def __call__(self, answer: Answer) -> str | None:
        """What is wrong with an answer, or None."""
        if (wrong := not_json(answer)) or answer.status != HTTPStatus.OK:
            return wrong
        wrong = self._contradiction(read_page(answer.content, answer.url, self._total))
        return wrong if wrong and not self._insistence.stands_by(answer.content) else None

    def _contradiction(self, page: Page) -> str | None:
        end = self._start + page.count
        if page.start not in {None, self._start}:
            return f"the page that starts at {page.start} came in place of the one that starts at {self._start}"
        if page.count and list(page.entries) == list(self._before):
            return "the page before it came again"
        if end > page.total and page.count:
            return f"it has entries up to {end}, but says that there are {page.total}"
        if end < page.total and not page.full:
            return f"it ends at {end}, but says that there are {page.total}"
        return None
