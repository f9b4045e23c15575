"""The arithmetic between lines: derive what is missing, mend a sign or a choice, flag what does not hold."""

from collections.abc import Iterator
from decimal import Decimal

from collectors.accounts.candidates import Choice, by_scope
from collectors.accounts.catalogue import Catalogue, Formula
from collectors.accounts.tags import Problem

CONFIRMED = 1.0
DERIVED = 0.95
MENDED = 0.8
MENDED_CONFIRMED = 0.9
BROKEN = 0.7
DOUBTED = 0.5
"""Confidence of a figure of the page that its statement does not add up with."""
UNDECIDED = 0.6
UNTAGGED = frozenset({"printed", "image"})
_FACES = frozenset({"balance_sheet", "profit_and_loss"})
_MOST_ROUNDS = 4

Statement = dict[str, Choice]


def reckon(choices: list[Choice], catalogue: Catalogue) -> tuple[list[Choice], list[Problem]]:
    """Choices after the arithmetic, with those derived; and what did not hold."""
    problems: list[Problem] = []
    reckoned: list[Choice] = []
    for statement in by_scope(choices).values():
        _mend(statement, catalogue, problems)
        _derive(statement, catalogue)
        _prefer_alternatives(statement, catalogue, problems)
        _leave_out(statement, catalogue)
        _judge(statement, catalogue, problems)
        reckoned.extend(statement.values())
    return reckoned, problems


def _sum(formula: Formula, statement: Statement) -> tuple[Decimal, Decimal] | None:
    """What the terms add up to and how far rounding may move it; None where a needed term is missing."""
    if any(name not in statement for name in formula.needed):
        return None
    terms = [statement[name] for name in (*formula.needed, *formula.optional) if name in statement]
    if not terms:
        return None
    return sum((term.value for term in terms), Decimal(0)), sum((term.slack for term in terms), Decimal(1))


def holds(formula: Formula, statement: Statement) -> bool | None:
    """Whether a formula holds within rounding; None where it cannot be asked."""
    total = statement.get(formula.total)
    added = _sum(formula, statement)
    if total is None or added is None:
        return None
    return abs(total.value - added[0]) <= added[1] + total.slack


def _broken(catalogue: Catalogue, statement: Statement) -> set[int]:
    return {
        index
        for index, formula in enumerate(catalogue.formulas)
        if holds(formula, statement) is False and formula.strict
    }


def _score(catalogue: Catalogue, statement: Statement) -> tuple[int, int]:
    """Formulas broken: strict ones, then all."""
    verdicts = [(formula.strict, holds(formula, statement)) for formula in catalogue.formulas]
    return sum(strict and held is False for strict, held in verdicts), sum(held is False for _, held in verdicts)


def _mend(statement: Statement, catalogue: Catalogue, problems: list[Problem]) -> None:
    """Where one other value, or one other sign, makes the arithmetic hold and breaks nothing, take it."""
    _prefer_alternatives(statement, catalogue, problems)
    _leave_out(statement, catalogue)
    for _ in range(_MOST_ROUNDS):
        before = _broken(catalogue, statement)
        if not before:
            return
        if _right_nature(statement, before, catalogue, problems):
            continue
        best: list[tuple[int, str]] = []
        for name in sorted({name for index in before for name in _names(catalogue.formulas[index])}):
            choice = statement.get(name)
            if choice is None or not choice.value or choice.method in UNTAGGED:
                continue
            after = _broken_with(statement, choice, -choice.value, catalogue)
            if after < before:
                best.append((len(after), name))
        best.sort()
        if not best or (len(best) > 1 and best[0][0] == best[1][0]):
            return
        _flip(statement[best[0][1]], problems)


def _leave_out(statement: Statement, catalogue: Catalogue) -> None:
    """An optional term that spoils its formula is a note's figure, part of another line: it is not that line."""
    used = _rested_on(statement)
    for formula in catalogue.formulas:
        if not formula.strict or holds(formula, statement) is not False:
            continue
        for name in formula.optional:
            if name not in statement or name in used or statement[name].against_nature:
                continue
            rest = {line: choice for line, choice in statement.items() if line != name}
            if holds(formula, rest):
                del statement[name]
                break


def _rested_on(statement: Statement) -> set[str]:
    """Lines that a derived line was derived from."""
    return {term.line.name for choice in statement.values() if choice.method == "derived" for term in choice.inputs}


def _rests_on(choice: Choice, names: set[str]) -> bool:
    """True for a line derived, however indirectly, from one of these: it cannot confirm them."""
    return any(term.line.name in names or _rests_on(term, names) for term in choice.inputs)


def _names(formula: Formula) -> tuple[str, ...]:
    return (formula.total, *formula.needed, *formula.optional)


def _right_nature(statement: Statement, before: set[int], catalogue: Catalogue, problems: list[Problem]) -> bool:
    """Turn round together all lines with a sign against their nature, where the arithmetic is the better for it."""
    names = {name for index in before for name in _names(catalogue.formulas[index])}
    odd = [statement[name] for name in sorted(names & set(statement)) if statement[name].against_nature]
    for choice in odd:
        choice.value = -choice.value
    mended = bool(odd) and _broken(catalogue, statement) < before
    for choice in odd:
        choice.value = -choice.value
    if mended:
        for choice in odd:
            _flip(choice, problems)
    return mended


def _broken_with(statement: Statement, choice: Choice, value: Decimal, catalogue: Catalogue) -> set[int]:
    """Which strict formulas would be broken if a line had another value."""
    kept, choice.value = choice.value, value
    try:
        return _broken(catalogue, statement)
    finally:
        choice.value = kept


def _flip(choice: Choice, problems: list[Problem]) -> None:
    choice.value = -choice.value
    choice.method, choice.confidence = "conflict", MENDED
    problems.append(
        Problem(
            "sign_differs_from_print",
            f"{choice.line.name}: tagged with the sign that its statement does not add up with; the other one is used",
            locator=choice.fact.locator if choice.fact else "",
            value=str(choice.value),
        )
    )


def _prefer_alternatives(statement: Statement, catalogue: Catalogue, problems: list[Problem]) -> None:
    """Of several values filed for one line, the one the statement adds up with; not where another rests on it."""
    used = _rested_on(statement)
    for name, choice in sorted(statement.items()):
        if not choice.others or name in used:
            continue
        options = [choice.value, *(other.value for other in choice.others)]
        scores = []
        for value in options:
            kept, choice.value = choice.value, value
            scores.append(_score(catalogue, statement))
            choice.value = kept
        best = min(scores)
        if scores[0] == best:
            if any(score > best for score in scores[1:]) and choice.method == "conflict":
                choice.confidence = MENDED
            continue
        other = choice.others[scores.index(best) - 1]
        problems.append(
            Problem(
                "conflicting_values",
                f"{name}: of the values filed, the one its statement adds up with is used",
                locator=other.fact.locator,
                value=f"{other.value}, not {choice.value}",
                severity="information",
            )
        )
        choice.value, choice.fact, choice.slack, choice.less = other.value, other.fact, other.slack, other.place.less
        choice.method, choice.confidence = "tagged", MENDED


def _derive(statement: Statement, catalogue: Catalogue) -> None:
    for _ in range(_MOST_ROUNDS):
        made = [choice for formula in catalogue.formulas for choice in _derived(formula, statement, catalogue)]
        if not made:
            return
        for choice in made:
            statement.setdefault(choice.line.name, choice)


def _derived(formula: Formula, statement: Statement, catalogue: Catalogue) -> Iterator[Choice]:
    missing = [name for name in (formula.total, *formula.needed) if name not in statement]
    if len(missing) != 1 or missing[0] not in formula.derive:
        return
    name = missing[0]
    known = [statement[term] for term in _names(formula) if term in statement]
    unit = known[0].unit
    if any(term.unit != unit or term.confidence < BROKEN for term in known):
        return
    total = statement.get(formula.total)
    added = sum((term.value for term in known if term.line.name != formula.total), Decimal(0))
    value = added if total is None else total.value - added
    yield Choice(
        line=catalogue.lines[name],
        comparative=known[0].comparative,
        consolidated=known[0].consolidated,
        value=value or Decimal(0),
        fact=None,
        unit=unit,
        confidence=min(DERIVED, *(term.confidence for term in known)),
        formula=_written(formula, statement, name),
        inputs=tuple(known),
        method="derived",
        slack=sum((term.slack for term in known), Decimal(0)),
    )


def _written(formula: Formula, statement: Statement, name: str) -> str:
    terms = [term for term in (*formula.needed, *formula.optional) if term in statement or term == name]
    if name == formula.total:
        return " + ".join(terms)
    return " - ".join([formula.total, *(term for term in terms if term != name)])


def _judge(statement: Statement, catalogue: Catalogue, problems: list[Problem]) -> None:
    """Raise what is confirmed, lower what is not, and say where a strict formula does not hold."""
    confirmed: set[str] = set()
    broken: set[str] = set()
    for formula in catalogue.formulas:
        held = holds(formula, statement)
        involved = {name for name in _names(formula) if name in statement}
        if held and not any(_rests_on(statement[name], involved) for name in involved):
            confirmed |= involved
        elif held is False and formula.strict:
            broken |= involved
            problems.append(_does_not_hold(formula, statement, statement[formula.total]))
    for name, choice in statement.items():
        _weigh(choice, confirmed=name in confirmed, broken=name in broken, problems=problems)


def _weigh(choice: Choice, *, confirmed: bool, broken: bool, problems: list[Problem]) -> None:
    if choice.method == "conflict" and confirmed and not broken:
        choice.confidence = max(choice.confidence, MENDED_CONFIRMED)
    if choice.method in UNTAGGED:
        choice.confidence = min(choice.confidence, DOUBTED) if broken else choice.confidence
    if choice.method != "tagged":
        return
    if choice.others and not confirmed and choice.line.statement in _FACES:
        _doubt(choice, problems)
    elif confirmed:
        choice.confidence = CONFIRMED if choice.confidence >= DERIVED else max(choice.confidence, MENDED_CONFIRMED)
    elif broken:
        choice.confidence = min(choice.confidence, BROKEN)


def _doubt(choice: Choice, problems: list[Problem]) -> None:
    """Two concepts of one line differ, and nothing tells which of them the statement shows."""
    choice.method, choice.confidence = "conflict", UNDECIDED
    problems.append(
        Problem(
            "conflicting_values",
            f"{choice.line.name}: concepts of the same line have different values, and nothing decides between them",
            locator=choice.fact.locator if choice.fact else "",
            value=", ".join(str(value) for value in (choice.value, *(other.value for other in choice.others))),
        )
    )


def _does_not_hold(formula: Formula, statement: Statement, total: Choice) -> Problem:
    added = _sum(formula, statement)
    terms = " + ".join(name for name in (*formula.needed, *formula.optional) if name in statement)
    whose = "group" if total.consolidated else "company"
    when = "comparative" if total.comparative else "current"
    return Problem(
        "arithmetic_does_not_hold",
        f"{formula.total} is {total.value}, {terms} is {added[0] if added else ''} ({whose}, {when} period)",
        locator=total.fact.locator if total.fact else f"{formula.total}/{whose}/{when}",
        value=str(total.value - added[0]) if added else None,
    )
