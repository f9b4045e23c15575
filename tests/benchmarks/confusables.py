"""Companies that do not exist but could: sister companies and near-namesakes of real ones, made from one seed."""

import random
from collections.abc import Iterable, Iterator

_IN_FRONT = ("New", "North", "South", "Little", "The Old", "Keys", "Royal")
_BEHIND = (
    "Holdings", "Group", "UK", "(North)", "(South East)", "2", "Midlands", "Properties", "Services", "Education",
    "Training", "Fostering", "Investments", "Care", "Homes", "London",
)  # fmt: skip
_SWAPS = {
    "CARE": "EDUCATION",
    "HOMES": "SCHOOLS",
    "SERVICES": "SOLUTIONS",
    "CHILDRENS": "FAMILY",
    "CHILDREN'S": "FAMILY",
}
_FORMS = ("LIMITED", "LTD", "LTD.", "LLP", "C.I.C.", "PLC")


def confusables(names: Iterable[str], *, each: int, seed: int) -> Iterator[str]:
    """Up to `each` invented names for every given one, never a given name itself."""
    given = sorted({name.upper() for name in names})
    chance = random.Random(seed)  # noqa: S311
    taken = set(given)
    for name in given:
        for invented in chance.sample(list(_variants(name, chance)), k=each):
            if invented not in taken:
                taken.add(invented)
                yield invented


def _variants(name: str, chance: random.Random) -> Iterator[str]:
    core, form = _split(name)
    words = core.split()
    for word in _IN_FRONT:
        yield f"{word.upper()} {core} {form}".strip()
    for word in _BEHIND:
        yield f"{core} {word.upper()} {form}".strip()
    yield " ".join([_SWAPS.get(word, word) for word in words] + [form])
    yield f"{core} {chance.choice([other for other in _FORMS[3:] if other != form])}"
    yield f"{_with_number(words, chance)} {form}"
    longest = max(range(len(words)), key=lambda at: len(words[at]))
    for change in (_without_letter, _with_plural, _with_other_letter):
        changed = [change(word, chance) if at == longest else word for at, word in enumerate(words)]
        yield " ".join([*changed, form])
    if len(words) > 2:
        yield " ".join([*words[:-1], form])
        yield " ".join([*words[1:], form])


def _split(name: str) -> tuple[str, str]:
    words = name.split()
    if len(words) > 1 and words[-1] in _FORMS:
        return " ".join(words[:-1]), words[-1]
    return name, ""


def _with_number(words: list[str], chance: random.Random) -> str:
    number = str(chance.randint(2, 9))
    if any(word.isdigit() for word in words):
        return " ".join(number if word.isdigit() else word for word in words)
    return " ".join([*words, number])


def _without_letter(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + word[at + 1 :] if len(word) > 4 else word + "E"


def _with_plural(word: str, chance: random.Random) -> str:  # noqa: ARG001
    return word[:-1] if word.endswith("S") else word + "S"


def _with_other_letter(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word))
    return word[:at] + chance.choice("AEIORTN") + word[at + 1 :]
