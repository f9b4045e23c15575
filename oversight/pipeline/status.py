"""Status: what was fetched, what is late, what failed, what waits. Read from the ledger, never kept apart."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import polars as pl

from collectors.books import requests_left
from collectors.companies_house.followed import load_followed
from collectors.expectations import Shortfall
from collectors.recorder import Seen
from collectors.source import Source, load_sources, overdue
from oversight.errors import SettingsError
from oversight.model.tables.worked import FAILED, KILLED, LOST, STARTED
from oversight.pipeline.fitness import poor_registers
from oversight.pipeline.jobs import History, Job, due_of, histories, jobs
from oversight.pipeline.link import undecided
from oversight.pipeline.post import fates
from oversight.pipeline.read import pending_documents
from oversight.pipeline.select import publications_withheld
from oversight.pipeline.workspace import Workspace
from oversight.store.leases import holder_of
from reports.alerts.fate import HELD

FRESH, LATE, BROKEN, NEVER = "fresh", "late", "failed", "never asked"


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """One source's freshness.

    Attributes:
        source: its name.
        title: what it is.
        state: fresh, late, failed or never asked.
        subjects: subjects ever answered.
        last_answer: when it last answered (ok, unchanged or absent).
        last_failure: when it last failed, if that is later than its last answer.
        error: that failure's message.
        overdue: subjects whose last answer is older than the source's cadence and grace.
        lacking: what its documents together lack of what is expected, in words.
    """

    source: str
    title: str
    state: str
    subjects: int
    last_answer: datetime | None
    last_failure: datetime | None
    error: str | None
    overdue: int
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class JobStatus:
    """One job of the schedule, once it has ever run.

    Attributes:
        job: its name.
        state: running, or how its newest attempt ended: done, failed, killed, stopped, lost.
        detail: what that attempt did, or what went wrong.
        last_done: when it last began an attempt that was done.
        next_due: when it is due next.
    """

    job: str
    state: str
    detail: str | None
    last_done: datetime | None
    next_due: datetime

    @property
    def broken(self) -> bool:
        """Whether its newest attempt went wrong."""
        return self.state in {FAILED, KILLED, LOST}


@dataclass(frozen=True, slots=True)
class Budget:
    """Requests that may still be made in this window.

    Attributes:
        budget: whose they are: host and a hash of the key.
        left: requests left.
        of: requests in a whole window.
    """

    budget: str
    left: int
    of: int


@dataclass(frozen=True, slots=True)
class Status:
    """The state of an installation.

    `healthy` is false where a source or job failed, is late or falls short, or a letter is held for a person.
    `letters` counts letters by state.
    """

    healthy: bool
    sources: tuple[SourceStatus, ...]
    withheld: tuple[Shortfall, ...]
    jobs: tuple[JobStatus, ...]
    budgets: tuple[Budget, ...]
    documents: int
    unread: int
    owners_waiting: int
    letters: dict[str, int]
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
    poor = poor_registers(workspace, fetch)
    seen = load_followed(workspace.ledger).seen
    names = sorted({*fetch["source"], *known})
    sources = tuple(
        _source(name, fetch.filter(pl.col("source") == name), known.get(name), now, tuple(poor.get(name, ())), seen)
        for name in names
    )
    withheld = tuple(publications_withheld(workspace))
    done = _jobs(workspace, now)
    letters = Counter(one.state for one in fates(workspace).values())
    severities = workspace.ledger.frame("issue").group_by("severity").len().sort("severity")
    return Status(
        healthy=all(each.state in {FRESH, NEVER} and not each.lacking for each in sources)
        and not withheld
        and not any(job.broken for job in done)
        and not letters[HELD],
        sources=sources,
        withheld=withheld,
        jobs=done,
        budgets=tuple(
            Budget(name, left, whole)
            for name, (left, whole) in requests_left(workspace.ledger, now.timestamp()).items()
        ),
        documents=workspace.ledger.count("document"),
        unread=len(pending_documents(workspace)),
        owners_waiting=len(undecided(workspace)),
        letters=dict(sorted(letters.items())),
        issues=dict(severities.iter_rows()),
        runs=tuple(workspace.runs.ids()),
    )


def _source(
    name: str, attempts: pl.DataFrame, source: Source | None, now: datetime, lacking: tuple[str, ...], seen: Seen
) -> SourceStatus:
    answers = attempts.filter(pl.col("status") != "failed")
    newest = answers.sort("requested_at").unique("subject", keep="last", maintain_order=True)
    last_answer = _moment(newest["requested_at"].max())
    failures = attempts.filter(pl.col("status") == "failed").sort("requested_at").tail(1)
    later = [row for row in failures.iter_rows(named=True) if last_answer is None or row["requested_at"] > last_answer]
    # a publication of an earlier year or day is never asked for again: only the newest can be late
    may_be_late = newest.tail(1) if source is not None and source.kind == "publication" else newest
    rows = [seen(row) or row for row in may_be_late.iter_rows(named=True)]
    late = 0 if source is None else sum(overdue(source, row, now) for row in rows)
    state = BROKEN if later else NEVER if last_answer is None else LATE if late else FRESH
    return SourceStatus(
        source=name,
        title=source.title if source else name,
        state=state,
        subjects=newest.height,
        last_answer=last_answer,
        last_failure=later[0]["requested_at"] if later else None,
        error=later[0]["error"] if later else None,
        overdue=late,
        lacking=lacking,
    )


def _jobs(workspace: Workspace, now: datetime) -> tuple[JobStatus, ...]:
    past = histories(workspace.ledger.frame("job"))
    found = []
    for job in jobs():
        own = past.get(job.name)
        if own is None or own.last_event is None:
            continue
        running = own.last_event == STARTED and holder_of(workspace.ledger, job.name, now) is not None
        found.append(
            JobStatus(
                job=job.name,
                state="running" if running else LOST if own.last_event == STARTED else own.last_event,
                detail=own.detail,
                last_done=own.done_at,
                next_due=_next_due(workspace, job, past, now),
            )
        )
    return tuple(found)


def _next_due(workspace: Workspace, job: Job, past: Mapping[str, History], now: datetime) -> datetime:
    """When a job is due; now where its settings are wrong, which its next attempt will tell of."""
    try:
        return due_of(workspace, job, past, now)
    except SettingsError:
        return now


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None
