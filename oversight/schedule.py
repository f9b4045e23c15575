"""The schedule: APScheduler wakes, `due_at` decides, each job runs in a process of its own.

Stops cleanly on SIGTERM and SIGINT: the job under way is ended, the ledger says so, and the next start takes it up.
"""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

import structlog
from apscheduler.schedulers.blocking import BlockingScheduler

from oversight.errors import OversightError
from oversight.model.times import LONDON
from oversight.pipeline.jobs import Job, due_of, histories, jobs
from oversight.pipeline.supervise import Outcome, attempt
from oversight.pipeline.workspace import Workspace

_LETTERS_EVERY_MINUTES = 1

log = structlog.get_logger()


def work(
    workspace: Workspace, stopping: threading.Event | None = None, todo: Sequence[Job] | None = None
) -> list[Outcome]:
    """Do every job that is due, one after the other, each once.

    A job that fails leaves its failure in the ledger and does not keep the rest from going on.

    Args:
        workspace: the installation.
        stopping: set when no further job is to be started and the one under way is to be stopped.
        todo: the jobs; those of the product where not given.

    Returns:
        How each job that was due ended, in order.
    """
    stopped = stopping or threading.Event()
    ended: list[Outcome] = []
    for job in jobs() if todo is None else todo:
        if stopped.is_set():
            break
        due = due_of(workspace, job, histories(workspace.ledger.frame("job")), workspace.clock())
        if due > workspace.clock():
            continue
        outcome = attempt(workspace, job, stopped)
        log.warning("job ended", job=outcome.job, outcome=outcome.event, detail=outcome.detail)
        ended.append(outcome)
    return ended


def once(workspace: Workspace, todo: Sequence[Job] | None = None) -> list[Outcome]:
    """`work`, stopped by SIGTERM and SIGINT."""
    stopping = threading.Event()
    with _on_signals(stopping.set):
        return work(workspace, stopping, todo)


def serve(workspace: Workspace, every_minutes: int, todo: Sequence[Job] | None = None) -> None:
    """Look for what is due now and then every so many minutes, until a signal asks to stop.

    Times that were missed, because the machine was off or a job took long, are made up once and not once each. What
    waits for its moment, such as letters, is looked for every minute.

    Args:
        workspace: the installation.
        every_minutes: how often to look.
        todo: the jobs; those of the product where not given.
    """
    scheduler = BlockingScheduler(timezone=LONDON)
    stopping, looking, posting = threading.Event(), threading.Lock(), threading.Lock()
    every = jobs() if todo is None else todo

    def look(some: Sequence[Job], busy: threading.Lock) -> None:
        with busy:
            try:
                work(workspace, stopping, some)
            except OversightError as error:
                log.error("looking for what is due failed", error=str(error))

    usual = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}  # by default a late job is dropped
    routine = [job for job in every if job.waits is None], looking
    letters = [job for job in every if job.waits is not None], posting  # beside a collection that takes hours
    scheduler.add_job(look, "interval", routine, minutes=every_minutes, id="look", **usual)
    scheduler.add_job(look, "interval", letters, minutes=_LETTERS_EVERY_MINUTES, id="letters", **usual)
    scheduler.add_job(look, None, routine, id="look-at-start", misfire_grace_time=None)

    def stop() -> None:
        stopping.set()
        scheduler.shutdown(wait=False)

    with _on_signals(stop):
        scheduler.start()
        with looking, posting:  # the job under way has been ended and recorded before the ledger is closed
            log.warning("stopped")


@contextmanager
def _on_signals(stop: Callable[[], object]) -> Iterator[None]:
    def handle(number: int, _frame: FrameType | None) -> None:
        log.warning("stopping", signal=signal.Signals(number).name)
        stop()

    earlier = {number: signal.signal(number, handle) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
