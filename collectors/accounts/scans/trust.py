"""How far a figure read from a picture is believed: by agreement of the engines, and by arithmetic."""

from collections.abc import Iterable, Mapping, Sequence

from collectors.accounts.candidates import Choice
from collectors.accounts.scans.places import find_place
from collectors.accounts.scans.settle import Seen
from collectors.accounts.statements import Statement
from collectors.accounts.tags import Problem
from collectors.accounts.transforms import plain
from collectors.accounts.witnesses import PRINTED, PRINTED_CONFIRMED

AGREED_CONFIRMED = 0.97
"""Both engines read it and the statement adds up with it."""
CONFIRMED = 0.92
"""One engine read it, and the statement adds up with it."""
AGREED = 0.85
"""Both engines read it; no sum tests it."""
AGREED_ALONE = 0.8
"""Both engines read it, in a statement of which no sum holds or can be asked."""
MENDED = 0.75
"""Put right by the arithmetic, which only one value satisfies."""
DOUBTED = 0.5
REVIEW_BELOW = 0.75
"""A figure of less confidence than this is not used until a person has looked at it."""
NEEDS_REVIEW = "figure_needs_review"


def weigh(choices: Iterable[Choice], seen: Mapping[str, Seen], mended: frozenset[str], summed: frozenset[str]) -> None:
    """Give the figures that were read from a picture their method and confidence.

    Args:
        choices: the printed figures, with the confidence that their arithmetic gives them. Changed.
        seen: what the engines made of each figure, by place.
        mended: places of figures that were put right.
        summed: places of figures that are part of a sum that holds down their column.
    """
    for choice in choices:
        place = _place(choice)
        if place is None or place not in seen:
            continue
        choice.method = "image"
        adds_up = choice.confidence >= PRINTED_CONFIRMED or place in summed
        doubtful = choice.confidence < REVIEW_BELOW
        if doubtful:
            choice.confidence = DOUBTED
        elif place in mended:
            choice.confidence = MENDED
        elif seen[place].agreed:
            choice.confidence = (
                AGREED_CONFIRMED if adds_up else AGREED if choice.confidence >= PRINTED else AGREED_ALONE
            )
        else:
            choice.confidence = CONFIRMED if adds_up else DOUBTED


def restore(choices: Iterable[Choice], seen: Mapping[str, Seen], summed: frozenset[str]) -> None:
    """Believe what both engines read and what adds up down its column, though a formula of the catalogue fails.

    The formula then fails over an item that it does not know, such as an exceptional cost above gross profit.
    """
    for choice in choices:
        place = _place(choice)
        if choice.method == "image" and choice.confidence <= DOUBTED and place in summed and seen[place].agreed:
            choice.confidence = AGREED


def in_doubtful_unit(statements: Sequence[Statement]) -> frozenset[str]:
    """Places of the figures of primary statements whose unit is not that of the others: one of them is misread."""
    faces = [each for each in statements if each.kind != "notes" and each.readings]
    scales = {each.scale for each in faces}
    if len(scales) < 2:  # noqa: PLR2004  two differ
        return frozenset()
    return frozenset(
        str(reading.figure.cell.element)
        for each in faces
        if each.scale != max(scales)
        for reading in each.readings.values()
        if not reading.line.count
    )


def doubt(choices: Iterable[Choice], places: frozenset[str]) -> None:
    """Let a person look at the figures of these places."""
    for choice in choices:
        if choice.method == "image" and _place(choice) in places:
            choice.confidence = DOUBTED


def reviewed(choices: Iterable[Choice], seen: Mapping[str, Seen]) -> list[Problem]:
    """An issue for every figure that a person has to look at; it is in conflict until somebody has."""
    problems = []
    for choice in choices:
        place = _place(choice)
        if choice.method != "image" or choice.confidence >= REVIEW_BELOW or place is None:
            continue
        choice.method = "conflict"
        others = seen[place].others if place in seen else ()
        whose = "group" if choice.consolidated else "company"
        when = "comparative" if choice.comparative else "current"
        problems.append(
            Problem(
                NEEDS_REVIEW,
                f"{choice.line.name} ({whose}, {when} period), captioned {choice.formula!r}, cannot be read with "
                "confidence: look at its picture",
                locator=choice.place,
                value=" | ".join(plain(each) for each in (choice.value, *others)),
            )
        )
    return problems


def _place(choice: Choice) -> str | None:
    place = find_place(choice.place)
    return None if place is None else str(place)
