"""Approval: a second person's word on what somebody decided.

It stands beside the decision and changes no figure; a run that holds a decision without it cannot be published.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import polars as pl

from oversight.errors import InputError
from oversight.model.evidence import schema_of
from oversight.model.ids import row_id
from oversight.pipeline.signed import check_signed
from oversight.pipeline.workspace import Workspace
from reports.frames import DECISION_SCHEMA

APPROVED: Final = "approved"
REJECTED: Final = "rejected"
WAITING: Final = "waiting"
_TABLE: Final = "approval"
_RULE: Final = "rule:"
_SOURCES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "register_field": ("entry_id", ("field", "value")),
    "override": ("subject", ("field", "old_value", "new_value")),
    "hand_read": ("document_id", ("line", "value")),
    "link": ("owner", ("decision", "company_number")),
    "ownership_decision": ("company_number", ("decision", "owner_key")),
    "determination": ("subject", ("notice_reference", "condition", "revoked_on")),
}
"""By table: the column that says what is decided on, and those that say what."""

DECISIONS: Final = pl.Schema(
    {name: kind for name, kind in DECISION_SCHEMA.items() if name not in {"group_id", "entry_id"}}
)
"""Columns of `decisions`: `verdict` is waiting, approved or rejected."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a second person says of a decision: which one, and `approved` or `rejected`."""

    decided_table: str
    decided_id: str
    verdict: str


def decisions(workspace: Workspace) -> pl.DataFrame:
    """What people decided, with a second person's word: rows of `DECISIONS`, those that wait first, then the newest."""
    return verdicts(workspace.ledger.frame)


def verdicts(frame_of: Callable[[str], pl.DataFrame]) -> pl.DataFrame:
    """As `decisions`, of the tables that a function gives by name."""
    parts = [DECISIONS.to_frame().drop("verdict", "approver", "approved_at")]
    for table, (subject, said) in _SOURCES.items():
        frame = frame_of(table).filter(~pl.col("author").str.to_lowercase().str.starts_with(_RULE))
        what = pl.concat_str(
            [pl.format("{}: {}", pl.lit(name), pl.col(name).cast(pl.String).fill_null("nothing")) for name in said],
            separator="; ",
        )
        parts.append(
            frame.select(
                pl.lit(table).alias("decided_table"),
                pl.col(schema_of(table).primary_key()[0]).alias("decided_id"),
                pl.col(subject).alias("subject"),
                what.alias("what"),
                "author",
                "decided_at",
                "reason",
            )
        )
    made = pl.concat(parts)
    keys = ["decided_table", "decided_id"]
    words = frame_of(_TABLE).sort("decided_at", "approval_id").join(
        made.select(*keys, pl.col("author").alias("decider")), on=keys
    )  # fmt: skip
    second = words.filter(_plain("author") != _plain("decider"))  # a word on one's own decision counts for nothing
    newest = second.unique(keys, keep="last").select(
        *keys, "verdict", pl.col("author").alias("approver"), pl.col("decided_at").alias("approved_at")
    )
    return (
        made.join(newest, on=keys, how="left")
        .with_columns(pl.col("verdict").fill_null(WAITING))
        .sort(pl.col("verdict") != WAITING, "decided_at", *keys, descending=[False, True, False, False])
        .select(DECISIONS.names())
    )


def _plain(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.replace_all(r"\s+", " ").str.to_lowercase()


def approve(workspace: Workspace, given: Verdict, *, author: str, reason: str) -> str:
    """Write down a second person's word.

    Returns:
        The id of the row.

    Raises:
        InputError: if there is no such decision, it is the person's own, or author or reason is empty.
    """
    check_signed(author, reason, given.decided_id)
    if given.verdict not in {APPROVED, REJECTED}:
        raise InputError("a decision is approved or rejected", where=given.verdict)
    found = decisions(workspace).filter(
        pl.col("decided_table") == given.decided_table, pl.col("decided_id") == given.decided_id
    )
    if found.is_empty():
        raise InputError("nobody decided this", where=f"{given.decided_table} {given.decided_id}")
    if _same(str(found["author"][0]), author):
        raise InputError("nobody approves what they decided themselves", where=author, next_step="Ask a second person.")
    moment = workspace.clock()
    identifier = row_id(_TABLE, given.decided_table, given.decided_id, given.verdict, author, moment)
    row = {
        "approval_id": identifier, "decided_table": given.decided_table, "decided_id": given.decided_id,
        "verdict": given.verdict, "author": author, "decided_at": moment, "reason": reason,
    }  # fmt: skip
    workspace.ledger.add(_TABLE, [row])
    return identifier


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
