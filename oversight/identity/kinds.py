"""What kind of owner a name is: a company, a council, a charity, a person, or not to be told from the name."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import yaml

from oversight.identity.names import Name, is_company_form, parse_name

Kind = Literal["company", "council", "charity", "individual", "unknown"]

_CHARITY_FORM: Final = "cio"


@dataclass(frozen=True, slots=True)
class Nature:
    """What a name says its owner is.

    Attributes:
        kind: one of the five kinds; a public body that is no council is `unknown`.
        reason: why, in a few words.
        may_be_company: whether it is worth taking it for a company without a person's word.
    """

    kind: Kind
    reason: str
    may_be_company: bool


@dataclass(frozen=True, slots=True)
class _Patterns:
    council: tuple[re.Pattern[str], ...]
    public_body: tuple[re.Pattern[str], ...]
    individual: tuple[re.Pattern[str], ...]
    charity: tuple[re.Pattern[str], ...]
    individual_as_typed: re.Pattern[str]
    not_a_person: frozenset[str]
    sectors: dict[str, Kind]


@cache
def _patterns() -> _Patterns:
    data = yaml.safe_load(files("oversight.identity").joinpath("kinds.yaml").read_text("utf-8"))
    lists = {
        name: tuple(re.compile(pattern) for pattern in data[name])
        for name in ("council", "public_body", "individual", "charity")
    }
    return _Patterns(
        **lists,
        individual_as_typed=re.compile(data["individual_as_typed"]),
        not_a_person=frozenset(data["not_a_person"]),
        sectors=data["sectors"],
    )


def kind_of_owner(text: str, sector: str | None = None) -> Kind:
    """The kind of an owner, from its name and, where given, Ofsted's sector.

    Conservative: a name that says nothing is `unknown`, and so is a public body that is no council.
    """
    return nature_of_owner(text, sector).kind


def nature_of_owner(text: str, sector: str | None = None) -> Nature:
    """The kind of an owner with the reason, and whether it may be matched to a company unasked."""
    name = parse_name(text)
    if by_form := _by_form(name):
        return by_form
    if not any(map(str.isalpha, name.core)):
        return Nature("unknown", "no name", may_be_company=False)
    return _by_words(text, name) or _by_sector(name, sector)


def _by_form(name: Name) -> Nature | None:
    if is_company_form(name.suffix):
        return Nature("company", f"legal form {name.suffix}", may_be_company=True)
    if name.suffix == _CHARITY_FORM:
        return Nature("charity", "charitable incorporated organisation", may_be_company=True)
    return None


def _by_words(text: str, name: Name) -> Nature | None:
    patterns = _patterns()
    if _matches(patterns.council, name.core):
        return Nature("council", "named as a council", may_be_company=False)
    if _matches(patterns.public_body, name.core):
        return Nature("unknown", "a public body", may_be_company=False)
    if patterns.not_a_person.isdisjoint(name.core.split()) and (
        _matches(patterns.individual, name.core) or patterns.individual_as_typed.match(text)
    ):
        return Nature("individual", "named as a person", may_be_company=False)
    return None


def _by_sector(name: Name, sector: str | None) -> Nature:
    patterns = _patterns()
    kind = patterns.sectors.get(" ".join((sector or "").lower().split()))
    if _matches(patterns.charity, name.core):
        return Nature("charity", "named as a charity", may_be_company=True)
    if kind == "council":
        return Nature("council", "local authority sector, no legal form", may_be_company=False)
    if kind is not None:
        return Nature(kind, f"{str(sector).strip().lower()} sector, no legal form", may_be_company=True)
    return Nature("unknown", "the name does not say", may_be_company=True)


def _matches(patterns: tuple[re.Pattern[str], ...], text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)
