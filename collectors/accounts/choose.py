"""One figure for each line, period and scope, chosen from the candidates; with the sign it is printed with."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from collectors.accounts.candidates import Candidate, Choice, Key
from collectors.accounts.catalogue import Catalogue
from collectors.accounts.particulars import Particulars
from collectors.accounts.printed import printed_negative
from collectors.accounts.scope import Headings, Scope, balance_scope, headings, member_scope, printed_scope
from collectors.accounts.tags import Problem, Tagged
from collectors.accounts.texts import Page

_SIGN_OF_DIMENSIONED_PROFIT = frozenset({"turnover", "operating_profit", "profit_before_tax"})

Filed = dict[tuple[str, bool], dict[Scope | None, list[Candidate]]]
"""Candidates by line and whether comparative, then by what the group or company dimension says."""

TAGGED = 0.98
"""Confidence of a tagged figure that no arithmetic confirms."""
SIGN_FROM_PRINT = 0.8
_BY_HEADING = 0.9
_CONFLICTING = 0.5


@dataclass(slots=True)
class Chosen:
    """All choices of a document, what was odd, and by line and period what is neither group's nor company's so far."""

    choices: dict[Key, Choice] = field(default_factory=dict)
    unscoped: dict[tuple[str, bool], list[Candidate]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def choose(
    candidates: list[Candidate], tagged: Tagged, about: Particulars, catalogue: Catalogue, page: Callable[[], Page]
) -> Chosen:
    """One figure for each line, period and scope.

    Args:
        candidates: what `find` gave.
        tagged: the facts of the document.
        about: what the document says of itself.
        catalogue: the lines.
        page: gives the rendered page; called only for documents that hold group accounts.
    """
    chosen = Chosen()
    for (line, comparative, consolidated), rivals, sure in _scoped(candidates, tagged, about, catalogue, page, chosen):
        choice = best_of(
            rivals, comparative=comparative, consolidated=consolidated, sure=sure, problems=chosen.problems
        )
        chosen.choices[line, comparative, consolidated] = choice
    return chosen


def _scoped(
    candidates: list[Candidate],
    tagged: Tagged,
    about: Particulars,
    catalogue: Catalogue,
    page: Callable[[], Page],
    chosen: Chosen,
) -> Iterator[tuple[Key, list[Candidate], bool]]:
    """Candidates of each line, period and scope; the last item is true where the scope is certain."""
    filed: Filed = {}
    for candidate in candidates:
        by_member = filed.setdefault((candidate.place.line.name, candidate.comparative), {})
        by_member.setdefault(member_scope(candidate.fact, catalogue), []).append(candidate)
    holds_group = about.says_group or any("group" in by_member for by_member in filed.values())
    judge = _Judge(tagged, about, catalogue, page(), filed) if holds_group else None
    for (name, comparative), by_member in filed.items():
        if rivals := by_member.get("group"):
            yield (name, comparative, True), rivals, True
        plain = by_member.get("company", []) + by_member.get(None, [])
        if not plain:
            continue
        scope, sure = ("company", True) if judge is None else judge.scope(plain, by_member)
        if scope == "unclear":
            chosen.unscoped[name, comparative] = plain
        else:
            yield (name, comparative, scope == "group"), plain, sure


class _Judge:
    """Decides whose an undimensioned figure is, by the rules at the head of `scope`."""

    def __init__(
        self,
        tagged: Tagged,
        about: Particulars,
        catalogue: Catalogue,
        page: Page,
        filed: Filed,
    ) -> None:
        self.page = page
        self.heads: Headings = headings(page)
        self.profit_dimensioned = any(
            name in _SIGN_OF_DIMENSIONED_PROFIT and "group" in by_member for (name, _), by_member in filed.items()
        )
        self.balance = balance_scope(tagged.facts, page, self.heads, catalogue, says_group=about.says_group)

    def scope(self, plain: list[Candidate], by_member: Mapping[Scope | None, object]) -> tuple[Scope, bool]:
        """Group, company or unclear; and whether that is certain."""
        if "group" in by_member or "company" in by_member:
            return "company", True
        if plain[0].place.line.instant:
            return self.balance, self.balance == "company"
        if self.profit_dimensioned:
            return "company", True
        if self.balance == "group":
            return "group", False
        scope = printed_scope([candidate.fact for candidate in plain], self.page, self.heads)
        return scope, scope == "company"


def best_of(
    rivals: list[Candidate], *, comparative: bool, consolidated: bool, sure: bool, problems: list[Problem]
) -> Choice:
    """The most preferred fact; of equals the most precise. Others that differ are kept for the arithmetic."""
    nature = rivals[0].place.line.nature
    if nature and any(rival.value * nature > 0 for rival in rivals):
        rivals = [rival for rival in rivals if rival.value * nature >= 0]
    first = min(rivals, key=lambda rival: rival.preference)
    equals = [rival for rival in rivals if rival.place.rank == first.place.rank and rival.whole is first.whole]
    best = min(equals, key=lambda rival: (rival.slack, rival.fact.locator if rival.value != first.value else ""))
    if best.slack == first.slack:
        best = first
    others = tuple({rival.value: rival for rival in rivals if _differs(rival, best)}.values())
    confidence = TAGGED if sure else _BY_HEADING
    method = "tagged"
    if any(rival.place.rank == best.place.rank and rival.whole is best.whole for rival in others):
        method, confidence = "conflict", _CONFLICTING
        problems.append(
            Problem(
                "conflicting_values",
                f"{best.place.line.name}: the same figure is tagged with different values",
                locator=best.fact.locator,
                value=", ".join(str(rival.value) for rival in (best, *others)),
            )
        )
    return Choice(
        line=best.place.line,
        comparative=comparative,
        consolidated=consolidated,
        value=best.value,
        fact=best.fact,
        unit="count" if best.place.line.count else best.fact.unit or "",
        confidence=confidence,
        others=others,
        method=method,
        slack=best.slack,
        less=best.place.less,
    )


def _differs(rival: Candidate, best: Candidate) -> bool:
    if rival.place.may_be_lower and rival.value < best.value:
        return False
    return abs(rival.value - best.value) > rival.slack + best.slack


def take_off(choices: dict[Key, Choice]) -> None:
    """Take from a line what its concept includes and what is filed apart, such as overdrafts from bank borrowings."""
    for key, choice in list(choices.items()):
        if choice.less is None or (part := choices.get((choice.less, *key[1:]))) is None or not part.value:
            continue
        choices[key] = replace(
            choice,
            value=choice.value - part.value,
            formula=f"{choice.fact.concept if choice.fact else ''} - {choice.less}",
            inputs=(part,),
            method="derived",
        )


def trust_print(choices: Iterable[Choice], problems: list[Problem]) -> None:
    """Where a tag has another sign than its print, take the print and say so.

    A line that its statement subtracts is printed in brackets or without: only for one of the balance sheet or the cash
    flow statement, tagged negative and printed in brackets, is the print telling.
    """
    for choice in choices:
        fact = choice.fact
        if fact is None or choice.line.count or fact.hidden or not choice.value:
            continue
        in_brackets = choice.line.instant or choice.line.statement == "cash_flow"
        if choice.line.subtracted and not (in_brackets and choice.value > 0):
            continue
        printed = printed_negative(fact.element)
        if printed is None or printed == (choice.value < 0) or (printed and choice.line.nature > 0):
            continue
        if choice.line.subtracted and not printed:
            continue
        problems.append(
            Problem(
                "sign_differs_from_print",
                f"{choice.line.name}: tagged as {choice.value}, printed with the other sign; the print is used",
                locator=fact.locator,
                value=str(choice.value),
            )
        )
        choice.value, choice.method, choice.confidence = -choice.value, "conflict", SIGN_FROM_PRINT
