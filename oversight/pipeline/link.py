"""Owners' names to companies: what the rule is sure of is written down, the rest waits for a person.

A normal form is decided on once, so that next year's capitals, suffix or punctuation change nothing. A spelling that
differs by more is shown with what its homes were registered under before: a registration is its provider's, so that
the same homes under a new name are mostly the same company, though not always (it takes a person).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from oversight.identity.index import NameIndex
from oversight.identity.match import Candidate, Decision, decide
from oversight.identity.names import normal_form
from oversight.model.ids import row_id
from oversight.model.times import AsAt, london_date
from oversight.model.vocabulary import LINKED
from oversight.pipeline.select import select_evidence
from oversight.pipeline.workspace import Workspace

RULE = "rule:owner-match-v2"
SEARCH = "companies_house.search"
SNAPSHOT = "companies_house.company_data"
WITHDRAWN = "withdrawn"
_NOT_COMPANIES = frozenset({"council", "charity", "individual"})
_CLOSEST = 5


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner's name in Ofsted's publications.

    Attributes:
        key: its normal form.
        text: its commonest spelling in the newest publication that has it.
        sector: its homes' commonest sector there.
        settings: how many settings carry it in the newest publication of all.
        seen_on: day of the earliest publication that has it: a younger company cannot be it.
    """

    key: str
    text: str
    sector: str | None
    settings: int
    seen_on: date


@dataclass(frozen=True, slots=True)
class Earlier:
    """What homes of an owner were registered under in an earlier publication.

    Attributes:
        owner: the owner's name then.
        company_number: the company that name is taken for.
        homes: how many of today's registrations carried it.
        as_at: day of that publication.
    """

    owner: str
    company_number: str
    homes: int
    as_at: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """An owner nobody has decided on, with what the rule thinks and what its homes were registered under before."""

    owner: Owner
    decision: Decision
    earlier: Earlier | None = None


def owners(workspace: Workspace) -> list[Owner]:
    """Owners in all visible publications, by normal form, those with most settings in the newest first.

    Owners who have left the register count too: what became of them is what a back-test learns from.
    """
    return _owners(_homes(workspace))


def undecided(workspace: Workspace) -> list[Owner]:
    """Owners on whom neither the rule nor a person has decided, or whose decision was withdrawn."""
    decided = set(standing_links(workspace)["owner_key"])
    return [owner for owner in owners(workspace) if owner.key not in decided]


def standing_links(workspace: Workspace) -> pl.DataFrame:
    """The newest decision on each owner, those withdrawn left out."""
    newest = workspace.ledger.frame("link").sort("decided_at", "link_id").unique("owner_key", keep="last")
    return newest.filter(pl.col("decision") != WITHDRAWN).sort("owner_key")


def link_owners(workspace: Workspace) -> list[Waiting]:
    """Write down every link the rule is sure of; return the owners left for a person.

    Running it again adds nothing, because a rule's decision on the same candidates has the same id. Where a person
    withdrew a decision, the rule does not make it again.
    """
    rows, waiting = _considered(workspace)
    workspace.ledger.add("link", rows)
    return waiting


def waiting_owners(workspace: Workspace) -> list[Waiting]:
    """Owners left for a person, as `link_owners` gives them, with nothing written down."""
    return _considered(workspace)[1]


def _considered(workspace: Workspace) -> tuple[list[dict[str, object]], list[Waiting]]:
    """Every owner nobody has decided on: the links the rule is sure of, and the rest."""
    home = _homes(workspace)
    standing = standing_links(workspace)
    decided, withdrawn = set(standing["owner_key"]), set(workspace.ledger.frame("link")["owner_key"])
    asked = [owner for owner in _owners(home) if owner.key not in decided]
    candidates = _candidates(workspace, asked)
    earlier = _earlier(home, standing)
    rows: list[dict[str, object]] = []
    waiting: list[Waiting] = []
    for owner in asked:
        decision = decide(owner.text, candidates.get(owner.key, []), owner.sector, seen_on=owner.seen_on)
        sure = decision.decision == "automatic" or (decision.decision == "none" and decision.kind in _NOT_COMPANIES)
        if sure and owner.key not in withdrawn:
            rows.append(_rule_row(workspace, owner, decision))
        else:
            waiting.append(Waiting(owner, decision, earlier.get(owner.key)))
    return rows, waiting


def linked_companies(workspace: Workspace) -> list[str]:
    """Numbers of the companies that owners are linked to now, sorted."""
    standing = standing_links(workspace)
    return sorted(standing.filter(pl.col("decision").is_in(sorted(LINKED)))["company_number"].drop_nulls().unique())


def _homes(workspace: Workspace) -> pl.DataFrame:
    """Settings with an owner in every visible publication, with the owner's normal form."""
    now = workspace.clock()
    home = select_evidence(workspace, AsAt(on=london_date(now), known_by=now), {"home"}).home.drop_nulls("owner")
    texts = home["owner"].unique().to_list()
    keys = pl.DataFrame(
        {"owner": texts, "owner_key": [normal_form(text) for text in texts]},
        schema={"owner": pl.String, "owner_key": pl.String},
    )
    return home.join(keys, on="owner").select("as_at", "urn", "owner", "owner_key", "sector")


def _owners(home: pl.DataFrame) -> list[Owner]:
    counted = (
        home.group_by("as_at", "owner", "owner_key", "sector")
        .len()
        .sort("as_at", "len", "owner", "sector", descending=[True, True, False, False])
    )
    found: dict[str, Owner] = {}
    newest = home["as_at"].max()
    for row in counted.iter_rows(named=True):
        key = row["owner_key"]
        known = found.get(key, Owner(key, row["owner"], row["sector"], 0, row["as_at"]))
        here = row["len"] if row["as_at"] == newest else 0
        found[key] = replace(known, settings=known.settings + here, seen_on=min(known.seen_on, row["as_at"]))
    return sorted(found.values(), key=lambda owner: (-owner.settings, owner.key))


def _earlier(home: pl.DataFrame, standing: pl.DataFrame) -> dict[str, Earlier]:
    """For each owner's name, the linked name that most of its registrations carried in an earlier publication."""
    linked = standing.filter(pl.col("decision").is_in(sorted(LINKED)), pl.col("company_number").is_not_null())
    before = home.join(linked.select("owner_key", "company_number"), on="owner_key").rename(
        {"as_at": "then", "owner": "was", "owner_key": "was_key"}
    )
    carried = (
        home.select("as_at", "urn", "owner_key")
        .join(before.select("then", "urn", "was", "was_key", "company_number"), on="urn")
        .filter(pl.col("then") < pl.col("as_at"), pl.col("was_key") != pl.col("owner_key"))
        .group_by("owner_key", "was_key", "company_number")
        .agg(pl.col("urn").n_unique().alias("homes"), pl.col("then").max(), pl.col("was").sort_by("then").last())
        .sort("homes", "then", "was_key", descending=[True, True, False])
        .unique("owner_key", keep="first", maintain_order=True)
    )
    return {
        row["owner_key"]: Earlier(row["was"], row["company_number"], row["homes"], row["then"])
        for row in carried.iter_rows(named=True)
    }


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


def _candidates(workspace: Workspace, asked: Sequence[Owner]) -> dict[str, Sequence[Candidate]]:
    """By owner key: what the newest search gave, else the register's own snapshot; and companies already followed.

    A company that is followed brings the former names of its profile, which a search shows only where they match.
    """
    followed = _followed(workspace)
    found = _searched(workspace, followed)
    if not followed or not asked:
        return found
    index = NameIndex(
        pl.DataFrame(
            {
                "company_number": list(followed),
                "company_name": [each.name for each in followed.values()],
                "previous_names": [" | ".join(each.previous_names) for each in followed.values()],
            }
        ),
        [owner.text for owner in asked],
    )
    for owner in asked:
        near = [followed[each.company_number] for each in index.candidates(owner.text, _CLOSEST)]
        found[owner.key] = [*found.get(owner.key, ()), *near]
    return found


def _followed(workspace: Workspace) -> dict[str, Candidate]:
    """Companies whose profile is held, by number, as its newest version gives them."""
    rows = workspace.ledger.frame("company").join(
        workspace.ledger.frame("fetch").group_by("document_id").agg(pl.col("retrieved_at").max()), on="document_id"
    )
    return {
        row["company_number"]: _candidate(row, row["previous_names"])
        for row in rows.sort("retrieved_at", "document_id").iter_rows(named=True)
    }


def _searched(workspace: Workspace, followed: Mapping[str, Candidate]) -> dict[str, Sequence[Candidate]]:
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
            _with_profile(_candidate(row, row["previous_names"]), followed) for row in rows.iter_rows(named=True)
        ]
    return result


def _candidate(row: Mapping[str, object], previous: str | None) -> Candidate:
    incorporated = row["incorporated_on"]
    return Candidate(
        company_number=str(row["company_number"]),
        name=str(row["name"]),
        previous_names=tuple(name for name in (previous or "").split(" | ") if name),
        status=str(row["status"]) if row["status"] else None,
        incorporated_on=incorporated if isinstance(incorporated, date) else None,
    )


def _with_profile(candidate: Candidate, followed: Mapping[str, Candidate]) -> Candidate:
    """A candidate with the former names of its profile, where that is held."""
    profile = followed.get(candidate.company_number)
    names = dict.fromkeys([*candidate.previous_names, *(profile.previous_names if profile else ())])
    return replace(candidate, previous_names=tuple(names))
