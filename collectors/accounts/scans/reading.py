"""A PDF to lines of account, what its words say, and what a person has to look at.

All pages are read quickly; those that hold statements and the notes wanted are read again with care, the most telling
first, until all are read or the bounds below are reached. What is then left unread is said in an issue.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from collectors.accounts.arithmetic import reckon
from collectors.accounts.candidates import Choice
from collectors.accounts.catalogue import Catalogue
from collectors.accounts.particulars import Particulars
from collectors.accounts.scans.about import about
from collectors.accounts.scans.mend import mend
from collectors.accounts.scans.paper import Paper, open_paper
from collectors.accounts.scans.prose import said
from collectors.accounts.scans.search import wanted
from collectors.accounts.scans.settle import Seen
from collectors.accounts.scans.sheets import Sheet, first_look, read_with_care
from collectors.accounts.scans.sums import summed
from collectors.accounts.scans.trust import doubt, in_doubtful_unit, restore, reviewed, weigh
from collectors.accounts.statements import read_statements
from collectors.accounts.tags import Problem
from collectors.accounts.witnesses import printed_choices
from collectors.accounts.words import Saying
from collectors.reading import Origin
from oversight.errors import InputError

MOST_PAGES = 200
"""Looked at; a filing has 10 to 120."""
MOST_CAREFUL = 40
"""Read with care."""
SECONDS = 900.0
"""After so long no further page is begun. A filing takes about a minute; this is for machines in trouble."""
_SURE_OF_WORDS = 0.85
_PAGES_NAMED = 40


@dataclass(slots=True)
class PdfReading:
    """What a PDF says.

    Attributes:
        about: whose accounts, for which periods.
        choices: the figures, by line, period and scope.
        sayings: what its words say.
        problems: what was odd, and what a person has to look at.
    """

    about: Particulars
    choices: list[Choice] = field(default_factory=list)
    sayings: list[Saying] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_pdf(
    content: bytes, origin: Origin, catalogue: Catalogue, *, now: Callable[[], float] = time.monotonic
) -> PdfReading:
    """Read a set of accounts filed as PDF.

    Args:
        content: its bytes.
        origin: where it came from.
        catalogue: lines and formulas.
        now: seconds of a clock, by which reading is broken off.

    Raises:
        AccountsError: if it cannot be opened.
        HostileInputError: if it is of absurd size.
    """
    ends = now() + SECONDS
    with open_paper(content, origin.url or origin.document_id) as paper:
        sheets, problems = _look(paper, lambda: now() > ends)
        of = about([sheet.text for sheet in sheets], origin)
        sheets = _with_care(paper, sheets, of, catalogue, problems, lambda: now() > ends)
    return _judged(sheets, of, catalogue, problems)


def _look(paper: Paper, late: Callable[[], bool]) -> tuple[list[Sheet], list[Problem]]:
    """Every page once, up to the bounds."""
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    unread = list(range(MOST_PAGES + 1, len(paper) + 1))
    for number in range(1, min(len(paper), MOST_PAGES) + 1):
        if late():
            unread = list(range(number, len(paper) + 1))
            break
        try:
            sheets.append(first_look(paper, number))
        except InputError as error:
            problems.append(Problem("page_unreadable", error.message, f"page {number}", severity="error"))
    problems.extend(_left(unread, "are not looked at, since the document is too long"))
    return sheets, problems


def _with_care(
    paper: Paper,
    sheets: list[Sheet],
    of: Particulars,
    catalogue: Catalogue,
    problems: list[Problem],
    late: Callable[[], bool],
) -> list[Sheet]:
    """The pages with those that are wanted read with care."""
    layers = {sheet.number for sheet in sheets if sheet.layer}
    pages = [page for page in wanted(sheets, of, catalogue) if page not in layers]
    by_number = {sheet.number: sheet for sheet in sheets}
    left = pages[MOST_CAREFUL:]
    for place, page in enumerate(pages[:MOST_CAREFUL]):
        if late():
            left = pages[place:]
            break
        try:
            by_number[page] = read_with_care(paper, by_number[page])
        except InputError as error:
            problems.append(Problem("page_unreadable", error.message, f"page {page}", severity="error"))
    problems.extend(_left(sorted(left), "seem to hold figures but are not read with care, since there are too many"))
    return [by_number[number] for number in sorted(by_number)]


def _left(pages: Sequence[int], what: str) -> Iterable[Problem]:
    if pages:
        shown = ", ".join(map(str, pages[:_PAGES_NAMED])) + (" and more" if len(pages) > _PAGES_NAMED else "")
        yield Problem(
            "pages_not_read", f"{len(pages)} pages {what}: {shown}", f"page {pages[0]}", value=str(len(pages))
        )


def _judged(sheets: list[Sheet], of: Particulars, catalogue: Catalogue, problems: list[Problem]) -> PdfReading:
    seen: dict[str, Seen] = {place: each for sheet in sheets for place, each in sheet.seen.items()}
    rows = [row for sheet in sheets for row in sheet.rows]
    statements = read_statements(rows, of, catalogue)
    mended, mends = mend(statements, seen, catalogue)
    holds_group = any(each.scope == "group" and each.kind != "notes" and each.readings for each in statements)
    printed, doubts = printed_choices(statements, catalogue, holds_group=holds_group)
    adding_up = summed(statements)
    weigh(printed.values(), seen, mended, adding_up)
    choices, broken = reckon(list(printed.values()), catalogue)
    restore(choices, seen, adding_up)
    doubt(choices, in_doubtful_unit(statements))
    problems = [*of.problems, *problems, *mends, *doubts, *broken, *reviewed(choices, seen)]
    if not choices:
        problems.append(_unread(sheets))
    return PdfReading(of, choices, said(sheets, _SURE_OF_WORDS), problems)


def _unread(sheets: Sequence[Sheet]) -> Problem:
    """No line of account was found: of a picture the known kind, so that it counts as accounts not read."""
    if any(sheet.layer for sheet in sheets):
        return Problem("untagged_accounts", "no statement is found in the text of the PDF", severity="error")
    return Problem("image_only_accounts", "accounts are an image in which no statement is found", severity="error")
