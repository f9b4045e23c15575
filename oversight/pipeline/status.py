"""Status: what was fetched, what is late, what failed, what waits. Read from the ledger, never kept apart."""

from dataclasses import asdict, dataclass
from datetime import datetime

import polars as pl

from collectors.source import Source, load_sources, overdue
from oversight.pipeline.link import undecided
from oversight.pipeline.read import pending_documents
from oversight.pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source's freshness.

    Attributes:
        source: its name.
        subjects: subjects ever answered.
        last_answer: when it last answered (ok, unchanged or absent).
        last_failure: when it last failed, if that is later than its last answer.
        error: that failure's message.
        overdue: subjects whose last answer is older than the source's cadence and grace.
    """

    source: str
    subjects: int
    last_answer: datetime | None
    last_failure: datetime | None
    error: str | None
    overdue: int


@dataclass(frozen=True, slots=True)
class Status:
    """The state of an installation; `healthy` is false where a source fails or is overdue."""

    healthy: bool
    sources: tuple[SourceStatus, ...]
    documents: int
    unread: int
    owners_waiting: int
    issues: dict[str, int]
    runs: tuple[str, ...]

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self)


def status(workspace: Workspace) -> Status:
    """The state of an installation now."""
    fetch = workspace.ledger.frame("fetch")
    now = workspace.clock()
    known = load_sources()
    names = sorted(set(fetch["source"]))
    sources = tuple(_source(name, fetch.filter(pl.col("source") == name), known.get(name), now) for name in names)
    severities = workspace.ledger.frame("issue").group_by("severity").len().sort("severity")
    return Status(
        healthy=all(source.last_failure is None and source.overdue == 0 for source in sources),
        sources=sources,
        documents=workspace.ledger.count("document"),
        unread=len(pending_documents(workspace)),
        owners_waiting=len(undecided(workspace)),
        issues=dict(severities.iter_rows()),
        runs=tuple(workspace.runs.ids()),
    )


def _source(name: str, attempts: pl.DataFrame, source: Source | None, now: datetime) -> SourceStatus:
    answers = attempts.filter(pl.col("status") != "failed")
    newest = answers.sort("requested_at").unique("subject", keep="last", maintain_order=True)
    last_answer = _moment(newest["requested_at"].max())
    failures = attempts.filter(pl.col("status") == "failed").sort("requested_at").tail(1)
    later = [row for row in failures.iter_rows(named=True) if last_answer is None or row["requested_at"] > last_answer]
    late = 0 if source is None else sum(overdue(source, row, now) for row in newest.iter_rows(named=True))
    return SourceStatus(
        source=name,
        subjects=newest.height,
        last_answer=last_answer,
        last_failure=later[0]["requested_at"] if later else None,
        error=later[0]["error"] if later else None,
        overdue=late,
    )


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None
