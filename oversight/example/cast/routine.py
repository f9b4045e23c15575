"""The ordinary life of a company on the register: birth, yearly confirmation, directors, persons with control."""

from datetime import date
from random import Random

from oversight.example.cast.blueprints import Blueprint
from oversight.example.cast.dates import add_days, add_months
from oversight.example.cast.drafts import Draft, Numbers
from oversight.example.cast.structure import Structure
from oversight.example.cast.timeline import Timeline
from oversight.example.shapes import Filing, Officer, Person

_LEAVES = 0.2
"""Share of a parent's directors, the first aside, who leave in the market's years."""


def staff(blueprint: Blueprint, structure: Structure, when: Timeline, numbers: Numbers, rng: Random) -> None:
    """Appoint directors: the same few across a group, coming and going. A failing board empties first."""
    people = [numbers.person(rng) for _ in range(2 if len(structure.all) == 1 else 4)]
    for draft in [*structure.all, *(each for each in structure.above if each.group is None)]:
        board = people[: 2 if draft.role in {"dormant", "operating"} else len(people)]
        for place, person in enumerate(board):
            role = "llp-designated-member" if draft.kind == "llp" else "director"
            joined = draft.incorporated_on if place == 0 else add_days(draft.incorporated_on, 200 * place)
            left = _leaves(blueprint, draft, place, when, rng, joined)
            appoint(draft, person, role, joined, left, when, numbers)
        if blueprint.code == "administration" and draft.role in {"parent", "holding"}:
            appoint(draft, numbers.person(rng), "director", add_months(when.administration, -2), None, when, numbers)


def _leaves(blueprint: Blueprint, draft: Draft, place: int, when: Timeline, rng: Random, joined: date) -> date | None:
    if "administration" in blueprint.stories and place in {1, 2}:
        return add_months(when.administration, -2 * place)
    if place and draft.role == "parent" and rng.random() < _LEAVES:
        return max(add_days(joined, 300), add_days(when.start, rng.randrange((when.until - when.start).days)))
    return None


def appoint(
    draft: Draft, person: Person, role: str, joined: date, left: date | None, when: Timeline, numbers: Numbers
) -> None:
    """An appointment with its filings; filings older than the market's first years are left out."""
    left = left if left is not None and left <= when.until else None
    draft.officers.append(Officer(person, role, joined, left))
    if joined >= when.start:
        _officer_filing(draft, person, joined, "AP01", "appoint-person-director-company-with-name-date", numbers)
    if left is not None:
        _officer_filing(draft, person, left, "TM01", "termination-director-company-with-name-termination-date", numbers)


def _officer_filing(draft: Draft, person: Person, on: date, form: str, description: str, numbers: Numbers) -> None:
    key = "appointment_date" if form == "AP01" else "termination_date"
    draft.filings.append(
        Filing(
            numbers.transaction(), draft.number, add_days(on, 3), "officers", form, description,
            (("officer_name", person.name), (key, on.isoformat())),
            subcategory="appointments" if form == "AP01" else "termination", action_on=on,
            pages=2 if form == "AP01" else 1,
            document_id=numbers.token("document", draft.number, form, person.number, on),
        )
    )  # fmt: skip


def register(draft: Draft, when: Timeline, numbers: Numbers, *, paper: bool = False) -> tuple[date, date]:
    """File incorporation, persons with control and yearly confirmations; gives the last and next of those."""
    number = draft.number
    draft.filings.append(
        Filing(
            numbers.transaction(), number, draft.incorporated_on, "incorporation", "NEWINC", "incorporation-company",
            pages=28, document_id=numbers.token("document", number, "NEWINC"),
        )
    )  # fmt: skip
    _controls(draft, when, numbers)
    last = draft.incorporated_on
    for years in range(1, 60):
        on = add_days(add_months(draft.incorporated_on, 12 * years), -1)
        filed = add_days(on, 5)
        stopped = draft.dissolved_on is not None and filed >= add_days(draft.dissolved_on, -90)
        if filed > when.until or stopped:
            return last, on
        last = on
        if on < when.start:
            continue
        draft.filings.append(
            Filing(
                numbers.transaction(), number, filed, "confirmation-statement", "CS01",
                "confirmation-statement-with-no-updates", (("made_up_date", on.isoformat()),), action_on=on, pages=3,
                paper=paper, document_id=numbers.token("document", number, "CS01", on),
            )
        )  # fmt: skip
    return last, add_months(last, 12)


def _controls(draft: Draft, when: Timeline, numbers: Numbers) -> None:
    for control in draft.controls:
        if control.kind == "statement":
            continue
        form = "PSC01" if control.kind == "individual" else "PSC02"
        if control.notified_on >= when.start:
            _control_filing(draft, control.name, control.notified_on, form, "notification", numbers)
        if control.ceased_on is not None:
            _control_filing(draft, control.name, control.ceased_on, "PSC07", "cessation", numbers)


def _control_filing(draft: Draft, name: str, on: date, form: str, what: str, numbers: Numbers) -> None:
    draft.filings.append(
        Filing(
            numbers.transaction(), draft.number, add_days(on, 7), "persons-with-significant-control", form,
            f"{what}-of-a-person-with-significant-control",
            (("psc_name", name), (f"{what}_date", on.isoformat())),
            subcategory="notifications" if what == "notification" else "termination", action_on=on, pages=2,
            document_id=numbers.token("document", draft.number, form, on),
        )
    )  # fmt: skip
