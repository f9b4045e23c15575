"""Whose accounts, for which periods, for a group or a company: what the document says of itself."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from collectors.accounts.catalogue import Catalogue
from collectors.accounts.tags import Problem, Tagged
from collectors.accounts.transforms import day, local_name
from collectors.reading import Origin
from oversight.errors import InputError
from oversight.model.ids import company_number

_NUMBER = re.compile(r"(?:\d{5,8}|[A-Z]{2}\d{6}|[A-Z]\d{7}|R0\d{6}|[A-Z]{2}\d{5}[A-Z])")
_FILE_NAME = re.compile(r"(?:^|[/!_])(?P<number>(?:\d{8}|[A-Z]{2}\d{6}))(?=[_.!/]|$)")
_DATED = re.compile(r"(Prod\d+_\d+_[^/!]*)_\d{8}(?=\.\w+(?:!|$))")
"""A name of the bulk files ends with the day of the balance sheet, which is no number even where no number stands."""
_OFFICIAL = "companieshouse"
_NUMBER_CONCEPTS = ("UKCompaniesHouseRegisteredNumber", "CompaniesHouseRegisteredNumber")
_END_CONCEPTS = ("BalanceSheetDate", "EndDateForPeriodCoveredByReport")
_START_CONCEPTS = ("StartDateForPeriodCoveredByReport",)
_ONE_DAY = timedelta(days=1)

Spans = Counter[tuple[date, date]]
"""How often each (first day, last day) is used."""


@dataclass(frozen=True, slots=True)
class Period:
    """A period a statement covers; the start is None where the document does not give it."""

    start: date | None
    end: date


@dataclass(slots=True)
class Particulars:
    """What a document says of itself.

    Attributes:
        number: company number in its 8-character form; None where nothing gives it.
        current: the period reported on; None where no figure has a readable date.
        comparative: the earlier period beside it.
        says_group: it says that it holds group accounts.
        problems: what was odd about any of this.
    """

    number: str | None = None
    current: Period | None = None
    comparative: Period | None = None
    says_group: bool = False
    problems: list[Problem] = field(default_factory=list)


def particulars(tagged: Tagged, catalogue: Catalogue, origin: Origin) -> Particulars:
    """What the tagged facts and the origin say of the document."""
    found = Particulars()
    found.number = _number(tagged, origin, found.problems)
    _periods(tagged, catalogue, found)
    found.says_group = any(
        member in catalogue.group_scopes for fact in tagged.facts for _, member in fact.context.dimensions
    )
    return found


def is_company_number(text: str) -> bool:
    """True for what looks like a number and not like a name of eight letters."""
    return bool(_NUMBER.fullmatch(re.sub(r"\s", "", text).upper()))


def _number(tagged: Tagged, origin: Origin, problems: list[Problem]) -> str | None:
    named = Counter((fact.context.scheme, fact.context.entity) for fact in tagged.facts if fact.context.entity)
    identifiers, others = Counter[str](), Counter[str]()
    for (scheme, entity), count in named.items():
        (identifiers if _OFFICIAL in scheme.lower() else others)[entity] += count
    stated = [fact.text or "" for fact in tagged.texts(*_NUMBER_CONCEPTS)]
    sources = [
        ("identifier", [text for text, _ in identifiers.most_common()]),
        ("tagged number", stated),
        ("name", _names(origin)),
        ("other identifier", [text for text, _ in others.most_common()]),
    ]
    known = {source: numbers[0] for source, texts in sources if (numbers := readable_numbers(texts))}
    if not known:
        problems.append(
            Problem(
                "company_number_unknown",
                "neither the identifier, a tagged number nor the file's name gives a company number",
                value=next(iter(identifiers or others), None),
            )
        )
        return None
    chosen = next(iter(known.values()))
    if len(set(known.values())) > 1:
        votes = Counter(known.values())
        chosen = max(known.values(), key=lambda number: votes[number])
        said = ", ".join(f"{source} {number}" for source, number in known.items())
        problems.append(
            Problem("company_number_differs", f"the document gives more than one company number: {said}", value=chosen)
        )
    return chosen


def _names(origin: Origin) -> list[str]:
    texts = [_DATED.sub(r"\1", text) for text in (origin.subject, origin.url)]
    return [match["number"] for text in texts for match in _FILE_NAME.finditer(text)]


def number_in_name(origin: Origin) -> str | None:
    """The company number in what was asked for, or in the file's name; None where there is none."""
    return next(iter(readable_numbers(_names(origin))), None)


def readable_numbers(texts: Iterable[str]) -> list[str]:
    """The company numbers among some texts, in their 8-character form."""
    numbers = []
    for text in texts:
        if is_company_number(text):
            try:
                numbers.append(company_number(text))
            except InputError:
                continue
    return numbers


def _periods(tagged: Tagged, catalogue: Catalogue, found: Particulars) -> None:
    instants = _instants(tagged, catalogue, "balance_sheet") or _instants(tagged, catalogue, "notes")
    durations = Counter(
        (fact.context.start, fact.context.end)
        for fact in tagged.facts
        if fact.unit is not None and fact.context.start and fact.context.end
    )
    spans = Counter(
        (fact.context.start, fact.context.end) for fact in tagged.facts if fact.context.start and fact.context.end
    )
    ends = instants or {end for _, end in durations}
    end = _end(_dates(tagged, _END_CONCEPTS), ends, found.problems)
    if end is None:
        return
    stated_starts = [start for start in _dates(tagged, _START_CONCEPTS) if start < end]
    start = _start(durations, end) or max(stated_starts, default=None) or _start(spans, end)
    found.current = Period(start, end)
    found.comparative = _comparative(found.current, instants, durations, spans)


def _instants(tagged: Tagged, catalogue: Catalogue, statement: str) -> set[date]:
    """The days for which lines of a statement are filed."""
    return {
        fact.context.end
        for fact in tagged.facts
        if fact.context.end is not None
        and fact.context.start is None
        and fact.amount is not None
        and any(place.line.statement == statement for place in catalogue.places.get(fact.concept, ()))
    }


def _dates(tagged: Tagged, concepts: tuple[str, ...]) -> list[date]:
    facts = tagged.texts(*concepts)
    return [
        found for fact in facts if (found := day(fact.text or "", local_name(fact.element.get("format")))) is not None
    ]


def _end(stated: list[date], filed: set[date], problems: list[Problem]) -> date | None:
    """The day reported on: as stated where figures are filed for it, else the latest that figures are filed for."""
    if not filed:
        return max(stated, default=None)
    agreed = [each for each in stated if each in filed]
    if agreed:
        return max(agreed)
    latest = max(filed)
    if stated:
        problems.append(
            Problem(
                "period_differs",
                f"the document says that it reports on {max(stated)}, its figures are for {latest}",
                value=str(latest),
            )
        )
    return latest


def _start(spans: Spans, end: date) -> date | None:
    """The start most used with that end; of equals the earliest, so that a part of the year is not the year."""
    starts = [(count, start) for (start, until), count in spans.items() if until == end]
    return min(starts, key=lambda found: (-found[0], found[1]))[1] if starts else None


def _comparative(
    current: Period,
    instants: set[date],
    durations: Spans,
    spans: Spans,
) -> Period | None:
    """The period before: it ends the day before the current one starts, or at the latest earlier balance sheet."""
    before = {each for each in instants if each < (current.start or current.end)}
    ended = {until for _, until in durations if until < (current.start or current.end)}
    eve = current.start - _ONE_DAY if current.start else None
    if eve and (eve in before or eve in ended):
        end = eve
    elif before or ended:
        end = max(before or ended)
    else:
        return None
    return Period(_start(durations, end) or _start(spans, end), end)
