"""Local authorities: from a name as Ofsted prints it to the DfE's name and the ONS code in force on a day."""

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

from collectors.ofsted.words import key


@dataclass(frozen=True, slots=True)
class Authority:
    """One upper-tier or unitary authority under one code.

    Attributes:
        name: as in the DfE's list of authorities.
        code: ONS nine-character code.
        region: government office region; None outside England.
        start: first day of the code, None where it is older than the publications.
        end: last day of the code, None while it is in force.
        successors: codes of the authorities that took over.
    """

    name: str
    code: str
    region: str | None
    start: date | None
    end: date | None
    successors: tuple[str, ...]

    def days_from(self, day: date) -> int:
        """Days between a day and the time the code was in force; 0 within it."""
        if self.start and day < self.start:
            return (self.start - day).days
        if self.end and day > self.end:
            return (day - self.end).days
        return 0


def known_name(text: str) -> bool:
    """Whether a name is that of an authority, now or formerly, in any known spelling."""
    return key(text) in _by_spelling()


def find_authority(text: str, day: date) -> Authority | None:
    """The authority of a name as at a day: `Dorset` has one code to March 2019 and another since.

    A name that had no code in force on the day (a list may name an abolished council) gives the nearest in time.
    """
    found = _by_spelling().get(key(text))
    return min(found, key=lambda authority: authority.days_from(day)) if found else None


@cache
def authorities() -> tuple[Authority, ...]:
    """The bundled list, in order of code."""
    return tuple(authority for authority, _ in _rows())


@cache
def _by_spelling() -> Mapping[str, tuple[Authority, ...]]:
    found: dict[str, list[Authority]] = defaultdict(list)
    for authority, spellings in _rows():
        for spelling in {key(authority.name), *map(key, spellings)}:
            found[spelling].append(authority)
    return {spelling: tuple(ones) for spelling, ones in found.items()}


@cache
def _rows() -> tuple[tuple[Authority, tuple[str, ...]], ...]:
    text = resources.files("collectors.ofsted").joinpath("data", "local_authorities.csv").read_text(encoding="utf-8")
    return tuple(
        (
            Authority(
                name=row["name"],
                code=row["code"],
                region=row["region"] or None,
                start=date.fromisoformat(row["start"]) if row["start"] else None,
                end=date.fromisoformat(row["end"]) if row["end"] else None,
                successors=_parts(row["successors"]),
            ),
            _parts(row["spellings"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)
