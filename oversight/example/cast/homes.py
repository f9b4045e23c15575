"""Registered settings of one owner group: where, how big, since when, how judged."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from oversight.example.cast.blueprints import Blueprint
from oversight.example.cast.dates import add_days, add_months
from oversight.example.cast.places import AUTHORITIES, nearby
from oversight.example.cast.timeline import Timeline
from oversight.example.shapes import Authority, Home, Inspection

CHILDRENS_HOME = "Children's home"
AGENCY = "Independent Fostering Agency"
SUPPORTED = "Supported Accommodation"
JUDGEMENTS = ("Outstanding", "Good", "Requires improvement to be good", "Inadequate")
_SUPPORTED_SINCE = date(2023, 10, 28)
_SECTORS = {"council": "Local Authority", "charity": "Voluntary"}
_SHORT_BREAKS, _SUSPENDED, _OLD, _WORSE, _BETTER = 0.2, 0.7, 0.5, 0.12, 0.14
_WORST = len(JUDGEMENTS) - 1


@dataclass(frozen=True, slots=True)
class Setting:
    """Counters that number settings and inspections across the market."""

    urns: Iterator[int]
    events: Iterator[int]


def homes_of(
    blueprint: Blueprint, owners: tuple[str, ...], index: int, when: Timeline, numbers: Setting, rng: Random
) -> list[Home]:
    """The settings of one group, closed ones included.

    Args:
        blueprint: how many of what.
        owners: keys of the owners; the first ones have more homes.
        index: place of the group in the market; chooses its home ground.
        when: dates of publications and stories.
        numbers: counters for reference numbers.
        rng: the group's own source of chance.
    """
    ground = nearby((index * 7 + rng.randrange(3)) % len(AUTHORITIES), blueprint.authorities)
    plan: list[tuple[str, bool]] = [(CHILDRENS_HOME, False)] * blueprint.homes + [
        (CHILDRENS_HOME, True)
    ] * blueprint.closed
    plan += [(AGENCY, False)] * blueprint.agencies + [(SUPPORTED, False)] * blueprint.supported
    built = []
    for place, (kind, closes) in enumerate(plan):
        owner = owners[_share(place, len(owners), rng)]
        authority = ground[min(int(rng.expovariate(2.2 / max(1, len(ground)))), len(ground) - 1)]
        home = _home(blueprint, kind, owner, authority, when, numbers, rng, closes=closes, place=place)
        if home is not None:
            built.append(home)
    return built


def _share(place: int, owners: int, rng: Random) -> int:
    """Every owner gets one setting first, then the earlier owners more than the later ones."""
    return place if place < owners else min(int(rng.expovariate(1.6 / owners)), owners - 1)


def _home(
    blueprint: Blueprint,
    kind: str,
    owner: str,
    authority: Authority,
    when: Timeline,
    numbers: Setting,
    rng: Random,
    *,
    closes: bool,
    place: int,
) -> Home | None:
    registered = _registered(kind, place, when, rng, closes=closes)
    if registered is None:
        return None
    left = _left(blueprint, registered, when, rng) if closes else None
    short_breaks = kind == CHILDRENS_HOME and blueprint.kind in {"council", "charity"} and rng.random() < _SHORT_BREAKS
    places = None
    if kind == CHILDRENS_HOME:
        places = max(1, blueprint.places + rng.choice((-2, -1, -1, 0, 0, 0, 1, 2)))
    elif kind == SUPPORTED:
        places = rng.randrange(6, 30)
    urn = str(next(numbers.urns))
    inspections = () if kind == SUPPORTED else _inspections(registered, left, when, blueprint, numbers, rng)
    worst = inspections[-1].overall == JUDGEMENTS[_WORST] if inspections else False
    return Home(
        urn=urn,
        kind=kind,
        sector=_SECTORS.get(blueprint.kind, "Private"),
        owner=owner,
        places=places,
        premises=max(1, (places or 0) // 4) if kind == SUPPORTED else None,
        authority=authority,
        registered_on=registered,
        left_on=left,
        left_status=rng.choice(("Resigned", "Resigned", "Resigned", "Cancelled")) if left else "",
        short_breaks=short_breaks,
        suspended_from=inspections[-1].on if worst and left is None and rng.random() < _SUSPENDED else None,
        inspections=inspections,
        typing=rng.randrange(4),
    )


def _registered(kind: str, place: int, when: Timeline, rng: Random, *, closes: bool) -> date | None:
    """Old settings and closing ones are older than the first publication; the rest join year by year."""
    if kind == SUPPORTED:
        on = add_days(_SUPPORTED_SINCE, rng.randrange(400))
        return on if on <= when.newest else None
    if closes or place == 0 or rng.random() < _OLD:
        return add_days(when.start, -rng.randrange(60, 2600))
    return add_days(when.start, rng.randrange((when.newest - when.start).days - 20))


def _left(blueprint: Blueprint, registered: date, when: Timeline, rng: Random) -> date:
    if "halved" in blueprint.stories:
        return add_days(when.halving, rng.randrange(0, 75))
    if "liquidation" in blueprint.stories:
        return add_days(when.liquidation, rng.randrange(-40, 25))
    if "dissolved" in blueprint.stories:
        return add_days(add_months(when.dissolution, -8), rng.randrange(-30, 30))
    span = (when.newest - when.start).days
    return max(add_days(registered, 400), add_days(when.start, rng.randrange(200, span)))


def _inspections(
    registered: date, left: date | None, when: Timeline, blueprint: Blueprint, numbers: Setting, rng: Random
) -> tuple[Inspection, ...]:
    """One full inspection about every year, from two years before the first publication."""
    end = min(left or when.until, when.until)
    on = max(add_days(registered, rng.randrange(120, 260)), add_days(when.start, -rng.randrange(300, 660)))
    level = rng.choice((0, 1, 1, 1, 1, 2))
    found = []
    while on < end:
        drift = _WORSE * (2 if blueprint.failing else 1)
        step = rng.random()
        level = min(_WORST, level + 1) if step < drift else max(0, level - 1) if step > 1 - _BETTER else level
        helped = JUDGEMENTS[min(_WORST, max(0, level + rng.choice((0, 0, 0, 1, -1))))]
        leaders = JUDGEMENTS[min(_WORST, max(0, level + rng.choice((0, 0, 0, 1))))]
        published = on + timedelta(days=rng.randrange(28, 50))
        if published <= when.until:
            found.append(Inspection(on, published, str(next(numbers.events)), JUDGEMENTS[level], helped, leaders))
        on += timedelta(days=rng.randrange(270, 430))
    return tuple(found)
