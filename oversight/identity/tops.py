"""What stands at the top of a group: a company, a person, joint holders, or something beyond the register."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from oversight.identity.control import Holder
from oversight.identity.kinds import kind_of_owner

_NUMBER: Final = re.compile(r"\d{8}|[A-Z]{2}\d{6}|[A-Z]{2}\d{5}[A-Z]|R0\d{6}")
_OVERSEAS_PREFIXES: Final = ("FC", "NF", "SF", "OE")
_UK: Final = re.compile(
    r"\b(?:england|scotland|(?<!south )wales|northern ireland|united kingdom|great britain|u\.?k|g\.?b)\b"
)


@dataclass(frozen=True, slots=True)
class Top:
    """What is known of a group's top: kind, name (None for people) and country (None where not stated)."""

    kind: str
    name: str | None
    country: str | None


def is_uk_company(key: str) -> bool:
    """Whether a key is the number of a company or partnership formed in the United Kingdom.

    Overseas companies with a branch here (FC, NF, SF) and overseas entities (OE) have numbers too.
    """
    return _NUMBER.fullmatch(key) is not None and not key.startswith(_OVERSEAS_PREFIXES)


def describe(key: str | None, holders: Sequence[Holder], names: Mapping[str, str]) -> Top:
    """Describe a top.

    Args:
        key: its key; None for joint holders.
        holders: the owner as its filings give it, or the joint holders; empty for a company that owns nothing.
        names: names of companies by number.
    """
    if key is None:
        return _joint(holders, names)
    owner = holders[0] if holders else None
    name = names.get(key) or (owner.name if owner else None)
    country = owner.country if owner else None
    if owner is not None and owner.is_person:
        return Top("individual", None, None)
    if is_uk_company(key):
        return Top("company", name, country)
    if key.startswith(_OVERSEAS_PREFIXES) and _NUMBER.fullmatch(key):
        return Top("overseas", name, country)
    return Top(_unregistered(name, country), name, country)


def _joint(holders: Sequence[Holder], names: Mapping[str, str]) -> Top:
    """Joint holders: people only are of kind individual; companies are named together."""
    if all(holder.is_person for holder in holders):
        return Top("individual", None, None)
    named = sorted({name for holder in holders if (name := names.get(holder.key) or holder.name)})
    countries = {holder.country for holder in holders}
    return Top("joint", " and ".join(named) or None, countries.pop() if len(countries) == 1 else None)


def _unregistered(name: str | None, country: str | None) -> str:
    """An owner without a number here: a council or a charity by its name, else by its country."""
    kind = kind_of_owner(name) if name else "unknown"
    if kind in {"council", "charity"}:
        return kind
    return "overseas" if country and not _UK.search(country.casefold()) else "company"
