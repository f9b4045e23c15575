"""The schedule: APScheduler wakes, `due` decides. Stops cleanly on SIGTERM and SIGINT."""

import signal
from types import FrameType

import structlog
from apscheduler.schedulers.blocking import BlockingScheduler

from oversight.errors import OversightError
from oversight.model.times import LONDON
from oversight.pipeline.alert import send
from oversight.pipeline.collect import collect_companies, collect_govuk
from oversight.pipeline.read import read_documents
from oversight.pipeline.run import run
from oversight.pipeline.workspace import Workspace

log = structlog.get_logger()


def work(workspace: Workspace) -> str:
    """Collect what is due, read it, judge it and send the alerts; a sentence of what was done.

    A source that fails leaves its failed attempt in the ledger and does not keep the rest from going on.
    """
    failures: list[str] = []
    for name, stage in (("publications", collect_govuk), ("companies", collect_companies)):
        try:
            stage(workspace)
        except OversightError as error:
            failures.append(name)
            log.error("collecting failed", what=name, error=str(error))
        read_documents(workspace)
    manifest = run(workspace)
    sent = send(workspace) if workspace.settings.recipients else None
    log.info("work done", run=manifest.run_id, failures=failures)
    told = f"{sent.sent} messages sent" if sent else "alerts off"
    failed = f"; could not collect {' and '.join(failures)}" if failures else ""
    return f"Run {manifest.run_id}; {told}{failed}."


def serve(workspace: Workspace, every_minutes: int) -> None:
    """Work now and then every so many minutes, until a signal asks to stop.

    Missed times are made up once and not once each; a job never overlaps itself.
    """
    scheduler = BlockingScheduler(timezone=LONDON)
    scheduler.add_job(
        _safely,
        "interval",
        args=[workspace],
        minutes=every_minutes,
        id="work",
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,  # APScheduler would silently drop a job more than a second late
    )
    scheduler.add_job(_safely, args=[workspace], id="work-at-start", misfire_grace_time=None)

    def stop(number: int, _frame: FrameType | None) -> None:
        log.warning("stopping", signal=signal.Signals(number).name)
        scheduler.shutdown(wait=False)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    scheduler.start()


def _safely(workspace: Workspace) -> None:
    try:
        log.warning("worked", outcome=work(workspace))
    except OversightError as error:
        log.error("work failed", error=str(error))
