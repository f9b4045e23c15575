"""Group or company: whose figure it is.

The FRC taxonomies have one dimension for it (`GroupCompanyDataDimension`), whose default is the company: `Consolidated`
is said, the company is not. Software keeps to that for balance sheets, also in notes that print group and company
columns. It does not for the profit and loss account: a parent need not publish its own (Companies Act 2006, section
408), so several products leave the group's note figures (turnover, employees, tax) without the dimension. Hence, in a
document that holds group accounts:

- a figure with the dimension is what the dimension says;
- an undimensioned figure of a line that has a `Consolidated` figure in the same period is the company's;
- an undimensioned figure at an instant is the company's, unless nothing in the document has the dimension and its
  balance sheet is headed as the group's;
- an undimensioned figure over a period follows the heading it is printed under (`Notes to the consolidated financial
  statements`, `Company statement of changes in equity`);
- where nothing decides (a neutral heading, a hidden figure), the figure is no line, and an issue says so.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from collectors.accounts.catalogue import Catalogue
from collectors.accounts.tags import TaggedFact
from collectors.accounts.texts import Page, straight

Scope = Literal["group", "company", "unclear"]

_STATEMENT = (
    r"(?:balance sheets?|statements? of financial position|profit (?:and|&) loss accounts?|income statements?|"
    r"statements? of (?:total )?comprehensive (?:income|net expenditure)|statements? of income|"
    r"statements? of profit or loss|statements? of changes in equity|statements? of cash ?flows?|"
    r"cash ?flow statements?|statements? of financial activities|income and expenditure account)"
)
_GROUP = re.compile(
    rf"^(?:the )?(?:[\w'&.,()-]+ ){{0,6}}?(?:consolidated|group(?:'s)?)\s(?:\w+\s){{0,3}}?"
    rf"(?:{_STATEMENT}|financial statements)"
    rf"|^notes (?:forming part of|to) the (?:consolidated|group)(?: (?:financial statements|accounts))?",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    rf"^(?:the )?(?:parent |charity |individual )?(?:company|parent|charity)(?:'s)?\s(?:\w+\s){{0,2}}?"
    rf"(?:{_STATEMENT}|financial statements)"
    rf"|^notes (?:forming part of|to) the company(?:'s)?(?: (?:financial statements|accounts))?",
    re.IGNORECASE,
)
_SAID: tuple[tuple[re.Pattern[str], Scope], ...] = ((_GROUP, "group"), (_COMPANY, "company"))
_BOTH = re.compile(r"(?:consolidated|group) and (?:parent )?company|company and (?:consolidated|group)", re.IGNORECASE)
_NEUTRAL = re.compile(
    r"^(?:notes (?:forming part of|to) the (?:financial statements|accounts)|balance sheet|statement of)\b",
    re.IGNORECASE,
)
_HEADING_ENDS = re.compile(
    r"^s?\s*(?:$|[-\u2013\u2014(,:\d]|(?:for|as|at|year|period|continued|note)\b)", re.IGNORECASE
)
_LONGEST_HEADING = 130
_NOTES = re.compile(r"notes", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading on the page: where, whose, and whether it heads notes rather than a statement."""

    place: int
    scope: Scope
    notes: bool


@dataclass(slots=True)
class Headings:
    """The headings of a page, to be asked which of them a place stands under."""

    found: list[Heading] = field(default_factory=list)

    def over(self, place: int) -> Heading | None:
        """The last heading at or before a place."""
        index = bisect_right([heading.place for heading in self.found], place)
        return self.found[index - 1] if index else None

    @property
    def any_group(self) -> bool:
        """True where a statement or its notes are headed as the group's."""
        return any(heading.scope == "group" for heading in self.found)

    @property
    def any_company(self) -> bool:
        """True where a statement is headed as the company's own."""
        return any(heading.scope == "company" and not heading.notes for heading in self.found)


def headings(page: Page) -> Headings:
    """Every line of the page that heads a statement or its notes."""
    found = []
    place = 0
    for line in page.text.split("\n"):
        text = straight(" ".join(line.split()))
        if text and len(text) <= _LONGEST_HEADING and (scope := _heading_scope(text)):
            found.append(Heading(place, scope, bool(_NOTES.search(text))))
        place += len(line) + 1
    return Headings(found)


def _heading_scope(text: str) -> Scope | None:
    if text.endswith((".", ";", ",")) or not any(character.isalpha() for character in text):
        return None
    if _BOTH.search(text) and re.search(_STATEMENT, text, re.IGNORECASE):
        return "unclear"
    for pattern, scope in _SAID:
        if (match := pattern.search(text)) and _HEADING_ENDS.match(text[match.end() :]):
            return scope
    return "unclear" if _NEUTRAL.search(text) else None


def member_scope(fact: TaggedFact, catalogue: Catalogue) -> Scope | None:
    """What the group or company dimension says; None where the figure has none."""
    for axis, member in fact.context.dimensions:
        if axis in catalogue.group_axes or member in catalogue.group_members:
            if member in catalogue.group_members:
                return "group"
            if member in catalogue.company_members:
                return "company"
            return "unclear"
    return None


def balance_scope(
    facts: Iterable[TaggedFact], page: Page, heads: Headings, catalogue: Catalogue, *, says_group: bool
) -> Scope:
    """Whose an undimensioned balance sheet figure is, in a document that holds group accounts."""
    facts = list(facts)
    if any(member_scope(fact, catalogue) is not None and fact.unit is not None for fact in facts):
        return "company"
    votes = {"group": 0, "company": 0}
    for fact in facts:
        if fact.unit is None or fact.context.start is not None:
            continue
        heading = heads.over(page.places.get(fact.element, -1))
        if heading and not heading.notes and heading.scope != "unclear":
            votes[heading.scope] += 1
    if votes["group"] != votes["company"]:
        return "group" if votes["group"] > votes["company"] else "company"
    return "group" if says_group and not heads.any_company else "company"


def printed_scope(facts: Iterable[TaggedFact], page: Page, heads: Headings) -> Scope:
    """Whose an undimensioned figure over a period is, by the headings it is printed under."""
    seen: set[Scope] = set()
    for fact in facts:
        if fact.element in page.places and (heading := heads.over(page.places[fact.element])):
            seen.add(heading.scope)
    return "company" if "company" in seen else "group" if "group" in seen else "unclear"
