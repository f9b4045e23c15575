"""Past runs as the reports see them, and their register written anew. Judges nothing, so it loads nothing that does."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from oversight.errors import StoreError
from oversight.pipeline.workspace import Workspace
from oversight.store.runs import Manifest
from reports import render
from reports.frames import Publication, RunView

PUBLISHED = "published"
"""Folder of the home folder with the final registers of published runs."""


def report(workspace: Workspace, run_id: str | None = None, folder: Path | None = None) -> list[Path]:
    """Paths of a run's register: its own, or written anew from its tables into a folder.

    Raises:
        InputError: if there is no such run, or no run at all.
        StoreError: if the folder cannot be written.
    """
    manifest = workspace.runs.manifest(run_id or workspace.runs.newest())
    if folder is None:
        place = workspace.runs.folder(manifest.run_id)
        if published(workspace, manifest.run_id) is not None:
            place = workspace.settings.home / PUBLISHED / manifest.run_id
        return sorted(path for path in place.iterdir() if path.suffix in {".csv", ".ods", ".xlsx"})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return sorted(render(view_of(workspace, manifest.run_id), folder).values())
    except OSError as error:
        raise StoreError(
            f"the register cannot be written: {error.strerror or error}",
            where=str(folder),
            next_step="Give a folder you may write to, with space.",
        ) from error


def view_of(workspace: Workspace, run_id: str | None = None, *, without: Collection[str] = ()) -> RunView:
    """A past run as the reports see it; the newest where not given.

    Args:
        workspace: the installation.
        run_id: the run.
        without: tables that the reader does not need, which then count as empty.

    Raises:
        InputError: if there is no such run, or no run at all.
    """
    manifest = workspace.runs.manifest(run_id or workspace.runs.newest())
    view = as_view(manifest, workspace.runs.tables(manifest.run_id, without=without))
    return replace(view, publication=published(workspace, manifest.run_id))


def published(workspace: Workspace, run_id: str) -> Publication | None:
    """Who published a run, and when; None for a draft."""
    return all_published(workspace).get(run_id)


def all_published(workspace: Workspace) -> dict[str, Publication]:
    """Who published each run that is published, and when, by run."""
    rows = workspace.ledger.frame("publication").select("run_id", "author", "decided_at")
    return {run_id: Publication(author, at) for run_id, author, at in rows.iter_rows()}


def as_view(manifest: Manifest, tables: Mapping[str, pl.DataFrame]) -> RunView:
    """A run's tables as the reports see them, a draft as every run is when it is made."""
    return RunView(
        run_id=manifest.run_id,
        as_at=manifest.as_at,
        marking=manifest.marking,
        label=manifest.label,
        code_version=manifest.code_version,
        roles=manifest.roles,
        tables=tables,
        parameters_fingerprint=manifest.parameters_fingerprint,
        compared_with=manifest.compared_with,
    )
