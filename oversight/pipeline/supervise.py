"""One attempt at a job, in a process of its own, so that it can be stopped or killed whatever it does.

A lease in the ledger keeps a second process from the same job. The job's process ends with the one that watches
it, even if that is killed; a lease that nobody renews ends within two minutes.
"""

import multiprocessing
import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Final

import polars as pl
import structlog

from oversight.errors import OversightError
from oversight.logs import set_up_logs
from oversight.model.ids import row_id
from oversight.model.tables.worked import DONE, FAILED, KILLED, LOST, STARTED, STOPPED
from oversight.model.times import utc_now
from oversight.pipeline.jobs import Job, Work, histories
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings
from oversight.store.leases import give_back, take

BUSY: Final = "busy"
LEASE: Final = timedelta(minutes=2)
_RENEW_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 0.2
_GRACE_SECONDS: Final = 10.0
_LONGEST_DETAIL: Final = 1000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an attempt ended: done, failed, killed, stopped, or busy where another process is at it."""

    job: str
    event: str
    detail: str


def attempt(workspace: Workspace, job: Job, stopping: threading.Event) -> Outcome:
    """Do a job now, unless another process is at it, and record how it ended.

    Args:
        workspace: the installation; the job opens it anew in its own process.
        job: what to do.
        stopping: set when the job is to be stopped.
    """
    holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    if not take(workspace.ledger, job.name, holder, workspace.clock(), LEASE):
        return Outcome(job.name, BUSY, "another process is at it")
    try:
        _record_lost(workspace, job, holder)
        identifier = row_id(job.name, holder, workspace.clock())
        _record(workspace, job, identifier, STARTED, holder)
        event, detail = _watched(workspace, job, holder, stopping)
        _record(workspace, job, identifier, event, holder, detail)
    finally:
        give_back(workspace.ledger, job.name, holder, workspace.clock())
    return Outcome(job.name, event, detail)


def _record(workspace: Workspace, job: Job, attempt_id: str, event: str, holder: str, detail: str = "") -> None:
    row: Mapping[str, object] = {
        "job_event_id": row_id(attempt_id, event),
        "attempt_id": attempt_id,
        "job": job.name,
        "event": event,
        "at": workspace.clock(),
        "holder": holder,
        "detail": detail[:_LONGEST_DETAIL] or None,
    }
    workspace.ledger.add("job", [row])


def _record_lost(workspace: Workspace, job: Job, holder: str) -> None:
    """An attempt that started and never ended was left by a process that is gone: the lease was free."""
    rows = workspace.ledger.frame("job").filter(pl.col("job") == job.name)
    past = histories(rows).get(job.name)
    if past is not None and past.last_event == STARTED and past.attempt_id is not None:
        _record(workspace, job, past.attempt_id, LOST, holder, "the process that did it ended without a word")


def _watched(workspace: Workspace, job: Job, holder: str, stopping: threading.Event) -> tuple[str, str]:
    """Start the job's process and watch it until it ends or has to be ended."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(job.work, workspace.settings, theirs), name=f"job-{job.name}")
    process.start()
    theirs.close()
    started = renewed = time.monotonic()
    try:
        while not ours.poll(_LOOK_SECONDS):
            if stopping.is_set():
                return STOPPED, "the schedule was stopped"
            now = time.monotonic()
            if now - started > job.limit.total_seconds():
                return KILLED, f"it took longer than {_words(job.limit)}"
            if now - renewed > _RENEW_SECONDS:
                renewed = now
                if not take(workspace.ledger, job.name, holder, workspace.clock(), LEASE):
                    return FAILED, "the lease ran out and another process took it"
        return _told(ours, process)
    finally:
        _end(process)
        ours.close()


def _told(ours: Connection, process: BaseProcess) -> tuple[str, str]:
    try:
        event, detail = ours.recv()
    except EOFError:
        process.join(_GRACE_SECONDS)
        return FAILED, f"its process ended without a word (exit code {process.exitcode})"
    return str(event), str(detail)


def _end(process: BaseProcess) -> None:
    """End the job's process with all those it started: asked first, then killed."""
    process.join(_GRACE_SECONDS if process.exitcode is not None else _LOOK_SECONDS)
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not process.is_alive():
            break
        _signal(process, number)
        process.join(_GRACE_SECONDS)
    _signal(process, signal.SIGKILL)  # what it started may be left behind
    process.join()


def _signal(process: BaseProcess, number: signal.Signals) -> None:
    if process.pid is None:
        return
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        if process.is_alive():  # it has not made its group yet
            os.kill(process.pid, number)
    except PermissionError:  # the group is gone and its number is another's
        return


def _work(work: Work, settings: Settings, told: Connection) -> None:
    """What the job's process does: the job, and a word on how it went."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    set_up_logs(verbose=False)
    try:
        with open_workspace(settings, utc_now) as workspace:
            result = (DONE, work(workspace))
    except OversightError as error:
        result = (FAILED, str(error))
    except Exception as error:
        log.exception("job failed")
        result = (FAILED, f"a defect: {error!r}")
    told.send(result)
    told.close()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.killpg(0, signal.SIGKILL)


def _words(limit: timedelta) -> str:
    seconds = limit.total_seconds()
    return f"{seconds / 3600:g} hours" if seconds >= 3600 else f"{seconds:g} seconds"  # noqa: PLR2004
