"""The example market: a pure function of seed, last day and scale."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random

from oversight.errors import SettingsError
from oversight.example.cast import names
from oversight.example.cast.accounting import keep_accounts
from oversight.example.cast.blueprints import CAST, Blueprint
from oversight.example.cast.charges import lend
from oversight.example.cast.dates import add_days
from oversight.example.cast.drafts import Draft, Numbers, address
from oversight.example.cast.homes import Setting, homes_of
from oversight.example.cast.routine import register, staff
from oversight.example.cast.stories import happen, silence
from oversight.example.cast.structure import Structure, build, corporate
from oversight.example.cast.timeline import Timeline, timeline
from oversight.example.shapes import Company, Event, Filing, Group, Home, Market, Owner

DEFAULT_SEED = 2026
DEFAULT_UNTIL = date(2026, 9, 30)
_EARLIEST = date(2016, 1, 1)
_DECOYS = 12
_TYPED_TWICE = 0.4
"""Share of owners whose name is typed in two ways."""

_COUNCILS = ("Example Borough Council", "Exampleshire County Council", "London Borough of Example")
_KINDS = {"council": "Local Authority", "charity": "Voluntary"}


def generate(seed: int = DEFAULT_SEED, until: date = DEFAULT_UNTIL, scale: int = 1) -> Market:
    """Make up the market.

    Args:
        seed: chooses all that is left to chance; the same seed gives the same market to the byte.
        until: the market's last day; eight yearly publications and eight to nine years of accounts lead up to it.
        scale: how often the cast of 25 groups is repeated, each time with other names, places and figures.

    Raises:
        SettingsError: if the scale is below 1 or the last day before 2016.
    """
    if scale < 1 or until < _EARLIEST:
        raise SettingsError(
            "the example market cannot be made so",
            where=f"scale {scale}, until {until}",
            next_step=f"Give a scale of 1 or more and a last day from {_EARLIEST} on.",
        )
    when, numbers = timeline(until), Numbers(seed)
    groups: list[Group] = []
    owners: list[Owner] = []
    homes: list[Home] = []
    companies: list[Company] = []
    events: list[Event] = []
    for replica in range(scale):
        fund: Draft | None = None
        for index, blueprint in enumerate(CAST):
            rng = Random(f"{seed}/{replica}/{blueprint.code}")
            key = f"G{replica:02d}-{index + 1:02d}"
            if blueprint.kind == "corporate":
                structure = build(blueprint, key, index, replica, when, numbers, rng)
                if blueprint.top == "fund":
                    fund = structure.above[0]
                if "fund_minority" in blueprint.stories and fund is not None:
                    _minority(structure.operating[0], fund)
                made = _corporate(blueprint, key, index, structure, when, numbers, rng)
            else:
                made = _other(blueprint, key, index, replica, when, numbers, rng)
            groups.append(made[0])
            owners += made[1]
            homes += made[2]
            companies += made[3]
            events += made[4]
        companies += _decoys(replica, when, numbers, Random(f"{seed}/{replica}/decoys"))
    return Market(
        seed=seed,
        until=until,
        scale=scale,
        groups=tuple(groups),
        owners=tuple(owners),
        homes=tuple(sorted(homes, key=lambda home: home.urn)),
        companies=tuple(sorted(companies, key=lambda company: company.number)),
        publications=when.publications,
        events=tuple(sorted(set(events), key=lambda each: (each.on, each.company_number, each.kind, each.detail))),
    )


_Made = tuple[Group, list[Owner], list[Home], list[Company], list[Event]]


def _corporate(
    blueprint: Blueprint, key: str, index: int, structure: Structure, when: Timeline, numbers: Numbers, rng: Random
) -> _Made:
    keys = tuple(draft.number for draft in structure.operating)
    homes = homes_of(blueprint, keys, index, when, Setting(numbers.urns, numbers.events), rng)
    silence(blueprint, structure, when)
    registered = {draft.number: draft.name for draft in structure.operating}
    events = keep_accounts(blueprint, structure, homes, when, numbers, rng)
    events += happen(blueprint, structure, when, numbers, rng)
    events += lend(blueprint, structure, when, numbers, rng)
    staff(blueprint, structure, when, numbers, rng)
    drafts = [*structure.all, *(draft for draft in structure.above if draft.group is None)]
    companies = [draft.freeze(*register(draft, when, numbers, paper="paper" in blueprint.stories)) for draft in drafts]
    companies = [replace(company, filings=_public(company, when.until)) for company in companies]
    owners = [
        Owner(
            key=draft.number,
            group=key,
            kind="company",
            name=draft.name,
            company_number=draft.number,
            sector="Private",
            texts=_texts(registered[draft.number], blueprint, place, rng),
        )
        for place, draft in enumerate(structure.operating)
    ]
    group = Group(
        key=key,
        name=structure.parent.name if structure.parent else structure.operating[0].name,
        top_kind=structure.top_kind,
        top=structure.top,
        uk_parent=structure.parent.number if structure.parent else None,
        companies=tuple(draft.number for draft in structure.all),
    )
    return group, owners, homes, companies, [event for event in events if event.on <= when.until]


def _public(company: Company, until: date) -> tuple[Filing, ...]:
    return tuple(filing for filing in company.filings if filing.on <= until)


def _texts(name: str, blueprint: Blueprint, place: int, rng: Random) -> tuple[str, ...]:
    """How Ofsted's clerks type an owner: mostly one way, some owners in two."""
    if blueprint.code in {"formula", "markup"}:
        return (names.title(name),) if blueprint.code == "formula" else (name,)
    first = names.typed(name, "plain" if blueprint.code == "renamed" else rng.choice(names.MANNERS), rng)
    if blueprint.code in {"restated", "siblings_two"} and place == 1:
        first = names.typed(name, "misspelt", rng)
    second = names.typed(name, rng.choice(names.SECOND_MANNERS), rng) if rng.random() < _TYPED_TWICE else first
    return (first,) if first == second else (first, second)


def _other(
    blueprint: Blueprint, key: str, index: int, replica: int, when: Timeline, numbers: Numbers, rng: Random
) -> _Made:
    """An owner that is no company: a council, a charity, a person."""
    brand = names.title(names.brand(index, replica))
    if blueprint.kind == "council":
        place = [each.code for each in CAST if each.kind == "council"].index(blueprint.code)
        text = f"{_COUNCILS[place]} ({brand})" if replica else _COUNCILS[place]
    elif blueprint.kind == "charity":
        text = f"The Example {brand} Children's Trust"
    else:
        text = numbers.person(rng).name
    owner = Owner(key, key, blueprint.kind, text, None, _KINDS.get(blueprint.kind, "Private"), (text,))
    homes = homes_of(blueprint, (key,), index, when, Setting(numbers.urns, numbers.events), rng)
    return Group(key, text, blueprint.kind, text, None, ()), [owner], homes, [], []


def _minority(draft: Draft, fund: Draft) -> None:
    """The fund of another group holds a minority of the shares: no reason to call the two one group."""
    control = corporate(fund, 25, 50, draft.controls[0].notified_on)
    draft.controls.append(control)


def _decoys(replica: int, when: Timeline, numbers: Numbers, rng: Random) -> Sequence[Company]:
    """Young or dead companies with names much like those of owners; they own nothing."""
    found = []
    for place in range(_DECOYS):
        brand = names.brand(place, replica)
        dead = place % 3 == 0
        born = add_days(when.until, -rng.randrange(2200, 3600) if dead else -rng.randrange(90, 330))
        ending = ("CARE SERVICES UK LIMITED", "CHILDREN'S HOMES (SOUTH) LIMITED", "HOMES LETTINGS LIMITED")[place % 3]
        draft = Draft(numbers.company(), f"EXAMPLE {brand} {ending}", "decoy", None, born, address(rng), sic=("68209",))
        if dead:
            draft.status, draft.dissolved_on = "dissolved", add_days(born, 900)
        else:
            draft.next_start, draft.next_end = born, add_days(born, 364)
            draft.next_due = add_days(born, 640)
        draft.controls = []
        company = draft.freeze(*register(draft, when, numbers))
        found.append(replace(company, filings=_public(company, when.until)))
    return found
