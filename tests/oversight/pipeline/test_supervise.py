"""Jobs in processes of their own: how each end is recorded, and that nothing is left behind."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from oversight import schedule
from oversight.model.times import utc_now
from oversight.pipeline.jobs import Job, Work, histories
from oversight.pipeline.supervise import BUSY, LEASE, Outcome, attempt
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings
from oversight.store.leases import holder_of, take
from tests.oversight.pipeline import job_work

pytestmark = pytest.mark.integration


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(Settings(home=tmp_path), utc_now) as opened:
        yield opened


def job(work: Work, seconds: float = 60) -> Job:
    return Job("tested", "a test's", work, sources=("govuk.content",), limit=timedelta(seconds=seconds))


def ended(workspace: Workspace, work: Work, seconds: float = 60) -> Outcome:
    return attempt(workspace, job(work, seconds), threading.Event())


def gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has asked after yet counts as ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state == "Z"


def eventually(true: Callable[[], bool], seconds: float = 30) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("work", "event", "detail"),
    [
        (job_work.note, "done", "noted"),
        (job_work.refuse, "failed", "HTTP 500"),
        (job_work.break_down, "failed", "ZeroDivisionError"),
        (job_work.vanish, "failed", "exit code 3"),
    ],
)
def test_every_end_is_recorded(workspace: Workspace, work: Work, event: str, detail: str) -> None:
    outcome = ended(workspace, work)
    assert (outcome.event, detail in outcome.detail) == (event, True)
    rows = workspace.ledger.frame("job").sort("at")
    assert rows["event"].to_list() == ["started", event]
    assert holder_of(workspace.ledger, "tested", utc_now()) is None


def test_a_job_that_hangs_is_killed_with_all_it_started(workspace: Workspace) -> None:
    outcome = ended(workspace, job_work.hang, seconds=8)
    assert (outcome.event, outcome.detail) == ("killed", "it took longer than 8 seconds")
    pids = [int(pid) for pid in (workspace.settings.home / "hanging.txt").read_text("utf-8").split()]
    assert eventually(lambda: all(gone(pid) for pid in pids))
    assert histories(workspace.ledger.frame("job"))["tested"].failures == 1


def test_another_process_at_it_keeps_us_away(workspace: Workspace) -> None:
    assert take(workspace.ledger, "tested", "another", utc_now(), LEASE)
    assert ended(workspace, job_work.note).event == BUSY
    assert not (workspace.settings.home / "done.txt").exists()
    assert workspace.ledger.count("job") == 0


def _serve(home: Path, work: Work) -> None:
    with open_workspace(Settings(home=home), utc_now) as opened:
        schedule.serve(opened, 60, [job(work)])


def _serving(home: Path, work: Work) -> multiprocessing.process.BaseProcess:
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(home, work))
    process.start()
    return process


def test_sigterm_ends_the_schedule_and_its_job_cleanly(workspace: Workspace) -> None:
    home = workspace.settings.home
    process = _serving(home, job_work.hang)
    assert eventually((home / "hanging.txt").exists)
    assert eventually(lambda: len((home / "hanging.txt").read_text("utf-8").split()) == 2)
    pids = [int(pid) for pid in (home / "hanging.txt").read_text("utf-8").split()]
    os.kill(process.pid or 0, signal.SIGTERM)
    process.join(40)
    assert process.exitcode == 0
    assert eventually(lambda: all(gone(pid) for pid in pids))
    assert histories(workspace.ledger.frame("job"))["tested"].last_event == "stopped"
    assert holder_of(workspace.ledger, "tested", utc_now()) is None


def _serve_two_lanes(home: Path) -> None:
    with open_workspace(Settings(home=home), utc_now) as opened:
        beside = replace(job(job_work.note), name="beside", lane="another")
        schedule.serve(opened, 60, [job(job_work.hang), replace(job(job_work.note), name="behind"), beside])


def test_a_job_that_takes_long_holds_up_its_own_lane_only(workspace: Workspace) -> None:
    home = workspace.settings.home
    process = multiprocessing.get_context("spawn").Process(target=_serve_two_lanes, args=(home,))
    process.start()
    assert eventually((home / "hanging.txt").exists, 120)
    ended = ("beside", "done")
    assert eventually(lambda: ended in workspace.ledger.frame("job").select("job", "event").rows(), 120)
    os.kill(process.pid or 0, signal.SIGTERM)
    process.join(60)
    assert process.exitcode == 0
    assert {name: past.last_event for name, past in histories(workspace.ledger.frame("job")).items()} == {
        "tested": "stopped",
        "beside": "done",
    }


def test_a_schedule_killed_outright_takes_its_job_with_it_and_the_next_says_so(workspace: Workspace) -> None:
    home = workspace.settings.home
    process = _serving(home, job_work.hang)
    assert eventually((home / "hanging.txt").exists)
    assert eventually(lambda: len((home / "hanging.txt").read_text("utf-8").split()) == 2)
    pids = [int(pid) for pid in (home / "hanging.txt").read_text("utf-8").split()]
    process.kill()
    process.join(40)
    assert eventually(lambda: all(gone(pid) for pid in pids))
    later = replace(workspace, clock=lambda: utc_now() + LEASE)
    assert ended(later, job_work.note).event == "done"
    events = workspace.ledger.frame("job").sort("at")["event"].to_list()
    assert events == ["started", "lost", "started", "done"]


def test_two_schedules_at_once_do_a_job_once(workspace: Workspace) -> None:
    home = workspace.settings.home
    both = [_serving(home, job_work.note) for _ in range(2)]
    assert eventually((home / "done.txt").exists)
    time.sleep(3)
    for process in both:
        os.kill(process.pid or 0, signal.SIGTERM)
    for process in both:
        process.join(40)
    assert [process.exitcode for process in both] == [0, 0]
    assert len((home / "done.txt").read_text("utf-8").splitlines()) == 1
