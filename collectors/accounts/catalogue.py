"""What `lines.yaml` says: which concept is which line of account, and the arithmetic between lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

_NATURES = {"positive": 1, "negative": -1, "None": 0}

Maturity = Literal["none", "within", "after", "part", "unclear"]
_MATURITIES: Mapping[str, Maturity] = {"none": "none", "within": "within", "after": "after", "part": "part"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of account: its statement, whether it is at an instant, its unit and sign.

    `nature` is +1 or -1 where a value of the other sign is a slip, else 0.
    """

    name: str
    statement: str
    instant: bool
    count: bool
    subtracted: bool
    nature: int


@dataclass(frozen=True, slots=True)
class Place:
    """A line a concept may give, under what conditions, and how much it is preferred (0 most).

    `less` names a line that the concept includes and that is taken off where it is filed apart. `may_be_lower` says
    that the concept can be net of other items, so that a lower value is no contradiction. `sole` holds only where the
    document has one figure of the concept for the day.
    """

    line: Line
    maturity: Maturity
    members: frozenset[str]
    rank: int
    less: str | None
    may_be_lower: bool
    sole: bool


@dataclass(frozen=True, slots=True)
class Formula:
    """A total and the terms that make it; optional terms count where they are filed."""

    total: str
    needed: tuple[str, ...]
    optional: tuple[str, ...]
    strict: bool
    derive: frozenset[str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of `lines.yaml`, ready to be asked."""

    lines: Mapping[str, Line]
    places: Mapping[str, tuple[Place, ...]]
    formulas: tuple[Formula, ...]
    texts: frozenset[str]
    within: frozenset[str]
    after: frozenset[str]
    part: frozenset[str]
    totals: frozenset[str]
    group_axes: frozenset[str]
    group_members: frozenset[str]
    company_members: frozenset[str]
    group_scopes: frozenset[str]

    def maturity(self, members: frozenset[str]) -> Maturity:
        """When it falls due, by the members of its dimensions."""
        after, within = bool(members & self.after), bool(members & self.within)
        if after and within:
            return "unclear"
        if members & self.part:
            return "unclear" if within else "part"
        return "after" if after else "within" if within else "none"


@cache
def catalogue() -> Catalogue:
    """The catalogue that is shipped, read once."""
    text = files(__package__).joinpath("lines.yaml").read_text(encoding="utf-8")
    return read_catalogue(yaml.safe_load(text))


def read_catalogue(declared: Mapping[str, object]) -> Catalogue:
    """A catalogue from what the YAML holds.

    Raises:
        KeyError: if a part is missing, or a formula names a line that does not exist.
    """
    content: dict[str, object] = dict(declared)
    lines: dict[str, Line] = {}
    places: dict[str, list[Place]] = {}
    for name, entry in _mapping(content["lines"]).items():
        declared_line = _mapping(entry)
        line = lines[name] = Line(
            name=name,
            statement=str(declared_line["statement"]),
            instant=declared_line["period"] == "instant",
            count=declared_line.get("unit") == "count",
            subtracted=declared_line.get("sign") == "subtracted",
            nature=_NATURES[str(declared_line.get("nature"))],
        )
        for rank, concept in enumerate(_sequence(declared_line["concepts"])):
            condition = {"concept": concept} if isinstance(concept, str) else _mapping(concept)
            places.setdefault(str(condition["concept"]), []).append(_place(line, rank, condition))
    formulas = tuple(_formula(_mapping(entry), lines) for entry in _sequence(content["formulas"]))
    maturities = _mapping(content["maturity_members"])
    return Catalogue(
        lines=lines,
        places={concept: tuple(found) for concept, found in places.items()},
        formulas=formulas,
        texts=_names(content["texts"]),
        within=_names(maturities["within"]),
        after=_names(maturities["after"]),
        part=_names(maturities["part"]),
        totals=_names(content["total_members"]),
        group_axes=_names(content["group_axes"]),
        group_members=_names(content["group_members"]),
        company_members=_names(content["company_members"]),
        group_scopes=_names(content["group_scopes"]),
    )


def _place(line: Line, rank: int, condition: Mapping[str, object]) -> Place:
    maturity = str(condition.get("maturity", "none"))
    if maturity not in _MATURITIES:
        raise KeyError(f"{line.name}: unknown maturity {maturity}")
    return Place(
        line=line,
        maturity=_MATURITIES[maturity],
        members=_names(condition.get("members", ())),
        rank=rank,
        less=str(condition["less"]) if "less" in condition else None,
        may_be_lower=condition.get("may_be_lower") is True,
        sole=condition.get("sole") is True,
    )


def _formula(entry: Mapping[str, object], lines: Mapping[str, Line]) -> Formula:
    terms = [str(term) for term in _sequence(entry["terms"])]
    formula = Formula(
        total=str(entry["total"]),
        needed=tuple(term for term in terms if not term.endswith("?")),
        optional=tuple(term[:-1] for term in terms if term.endswith("?")),
        strict=entry["check"] == "strict",
        derive=_names(entry.get("derive", ())),
    )
    for name in (formula.total, *formula.needed, *formula.optional, *formula.derive):
        lines[name]  # a misspelt line raises KeyError with its name
    return formula


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError(f"a mapping is expected in lines.yaml, not {value!r}")
    return {str(key): entry for key, entry in value.items()}


def _sequence(value: object) -> list[object]:
    if not isinstance(value, list | tuple):
        raise TypeError(f"a list is expected in lines.yaml, not {value!r}")
    return list(value)


def _names(value: object) -> frozenset[str]:
    return frozenset(str(name) for name in _sequence(value))
