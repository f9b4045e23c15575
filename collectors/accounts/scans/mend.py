"""Misread digits put right by the arithmetic of their statement, where only one value satisfies it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from collectors.accounts.arithmetic import holds
from collectors.accounts.candidates import Choice
from collectors.accounts.catalogue import Catalogue, Formula
from collectors.accounts.scans.places import find_place
from collectors.accounts.scans.settle import Seen
from collectors.accounts.statements import Statement
from collectors.accounts.tags import Problem
from collectors.accounts.transforms import plain
from collectors.accounts.witnesses import choices_of, settled

Lines = dict[str, Choice]


@dataclass(frozen=True, slots=True)
class _Mend:
    name: str
    value: Decimal
    gain: int


def mend(
    statements: list[Statement], seen: Mapping[str, Seen], catalogue: Catalogue
) -> tuple[frozenset[str], list[Problem]]:
    """Put right what one value, and no other, makes the statements add up with.

    A figure that both engines read alike is never changed: where sums fail over such figures, the page itself or its
    captions are the cause, and a person has to look.

    Args:
        statements: as read; a mended reading is replaced in them.
        seen: what the engines made of each figure, by place.
        catalogue: the formulas.

    Returns:
        The places of the mended figures, and an issue for each, with both values.
    """
    places: set[str] = set()
    problems: list[Problem] = []
    for statement in statements:
        lines = settled(choices_of(statement, catalogue, consolidated=False), statement, catalogue)
        found = _only(list(_mends(lines, statement, seen, catalogue)))
        if found is None:
            continue
        reading, old = statement.readings[found.name], lines[found.name].value
        statement.readings[found.name] = replace(reading, value=found.value)
        place = str(reading.figure.cell.element)
        places.add(place)
        problems.append(
            Problem(
                "figure_mended",
                f"{found.name}: read as {plain(old)}; its statement adds up only with {plain(found.value)}",
                locator=place,
                value=f"{plain(found.value)}, not {plain(old)}",
            )
        )
    return frozenset(places), problems


def _only(mends: list[_Mend]) -> _Mend | None:
    """The best mend; None where two are as good."""
    ranked = sorted(mends, key=lambda each: -each.gain)
    if not ranked or (len(ranked) > 1 and ranked[0].gain == ranked[1].gain):
        return None
    return ranked[0]


def _mends(lines: Lines, statement: Statement, seen: Mapping[str, Seen], catalogue: Catalogue) -> Iterator[_Mend]:
    before = _verdicts(lines, catalogue)
    broken = [formula for formula, held in zip(catalogue.formulas, before, strict=True) if held is False]
    for name in sorted({name for formula in broken for name in _names(formula)} & set(lines)):
        choice = lines[name]
        place = find_place(choice.place)
        known = seen.get(str(place)) if place else None
        if known is None or known.agreed:
            continue
        for value in sorted(_values(choice, known, broken, lines, statement.scale)):
            after = _verdicts({**lines, name: replace(choice, value=value)}, catalogue)
            spoiled = any(was is True and now is False for was, now in zip(before, after, strict=True))
            gain = sum(was is False and now is True for was, now in zip(before, after, strict=True))
            if gain and not spoiled:
                yield _Mend(name, value, gain)


def _verdicts(lines: Lines, catalogue: Catalogue) -> list[bool | None]:
    return [holds(formula, lines) for formula in catalogue.formulas]


def _values(choice: Choice, known: Seen, broken: list[Formula], lines: Lines, scale: int) -> set[Decimal]:
    """What the figure may be instead: another value an engine read, or one digit other, as a sum wants it."""
    sign = -1 if choice.value < 0 else 1
    values = {sign * abs(other.scaleb(scale)) for other in known.others}
    values |= {wanted for formula in broken if (wanted := _wanted(choice, formula, lines)) is not None
               and _one_digit_off(wanted, choice.value)}  # fmt: skip
    return values - {choice.value}


def _names(formula: Formula) -> tuple[str, ...]:
    return (formula.total, *formula.needed, *formula.optional)


def _wanted(choice: Choice, formula: Formula, lines: Lines) -> Decimal | None:
    """The value with which a formula would hold exactly."""
    name = choice.line.name
    if name not in _names(formula) or formula.total not in lines:
        return None
    terms = [term for term in (*formula.needed, *formula.optional) if term in lines]
    total = sum((lines[term].value for term in terms if term != name), Decimal(0))
    return total if name == formula.total else lines[formula.total].value - total


def _one_digit_off(one: Decimal, other: Decimal) -> bool:
    first, second = str(abs(int(one))), str(abs(int(other)))
    alike = len(first) == len(second) and (one < 0) == (other < 0)
    return alike and sum(a != b for a, b in zip(first, second, strict=True)) == 1
