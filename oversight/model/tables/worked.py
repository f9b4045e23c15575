"""What the schedule did: a row when a job starts and a row when it ends, however it ends."""

from collections.abc import Mapping
from typing import Final

import dataframely as dy

STARTED: Final = "started"
DONE: Final = "done"
FAILED: Final = "failed"
KILLED: Final = "killed"
STOPPED: Final = "stopped"
LOST: Final = "lost"


class Job(dy.Schema):
    """One event of one attempt at a job."""

    job_event_id = dy.String(primary_key=True, description="hash of attempt and event")
    attempt_id = dy.String(description="the same for the start and the end of an attempt")
    job = dy.String(description="name of the job, such as companies")
    event = dy.String(
        description="started; then done, failed, killed (beyond its time limit), stopped (the schedule was stopped) "
        "or lost (its process was gone)"
    )
    at = dy.Datetime(time_unit="us", time_zone="UTC")
    holder = dy.String(description="host and process that runs it")
    detail = dy.String(nullable=True, description="what it did, or what went wrong")


TABLES: Mapping[str, type[dy.Schema]] = {"job": Job}
