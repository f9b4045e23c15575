"""Is this owner that company? A score from 0 to 100, its reasons, and what may be decided without a person.

An owner's name is linked automatically only if the whole name agrees: the same normal form, or one that
differs in spacing, a plural of a common word or the spelling of the legal form, or a company number typed
into it. Names that merely resemble each other go to a person, however alike they are, because the register
is full of sister companies with nearly the same name. Weights and thresholds are data: `match.yaml`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from oversight.identity.kinds import Kind, Nature, nature_of_owner
from oversight.identity.names import Name, parse_name
from oversight.identity.similarity import Likeness, likeness, rules

Outcome = Literal["automatic", "review", "none"]

_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A company that may be the owner.

    Attributes:
        company_number: as the register gives it.
        name: current name.
        previous_names: earlier names.
        status: Companies House status such as `active` or `dissolved`; None where unknown.
        incorporated_on: None where unknown.
    """

    company_number: str
    name: str
    previous_names: tuple[str, ...] = ()
    status: str | None = None
    incorporated_on: date | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """One candidate judged: score 0 to 100, reasons in words, and what follows for it."""

    candidate: Candidate
    score: float
    reasons: tuple[str, ...]
    decision: Outcome


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided, or left to a person, about one owner.

    Attributes:
        kind: company, council, charity, individual or unknown.
        company_number: the company it is taken for (automatic) or most likely is (review); None for none.
        decision: `automatic`, `review` or `none`.
        score: of that company; 0 where there is none.
        reasons: why, in short phrases.
        alternatives: the best candidates, at most three, best first.
    """

    kind: Kind
    company_number: str | None
    decision: Outcome
    score: float
    reasons: tuple[str, ...]
    alternatives: tuple[Match, ...]


def rank(owner: str, candidates: Iterable[Candidate], *, seen_on: date | None = None) -> list[Match]:
    """All candidates, best first, each with its score, reasons and the decision on its name alone.

    At most one is `automatic`: it reaches the threshold and the next company is clearly behind.

    Args:
        owner: the owner's name as typed.
        candidates: companies to compare it with; a company given twice counts once.
        seen_on: a day on which the owner ran something, if known: a younger company cannot be it.
    """
    name = parse_name(owner)
    given = _once(candidates)
    numbers = {candidate.company_number for candidate in given}
    scored = [(candidate, _judge(name, candidate, numbers, seen_on)) for candidate in given]
    scored.sort(key=lambda pair: (-pair[1].score, pair[0].company_number, pair[0].name))
    best_open = _is_clear([judged.score for _, judged in scored])
    return [
        Match(candidate, judged.score, judged.reasons, _outcome(judged.score, automatic=best_open and place == 0))
        for place, (candidate, judged) in enumerate(scored)
    ]


def decide(
    owner: str, candidates: Iterable[Candidate], sector: str | None = None, *, seen_on: date | None = None
) -> Decision:
    """Decide about one owner: link it automatically, hand it to a person, or leave it alone.

    Councils, public bodies and people are never linked unasked; one with a namesake company goes to review.

    Args:
        owner: the owner's name as typed.
        candidates: companies to compare it with.
        sector: Ofsted's sector, if known.
        seen_on: a day on which the owner ran something, if known.
    """
    nature = nature_of_owner(owner, sector)
    name = parse_name(owner)
    matches = rank(owner, candidates, seen_on=seen_on)
    best = tuple(match for match in matches[:_ALTERNATIVES] if match.decision != "none")
    if not best:
        return Decision(nature.kind, None, "none", 0.0, (nature.reason, "no company of a like name"), ())
    top = best[0]
    if not nature.may_be_company and not _agrees(top) and name.stated_number is None:
        return Decision(nature.kind, None, "none", 0.0, (nature.reason,), best)
    if top.decision != "automatic":
        return _review(nature, top, best, _why_not(best))
    if doubt := _doubt(name, nature, top):
        return _review(nature, top, best, doubt)
    kind: Kind = "company" if nature.kind == "unknown" else nature.kind
    return Decision(kind, top.candidate.company_number, "automatic", top.score, top.reasons, best)


@dataclass(frozen=True, slots=True)
class _Judged:
    score: float
    reasons: tuple[str, ...]


def _once(candidates: Iterable[Candidate]) -> list[Candidate]:
    first: dict[str, Candidate] = {}
    for candidate in candidates:
        first.setdefault(candidate.company_number, candidate)
    return list(first.values())


def _judge(owner: Name, candidate: Candidate, numbers: Collection[str], seen_on: date | None) -> _Judged:
    found = _best_likeness(owner, candidate)
    score, reasons = _with_number(owner, candidate, numbers, found)
    off, why = _status_penalty(candidate, seen_on)
    return _Judged(round(max(0.0, min(100.0, score + off)), 1), (*reasons, *why))


def _best_likeness(owner: Name, candidate: Candidate) -> Likeness:
    """The best of current name, previous names, and the name behind t/a."""
    agreement = rules().agreement
    company = _parsed(candidate.name)
    found = [likeness(owner, company)]
    for previous in candidate.previous_names:
        earlier = likeness(owner, _parsed(previous))
        found.append(earlier.but(agreement["previous_name"], f"previous name {previous}"))
    if owner.trading_as:
        trading = likeness(parse_name(owner.trading_as), company)
        found.append(trading.but(agreement["trading_name"], "trading name"))
    return max(found, key=lambda each: each.score)


@lru_cache(maxsize=50_000)
def _parsed(name: str) -> Name:
    return parse_name(name)


def _with_number(
    owner: Name, candidate: Candidate, numbers: Collection[str], found: Likeness
) -> tuple[float, tuple[str, ...]]:
    """Weigh a company number typed into the owner's name."""
    stated = owner.stated_number
    if stated is None:
        return found.score, found.reasons
    if stated == candidate.company_number:
        if found.common_ground:
            return max(found.score, rules().agreement["stated_number"]), ("company number stated", *found.reasons)
        return rules().numbers["stated_but_unlike"], ("company number stated", "names have nothing in common")
    if stated in numbers or found.whole:
        return min(found.score, rules().numbers["stated_and_other"]), (*found.reasons, f"number stated is {stated}")
    return found.score, found.reasons


def _status_penalty(candidate: Candidate, seen_on: date | None) -> tuple[float, tuple[str, ...]]:
    penalties = rules().status
    off, why = 0.0, []
    status = (candidate.status or "").strip().lower()
    if status in penalties:
        off += penalties[status]
        why.append(f"company is {status}")
    if seen_on is not None and candidate.incorporated_on is not None and candidate.incorporated_on > seen_on:
        off += penalties["not_yet_incorporated"]
        why.append(f"incorporated on {candidate.incorporated_on:%d %B %Y}, after the owner was seen")
    return off, tuple(why)


def _is_clear(scores: Sequence[float]) -> bool:
    """Whether the best score reaches the threshold and leaves the next one behind by the margin."""
    if not scores or scores[0] < rules().threshold:
        return False
    return len(scores) == 1 or scores[0] - scores[1] >= rules().margin


def _outcome(score: float, *, automatic: bool) -> Outcome:
    if automatic:
        return "automatic"
    return "review" if score >= rules().review_floor else "none"


def _agrees(match: Match) -> bool:
    return match.score >= rules().threshold


def _why_not(best: Sequence[Match]) -> str:
    if _agrees(best[0]):
        return f"cannot be told from {best[1].candidate.name}"
    return "names do not agree as a whole"


def _doubt(name: Name, nature: Nature, top: Match) -> str | None:
    """Why a name that agrees still needs a person; None where it does not."""
    if name.stated_number == top.candidate.company_number:
        return None
    if not nature.may_be_company:
        return nature.reason
    bare = not name.suffix
    if bare and _parsed(top.candidate.name).suffix:
        if nature.kind == "charity":
            return "a charity without a legal form, a company with one"
        words = name.core.split()
        telling = sum(word not in rules().common and len(word) >= rules().telling_letters for word in words)
        if telling < rules().telling_words and len(words) < rules().bare_words:
            return "too short a name without a legal form"
    return None


def _review(nature: Nature, top: Match, best: tuple[Match, ...], doubt: str) -> Decision:
    return Decision(nature.kind, top.candidate.company_number, "review", top.score, (*top.reasons, doubt), best)
