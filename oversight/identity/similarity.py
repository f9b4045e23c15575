"""How alike two names are, word by word, with the reasons in words. The weights are in `match.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml
from rapidfuzz import fuzz

from oversight.identity.names import Name, compact_form, singular


@dataclass(frozen=True, slots=True)
class Rules:
    """The content of `match.yaml`; its comments say what each value means."""

    threshold: float
    margin: float
    review_floor: float
    telling_words: int
    telling_letters: int
    bare_words: int
    agreement: Mapping[str, float]
    numbers: Mapping[str, float]
    similarity: Mapping[str, float]
    status: Mapping[str, float]
    common_weight: float
    common: frozenset[str]
    distinguishing: frozenset[str]
    distinguishing_weight: float
    number_weight: float


@cache
def rules() -> Rules:
    """The weights and thresholds of matching."""
    data = yaml.safe_load(files("oversight.identity").joinpath("match.yaml").read_text("utf-8"))
    data["common"] = frozenset(data["common"])
    data["distinguishing"] = frozenset(data["distinguishing"])
    return Rules(**data)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are.

    Attributes:
        score: 0 to 100.
        reasons: in short phrases.
        whole: the whole name agrees, but for spelling.
        common_ground: at least one telling word is in both names.
    """

    score: float
    reasons: tuple[str, ...]
    whole: bool
    common_ground: bool

    def but(self, points: float, reason: str) -> "Likeness":
        """The same with points taken off for a reason, which is given first."""
        return Likeness(max(0.0, self.score + points), (reason, *self.reasons), self.whole, self.common_ground)


def likeness(owner: Name, company: Name) -> Likeness:
    """Compare two names taken apart. Which is the owner's and which the company's makes no difference."""
    if not owner.core or not company.core:
        return Likeness(0.0, ("no name",), whole=False, common_ground=False)
    agreement = _agreement(owner.core, company.core)
    if agreement is None:
        return _with_legal_form(_similarity(owner.core.split(), company.core.split()), owner, company)
    kind, reason = agreement
    whole = Likeness(rules().agreement[kind], (reason,), whole=True, common_ground=True)
    return _with_legal_form(whole, owner, company)


def _agreement(one: str, other: str) -> tuple[str, str] | None:
    """Which kind of agreement of the whole name there is, with the reason in words."""
    if one == other:
        return "same_name", "same name"
    if compact_form(one) == compact_form(other):
        if _initials(one) != _initials(other):
            return "same_initials", "same name but for the spacing of initials"
        return "same_spacing", "same name, spaced or abbreviated otherwise"
    if _without_plurals(one, rules().common) == _without_plurals(other, rules().common):
        return "plural_of_common_word", "same name but for the plural of a common word"
    if _without_plurals(one) == _without_plurals(other):
        return "plural", "same name but for a plural"
    return None


def _initials(core: str) -> list[str]:
    return [word for word in core.split() if len(word) == 1 and word.isalpha()]


def _without_plurals(core: str, among: frozenset[str] | None = None) -> str:
    """A compact core with plurals made singular: of all words, or of those in a list (in either number)."""
    words = core.split()
    if among is None:
        return compact_form(" ".join(singular(word) for word in words))
    return compact_form(" ".join(singular(word) if {word, singular(word)} & among else word for word in words))


def _with_legal_form(found: Likeness, owner: Name, company: Name) -> Likeness:
    if owner.suffix == company.suffix:
        return found
    points = rules().agreement
    if not owner.suffix or not company.suffix:
        written = owner.suffix or company.suffix
        missing = points["limited_missing" if written == "ltd" else "legal_form_missing"]
        return found.but(missing, f"legal form {written} on one side only")
    return found.but(points["legal_form_differs"], f"legal forms differ: {owner.suffix}, {company.suffix}")


def _similarity(one: list[str], other: list[str]) -> Likeness:
    """The weighted share of words in common, less a penalty for words that tell companies apart."""
    pairs, only_one, only_other = _paired(one, other)
    shared = sum((_weight(a) + _weight(b)) * alike for a, b, alike in pairs)
    total = sum(map(_weight, one)) + sum(map(_weight, other))
    unmatched = sorted({*only_one, *only_other})
    telling = [word for word in unmatched if _tells_apart(word)]
    parameters = rules().similarity
    score = parameters["most"] * shared / total + parameters["differs"] * len(telling)
    reasons = [f"words in common: {', '.join(a for a, _, _ in pairs)}"] if pairs else ["no word in common"]
    if misspelt := [f"{a} for {b}" for a, b, alike in pairs if alike < 1]:
        reasons.append(f"spelt otherwise: {', '.join(misspelt)}")
    if unmatched:
        reasons.append(f"differs by: {', '.join(unmatched)}")
    ground = any(a not in rules().common for a, _, _ in pairs)
    return Likeness(round(max(0.0, score), 1), tuple(reasons), whole=False, common_ground=ground)


def _paired(one: list[str], other: list[str]) -> tuple[list[tuple[str, str, float]], list[str], list[str]]:
    """Words of both names paired, same words first, then misspelt ones (likeness 0 to 1); and the rest of each."""
    left, right = sorted(one), sorted(other)
    pairs: list[tuple[str, str, float]] = []
    for word in list(left):
        if word in right:
            pairs.append((word, word, 1.0))
            left.remove(word)
            right.remove(word)
    least = rules().similarity["same_word"]
    alike = sorted(
        ((fuzz.ratio(a, b), a, b) for a in set(left) for b in set(right) if not _has_digit(a + b)),
        key=lambda triple: (-triple[0], triple[1], triple[2]),
    )
    for percent, a, b in alike:
        if percent >= least and a in left and b in right:
            pairs.append((a, b, percent / 100))
            left.remove(a)
            right.remove(b)
    return pairs, left, right


def _weight(word: str) -> float:
    weights = rules()
    if _has_digit(word):
        return weights.number_weight
    if word in weights.common:
        return weights.common_weight
    return weights.distinguishing_weight if word in weights.distinguishing else 1.0


def _tells_apart(word: str) -> bool:
    return word in rules().distinguishing or _has_digit(word)


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))
