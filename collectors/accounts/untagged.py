"""Accounts that are a page without a tag: whose, for which period, and their statements, all from the print alone."""

import re
from dataclasses import dataclass, field

from lxml import etree

from collectors.accounts.arithmetic import reckon
from collectors.accounts.candidates import Choice
from collectors.accounts.catalogue import Catalogue
from collectors.accounts.pages import sheet
from collectors.accounts.parse import parse
from collectors.accounts.particulars import Particulars
from collectors.accounts.scans.about import about
from collectors.accounts.statements import read_statements
from collectors.accounts.tags import Problem, Tagged
from collectors.accounts.texts import Page, quick_page
from collectors.accounts.unread import says_group
from collectors.accounts.witnesses import printed_choices
from collectors.accounts.words import Saying, sayings
from collectors.reading import Origin

_PAGE = re.compile(rb"<(?:!doctype\s+html|(?:[\w.-]+:)?html)\b", re.IGNORECASE)
_LOOKED_AT = 4096


@dataclass(slots=True)
class PageReading:
    """What a page without tags says.

    Attributes:
        about: whose accounts, for which periods.
        choices: the figures, by line, period and scope.
        sayings: what its words say.
        problems: what was odd.
    """

    about: Particulars
    choices: list[Choice] = field(default_factory=list)
    sayings: list[Saying] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def is_page(content: bytes) -> bool:
    """True for what begins as a page of HTML."""
    return _PAGE.search(content[:_LOOKED_AT]) is not None


def read_page(content: bytes, origin: Origin, catalogue: Catalogue, where: str) -> PageReading:
    """Read a set of accounts that is a page without tags.

    Args:
        content: its bytes.
        origin: where it came from.
        catalogue: lines and formulas.
        where: its name, for errors.

    Raises:
        AccountsError: if no element can be made of it.
        HostileInputError: if it is of absurd size, or declares entities.
    """
    root = _tree(content, where)
    text = quick_page(content, root.getroottree().docinfo.encoding or "utf-8").text
    reading = PageReading(about([text], origin))
    reading.sayings = sayings(Tagged(inline=False), lambda: Page(text))
    reading.problems.extend(reading.about.problems)
    if reading.about.current is None:
        return reading
    page = sheet(root)
    if page.cut:
        reading.problems.append(Problem("page_cut", "the page is too long to be read to its end"))
    statements = read_statements(page.rows, reading.about, catalogue)
    printed, doubts = printed_choices(statements, catalogue, holds_group=says_group(content, lambda: text))
    reading.choices, broken = reckon(list(printed.values()), catalogue)
    reading.problems.extend([*doubts, *broken])
    return reading


def _tree(content: bytes, where: str) -> etree._Element:
    """The elements; of a page that is no XML, as HTML leaves them to be guessed."""
    parsed = parse(content, where)
    if not parsed.mended or parsed.cut:
        return parsed.root
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    root = etree.fromstring(content, parser)
    return parsed.root if root is None else root
