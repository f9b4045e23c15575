"""Groups on any day, from the ledger; and what people decide about them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from oversight.errors import InputError
from oversight.identity.bods import Publication, statements
from oversight.identity.decisions import ANY, JOIN, SPLIT, WITHDRAWN
from oversight.identity.keys import corporate_key
from oversight.model.evidence import Evidence
from oversight.model.ids import company_number, row_id
from oversight.model.times import AsAt, london_date
from oversight.pipeline.select import select_evidence
from oversight.pipeline.signed import check_signed
from oversight.pipeline.workspace import Workspace
from risk.groups import EVIDENCE, Market, form
from risk.parameters import load

_TABLE = "ownership_decision"


@dataclass(frozen=True, slots=True)
class Ownership:
    """The groups of a day with the evidence they rest on.

    Attributes:
        evidence: homes, companies, owners, statements and decisions; its other tables are empty.
        market: the groups and the owners of homes in them.
        published_on: the day in London on which they were put together.
    """

    evidence: Evidence
    market: Market
    published_on: date

    def only(self, wanted: str | None) -> list[str]:
        """Ids of the groups wanted: by id, by a member's company number or an owner key, or by a part of the name.

        Raises:
            InputError: if no group answers to it.
        """
        tops, member = self.market.tops, self.market.membership
        if wanted is None:
            return tops["group_id"].to_list()
        numbers = member.filter(pl.col("company_number") == wanted.strip().upper())["group_id"]
        by_id = tops.filter((pl.col("group_id") == wanted) | (pl.col("top_key") == wanted))["group_id"]
        named = tops.filter(pl.col("name").str.to_lowercase().str.contains(wanted.lower(), literal=True))["group_id"]
        found = next((each for each in (by_id, numbers, named) if not each.is_empty()), by_id)
        if found.is_empty():
            raise InputError(
                "no group has that id, company or name on that day",
                where=repr(wanted),
                next_step="`oversight groups` lists the groups.",
            )
        return sorted(found.unique())

    def listing(self, groups: list[str]) -> pl.DataFrame:
        """One row a group: what it is, who owns it and what it runs, those with most places first."""
        runs = self.market.provider.group_by("group_id").agg(
            pl.len().alias("owners"), pl.col("homes", "places").sum(), pl.col("owner").sort().str.join("; ").alias("as")
        )
        return (
            self.market.tops.filter(pl.col("group_id").is_in(groups))
            .join(runs, on="group_id", how="left")
            .with_columns(pl.col("owners", "homes", "places").fill_null(0))
            .select(
                "group_id", "name", "kind", "owner_class", "top_name", "top_country", "uk_parent_number", "companies",
                "owners", "homes", "places", "joint", "circle", pl.col("as").alias("owners_as_printed"),
            )
            .sort("places", "homes", "name", "group_id", descending=[True, True, False, False])
        )  # fmt: skip

    def members(self, groups: list[str]) -> pl.DataFrame:
        """One row a member company: its path, its parent's share, since when, and what says so."""
        names = self.market.tops.select("group_id", pl.col("name").alias("group"), "kind", "owner_class")
        owners = (
            self.market.provider.drop_nulls("company_number")
            .group_by("company_number")
            .agg(pl.col("owner").sort().str.join("; ").alias("owners_as_printed"), pl.col("homes", "places").sum())
        )
        return (
            self.market.membership.filter(pl.col("group_id").is_in(groups))
            .join(names, on="group_id")
            .join(owners, on="company_number", how="left")
            .with_columns(pl.col("homes", "places").fill_null(0))
            .sort("group", "group_id", "path")
            .select(
                "group_id", "group", "kind", "owner_class", "company_number", "name", "depth", "path", "parent_key",
                "parent_name", "basis", "share_min", "share_max", "since", "source", "why", "status", "dormant",
                "owners_as_printed", "homes", "places", "document_id", "locator",
            )
        )  # fmt: skip

    def edges(self, groups: list[str]) -> pl.DataFrame:
        """Rows of `holding` of some groups."""
        return self.market.holding.filter(pl.col("group_id").is_in(groups)).sort("group_id", "company_number", "role")

    def bods(self, groups: list[str], publisher: str) -> list[dict[str, Any]]:
        """The groups as statements of the Beneficial Ownership Data Standard 0.4."""
        return statements(
            self.market.membership.filter(pl.col("group_id").is_in(groups)),
            self.edges(groups),
            self.evidence.company,
            self.evidence.ownership,
            self.evidence.visible,
            Publication(on=self.evidence.as_at.on, published_on=self.published_on, publisher=publisher),
        )


def ownership_on(workspace: Workspace, on: date | None = None, known_by: datetime | None = None) -> Ownership:
    """The groups of a day.

    Args:
        workspace: the installation.
        on: the day; today in London where not given.
        known_by: what the ledger held by this moment; now where not given.
    """
    now = workspace.clock()
    today = london_date(now)
    evidence = select_evidence(workspace, AsAt(on=on or today, known_by=known_by or now), EVIDENCE)
    return Ownership(evidence, form(evidence, load().at(evidence.as_at.on)), today)


@dataclass(frozen=True, slots=True)
class Parent:
    """The parent that a decision is about.

    Attributes:
        number: where it is registered at Companies House.
        name: for any other, its name.
        country: of that one's register.
        key: in place of both, the key under which an owner is listed; `any` for all owners.
    """

    number: str | None = None
    name: str | None = None
    country: str | None = None
    key: str | None = None

    def columns(self) -> dict[str, str | None]:
        """The owner's columns of `ownership_decision`."""
        number = company_number(self.number) if self.number else None
        name = self.name.strip() if self.name else None
        return {
            "owner_key": number or (corporate_key(name) if name else self.key or ANY),
            "owner_company_number": number,
            "owner_name": name,
            "owner_country": self.country,
        }


def join(
    workspace: Workspace,
    company: str,
    parent: Parent,
    *,
    author: str,
    reason: str,
    from_on: date | None = None,
    to_on: date | None = None,
) -> str:
    """Record that a company is under a parent, whatever the register says. Gives the decision's id.

    Raises:
        InputError: if author, reason or parent is missing, or a company would be its own parent.
    """
    if parent.number is None and not (parent.name or "").strip():
        raise InputError("no parent is given", where=company, next_step="Give --parent or --parent-name.")
    return _decide(workspace, JOIN, company, parent, author, reason, from_on, to_on)


def split(
    workspace: Workspace,
    company: str,
    parent: Parent,
    *,
    author: str,
    reason: str,
    from_on: date | None = None,
    to_on: date | None = None,
) -> str:
    """Record that an owner (or every owner) does not control a company. Gives the decision's id."""
    return _decide(workspace, SPLIT, company, parent, author, reason, from_on, to_on)


def withdraw(workspace: Workspace, company: str, parent: Parent, *, author: str, reason: str) -> str:
    """Take back the decision about a company and a parent. Gives the id of the row that says so.

    Raises:
        InputError: if no decision about the two stands.
    """
    number, key = company_number(company), parent.columns()["owner_key"]
    earlier = decisions(workspace).filter(pl.col("company_number") == number, pl.col("owner_key") == key)
    if earlier.is_empty() or earlier["decision"][-1] == WITHDRAWN:
        raise InputError(
            "no decision about the two stands",
            where=f"{number} and {key}",
            next_step="`oversight group decisions` lists what was decided.",
        )
    return _decide(workspace, WITHDRAWN, company, parent, author, reason, None, None)


def decisions(workspace: Workspace) -> pl.DataFrame:
    """Every decision about groups, in the order they were made."""
    return workspace.ledger.frame(_TABLE).sort("decided_at", "ownership_decision_id")


def _decide(
    workspace: Workspace,
    decision: str,
    company: str,
    parent: Parent,
    author: str,
    reason: str,
    from_on: date | None,
    to_on: date | None,
) -> str:
    check_signed(author, reason, company)
    number, owner, moment = company_number(company), parent.columns(), workspace.clock()
    if owner["owner_key"] == number:
        raise InputError("a company cannot be its own parent", where=number, next_step="Give another --parent.")
    if from_on and to_on and to_on <= from_on:
        raise InputError("the decision ends before it begins", where=number, next_step="Give --to after --from.")
    identifier = row_id(_TABLE, number, owner["owner_key"], decision, author, moment)
    row = {
        "ownership_decision_id": identifier, "company_number": number, **owner, "decision": decision,
        "from_on": from_on, "to_on": to_on, "author": author, "decided_at": moment, "reason": reason,
    }  # fmt: skip
    workspace.ledger.add(_TABLE, [row])
    return identifier
