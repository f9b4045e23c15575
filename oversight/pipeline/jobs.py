"""The jobs of the schedule: what each does, and when it is due. When is a pure function of what was done."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import polars as pl
import structlog

from collectors.companies_house.followed import SETTLING
from collectors.source import Source, load_sources
from oversight.errors import CollectError, SettingsError
from oversight.model.tables.worked import DONE, FAILED, KILLED, LOST, STARTED
from oversight.model.times import LONDON
from oversight.model.working_days import add_working_days, next_working_day
from oversight.pipeline.collect import collect_companies, collect_govuk
from oversight.pipeline.follow import follow
from oversight.pipeline.notices import collect_notices
from oversight.pipeline.pages import collect_pages
from oversight.pipeline.post import next_post, send
from oversight.pipeline.read import read_documents
from oversight.pipeline.run import run
from oversight.pipeline.workspace import Workspace
from oversight.store.leases import holder_of

log = structlog.get_logger()

Work = Callable[[Workspace], str]
"""Does a job and says in a sentence what it did. A module-level function, so that another process can import it."""

_FIRST_WAIT = timedelta(minutes=10)
_LONGEST_WAIT = timedelta(hours=6)
_PAGES_A_DAY = 500
_FOLLOWED_FOR = timedelta(hours=1)
"""How long one attempt at following the streams lasts; the next takes them up where it left them."""
STREAMS: Final = "streams"
REGISTER_LANE: Final = "register"


@dataclass(frozen=True, slots=True)
class Job:
    """Something the schedule does.

    Attributes:
        name: in the ledger and in messages.
        title: what it does, for people.
        work: does it.
        sources: sources whose cadences say when it is due; none for a job that follows others.
        follows: jobs after which it is due.
        limit: how long it may take before it is killed.
        daily_from: for a job without sources, the time of day in London from which it is due once a day.
        waits: for a job that is due when something waits, and then alone: the moment from which something does.
        hears: for a job that is due by news as well, whatever the cadences say: the moment from which it is.
        lane: jobs of one lane are done one after the other; lanes go on beside each other.
        lasts: whether it goes on for as long as the schedule runs, so that `--once` leaves it out.
    """

    name: str
    title: str
    work: Work
    sources: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    limit: timedelta = timedelta(hours=1)
    daily_from: time = time(6, 0)
    waits: Callable[[Workspace], datetime | None] | None = None
    hears: Callable[[Workspace, "History"], datetime | None] | None = None
    lane: str = REGISTER_LANE
    lasts: bool = False


@dataclass(frozen=True, slots=True)
class History:
    """What is known of a job's past.

    Attributes:
        done_at: when it last began an attempt that was done; None where it never was.
        failed_at: when an attempt last failed, if that is later.
        failures: attempts that failed since it was last done.
        last_event: of its newest attempt: started, done, failed, killed, stopped, lost; None where there is none.
        detail: what that attempt did, or what went wrong.
        attempt_id: of that attempt.
    """

    done_at: datetime | None = None
    failed_at: datetime | None = None
    failures: int = 0
    last_event: str | None = None
    detail: str | None = None
    attempt_id: str | None = None


def work_on_publications(workspace: Workspace) -> str:
    """Fetch the publications of GOV.UK and read them."""
    fetched = collect_govuk(workspace)
    read_documents(workspace)
    return f"{len(fetched):,} publications fetched"


def work_on_companies(workspace: Workspace) -> str:
    """Fetch what Companies House has of the companies followed and read it.

    Where there is a streaming key and nobody follows the streams all the time, they are read up to the present first,
    so that companies that did not change cost no request; where that fails, companies are asked as their cadences say.
    """
    followed = holder_of(workspace.ledger, STREAMS, workspace.clock()) is not None
    if _has_stream_key(workspace) and not followed:
        try:
            follow(workspace, threading.Event(), once=True)
        except CollectError as error:
            log.warning("the streams were not followed", error=str(error))
    summary = collect_companies(workspace)
    read_documents(workspace)
    return summary.sentence()


def work_on_streams(workspace: Workspace) -> str:
    """Follow the streams of Companies House for an hour."""
    stop = threading.Event()
    timer = threading.Timer(_FOLLOWED_FOR.total_seconds(), stop.set)
    timer.daemon = True
    timer.start()
    return follow(workspace, stop, stay=workspace.settings.stream_stay_seconds).sentence()


def _has_stream_key(workspace: Workspace) -> bool:
    return bool(workspace.settings.ch_stream_key.get_secret_value().strip())


def streams_to_follow(workspace: Workspace) -> datetime | None:
    """Now where there is a streaming key; None where there is none."""
    return workspace.clock() if _has_stream_key(workspace) else None


def news_of_companies(workspace: Workspace, own: History) -> datetime | None:
    """From when the streams have told of a company something that was not asked for since; None where nothing.

    What was asked for within moments of the event may not show the change yet, so it is due once more after these.
    """
    if own.done_at is None:
        return None
    received = workspace.ledger.columns("stream_event").received_at
    newest = workspace.ledger.frame("stream_event", received >= own.done_at - SETTLING)["received_at"].max()
    if not isinstance(newest, datetime):
        return None
    return newest if newest >= own.done_at else newest + SETTLING


def work_on_notices(workspace: Workspace) -> str:
    """Look for insolvency notices of the companies followed and read them."""
    summary = collect_notices(workspace)
    read_documents(workspace)
    return f"{summary.sentence()} {_told(workspace)}"


def work_on_pages(workspace: Workspace) -> str:
    """Fetch some of the pages that are due on Ofsted's reports site and read them: a part each day, politely."""
    summary = collect_pages(workspace, limit=_PAGES_A_DAY)
    read_documents(workspace)
    return summary.sentence()


def work_on_register(workspace: Workspace) -> str:
    """Judge what is held and send the alerts."""
    read_documents(workspace)
    manifest = run(workspace)
    return f"run {manifest.run_id}; {_told(workspace)}"


def work_on_letters(workspace: Workspace) -> str:
    """Send the letters that are due."""
    return send(workspace).sentence()


def _told(workspace: Workspace) -> str:
    """Send what is due at once. Over wrong settings of alerts the job of the letters fails, and no other."""
    if not workspace.settings.alerts:
        return "alerts are off."
    try:
        return send(workspace).sentence()
    except SettingsError as error:
        return f"no letter was sent: {error.message}."


def jobs() -> tuple[Job, ...]:
    """Every job, in the order in which they are done."""
    govuk = tuple(source.name for source in load_sources().values() if source.govuk is not None)
    house = tuple(name for name in load_sources() if name.startswith("companies_house."))
    return (
        Job("publications", "Ofsted's publications on GOV.UK", work_on_publications, ("govuk.content", *govuk)),
        Job(
            "companies",
            "Companies House",
            work_on_companies,
            house,
            ("publications",),
            timedelta(hours=10),
            hears=news_of_companies,
        ),
        Job(
            "register",
            "the register and its alerts",
            work_on_register,
            follows=("publications", "companies"),
            limit=timedelta(hours=3),
        ),
        Job("notices", "The Gazette", work_on_notices, ("gazette.notices",), limit=timedelta(hours=10), lane="sites"),
        Job("letters", "the letters that are due", work_on_letters, waits=next_post, lane="letters"),
        Job(
            "pages",
            "Ofsted's reports site",
            work_on_pages,
            ("ofsted.pages", "ofsted.robots"),
            limit=timedelta(hours=10),
            lane="sites",
        ),
        Job(
            STREAMS,
            "the streams of Companies House",
            work_on_streams,
            limit=2 * _FOLLOWED_FOR,
            waits=streams_to_follow,
            lane=STREAMS,
            lasts=True,
        ),
    )


def due_of(workspace: Workspace, job: Job, histories: Mapping[str, History], now: datetime) -> datetime:
    """`due_at`, or for a job that waits for something or hears of it the moment from which that is there.

    Such a job that failed waits as others do.
    """
    own = histories.get(job.name, History())
    if job.waits is not None:
        waiting = job.waits(workspace)
        return _NEVER if waiting is None else _patient(own, waiting)
    due = due_at(job, histories, now)
    heard = None if job.hears is None else job.hears(workspace, own)
    return due if heard is None else min(due, _patient(own, heard))


def due_at(job: Job, histories: Mapping[str, History], now: datetime) -> datetime:
    """The moment from which a job is due; one that has passed means now.

    However many times were missed, a job is due once: only what was last done counts. One that failed waits ten
    minutes, then twice as long each time, at most six hours.

    Args:
        job: the job.
        histories: by name of job, those it follows included.
        now: the present moment.
    """
    own = histories.get(job.name, History())
    if own.done_at is None:
        due = now
    else:
        due = min(_by_cadence(job, own.done_at), *_by_others(job, own.done_at, histories), _NEVER)
    return _patient(own, due)


def _patient(own: History, due: datetime) -> datetime:
    if own.failed_at is None or not own.failures:
        return due
    wait: timedelta = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(own.failures - 1, 10))
    return max(due, own.failed_at + wait)


_NEVER: Final = datetime.max.replace(tzinfo=LONDON)


def _by_cadence(job: Job, done: datetime) -> datetime:
    if not job.sources:
        return _next_day(done, job.daily_from, working=False)
    known = load_sources()
    return min((next_time(known[name], done) for name in job.sources if name in known), default=_NEVER)


def _by_others(job: Job, done: datetime, histories: Mapping[str, History]) -> list[datetime]:
    others = (histories.get(name, History()).done_at for name in job.follows)
    return [other for other in others if other is not None and other > done]


def next_time(source: Source, done: datetime) -> datetime:
    """When a source should be asked again after a moment: its cadence later, at its time of day in London."""
    if source.cadence_days is None:
        return _NEVER
    if source.cadence_days == 1:
        return _next_day(done, source.not_before, working=source.working_days)
    day = done.astimezone(LONDON).date()
    if source.working_days:
        later = add_working_days(day, source.cadence_days)
    else:
        later = day + timedelta(days=source.cadence_days)
    return _moment(later, source.not_before)


def _next_day(done: datetime, at: time, *, working: bool) -> datetime:
    """The first time of day, of any day or of working days, that comes after a moment."""
    local = done.astimezone(LONDON)
    day = local.date() if local.time() < at else local.date() + timedelta(days=1)
    return _moment(next_working_day(day) if working else day, at)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=LONDON)


def histories(rows: pl.DataFrame) -> dict[str, History]:
    """What the ledger's table `job` says of each job."""
    found: dict[str, History] = {}
    for (name,), events in sorted(rows.group_by("job"), key=lambda pair: str(pair[0])):
        found[str(name)] = _history(events.sort("at").to_dicts())
    return found


def _history(events: Sequence[Mapping[str, object]]) -> History:
    started: dict[object, object] = {}
    last: dict[object, Mapping[str, object]] = {}
    done_at = failed_at = None
    failures = 0
    for event in events:
        attempt, kind, at = event["attempt_id"], event["event"], event["at"]
        if kind == STARTED:
            started[attempt] = at
            last.setdefault(attempt, event)
            continue
        last[attempt] = event
        if kind == DONE:
            done_at, failed_at, failures = started.get(attempt, at), None, 0
        elif kind in {FAILED, KILLED, LOST}:
            failed_at, failures = at, failures + 1
    newest = max(last, key=lambda attempt: (str(started.get(attempt, "")), str(last[attempt]["at"])))
    final = last[newest]
    return History(
        done_at=done_at if isinstance(done_at, datetime) else None,
        failed_at=failed_at if isinstance(failed_at, datetime) else None,
        failures=failures,
        last_event=str(final["event"]),
        detail=str(final["detail"]) if final["detail"] is not None else None,
        attempt_id=str(newest),
    )
