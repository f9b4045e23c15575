"""What people decide about owners' names: a company, none, the same as another spelling; and taking it back."""

import polars as pl

from oversight.errors import InputError
from oversight.identity.names import normal_form
from oversight.model.ids import company_number, row_id
from oversight.model.vocabulary import LINKED
from oversight.pipeline.link import WITHDRAWN, standing_links
from oversight.pipeline.signed import check_signed
from oversight.pipeline.workspace import Workspace


def decide_by_hand(workspace: Workspace, owner: str, number: str | None, *, kind: str, author: str, reason: str) -> str:
    """Record a person's decision that an owner's name is a company, or (number None) is none.

    Raises:
        InputError: if author or reason is empty, or the number cannot be one.
    """
    checked = company_number(number) if number else None
    return _record(workspace, owner, checked, "confirmed" if checked else "none", kind, author, reason)


def same_as(workspace: Workspace, owner: str, earlier: str, *, author: str, reason: str) -> str:
    """Record that a name is another spelling of an owner that is linked already.

    Raises:
        InputError: if author or reason is empty, or the earlier spelling is not linked to a company.
    """
    standing = standing_links(workspace).filter(
        pl.col("owner_key") == normal_form(earlier), pl.col("decision").is_in(sorted(LINKED))
    )
    if standing.is_empty():
        raise InputError(
            "that spelling is not linked to a company",
            where=earlier,
            next_step="Link it first, or give --company.",
        )
    row = standing.row(0, named=True)
    told = f"{reason} (the same owner as {row['owner']})" if reason.strip() else ""
    return _record(workspace, owner, row["company_number"], "confirmed", row["kind"], author, told)


def undo(workspace: Workspace, owner: str, *, author: str, reason: str) -> str:
    """Take back what was decided on an owner's name, so that it waits for a person again. Both rows are kept.

    Raises:
        InputError: if author or reason is empty, or nothing is decided on the name.
    """
    if standing_links(workspace).filter(pl.col("owner_key") == normal_form(owner)).is_empty():
        raise InputError(
            "nothing is decided on that owner", where=owner, next_step="`oversight link --history` lists decisions."
        )
    return _record(workspace, owner, None, WITHDRAWN, "unknown", author, reason)


def history(workspace: Workspace, owner: str | None = None) -> pl.DataFrame:
    """Decisions on owners' names in the order they were made, on one name where given."""
    rows = workspace.ledger.frame("link").sort("decided_at", "link_id")
    return rows if owner is None else rows.filter(pl.col("owner_key") == normal_form(owner))


def _record(
    workspace: Workspace, owner: str, number: str | None, decision: str, kind: str, author: str, reason: str
) -> str:
    check_signed(author, reason, owner)
    key, moment = normal_form(owner), workspace.clock()
    identifier = row_id(key, number, decision, author, moment)
    row = {
        "link_id": identifier, "owner_key": key, "owner": owner, "company_number": number, "kind": kind,
        "decision": decision, "score": None, "author": author, "decided_at": moment, "reason": reason,
    }  # fmt: skip
    workspace.ledger.add("link", [row])
    return identifier
