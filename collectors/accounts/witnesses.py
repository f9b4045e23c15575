"""The printed page as a second witness: which printed figures are believed, and what they say about tagged ones."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import product

from collectors.accounts.arithmetic import holds
from collectors.accounts.candidates import Choice, Key
from collectors.accounts.catalogue import Catalogue
from collectors.accounts.cells import path
from collectors.accounts.statements import Reading, Statement
from collectors.accounts.tags import Problem
from collectors.accounts.transforms import plain

PRINTED_CONFIRMED = 0.95
"""Confidence of a printed figure that the arithmetic of its statement confirms."""
PRINTED = 0.85
PRINTED_ALONE = 0.75
PRINTED_BROKEN = 0.5
AGREED = 0.99
DISPUTED = 0.5
_MOST_OPEN = 6
_PRIMARY = ("balance_sheet", "profit_and_loss", "cash_flow")

Scoped = dict[tuple[bool, bool], dict[str, Choice]]


def printed_choices(
    statements: Iterable[Statement], catalogue: Catalogue, *, holds_group: bool
) -> tuple[dict[Key, Choice], list[Problem]]:
    """One printed figure for each line, period and scope, with a confidence that rests on the arithmetic.

    Args:
        statements: as read from the page.
        catalogue: lines and formulas.
        holds_group: the document holds group accounts, so that a statement without a word about it may be either's.
    """
    statements = list(statements)
    alone = _profit_scopes(statements) == {"group"}
    kept: dict[Key, Choice] = {}
    problems: list[Problem] = []
    for statement in sorted(statements, key=lambda each: each.kind == "notes"):
        scope = _whose(statement, statements, holds_group=holds_group, only_group_profit=alone)
        if scope is None:
            continue
        lines = settled(choices_of(statement, catalogue, consolidated=scope == "group"), statement, catalogue)
        problems.extend(_weigh(lines, statement, catalogue))
        for choice in lines.values():
            known = kept.get(choice.key)
            if known is None or choice.confidence > known.confidence:
                kept[choice.key] = choice
    return kept, problems


def _profit_scopes(statements: list[Statement]) -> set[str]:
    """Whose profit and loss accounts are printed."""
    return {each.scope or "company" for each in statements if each.kind == "profit_and_loss" and each.readings}


def _whose(
    statement: Statement, statements: list[Statement], *, holds_group: bool, only_group_profit: bool
) -> str | None:
    """Group or company; None where nothing decides.

    In group accounts a statement without a word about it is the other one's where one of its kind is headed. Notes of a
    period are the group's where only the group's profit and loss account is printed.
    """
    if statement.scope in {"group", "company"}:
        return statement.scope
    headed = {each.scope for each in statements if each.kind != "notes"}
    if not holds_group and "group" not in headed:
        return "company"
    if statement.scope == "unclear" or statement.kind == "notes":
        lines = [reading.line for reading in statement.readings.values()]
        period = all(not line.instant for line in lines)
        return "group" if statement.kind == "notes" and period and only_group_profit else None
    same = {each.scope for each in statements if each.kind == statement.kind and each.readings} - {None, "unclear"}
    if same == {"group"}:
        return "company"
    if same == {"company"} or (headed & {"company"} and statement.kind == "profit_and_loss"):
        return "group"
    return None


def choices_of(statement: Statement, catalogue: Catalogue, *, consolidated: bool) -> dict[str, Choice]:
    """The readings of a statement as choices, by line."""
    half = Decimal("0.5").scaleb(statement.scale)
    return {
        name: Choice(
            line=catalogue.lines[name],
            comparative=statement.comparative,
            consolidated=consolidated,
            value=reading.value or Decimal(0),
            fact=None,
            unit="count" if reading.line.count else statement.currency,
            confidence=PRINTED,
            formula=reading.caption,
            method="printed",
            slack=Decimal("0.5") if reading.line.count else half,
            place=_place(statement, reading),
        )
        for name, reading in statement.readings.items()
    }


def _place(statement: Statement, reading: Reading) -> str:
    heading = " ".join(statement.heading.split())
    return f"{heading}, column {reading.column}: {path(reading.figure.cell.element)}"


def settled(lines: dict[str, Choice], statement: Statement, catalogue: Catalogue) -> dict[str, Choice]:
    """Lines with the signs that their statement adds up with, where the print leaves signs open."""
    unsure = [name for name, reading in statement.readings.items() if reading.unsure and lines[name].value]
    if not unsure or len(unsure) > _MOST_OPEN:
        return lines
    best: tuple[tuple[int, int, int], dict[str, Choice]] | None = None
    for signs in product((1, -1), repeat=len(unsure)):
        turned = dict(lines)
        for name, sign in zip(unsure, signs, strict=True):
            turned[name] = replace(lines[name], value=lines[name].value * sign)
        verdicts = [(formula.strict, holds(formula, turned)) for formula in catalogue.formulas]
        score = (
            sum(strict and held is False for strict, held in verdicts),
            -sum(held is True for _, held in verdicts),
            signs.count(-1),
        )
        if best is None or score < best[0]:
            best = score, turned
    return best[1] if best else lines


def _weigh(lines: dict[str, Choice], statement: Statement, catalogue: Catalogue) -> list[Problem]:
    """Raise what the arithmetic confirms, lower what it contradicts, and say so."""
    confirmed: set[str] = set()
    broken: set[str] = set()
    problems = []
    for formula in catalogue.formulas:
        held = holds(formula, lines)
        involved = {formula.total, *formula.needed, *formula.optional} & set(lines)
        if held:
            confirmed |= involved
        elif held is False and formula.strict:
            broken |= involved
            total = lines[formula.total]
            problems.append(
                Problem(
                    "printed_statement_does_not_add_up",
                    f"{statement.heading}: {formula.total} is printed as {plain(total.value)}, "
                    "its terms add up to another figure",
                    locator=total.place,
                    value=plain(total.value),
                )
            )
    for name, choice in lines.items():
        if name in broken or (statement.readings[name].disputed and name not in confirmed):
            choice.confidence = PRINTED_BROKEN
        elif name in confirmed:
            choice.confidence = PRINTED_CONFIRMED
        elif not confirmed or not statement.sure:
            choice.confidence = PRINTED_ALONE
    return problems


def weigh(tagged: dict[Key, Choice], printed: dict[Key, Choice], problems: list[Problem]) -> dict[Key, Choice]:
    """The choices of both witnesses.

    A figure both say gains confidence; one only the page says is `printed`; where they differ and the arithmetic of the
    page confirms the print, the figure is in conflict. A printed figure that nothing confirms yields to a tag.
    """
    both = dict(tagged)
    for key, seen in printed.items():
        known = tagged.get(key)
        if known is None:
            both[key] = seen
        elif abs(abs(known.value) - abs(seen.value)) <= max(known.slack, seen.slack):
            if known.method == "tagged":
                known.confidence = max(known.confidence, AGREED)
        elif seen.line.statement in _PRIMARY and seen.confidence >= PRINTED_CONFIRMED:
            problems.append(_differs(known, seen, "warning"))
            known.method, known.confidence = "conflict", DISPUTED
        else:
            problems.append(_differs(known, seen, "information"))
    return both


def _differs(known: Choice, seen: Choice, severity: str) -> Problem:
    return Problem(
        "print_differs_from_tag",
        f"{known.line.name}: tagged as {plain(known.value)}, printed as {plain(seen.value)}",
        locator=seen.place,
        value=f"{plain(known.value)}, {plain(seen.value)}",
        severity=severity,
    )
