"""Upper-tier and unitary authorities: from a name as printed, or a code, to the authority in force on a day."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

from oversight.model.spelling import key

_KINDS: Final[Mapping[str, str]] = {
    "E06": "Unitary authority",
    "E08": "Metropolitan district",
    "E09": "London borough",
    "E10": "County council",
    "W06": "Unitary authority",
}


@dataclass(frozen=True, slots=True)
class Authority:
    """One upper-tier or unitary authority under one code.

    Attributes:
        name: as in the DfE's list of authorities.
        code: ONS nine-character code.
        number: the DfE's three-digit number; None outside England.
        region: government office region; None outside England.
        start: first day of the code, None where it is older than the publications.
        end: last day of the code, None while it is in force.
        successors: codes of the authorities that took over.
        population: people in mid-2020; None where no estimate fits the boundary.
        area_km2: size on land in square kilometres; None outside England.
        easting: of the mean postcode, British National Grid, metres.
        northing: of the mean postcode, British National Grid, metres.
        spread_km: standard deviation of its postcodes about that mean along one axis, kilometres.
        hexagon: column and row in the hex map, rows counted upwards; None outside England.
    """

    name: str
    code: str
    number: int | None
    region: str | None
    start: date | None
    end: date | None
    successors: tuple[str, ...]
    population: int | None
    area_km2: float | None
    easting: int
    northing: int
    spread_km: float
    hexagon: tuple[int, int] | None

    @property
    def nation(self) -> str:
        """England or Wales."""
        return "England" if self.code.startswith("E") else "Wales"

    @property
    def kind(self) -> str:
        """What sort of council: county, unitary, metropolitan district, London borough."""
        return _KINDS[self.code[:3]]

    def days_from(self, day: date) -> int:
        """Days between a day and the time the code was in force; 0 within it."""
        if self.start and day < self.start:
            return (self.start - day).days
        if self.end and day > self.end:
            return (day - self.end).days
        return 0


def authority(name_or_code: str, on: date) -> Authority | None:
    """The authority of a name in any known spelling, an ONS code or a DfE number, as at a day.

    `Dorset` has one code to March 2019 and another since. What was not in force on the day (a list may name an
    abolished council, or give a code before its time) gives the nearest in time; a code gives its own authority.
    """
    found = _by_spelling().get(key(name_or_code))
    return min(found, key=lambda one: one.days_from(on)) if found else None


def known(name_or_code: str) -> bool:
    """Whether a text is the name, code or number of an authority, now or formerly, in any known spelling."""
    return key(name_or_code) in _by_spelling()


def by_code(code: str) -> Authority:
    """The authority of an ONS code.

    Raises:
        KeyError: if no authority since 2014 has the code.
    """
    return _by_code()[code]


def in_force(on: date) -> tuple[Authority, ...]:
    """The upper-tier and unitary authorities of England on a day, in order of code: 153 at March 2025."""
    return tuple(one for one in authorities() if one.nation == "England" and not one.days_from(on))


def carried(code: str, on: date) -> tuple[Authority, ...]:
    """The authorities that an authority's area belongs to on a day, through reorganisations both ways.

    Several where it was split or merged: Cumbria in 2024 is Cumberland and Westmorland and Furness, and
    Bournemouth, Christchurch and Poole in 2018 is Bournemouth, Poole and (for Christchurch) Dorset.
    """
    one = by_code(code)
    if not one.days_from(on):
        return (one,)
    later = one.end is not None and on > one.end
    steps = one.successors if later else tuple(each.code for each in authorities() if code in each.successors)
    found = {each.code: each for step in steps for each in carried(step, on)}
    return tuple(found[each] for each in sorted(found))


@cache
def authorities() -> tuple[Authority, ...]:
    """Every authority of England and Wales since 2014, in order of code."""
    return tuple(one for one, _ in _rows())


@cache
def _by_code() -> Mapping[str, Authority]:
    return {one.code: one for one in authorities()}


@cache
def _by_spelling() -> Mapping[str, tuple[Authority, ...]]:
    found: dict[str, list[Authority]] = defaultdict(list)
    for one, others in _rows():
        number = () if one.number is None else (str(one.number),)
        for spelling in {key(text) for text in (one.name, one.code, *number, *others)}:
            found[spelling].append(one)
    return {spelling: tuple(ones) for spelling, ones in found.items()}


@cache
def _rows() -> tuple[tuple[Authority, tuple[str, ...]], ...]:
    text = resources.files("oversight.geography").joinpath("data", "authorities.csv").read_text(encoding="utf-8")
    return tuple((_authority(row), _others(row)) for row in csv.DictReader(text.splitlines()))


def _authority(row: Mapping[str, str]) -> Authority:
    return Authority(
        name=row["name"],
        code=row["code"],
        number=int(row["number"]) if row["number"] else None,
        region=row["region"] or None,
        start=date.fromisoformat(row["start"]) if row["start"] else None,
        end=date.fromisoformat(row["end"]) if row["end"] else None,
        successors=_parts(row["successors"]),
        population=int(row["population"]) if row["population"] else None,
        area_km2=float(row["area_km2"]) if row["area_km2"] else None,
        easting=int(row["easting"]),
        northing=int(row["northing"]),
        spread_km=float(row["spread_km"]),
        hexagon=(int(row["hex_column"]), int(row["hex_row"])) if row["hex_column"] else None,
    )


def _others(row: Mapping[str, str]) -> tuple[str, ...]:
    return (*_parts(row["spellings"]), *_parts(row["former_codes"]))


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)
