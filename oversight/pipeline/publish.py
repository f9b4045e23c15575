"""Publication: a run leaves the building once a second person approved every decision of people in it."""

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from oversight.errors import InputError, StoreError
from oversight.model.ids import row_id
from oversight.pipeline.approve import APPROVED, decisions
from oversight.pipeline.past import PUBLISHED, published, view_of
from oversight.pipeline.signed import check_signed
from oversight.pipeline.workspace import Workspace
from reports import render
from reports.frames import Publication

TABLE: Final = "publication"
_RULE: Final = "rule:"
_NAMED: Final = 3
_DECISION: Final = ["decided_table", "decided_id"]


def outstanding(workspace: Workspace, run_id: str) -> pl.DataFrame:
    """Decisions that bar a run's publication: not approved when it was made, or not any more.

    Returns:
        Columns of `DECISION_SCHEMA`, with `now`: what a second person says of it today.

    Raises:
        InputError: if there is no such run, or it was made by a version that did not hold its decisions.
    """
    rests_on = workspace.runs.table(run_id, "decision")
    if rests_on is None:
        raise InputError(
            "this run does not say which decisions it rests on", where=run_id, next_step="`oversight run` makes one."
        )
    today = decisions(workspace).select(*_DECISION, pl.col("verdict").alias("now"))
    told = rests_on.join(today, on=_DECISION, how="left")
    return told.filter((pl.col("verdict") != APPROVED) | (pl.col("now") != APPROVED)).sort(
        "group_id", "decided_table", "decided_id"
    )


def publish(workspace: Workspace, run_id: str, *, author: str, reason: str) -> list[Path]:
    """Mark a run as final and write its register without the mark of a draft. Publishing it again changes nothing.

    Returns:
        Paths of the published register.

    Raises:
        InputError: if a decision in it awaits approval, or author or reason is empty or a rule's.
        StoreError: if the register cannot be written.
    """
    check_signed(author, reason, run_id)
    if author.strip().casefold().startswith(_RULE):
        raise InputError("a run is published by a person", where=author, next_step="Give a name with --author.")
    if published(workspace, run_id) is None:
        _check(outstanding(workspace, run_id), run_id)
        given = Publication(" ".join(author.split()), workspace.clock())
        _write(workspace, run_id, given)
        row = {
            "publication_id": row_id(TABLE, run_id), "run_id": run_id, "author": given.by, "decided_at": given.at,
            "reason": " ".join(reason.split()),
        }  # fmt: skip
        workspace.ledger.add(TABLE, [row])
    return published_files(workspace, run_id)


def published_files(workspace: Workspace, run_id: str) -> list[Path]:
    """The published register of a run; none where it is not published."""
    if published(workspace, run_id) is None:
        return []
    return sorted(_folder(workspace, run_id).iterdir())


def _check(barring: pl.DataFrame, run_id: str) -> None:
    if barring.is_empty():
        return
    if (barring["now"] == APPROVED).all():
        raise InputError(
            "this run was made before its decisions were approved",
            where=run_id,
            next_step="Make one that knows of the approvals: `oversight run`.",
        )
    waiting = barring.filter(pl.col("now") != APPROVED).unique(_DECISION, maintain_order=True)
    named = "; ".join(f"{row['subject']} ({row['what']})" for row in waiting.head(_NAMED).iter_rows(named=True))
    count = waiting.height
    raise InputError(
        f"{count} {'decision' if count == 1 else 'decisions'} in this run {'is' if count == 1 else 'are'} not approved "
        f"by a second person: {named}{' and others' if count > _NAMED else ''}",
        where=run_id,
        next_step="Somebody else approves them on the page Approvals; then `oversight run` and publish that run.",
    )


def _folder(workspace: Workspace, run_id: str) -> Path:
    workspace.runs.folder(run_id)  # refuses what is no run's id
    return workspace.settings.home / PUBLISHED / run_id


def _write(workspace: Workspace, run_id: str, given: Publication) -> None:
    """Write the final register beside the runs, whole or not at all: the run's own folder stays as it was sealed."""
    folder = _folder(workspace, run_id)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
        render(replace(view_of(workspace, run_id), publication=given), made)
        if folder.exists():  # of a process that died before it could say so
            shutil.rmtree(folder)
        made.chmod(0o755)
        made.rename(folder)
    except OSError as error:
        raise StoreError(
            f"the published register cannot be written: {error.strerror or error}",
            where=str(folder),
            next_step="Mend permissions there, or make room.",
        ) from error
