"""Briefings, warning packs and bulletins: documents of one run, with the walk home of each figure, as files."""

import gc
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import polars as pl

from oversight.errors import InputError
from oversight.pipeline.past import view_of
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody
from reports.briefing import briefing, bulletin, file_name, find_group, register_order, warning_pack
from reports.documents import Document, Origin, completed, docx_bytes, pdf_bytes, pdf_ready
from reports.files import write_whole
from reports.frames import RunView
from risk.trace import Trace, trace_all

FORMATS: Final = ("docx", "pdf")
_ALONE: Final = 4
"""So few briefings are written without further processes."""


@dataclass(frozen=True, slots=True)
class Order:
    """What to write and where.

    Attributes:
        run_id: the run.
        folder: where the files go; made where there is none.
        formats: `docx`, `pdf` or both.
    """

    run_id: str
    folder: Path
    formats: tuple[str, ...] = FORMATS


def write_briefings(
    workspace: Workspace, order: Order, groups: Sequence[str] = (), *, tell: Tell = tell_nobody
) -> list[Path]:
    """Write the briefing of each group.

    Args:
        workspace: the installation.
        order: run, folder and formats.
        groups: references: id of an entry, company number, id or name of a group; every entry where none is given.
        tell: told of progress.

    Returns:
        The paths, in the order of the groups.

    Raises:
        InputError: where a group is not found or not on the register.
        SettingsError: where PDF is asked for and cannot be written.
        StoreError: where the folder cannot be written.
    """
    view = view_of(workspace, order.run_id)
    found = [find_group(view, each) for each in groups] or register_order(view)
    if not found:
        raise InputError("the register of the run has no entry", where=order.run_id, next_step="Choose another run.")
    if len(found) <= _ALONE:
        return _said(map(partial(_brief, view, order), found), len(found), tell)
    count = min(workspace.settings.workers, os.cpu_count() or 1, len(found))
    started = (view, order)
    with ProcessPoolExecutor(count, get_context("spawn"), initializer=_start, initargs=started) as pool:
        return _said(pool.map(_brief_there, found), len(found), tell)


def write_warning(workspace: Workspace, order: Order, authority: str, groups: Sequence[str] = ()) -> list[Path]:
    """Write the draft pack for a local authority.

    Args:
        workspace: the installation.
        order: run, folder and formats.
        authority: name or ONS code.
        groups: references of the groups it is about; those the run proposes a stage of concern for where none is given.

    Raises:
        InputError: where authority or group is not found, or there is no group to warn of.
        SettingsError: where PDF is asked for and cannot be written.
        StoreError: where the folder cannot be written.
    """
    view = view_of(workspace, order.run_id)
    draft = warning_pack(view, authority, [find_group(view, each) for each in groups])
    return _write(view, draft, order, f"advance-warning-{file_name(authority)}")


def write_bulletin(workspace: Workspace, order: Order) -> list[Path]:
    """Write the bulletin on the state of the market.

    Raises:
        InputError: where the run has no market.
        SettingsError: where PDF is asked for and cannot be written.
        StoreError: where the folder cannot be written.
    """
    view = view_of(workspace, order.run_id)
    return _write(view, bulletin(view), order, f"market-bulletin-{view.as_at.on.isoformat()}")


def run_of(workspace: Workspace, run_id: str | None, on: date | None) -> str:
    """The run asked for: by id, the newest of a day, or the newest of all.

    Raises:
        InputError: where there is none.
    """
    if run_id is not None or on is None:
        return run_id or workspace.runs.newest()
    of_day = [each for each in workspace.runs.ids() if workspace.runs.manifest(each).on == on]
    if not of_day:
        raise InputError(
            "there is no run of that day",
            where=on.isoformat(),
            next_step=f"`oversight run --on {on.isoformat()}` makes one; `oversight status` lists the runs.",
        )
    return of_day[-1]


def origins(view: RunView, items: Sequence[str]) -> dict[str, list[Origin]]:
    """The places in documents that each figure rests on, by its id."""
    return {item: _places(walk) for item, walk in trace_all(view.tables, items).items()}


def _places(walk: Trace) -> list[Origin]:
    found = {
        (step.document_id, step.locator or ""): Origin(
            step.document_id, step.locator or "", step.source or "", step.url or "", step.published_on or ""
        )
        for step in walk.steps()
        if step.document_id
    }
    return list(found.values())


@contextmanager
def _no_search() -> Iterator[None]:
    """No search for dropped cycles of objects while a document is made: it takes a quarter of the time, for little."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


def _brief(view: RunView, order: Order, group_id: str) -> list[Path]:
    draft = briefing(view, group_id)
    entry = view.table("register_entry").filter(pl.col("group_id") == group_id)["entry_id"][0]
    return _write(view, draft, order, f"briefing-{entry}-{file_name(draft.title)}")


def _write(view: RunView, draft: Document, order: Order, name: str) -> list[Path]:
    if "pdf" in order.formats:
        pdf_ready()
    whole = completed(draft, origins(view, draft.items()))
    writers = {"docx": docx_bytes, "pdf": pdf_bytes}
    with _no_search():
        return [write_whole(order.folder / f"{name}.{form}", writers[form](whole)) for form in order.formats]


def _said(written: Iterable[list[Path]], total: int, tell: Tell) -> list[Path]:
    paths: list[Path] = []
    for done, files in enumerate(written):
        tell("writing briefings", done + 1, total)
        paths += files
    return paths


_THERE: dict[str, tuple[RunView, Order]] = {}
"""In a process of its own: the run it writes of."""


def _start(view: RunView, order: Order) -> None:
    _THERE["run"] = (view, order)


def _brief_there(group_id: str) -> list[Path]:
    view, order = _THERE["run"]
    return _brief(view, order, group_id)
