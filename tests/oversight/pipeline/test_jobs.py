"""When a job is due: by its sources' cadences, in London, once however many times were missed."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from collectors.source import Source, load_sources
from oversight.model.evidence import schema_of
from oversight.model.times import LONDON
from oversight.model.working_days import is_working_day
from oversight.pipeline.jobs import History, Job, due_at, due_of, histories, jobs, news_of_companies, next_time
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings


def nothing(_: Workspace) -> str:
    return ""


def source(cadence: int | None, *, working: bool = False, at: time = time(9, 45)) -> Source:
    return Source(
        name="test.source",
        title="",
        publisher="",
        licence="",
        url="",
        cadence_days=cadence,
        working_days=working,
        not_before=at,
        kind="publication",
    )


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("done", "due"),
    [
        (london(2026, 11, 20, 9, 45), london(2026, 11, 23, 9, 45)),  # Friday, then Monday
        (london(2026, 11, 20, 9, 44), london(2026, 11, 20, 9, 45)),  # a moment before its time counts for yesterday
        (london(2026, 12, 24, 12), london(2026, 12, 29, 9, 45)),  # Christmas, a weekend, a substitute day
        (london(2026, 11, 21, 12), london(2026, 11, 23, 9, 45)),
    ],
)
def test_every_working_day(done: datetime, due: datetime) -> None:
    assert next_time(source(1, working=True), done) == due


def test_every_so_many_days() -> None:
    assert next_time(source(7), london(2026, 11, 20, 23)) == london(2026, 11, 27, 9, 45)
    assert next_time(source(5, working=True), london(2026, 12, 21, 10)) == london(2026, 12, 30, 9, 45)


def test_what_never_changes_is_never_due() -> None:
    assert next_time(source(None), london(2026, 11, 20)) > london(9000, 1, 1)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC)), st.integers(0, 23))  # noqa: DTZ001
def test_the_time_of_day_is_londons_summer_and_winter(done: datetime, hour: int) -> None:
    due = next_time(source(1, working=True, at=time(hour, 30)), done)
    assert due > done
    assert is_working_day(due.date())
    assert due.astimezone(UTC).astimezone(LONDON).time() == time(hour, 30) or hour == 1  # 01:30 may not exist


JOB = Job("one", "", nothing, sources=("govuk.content",))
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_never_done_is_due_now() -> None:
    assert due_at(JOB, {}, NOW) <= NOW


@pytest.mark.parametrize(
    ("waiting", "past", "due"),
    [
        (None, {}, datetime.max.replace(tzinfo=LONDON)),
        (NOW + timedelta(hours=3), {}, NOW + timedelta(hours=3)),
        (NOW, {"letters": History(failed_at=NOW, failures=1)}, NOW + timedelta(minutes=10)),
        (NOW, {"letters": History(done_at=NOW)}, NOW),
    ],
)
def test_a_job_that_waits_for_something_is_due_when_that_is_there(
    tmp_path: Path, waiting: datetime | None, past: dict[str, History], due: datetime
) -> None:
    job = Job("letters", "", nothing, waits=lambda _: waiting)
    with open_workspace(Settings(home=tmp_path), lambda: NOW) as workspace:
        assert due_of(workspace, job, past, NOW) == due


@pytest.mark.parametrize(
    ("told", "due"),
    [
        (None, None),
        (-61, None),  # asked for long enough after the event to show what changed
        (-60, 0),
        (-5, 55),  # asked for five seconds after the event: once more when the answer has settled
        (5, 5),
    ],
)
def test_what_the_streams_tell_makes_companies_due(tmp_path: Path, told: int | None, due: int | None) -> None:
    with open_workspace(Settings(home=tmp_path), lambda: NOW) as workspace:
        if told is not None:
            _tell(workspace, NOW + timedelta(seconds=told))
        expected = None if due is None else NOW + timedelta(seconds=due)
        assert news_of_companies(workspace, History(done_at=NOW)) == expected
        assert news_of_companies(workspace, History()) is None, "what was never done is due anyway"


def _tell(workspace: Workspace, at: datetime) -> None:
    row = {"event_id": "e", "stream": "filings", "timepoint": 1, "company_number": "99000001", "received_at": at}
    workspace.ledger.add("stream_event", [row])


def test_a_job_that_hears_of_news_is_due_before_its_cadence_and_waits_after_a_failure(tmp_path: Path) -> None:
    job = Job("one", "", nothing, sources=("govuk.content",), hears=news_of_companies)
    done = NOW - timedelta(minutes=5)
    with open_workspace(Settings(home=tmp_path), lambda: NOW) as workspace:
        assert due_of(workspace, job, {"one": History(done_at=done)}, NOW) > NOW
        _tell(workspace, NOW)
        assert due_of(workspace, job, {"one": History(done_at=done)}, NOW) == NOW
        past = {"one": History(done_at=done, failed_at=NOW, failures=1)}
        assert due_of(workspace, job, past, NOW) == NOW + timedelta(minutes=10)


def test_streams_are_followed_where_there_is_a_key(tmp_path: Path) -> None:
    (job,) = [each for each in jobs() if each.lasts]
    for key, due in (("", datetime.max.replace(tzinfo=LONDON)), ("a key", NOW)):
        with open_workspace(Settings(home=tmp_path, ch_stream_key=SecretStr(key)), lambda: NOW) as workspace:
            assert due_of(workspace, job, {}, NOW) == due


def test_after_a_month_off_it_is_due_once() -> None:
    past = {"one": History(done_at=NOW - timedelta(days=30))}
    assert due_at(JOB, past, NOW) <= NOW
    assert due_at(JOB, {"one": History(done_at=NOW)}, NOW + timedelta(minutes=1)) > NOW + timedelta(minutes=1)


@pytest.mark.parametrize(("failures", "wait"), [(1, 10), (2, 20), (3, 40), (6, 320), (7, 360), (50, 360)])
def test_what_fails_waits_longer_each_time(failures: int, wait: int) -> None:
    past = {"one": History(failed_at=NOW, failures=failures)}
    assert due_at(JOB, past, NOW) == NOW + timedelta(minutes=wait)


def test_a_job_follows_others() -> None:
    follower = Job("two", "", nothing, follows=("one",))
    done = {"two": History(done_at=NOW), "one": History(done_at=NOW - timedelta(hours=1))}
    assert due_at(follower, done, NOW) > NOW
    assert due_at(follower, done | {"one": History(done_at=NOW + timedelta(hours=1))}, NOW) <= NOW + timedelta(hours=1)


def test_the_history_of_attempts() -> None:
    def event(attempt: str, kind: str, minute: int) -> dict[str, object]:
        at = NOW + timedelta(minutes=minute)
        return {"job_event_id": f"{attempt}{kind}", "attempt_id": attempt, "job": "one", "event": kind, "at": at,
                "holder": "here", "detail": kind}  # fmt: skip

    events = [
        event("a", "started", 0), event("a", "done", 5), event("b", "started", 10), event("b", "killed", 15),
        event("c", "started", 20), event("c", "failed", 21), event("d", "started", 30),
    ]  # fmt: skip
    schema = {name: column.dtype for name, column in schema_of("job").columns().items()}
    past = histories(pl.DataFrame(events, schema=schema))["one"]
    assert (past.done_at, past.failures, past.failed_at) == (NOW, 2, NOW + timedelta(minutes=21))
    assert (past.last_event, past.attempt_id) == ("started", "d")
    assert histories(pl.DataFrame(schema=schema)) == {}


def test_every_source_with_a_cadence_belongs_to_a_job() -> None:
    covered = {name for job in jobs() for name in job.sources}
    asked = {name for name, each in load_sources().items() if each.cadence_days is not None}
    assert asked <= covered, "a source with a cadence that no job of the schedule asks for"
    assert all(job.sources or job.follows or job.waits for job in jobs())


def test_london_days_not_those_of_utc() -> None:
    done = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)  # half past midnight of the second in London
    assert next_time(source(2), done).date() == date(2026, 7, 4)
