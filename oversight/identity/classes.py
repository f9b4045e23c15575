"""What sort of owner stands behind a group: people, a company, an investor, a council or a charity."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import yaml

OwnerClass = Literal["individual", "corporate", "investment", "local_authority", "charity", "unknown"]
CLASSES: Final = ("individual", "corporate", "investment", "local_authority", "charity", "unknown")

_BY_KIND: Final[Mapping[str, OwnerClass]] = {"council": "local_authority", "charity": "charity"}


@dataclass(frozen=True, slots=True)
class _Signs:
    names: tuple[re.Pattern[str], ...]
    types: frozenset[str]
    sic_codes: frozenset[str]


@cache
def _signs() -> _Signs:
    data = yaml.safe_load(files("oversight.identity").joinpath("classes.yaml").read_text("utf-8"))
    return _Signs(
        names=tuple(re.compile(pattern) for pattern in data["investor_names"]),
        types=frozenset(data["investor_types"]),
        sic_codes=frozenset(data["investor_sic_codes"]),
    )


def owner_class(kind: str, above: Iterable[tuple[str | None, Mapping[str, Any]]]) -> OwnerClass:
    """The class of a group by its controlling owners.

    Args:
        kind: kind of its top: company, individual, joint, overseas, council or charity.
        above: name (None for people) and profile of each owner that controls a linked company.

    Returns:
        `unknown` where nobody is known above a company that stands alone: then nothing says who owns it.
    """
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    owners = list(above)
    if any(_is_investor(name, profile) for name, profile in owners):
        return "investment"
    if kind == "individual":
        return "individual"
    return "corporate" if owners else "unknown"


def _is_investor(name: str | None, profile: Mapping[str, Any]) -> bool:
    signs = _signs()
    words = " ".join("".join(char if char.isalnum() else " " for char in (name or "").casefold()).split())
    return (
        any(pattern.search(words) for pattern in signs.names)
        or profile.get("company_type") in signs.types
        or not signs.sic_codes.isdisjoint((profile.get("sic_codes") or "").split(","))
    )
