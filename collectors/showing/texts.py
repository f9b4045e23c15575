"""Where words stand among the elements of a page, so that a sentence can be marked though tags cut through it."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

from collectors.accounts.texts import BLOCKS
from collectors.showing.markup import Which, is_unseen, local

_MOST_WORDS: Final = 120
_LONGEST_WORD: Final = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the text of an element, or of the text after it."""

    element: etree._Element
    which: Which
    start: int
    end: int


class Texts:
    """The visible texts inside an element, one after the other."""

    def __init__(self, root: etree._Element) -> None:
        self._nodes: list[tuple[etree._Element, Which]] = []
        self._starts: list[int] = []
        parts: list[str] = []
        length = 0
        for element, which, text in _walk(root):
            self._nodes.append((element, which))
            self._starts.append(length)
            parts.append(text)
            length += len(text)
        self.text = "".join(parts)

    def pieces(self, start: int, end: int) -> list[Piece]:
        """The parts of texts between two places, blank ones left out."""
        found = []
        first = max(0, bisect_right(self._starts, start) - 1)
        for number in range(first, len(self._nodes)):
            begins = self._starts[number]
            ends = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.text)
            if begins >= end:
                break
            low, high = max(begins, start), min(ends, end)
            if self.text[low:high].strip():
                found.append(Piece(*self._nodes[number], low - begins, high - begins))
        return found

    def find(self, words: str, number: int = 0) -> tuple[int, int] | None:
        """Where words stand, however they are spaced; the last of them where they stand fewer times than asked.

        Args:
            words: a sentence or a line.
            number: how many earlier places to pass over.
        """
        wanted = [word[:_LONGEST_WORD] for word in words.split()[:_MOST_WORDS]]
        if not wanted:
            return None
        found = None
        for count, match in enumerate(re.finditer(r"\s*".join(map(re.escape, wanted)), self.text)):
            found = match.span()
            if count == number:
                break
        return found


def _walk(root: etree._Element) -> Iterator[tuple[etree._Element, Which, str]]:
    """Each visible text in reading order, with the element it belongs to; a line end around what is a block."""
    stack: list[tuple[etree._Element, bool]] = [(root, False)]
    while stack:
        element, after = stack.pop()
        seen = isinstance(element.tag, str) and not is_unseen(element)
        if seen and local(element) in BLOCKS:
            yield element, "text", "\n"
        if after:
            if element.tail:
                yield element, "tail", element.tail
            continue
        if element is not root:
            stack.append((element, True))
        if not seen:
            continue
        if element.text:
            yield element, "text", element.text
        stack.extend((child, False) for child in reversed(element))


def page_line(page: str, number: int) -> tuple[str, int]:
    """A line of a page's text, and how many lines before it are the same.

    Args:
        page: the text, as `collectors.accounts.texts.quick_page` gives it.
        number: of the line, from 1.
    """
    lines = page.split("\n")
    if not 1 <= number <= len(lines):
        return "", 0
    wanted = lines[number - 1].split()
    return " ".join(wanted), sum(1 for line in lines[: number - 1] if line.split() == wanted)
