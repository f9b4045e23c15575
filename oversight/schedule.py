"""The schedule: APScheduler wakes, `due_at` decides, each job runs in a process of its own.

Stops cleanly on SIGTERM and SIGINT: the job under way is ended, the ledger says so, and the next start takes it up.
"""

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from types import FrameType
from typing import Final

import structlog
from apscheduler.schedulers.blocking import BlockingScheduler

from oversight.errors import OversightError
from oversight.model.times import LONDON
from oversight.pipeline.jobs import History, Job, due_of, histories, jobs
from oversight.pipeline.supervise import Outcome, attempt
from oversight.pipeline.workspace import Workspace

_LETTERS_EVERY_MINUTES = 1
_LASTING_EVERY_SECONDS = 60.0
_USUAL: Final = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}  # by default a late job is dropped

log = structlog.get_logger()


def work(
    workspace: Workspace, stopping: threading.Event | None = None, todo: Sequence[Job] | None = None
) -> list[Outcome]:
    """Do every job that is due, one after the other, each once.

    A job that fails leaves its failure in the ledger and does not keep the rest from going on.

    Args:
        workspace: the installation.
        stopping: set when no further job is to be started and the one under way is to be stopped.
        todo: the jobs; those of the product that come to an end where not given.

    Returns:
        How each job that was due ended, in order.
    """
    stopped = stopping or threading.Event()
    ended: list[Outcome] = []
    for job in [each for each in jobs() if not each.lasts] if todo is None else todo:
        if stopped.is_set():
            break
        due = due_of(workspace, job, histories(workspace.ledger.frame("job")), workspace.clock())
        if due > workspace.clock():
            continue
        outcome = attempt(workspace, job, stopped)
        log.warning("job ended", job=outcome.job, outcome=outcome.event, detail=outcome.detail)
        ended.append(outcome)
    return ended


def _has_news(workspace: Workspace, job: Job) -> bool:
    if job.hears is None:
        return False
    own = histories(workspace.ledger.frame("job")).get(job.name, History())
    heard = job.hears(workspace, own)
    return heard is not None and heard <= workspace.clock()


def once(workspace: Workspace, todo: Sequence[Job] | None = None) -> list[Outcome]:
    """`work`, stopped by SIGTERM and SIGINT."""
    stopping = threading.Event()
    with _on_signals(stopping.set):
        return work(workspace, stopping, todo)


def serve(workspace: Workspace, every_minutes: int, todo: Sequence[Job] | None = None) -> None:
    """Look for what is due now and then every so many minutes, until a signal asks to stop.

    Times that were missed, because the machine was off or a job took long, are made up once and not once each. What
    waits for its moment, such as letters, is looked for every minute; what the streams told, every `news_seconds`, and
    then the jobs that follow are done in the same pass: collect, read, judge, tell.

    Args:
        workspace: the installation.
        every_minutes: how often to look.
        todo: the jobs; those of the product where not given.
    """
    scheduler = BlockingScheduler(timezone=LONDON)
    stopping = threading.Event()
    lanes: dict[str, list[Job]] = {}
    for job in jobs() if todo is None else todo:
        lanes.setdefault(job.lane, []).append(job)
    found = [_Lane(workspace, stopping, name, some) for name, some in lanes.items()]
    for lane in found:
        lane.put_on(scheduler, every_minutes)

    def stop() -> None:
        stopping.set()
        scheduler.shutdown(wait=False)

    with _on_signals(stop):
        scheduler.start()
        with ExitStack() as ended:
            for lane in found:  # the job under way has been ended and recorded before the ledger is closed
                ended.enter_context(lane.busy)
            log.warning("stopped")


class _Lane:
    """Jobs that are done one after the other, beside those of other lanes: letters go out while a collection lasts."""

    def __init__(self, workspace: Workspace, stopping: threading.Event, name: str, some: Sequence[Job]) -> None:
        self.busy = threading.Lock()
        self._workspace = workspace
        self._stopping = stopping
        self._name = name
        self._jobs = some

    def put_on(self, scheduler: BlockingScheduler, every_minutes: int) -> None:
        """Have it looked at by a scheduler."""
        at_start = {"misfire_grace_time": None}
        if any(job.lasts for job in self._jobs):
            scheduler.add_job(self._keep, None, (self._look, _LASTING_EVERY_SECONDS), id=self._name, **at_start)
            return
        minutes = _LETTERS_EVERY_MINUTES if any(job.waits for job in self._jobs) else every_minutes
        scheduler.add_job(self._look, "interval", minutes=minutes, id=self._name, **_USUAL)
        scheduler.add_job(self._look, None, id=f"{self._name}-at-start", **at_start)
        if any(job.hears for job in self._jobs):
            seconds = float(self._workspace.settings.news_seconds)
            scheduler.add_job(self._keep, None, (self._listen, seconds), id=f"{self._name}-news", **at_start)

    def _keep(self, look: Callable[[], None], seconds: float) -> None:
        """Look again and again; not on the scheduler's clock, which complains of each time that a look is still on."""
        while not self._stopping.is_set():
            look()
            self._stopping.wait(seconds)

    def _look(self) -> None:
        with self.busy:
            self._work()

    def _listen(self) -> None:
        """Where there is news, do what it makes due and what follows."""
        with self.busy:
            if self._stopping.is_set():
                return
            try:
                heard = any(_has_news(self._workspace, job) for job in self._jobs)
            except OversightError as error:
                log.error("looking for news failed", error=str(error))
                return
            if heard:
                self._work()

    def _work(self) -> None:
        try:
            work(self._workspace, self._stopping, self._jobs)
        except OversightError as error:
            log.error("looking for what is due failed", error=str(error))


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
