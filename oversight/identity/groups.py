"""Groups: companies under one control on a day, each with its top, its parent and the path between them.

Each company has at most one controller (`control.py` says which), so that groups are a partition. A top is
a company nobody known controls, a person, a foreign or unregistered owner, or the holders who control a
company jointly: the same joint holders make one group of all they control together, apart from what each
has alone. A circle of companies is cut at its lowest number and marked. Nobody's minority joins a group.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from oversight.identity.chains import Chains
from oversight.identity.control import Holder, holders_on, plain_number
from oversight.identity.tops import Top, describe, is_uk_company
from oversight.model.ids import row_id
from oversight.model.tables.derived import Membership

_ARROW: Final = " > "
_TOP_COLUMNS: Final = pl.Schema(
    [
        ("group_id", pl.String),
        ("top_key", pl.String),
        ("top_name", pl.String),
        ("top_country", pl.String),
        ("kind", pl.String),
        ("uk_parent_number", pl.String),
        ("uk_parent_name", pl.String),
        ("joint", pl.Boolean),
        ("circle", pl.Boolean),
    ]
)
_PARENT_COLUMNS: Final = pl.Schema(
    [(name, pl.String) for name in ("company_number", "group_id", "top_key", "uk_parent_number", "uk_parent_name")]
)
_EDGE_COLUMNS: Final = pl.Schema(
    [
        ("company_number", pl.String),
        ("owner_key", pl.String),
        ("owner_kind", pl.String),
        ("owner_name", pl.String),
        ("owner_country", pl.String),
        ("share_min", pl.Float64),
        ("share_max", pl.Float64),
        ("natures", pl.String),
        ("role", pl.String),
        ("document_id", pl.String),
        ("locator", pl.String),
    ]
)


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups on one day.

    Attributes:
        membership: columns of the derived table `membership`; one row a company. For joint control the bounds
            of the share are the lowest and the highest of the holders', the document that of the first.
        tops: one row a group: `group_id`, `top_key`, `top_name`, `top_country`, `kind` (company, individual,
            joint, overseas, council, charity), `uk_parent_number`, `uk_parent_name` (of most linked companies),
            `joint`, `circle`.
        parents: one row a company: `group_id`, `top_key` and its own highest company at Companies House.
        edges: every owner of a member on the day, with its `role`: the basis of its control, `indirect` for
            one that holds through another, else `minority`.
    """

    membership: pl.DataFrame
    tops: pl.DataFrame
    parents: pl.DataFrame
    edges: pl.DataFrame


def build(ownership: pl.DataFrame, company: pl.DataFrame, *, on: date, roots: Collection[str]) -> Groups:
    """Groups on a day that have at least one of the given companies.

    Args:
        ownership: the read table `ownership`, past and present owners.
        company: the read table `company`; companies it lacks are named by their owners' filings or not at all.
        on: the day.
        roots: numbers of the companies that owners of homes are linked to. Each is in the result.

    Returns:
        The groups, every frame sorted; the order of the rows given makes no difference.
    """
    register = _Register(company)
    asked = {plain_number(root) for root in roots}
    holders = holders_on(ownership, on, register.dissolved)
    chains = Chains(holders)
    known = set(holders) | set(register.names) | set(chains.parent.values())
    members: dict[str, list[str]] = defaultdict(list)
    for number in sorted(asked | {key for key in known if is_uk_company(key) and register.exists(key, on)}):
        members[chains.path(number)[0]].append(number)
    kept = {top: numbers for top, numbers in members.items() if not asked.isdisjoint(numbers)}
    return _Tables(chains, register, asked).of(kept)


def companies_to_follow(ownership: pl.DataFrame, known: Collection[str]) -> list[str]:
    """Numbers of corporate owners, past ones too, whose own filings are not yet known: the next to collect."""
    numbers = ownership["owner_company_number"].drop_nulls().unique().to_list()
    return sorted({plain_number(number) for number in numbers} - {plain_number(number) for number in known})


class _Register:
    """Names and dates of companies."""

    def __init__(self, company: pl.DataFrame) -> None:
        self.names: dict[str, str] = {}
        self.dissolved: dict[str, date] = {}
        self._born: dict[str, date] = {}
        for row in company.sort("company_number", "document_id").iter_rows(named=True):
            number = plain_number(row["company_number"])
            self.names[number] = row["name"]
            for days, day in ((self.dissolved, row["dissolved_on"]), (self._born, row["incorporated_on"])):
                if day is not None:
                    days[number] = day

    def exists(self, number: str, on: date) -> bool:
        """Whether a company is incorporated and not dissolved, as far as known."""
        return self._born.get(number, date.min) <= on < self.dissolved.get(number, date.max)


class _Tables:
    """Frames of the groups that are asked for."""

    def __init__(self, chains: Chains, register: _Register, asked: Collection[str]) -> None:
        self._chains = chains
        self._register = register
        self._asked = asked
        self._owners = {holder.key: holder for each in chains.holders.values() for holder in _by_place(each)}

    def of(self, members: Mapping[str, Sequence[str]]) -> Groups:
        """The four frames for members by the key of their top."""
        membership, parents, tops, edges = [], [], [], []
        for top, numbers in members.items():
            membership += [self._member(top, number) for number in numbers]
            own = {number: self._uk_parent(number) for number in numbers}
            parents += [
                (number, row_id("group", top), top, parent, self._name(parent)) for number, parent in own.items()
            ]
            tops.append(self._top(top, own))
            edges += [edge for number in numbers for edge in self._edges(number)]
        columns = Membership.create_empty().schema
        return Groups(
            membership=pl.DataFrame(membership, schema=columns, orient="row").sort("group_id", "company_number"),
            tops=pl.DataFrame(tops, schema=_TOP_COLUMNS, orient="row").sort("group_id"),
            parents=pl.DataFrame(parents, schema=_PARENT_COLUMNS, orient="row").sort("company_number"),
            edges=pl.DataFrame(edges, schema=_EDGE_COLUMNS, orient="row").sort("company_number", "owner_key"),
        )

    def _member(self, top: str, number: str) -> tuple[object, ...]:
        path = self._chains.path(number)
        edge = self._chains.edge(number)
        parent = path[-2] if len(path) > 1 else None
        return (
            row_id("group", top),
            number,
            self._name(number),
            parent,
            self._name(parent),
            min((h.share_min for h in edge if h.share_min is not None), default=None),
            max((h.share_max for h in edge if h.share_max is not None), default=None),
            len(path) - 1,
            _ARROW.join(path),
            edge[0].document_id if edge else None,
            edge[0].locator if edge else None,
        )

    def _top(self, top: str, uk_parents: Mapping[str, str | None]) -> tuple[object, ...]:
        described = self._described(top)
        linked = Counter(parent for number, parent in uk_parents.items() if number in self._asked)
        everyone = Counter(uk_parents.values())
        uk_parent = min(
            (parent for parent in everyone if parent is not None),
            key=lambda parent: (-linked[parent], -everyone[parent], parent),
            default=None,
        )
        return (
            row_id("group", top),
            top,
            described.name,
            described.country,
            described.kind,
            uk_parent,
            self._name(uk_parent),
            top in self._chains.joint,
            any(number in self._chains.cut for number in uk_parents),
        )

    def _described(self, top: str) -> Top:
        if control := self._chains.joint.get(top):
            return describe(None, control.holders, self._register.names)
        owner = self._owners.get(top)
        return describe(top, [owner] if owner else [], self._register.names)

    def _uk_parent(self, number: str) -> str | None:
        return next((key for key in self._chains.path(number) if is_uk_company(key)), None)

    def _name(self, key: str | None) -> str | None:
        if key is None:
            return None
        if key in self._chains.joint:
            return self._described(key).name
        owner = self._owners.get(key)
        return self._register.names.get(key) or (owner.name if owner else None)

    def _edges(self, number: str) -> Iterable[tuple[object, ...]]:
        control = self._chains.control.get(number)
        for holder in self._chains.holders.get(number, ()):
            role = "minority"
            if control is not None and holder in control.holders:
                role = control.basis
            elif holder in self._chains.indirect.get(number, ()):
                role = "indirect"
            yield (
                number, holder.key, holder.kind, holder.name, holder.country, holder.share_min, holder.share_max,
                holder.natures or None, role, holder.document_id, holder.locator,
            )  # fmt: skip


def _by_place(holders: Iterable[Holder]) -> list[Holder]:
    return sorted(holders, key=lambda holder: (holder.key, holder.document_id, holder.locator))
