"""Groups: companies under one control on a day, each with its top, its parent and the path between them.

Each company has at most one controller (`control.py` says which), so that groups are a partition. A top is
a company nobody known controls, a person, a foreign or unregistered owner, or the holders who control a
company jointly: the same joint holders make one group of all they control together, apart from what each
has alone. A circle of companies is cut at its lowest number and marked. Nobody's minority joins a group.
Beside the register stand what accounts state (weaker) and what people decided (stronger); each edge says which.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from oversight.identity import stated
from oversight.identity.chains import Chains
from oversight.identity.classes import owner_class
from oversight.identity.control import REGISTER, Holder, holders_on, past_holders, plain_number, said_to_have_none
from oversight.identity.decisions import standing
from oversight.identity.edges import Owners, edges_of
from oversight.identity.tops import Top, describe, is_uk_company
from oversight.model.ids import row_id
from oversight.model.tables.decided import OwnershipDecision
from oversight.model.tables.derived_groups import Holding, Membership
from oversight.model.tables.read import Statement

_ARROW: Final = " > "
_DORMANT: Final = "dormant"
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
        ("owner_class", pl.String),
    ]
)
_PARENT_COLUMNS: Final = pl.Schema(
    [(name, pl.String) for name in ("company_number", "group_id", "top_key", "uk_parent_number", "uk_parent_name")]
)


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups on one day.

    Attributes:
        membership: columns of the derived table `membership`; one row a company. For joint control the bounds
            of the share are the lowest and the highest of the holders', the document that of the first.
        tops: one row a group: `group_id`, `top_key`, `top_name`, `top_country`, `kind` (company, individual,
            joint, overseas, council, charity), `uk_parent_number`, `uk_parent_name` (of most linked companies),
            `joint`, `circle`, `owner_class`.
        parents: one row a company: `group_id`, `top_key` and its own highest company at Companies House.
        edges: every owner of a member, on the day and before, in the columns of the derived table `holding`.
    """

    membership: pl.DataFrame
    tops: pl.DataFrame
    parents: pl.DataFrame
    edges: pl.DataFrame


def build(
    ownership: pl.DataFrame,
    company: pl.DataFrame,
    *,
    on: date,
    roots: Collection[str],
    statement: pl.DataFrame | None = None,
    decision: pl.DataFrame | None = None,
    stated_months: int = 36,
) -> Groups:
    """Groups on a day that have at least one of the given companies.

    Args:
        ownership: the read table `ownership`, past and present owners.
        company: the read table `company`; companies it lacks are named by their owners' filings or not at all.
        on: the day.
        roots: numbers of the companies that owners of homes are linked to. Each is in the result.
        statement: the read table `statement`, for the parents that accounts state; none where not given.
        decision: the decided table `ownership_decision`; none where not given.
        stated_months: how long after its balance sheet's day a stated parent counts.

    Returns:
        The groups, every frame sorted; the order of the rows given makes no difference.
    """
    register = _Register(company)
    asked = {plain_number(root) for root in roots}
    decisions = standing(OwnershipDecision.create_empty() if decision is None else decision, on)
    registered, aside = decisions.apply(holders_on(ownership, on, register.dissolved))
    said = stated.stated_holders(
        Statement.create_empty() if statement is None else statement,
        stated.names_known(company, ownership),
        on=on,
        longest_months=stated_months,
    )
    nobody = said_to_have_none(ownership, on)
    steps = decisions.without_splits(stated.stated_edges(said, lambda key: key not in nobody))
    holders = {key: [*registered.get(key, ()), *steps.get(key, ())] for key in sorted({*registered, *steps})}
    chains = Chains(holders)
    owners = Owners(chains, said, aside, past_holders(ownership, on))
    known = set(holders) | set(register.names) | set(chains.parent.values())
    members: dict[str, list[str]] = defaultdict(list)
    for number in sorted(asked | {key for key in known if is_uk_company(key) and register.exists(key, on)}):
        members[chains.path(number)[0]].append(number)
    kept = {top: numbers for top, numbers in members.items() if not asked.isdisjoint(numbers)}
    return _Tables(chains, register, asked, owners).of(kept)


def companies_to_follow(
    ownership: pl.DataFrame,
    known: Collection[str],
    statement: pl.DataFrame | None = None,
    decision: pl.DataFrame | None = None,
) -> list[str]:
    """Numbers of corporate owners, past ones too, whose own filings are not yet known: the next to collect.

    Args:
        ownership: the read table `ownership`.
        known: numbers of the companies whose filings are known.
        statement: the read table `statement`, for parents that accounts give with their number.
        decision: the decided table `ownership_decision`, for parents that people gave.
    """
    numbers = ownership["owner_company_number"].drop_nulls().unique().to_list()
    if statement is not None:
        numbers += stated.numbers_stated(statement)
    if decision is not None:
        numbers += decision["owner_company_number"].drop_nulls().unique().to_list()
    return sorted({plain_number(number) for number in numbers} - {plain_number(number) for number in known})


class _Register:
    """Names and dates of companies."""

    def __init__(self, company: pl.DataFrame) -> None:
        self.names: dict[str, str] = {}
        self.dissolved: dict[str, date] = {}
        self._born: dict[str, date] = {}
        self.profiles: dict[str, Mapping[str, Any]] = {}
        for row in company.sort("company_number", "document_id").iter_rows(named=True):
            number = plain_number(row["company_number"])
            self.names[number] = row["name"]
            self.profiles[number] = row
            for days, day in ((self.dissolved, row["dissolved_on"]), (self._born, row["incorporated_on"])):
                if day is not None:
                    days[number] = day

    def exists(self, number: str, on: date) -> bool:
        """Whether a company is incorporated and not dissolved, as far as known."""
        return self._born.get(number, date.min) <= on < self.dissolved.get(number, date.max)


class _Tables:
    """Frames of the groups that are asked for."""

    def __init__(self, chains: Chains, register: _Register, asked: Collection[str], owners: Owners) -> None:
        self._chains = chains
        self._register = register
        self._asked = asked
        self._all_owners = owners
        self._owners = {holder.key: holder for holder in _best_known_last(chains.holders.values())}

    def of(self, members: Mapping[str, Sequence[str]]) -> Groups:
        """The four frames for members by the key of their top."""
        membership, parents, tops = [], [], []
        edges: list[dict[str, object]] = []
        for top, numbers in members.items():
            membership += [self._member(top, number) for number in numbers]
            own = {number: self._uk_parent(number) for number in numbers}
            parents += [
                (number, row_id("group", top), top, parent, self._name(parent)) for number, parent in own.items()
            ]
            tops.append(self._top(top, own))
            edges += [
                {"group_id": row_id("group", top), **edge}
                for number in numbers
                for edge in edges_of(number, self._all_owners, self._name)
            ]
        columns = Membership.create_empty().schema
        return Groups(
            membership=pl.DataFrame(membership, schema=columns, orient="row").sort("group_id", "company_number"),
            tops=pl.DataFrame(tops, schema=_TOP_COLUMNS, orient="row").sort("group_id"),
            parents=pl.DataFrame(parents, schema=_PARENT_COLUMNS, orient="row").sort("company_number"),
            edges=pl.DataFrame(edges, schema=Holding.create_empty().schema, orient="row").sort(
                "company_number", "owner_key", "holding_id"
            ),
        )

    def _member(self, top: str, number: str) -> tuple[object, ...]:
        path = self._chains.path(number)
        edge = self._chains.edge(number)
        parent = path[-2] if len(path) > 1 else None
        profile = self._register.profiles.get(number, {})
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
            self._chains.control[number].basis if edge else None,
            edge[0].source if edge else None,
            max((h.since for h in edge if h.since is not None), default=None),
            edge[0].why if edge else None,
            profile.get("status"),
            None if (filed := profile.get("accounts_last_type")) is None else filed == _DORMANT,
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
            owner_class(described.kind, self._above(uk_parents)),
        )

    def _above(self, numbers: Iterable[str]) -> list[tuple[str | None, Mapping[str, Any]]]:
        """Names and profiles of the owners that control linked members, the top's among them."""
        asked = sorted(number for number in numbers if number in self._asked)
        keys = {key for number in asked for key in self._chains.path(number)[:-1]}
        joint = {holder.key for key in keys & self._chains.joint.keys() for holder in self._chains.joint[key].holders}
        above = sorted((keys | joint) - self._chains.joint.keys())
        return [(self._name(key), self._register.profiles.get(key, {})) for key in above]

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


def _best_known_last(holders: Iterable[Iterable[Holder]]) -> list[Holder]:
    """Holders in an order that depends on them alone; of one owner the register's fullest filing comes last."""
    return sorted(
        (holder for each in holders for holder in each),
        key=lambda holder: (
            holder.key,
            holder.source == REGISTER,
            holder.country is not None,
            holder.document_id or "",
            holder.locator,
        ),
    )
