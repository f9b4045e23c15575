"""Owners' names to companies: what the rule is sure of is written down, the rest waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl

from oversight.errors import InputError
from oversight.identity.match import Candidate, Decision, decide
from oversight.identity.names import normal_form
from oversight.model.ids import company_number, row_id
from oversight.model.times import AsAt, london_date
from oversight.pipeline.select import select_evidence
from oversight.pipeline.workspace import Workspace

RULE = "rule:owner-match-v1"
SEARCH = "companies_house.search"
SNAPSHOT = "companies_house.company_data"
_NOT_COMPANIES = frozenset({"council", "charity", "individual"})


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner's name in Ofsted's publications.

    Attributes:
        key: its normal form.
        text: its commonest spelling in the newest publication that has it.
        sector: its homes' commonest sector there.
        settings: how many settings carry it in the newest publication of all.
    """

    key: str
    text: str
    sector: str | None
    settings: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An owner nobody has decided on, with what the rule thinks."""

    owner: Owner
    decision: Decision


def owners(workspace: Workspace) -> list[Owner]:
    """Owners in all visible publications, by normal form, those with most settings in the newest first.

    Owners who have left the register count too: what became of them is what a back-test learns from.
    """
    now = workspace.clock()
    home = select_evidence(workspace, AsAt(on=london_date(now), known_by=now), {"home"}).home
    counted = (
        home.filter(pl.col("owner").is_not_null())
        .group_by("as_at", "owner", "sector")
        .len()
        .sort("as_at", "len", "owner", "sector", descending=[True, True, False, False])
    )
    found: dict[str, Owner] = {}
    newest = home["as_at"].max()
    for row in counted.iter_rows(named=True):
        key = normal_form(row["owner"])
        known = found.get(key, Owner(key, row["owner"], row["sector"], 0))
        here = row["len"] if row["as_at"] == newest else 0
        found[key] = replace(known, settings=known.settings + here)
    return sorted(found.values(), key=lambda owner: (-owner.settings, owner.key))


def undecided(workspace: Workspace) -> list[Owner]:
    """Owners on whom neither the rule nor a person has decided."""
    decided = set(workspace.ledger.frame("link")["owner_key"])
    return [owner for owner in owners(workspace) if owner.key not in decided]


def link_owners(workspace: Workspace) -> list[Waiting]:
    """Write down every link the rule is sure of; return the owners left for a person.

    Running it again adds nothing, because a rule's decision on the same candidates has the same id.
    """
    candidates = _candidates(workspace)
    rows: list[dict[str, object]] = []
    waiting: list[Waiting] = []
    for owner in undecided(workspace):
        decision = decide(owner.text, candidates.get(owner.key, []), owner.sector)
        if decision.decision == "automatic" or (decision.decision == "none" and decision.kind in _NOT_COMPANIES):
            rows.append(_rule_row(workspace, owner, decision))
        else:
            waiting.append(Waiting(owner, decision))
    workspace.ledger.add("link", rows)
    return waiting


def decide_by_hand(workspace: Workspace, owner: str, number: str | None, *, kind: str, author: str, reason: str) -> str:
    """Record a person's decision that an owner's name is a company, or (number None) is none.

    Raises:
        InputError: if author or reason is empty, or the number cannot be one.
    """
    if not author.strip() or not reason.strip():
        raise InputError(
            "a decision needs an author and a reason", where=owner, next_step="Give --author and --reason."
        )
    moment = workspace.clock()
    key = normal_form(owner)
    checked = company_number(number) if number else None
    decision = "confirmed" if checked else "none"
    identifier = row_id(key, checked, decision, author, moment)
    row = {
        "link_id": identifier,
        "owner_key": key,
        "owner": owner,
        "company_number": checked,
        "kind": kind,
        "decision": decision,
        "score": None,
        "author": author,
        "decided_at": moment,
        "reason": reason,
    }
    workspace.ledger.add("link", [row])
    return identifier


def linked_companies(workspace: Workspace) -> list[str]:
    """Numbers of the companies that owners are linked to now, sorted."""
    newest = workspace.ledger.frame("link").sort("decided_at", "link_id").unique("owner_key", keep="last")
    return sorted(
        newest.filter(pl.col("decision").is_in(["automatic", "confirmed"]))["company_number"].drop_nulls().unique()
    )


def _rule_row(workspace: Workspace, owner: Owner, decision: Decision) -> dict[str, object]:
    return {
        "link_id": row_id(owner.key, decision.company_number, decision.decision, RULE),
        "owner_key": owner.key,
        "owner": owner.text,
        "company_number": decision.company_number,
        "kind": decision.kind,
        "decision": decision.decision,
        "score": decision.score,
        "author": RULE,
        "decided_at": workspace.clock(),
        "reason": "; ".join(decision.reasons),
    }


def _candidates(workspace: Workspace) -> dict[str, Sequence[Candidate]]:
    """What the newest search for each owner gave, else the register's own snapshot, by owner key."""
    searches = (
        workspace.ledger.frame("fetch")
        .filter(pl.col("source").is_in([SEARCH, SNAPSHOT]), pl.col("document_id").is_not_null())
        .sort(pl.col("source") == SEARCH, "retrieved_at", "fetch_id")
        .unique("subject", keep="last", maintain_order=True)
        .select(pl.col("subject"), "document_id")
    )
    found = searches.join(workspace.ledger.frame("candidate"), on="document_id").sort("subject", "locator")
    result: dict[str, Sequence[Candidate]] = {}
    for (name,), rows in found.group_by("subject", maintain_order=True):
        result[normal_form(str(name))] = [
            Candidate(
                company_number=row["company_number"],
                name=row["name"],
                previous_names=tuple((row["previous_names"] or "").split(" | ")) if row["previous_names"] else (),
                status=row["status"],
                incorporated_on=row["incorporated_on"],
            )
            for row in rows.iter_rows(named=True)
        ]
    return result
