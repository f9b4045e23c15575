"""One set of accounts to rows: facts, lines, statements and issues."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from lxml import etree

from collectors.accounts.arithmetic import reckon
from collectors.accounts.candidates import Choice, Key, find
from collectors.accounts.catalogue import Catalogue, catalogue
from collectors.accounts.choose import choose, take_off, trust_print
from collectors.accounts.pages import sheet
from collectors.accounts.parents import PARENT_CONCEPTS, names_a_company, speaks_of_parents, stated_parents
from collectors.accounts.parse import parse
from collectors.accounts.particulars import Particulars, Period, particulars
from collectors.accounts.statements import read_statements
from collectors.accounts.tags import Problem, Tagged, TaggedFact, read_tags
from collectors.accounts.texts import Page, quick_page
from collectors.accounts.texts import page as text_page
from collectors.accounts.unpack import Member, documents, kind_of
from collectors.accounts.unread import leaves_unread, says_group
from collectors.accounts.unscoped import settle_unscoped
from collectors.accounts.untagged import is_page, read_page
from collectors.accounts.witnesses import printed_choices, weigh
from collectors.accounts.words import Saying, sayings
from collectors.reading import Origin, Reader, Rows
from oversight.errors import HostileInputError, OversightError
from oversight.model.ids import line_id, row_id

VERSION = 7
_LONGEST_TEXT = 2000
_WORDS = (b"oing concern", b"oing-concern", b"uncertaint", b"uditor")
_POUND = "GBP"


def read(content: bytes, origin: Origin) -> Rows:
    """Facts, lines, statements and issues of one set of accounts.

    Takes iXBRL, plain XBRL, a PDF, or a gzip or zip that holds one of them. Never raises for what is in the bytes: what
    cannot be read is an issue of severity `error`.
    """
    rows = Rows()
    first: Member | None = None
    names: dict[bool, list[str]] = {True: [], False: []}
    for item in documents(content, ""):
        if isinstance(item, Problem):
            _issue(rows, origin, item)
            continue
        tagged = kind_of(item.content) == "tagged"
        if first is None or (tagged and not names[True]):
            first = item
        names[tagged].append(item.name)
    if first is None and not rows.tables:
        _issue(rows, origin, _nothing())
    for name in (names[True] or names[False])[1:]:
        message = "more than one set of accounts in one file; only the first is read"
        _issue(rows, origin, Problem("several_documents", message, name))
    if first is not None:
        read_document(first.content, origin, rows, within=first.name.lstrip("!"))
    return rows


READER = Reader(name="companies_house.accounts", version=VERSION, read=read)
"""The reader of accounts documents."""


def read_document(content: bytes, origin: Origin, rows: Rows, within: str = "") -> None:
    """Read one document into rows.

    Args:
        content: bytes of the document itself, no archive.
        origin: where it came from.
        rows: what is read is added here.
        within: path of the member where the origin is an archive; precedes every locator.
    """
    kind = kind_of(content)
    if kind == "pdf":
        _read_pdf(content, origin, rows, within)
    elif kind == "empty":
        _issue(rows, origin, _nothing(within))
    elif kind != "tagged" and not is_page(content):
        _issue(rows, origin, _untagged(within))
    else:
        try:
            (_read_tagged if kind == "tagged" else _read_untagged)(content, origin, rows, within)
        except OversightError as error:
            hostile = isinstance(error, HostileInputError)
            name = "hostile_input" if hostile else "accounts_unreadable"
            _issue(rows, origin, Problem(name, error.message, within, severity="error"))
        except UnicodeDecodeError as error:
            message = f"the markup was mended and holds bytes that are no text: {error.reason}"
            _issue(rows, origin, Problem("accounts_unreadable", message, within, severity="error"))


def _read_pdf(content: bytes, origin: Origin, rows: Rows, within: str) -> None:
    from collectors.accounts.scans.reading import read_pdf  # noqa: PLC0415  the libraries for pictures take a second

    prefix = f"{within}!" if within else ""
    try:
        found = read_pdf(content, origin, catalogue())
    except OversightError as error:
        hostile = isinstance(error, HostileInputError)
        name = "hostile_input" if hostile else "accounts_unreadable"
        _issue(rows, origin, Problem(name, error.message, within, severity="error"))
        return
    _add_lines(rows, found.choices, found.about, origin, prefix, {})
    _add_sayings(rows, found.sayings, found.about, origin, prefix)
    for problem in found.problems:
        _issue(rows, origin, problem, prefix)


def _read_untagged(content: bytes, origin: Origin, rows: Rows, within: str) -> None:
    """What a page without a tag prints; as an error where nothing of it is a line."""
    found = read_page(content, origin, catalogue(), within or origin.url or origin.document_id)
    if not found.choices:
        _issue(rows, origin, _untagged(within, *(problem.message for problem in found.problems)))
        return
    prefix = f"{within}!" if within else ""
    _add_lines(rows, found.choices, found.about, origin, prefix, {})
    _add_sayings(rows, found.sayings, found.about, origin, prefix)
    for problem in found.problems:
        _issue(rows, origin, problem, prefix)
    message = "no figure is tagged; every figure rests on the printed page alone"
    _issue(rows, origin, Problem("print_only", message, within, severity="information"))


def _untagged(within: str, *why: str) -> Problem:
    message = "; ".join(("the document has no tagged figures; none is read", *why))
    return Problem("untagged_accounts", message, within, severity="error")


def _read_tagged(content: bytes, origin: Origin, rows: Rows, within: str) -> None:
    where = within or origin.url or origin.document_id
    parsed = parse(content, where)
    table = catalogue()
    if parsed.truncated:
        _issue(
            rows, origin, Problem("truncated_document", "the end of the document is missing", within, severity="error")
        )
    if parsed.mended:
        severity = "error" if parsed.cut else "warning"
        message = f"the markup was mended{', and what follows is not read' if parsed.cut else ''}: {parsed.mended}"
        _issue(rows, origin, Problem("malformed_markup", message, within, severity=severity))
    tagged = read_tags(parsed.root, table.texts, mended=bool(parsed.mended))
    if not tagged.facts and is_page(content):
        _read_untagged(content, origin, rows, within)
        return
    if not tagged.facts:
        _issue(rows, origin, _untagged(within))
    about = particulars(tagged, table, origin)

    @cache
    def rendered() -> Page:
        return text_page(parsed.root, {fact.element for fact in tagged.facts if not fact.hidden})

    @cache
    def quickly() -> Page:
        return quick_page(content, parsed.root.getroottree().docinfo.encoding or "utf-8")

    choices, problems = _lines(_Document(content, parsed.root, rendered, quickly), tagged, about, table)
    prefix = f"{within}!" if within else ""
    ids = _add_facts(rows, tagged, about, origin, prefix)
    _add_lines(rows, choices, about, origin, prefix, ids)

    wordy = tagged.inline and any(word in content for word in _WORDS)
    owned = tagged.inline and speaks_of_parents(content)
    said = [*sayings(tagged, quickly if wordy else None), *stated_parents(tagged, quickly if owned else None)]
    _add_sayings(rows, said, about, origin, prefix)
    for problem in [*tagged.problems, *about.problems, *problems]:
        _issue(rows, origin, problem, prefix)


@dataclass(frozen=True, slots=True)
class _Document:
    """A document in the forms it is read in; pages are made when first asked for."""

    content: bytes
    root: etree._Element
    rendered: Callable[[], Page]
    quickly: Callable[[], Page]

    def text(self) -> str:
        return self.quickly().text


def _lines(
    document: _Document, tagged: Tagged, about: Particulars, table: Catalogue
) -> tuple[list[Choice], list[Problem]]:
    chosen = choose(find(tagged, about, table), tagged, about, table, document.rendered)
    take_off(chosen.choices)
    if tagged.inline:
        trust_print(chosen.choices.values(), chosen.problems)
        if about.current is not None:
            chosen.choices = _with_print(document, chosen.choices, about, table, chosen.problems)
    settle_unscoped(chosen.unscoped, chosen.choices, chosen.problems)
    choices, problems = reckon(list(chosen.choices.values()), table)
    currencies = sorted({choice.unit for choice in choices if choice.line.count is False and choice.unit != _POUND})
    if currencies:
        problems.append(
            Problem(
                "currency_not_pounds", "figures are not in pounds; they are given as filed", value=", ".join(currencies)
            )
        )
    return choices, chosen.problems + problems


def _with_print(
    document: _Document,
    tagged: dict[Key, Choice],
    about: Particulars,
    table: Catalogue,
    problems: list[Problem],
) -> dict[Key, Choice]:
    """The choices with what the page prints, where the tags leave a primary statement unread."""
    holds_group = (
        about.says_group
        or any(consolidated for _, _, consolidated in tagged)
        or says_group(document.content, document.text)
    )
    if not leaves_unread(tagged, document.content, document.text, holds_group=holds_group):
        return tagged
    page = sheet(document.root)
    if page.cut:
        problems.append(
            Problem("page_cut", "the page is too long to be read to its end; its statements may be missing")
        )
    statements = read_statements(page.rows, about, table)
    printed, doubts = printed_choices(statements, table, holds_group=holds_group)
    problems.extend(doubts)
    return weigh(tagged, printed, problems)


def _add_facts(rows: Rows, tagged: Tagged, about: Particulars, origin: Origin, prefix: str) -> dict[str, str]:
    """Add the fact rows; gives the fact's id by its locator."""
    ids: dict[str, str] = {}
    for fact in tagged.facts:
        if fact.concept in PARENT_CONCEPTS and not names_a_company(fact.text or ""):
            continue
        ids[fact.locator] = fact_id = row_id(origin.document_id, fact.concept, fact.context.name, fact.occurrence)
        text = fact.value
        rows.add(
            "fact",
            fact_id=fact_id,
            document_id=origin.document_id,
            company_number=about.number,
            concept=fact.concept,
            namespace=fact.namespace,
            context=fact.context.name,
            occurrence=fact.occurrence,
            period_start=fact.context.start,
            period_end=fact.context.end,
            dimensions=fact.context.dimension_text,
            value=None if text is None else text[:_LONGEST_TEXT],
            number=None if fact.amount is None else float(fact.amount),
            unit=fact.unit,
            decimals=fact.decimals,
            locator=prefix + fact.locator,
            method="tagged",
            confidence=1.0,
        )
    return ids


def _add_lines(
    rows: Rows, choices: list[Choice], about: Particulars, origin: Origin, prefix: str, ids: dict[str, str]
) -> None:
    for choice in sorted(choices, key=lambda each: each.key):
        period = _period(choice, about)
        if period is None:
            continue
        fact = choice.fact
        rows.add(
            "line",
            line_id=_line_id(choice, about, origin),
            document_id=origin.document_id,
            company_number=about.number,
            period_start=period.start,
            period_end=period.end,
            consolidated=choice.consolidated,
            comparative=choice.comparative,
            line=choice.line.name,
            value=float(choice.value),
            unit=choice.unit,
            concept=choice.formula or _concept(fact),
            fact_id=ids[fact.locator] if fact else None,
            inputs=",".join(_line_id(term, about, origin) for term in choice.inputs) or None,
            locator=prefix + _locator(choice),
            method=choice.method,
            confidence=choice.confidence,
        )


def _add_sayings(rows: Rows, found: list[Saying], about: Particulars, origin: Origin, prefix: str) -> None:
    for saying in found:
        rows.add(
            "statement",
            document_id=origin.document_id,
            kind=saying.kind,
            company_number=about.number,
            period_end=about.current.end if about.current else None,
            value=saying.value,
            quote=saying.quote,
            locator=prefix + saying.locator,
            confidence=saying.confidence,
        )


def _concept(fact: TaggedFact | None) -> str:
    return fact.concept if fact else ""


def _locator(choice: Choice) -> str:
    """The place of the fact or of the print; for a derived line the places of what it is derived from."""
    if choice.fact is not None:
        return choice.fact.locator
    if choice.place:
        return choice.place
    return " + ".join(_locator(term) for term in choice.inputs)


def _period(choice: Choice, about: Particulars) -> Period | None:
    return about.comparative if choice.comparative else about.current


def _line_id(choice: Choice, about: Particulars, origin: Origin) -> str:
    period = _period(choice, about)
    end = period.end if period else None
    return line_id(origin.document_id, choice.line.name, end, consolidated=choice.consolidated)


def _nothing(within: str = "") -> Problem:
    return Problem("empty_document", "the file holds no document", within, severity="error")


def _issue(rows: Rows, origin: Origin, problem: Problem, prefix: str = "") -> None:
    rows.issue(
        origin,
        problem.kind,
        problem.message,
        locator=prefix + problem.locator,
        value=problem.value,
        severity=problem.severity,
    )
