"""A run: evidence chosen, judged and published; and a past run repeated."""

import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import polars as pl
import structlog

from collectors.source import load_sources
from oversight.errors import ReproductionError, SettingsError, StoreError
from oversight.model.evidence import Evidence
from oversight.model.times import AsAt, london_date
from oversight.pipeline.alert import decide_now
from oversight.pipeline.select import evidence_fingerprint, latest_moment, select_evidence
from oversight.pipeline.shipped import shipped_models
from oversight.pipeline.standing import standing_decisions
from oversight.pipeline.version import code_version
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody
from oversight.store.runs import Manifest, Runs, new_run_id
from reports import render
from reports.frames import Publication, RunView
from risk.assess import assess
from risk.changes import changes
from risk.drift import issues as drift_issues
from risk.parameters import Parameters, load

log = structlog.get_logger()
PUBLISHED = "published"
"""Folder of the home folder with the final registers of published runs."""


@dataclass(frozen=True, slots=True)
class Reproduction:
    """How a repeated run compares with the first.

    Attributes:
        run_id: the run repeated.
        files: how many outputs were compared.
        differing: names of those whose bytes differ.
        reasons: what is known to have changed since (code, parameters, evidence).
    """

    run_id: str
    files: int
    differing: tuple[str, ...]
    reasons: tuple[str, ...]


def run(workspace: Workspace, *, on: date | None = None, tell: Tell = tell_nobody) -> Manifest:
    """Judge the evidence of a day and publish the run.

    Args:
        workspace: the installation.
        on: what was public by the end of this day; today in London where not given.
        tell: told of progress.

    Returns:
        The manifest. Where nothing was learned since an earlier run of the same day, that run's.
    """
    now = workspace.clock()
    as_at = AsAt(on=on or london_date(now), known_by=latest_moment(workspace, now))
    tell("choosing evidence", 0, None)
    evidence = select_evidence(workspace, as_at)
    parameters = load()
    manifest = replace(_manifest(workspace, evidence, parameters), compared_with=workspace.runs.before(as_at.on))
    if workspace.runs.exists(manifest.run_id):
        return workspace.runs.manifest(manifest.run_id)
    tell("judging", 0, None)
    tables = told(workspace, manifest, run_tables(evidence, parameters))
    tell("publishing", 0, None)
    view = _view(manifest, tables)
    written = workspace.runs.write(manifest, tables, lambda folder: _render(view, folder))
    if workspace.settings.alerts:
        _decide(workspace)
    return written


def _decide(workspace: Workspace) -> None:
    """Decide who is told of the run. Where the settings of alerts are wrong the run stands, and waits to be decided."""
    try:
        decide_now(workspace)
    except SettingsError as error:
        log.warning("the alerts of this run are not decided yet", error=str(error))


def run_like(workspace: Workspace, run_id: str, tell: Tell = tell_nobody) -> Reproduction:
    """Repeat a past run from its `AsAt` and compare every output byte for byte.

    Raises:
        InputError: if there is no such run.
        ReproductionError: if any output differs, naming the outputs and what has changed since.
    """
    past = workspace.runs.manifest(run_id)
    tell("choosing evidence", 0, None)
    evidence = select_evidence(workspace, past.as_at)
    parameters = load()
    present = _manifest(workspace, evidence, parameters)
    tell("judging", 0, None)
    tables = told(workspace, past, run_tables(evidence, parameters))
    tell("publishing and comparing", 0, None)
    with tempfile.TemporaryDirectory() as folder:
        view = _view(past, tables)
        again = Runs.fill(Path(folder), past, tables, lambda place: _render(view, place))
    differing = tuple(
        sorted(name for name in {*past.outputs, *again.outputs} if past.outputs.get(name) != again.outputs.get(name))
    )
    result = Reproduction(run_id, len(past.outputs), differing, _changes(past, present))
    if differing:
        why = "; ".join(result.reasons) or "nothing known has changed, so this is a defect or the run was edited"
        raise ReproductionError(
            f"{len(differing)} of {result.files} outputs differ: {', '.join(differing)}. {why}.",
            where=str(workspace.runs.folder(run_id)),
            next_step="Install the code version named in the run's manifest.json and repeat, or report the difference.",
        )
    return result


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
    view = _view(manifest, workspace.runs.tables(manifest.run_id, without=without))
    return replace(view, publication=published(workspace, manifest.run_id))


def published(workspace: Workspace, run_id: str) -> Publication | None:
    """Who published a run, and when; None for a draft."""
    return all_published(workspace).get(run_id)


def all_published(workspace: Workspace) -> dict[str, Publication]:
    """Who published each run that is published, and when, by run."""
    rows = workspace.ledger.frame("publication").select("run_id", "author", "decided_at")
    return {run_id: Publication(author, at) for run_id, author, at in rows.iter_rows()}


def run_tables(evidence: Evidence, parameters: Parameters) -> dict[str, pl.DataFrame]:
    """The tables of a run: what was derived, the parameters, the visible documents and whom to credit for them."""
    derived = assess(evidence, parameters, shipped_models()).tables()
    return {
        **derived,
        "parameter": parameters.frame(),
        "visible": evidence.visible,
        "issue": pl.concat([evidence.issue, drift_issues(derived["drift"])]).sort("issue_id"),
        "attribution": _attribution(evidence),
        "register_field": standing_fields(evidence.register_field),
        "decision": standing_decisions(evidence, derived),
    }


def told(workspace: Workspace, manifest: Manifest, tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables with `change`: what moved on the register since the run compared with.

    Raises:
        StoreError: if that run is no longer there.
    """
    earlier = manifest.compared_with
    if earlier and not workspace.runs.exists(earlier):
        raise StoreError(
            "the run that the movements of this one are told against is gone",
            where=str(workspace.runs.folder(earlier)),
            next_step="Restore that run's folder from a backup, then repeat.",
        )
    before = workspace.runs.tables(earlier) if earlier else tables
    return {**tables, "change": changes(before, tables)}


def standing_fields(written: pl.DataFrame) -> pl.DataFrame:
    """What stands in the manual columns of the register: the newest row of each entry and field, sorted."""
    newest = written.sort("decided_at", "register_field_id").unique(["entry_id", "field"], keep="last")
    return newest.sort("entry_id", "field")


def _attribution(evidence: Evidence) -> pl.DataFrame:
    """What the licence of each source used asks to be said: columns source, statement, url."""
    used = sorted(set(evidence.visible["source"]) & load_sources().keys())
    sources = [load_sources()[name] for name in used]
    rows = {
        "source": [source.title for source in sources],
        "statement": [source.licence for source in sources],
        "url": [source.url for source in sources],
    }
    return pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String))


def _manifest(workspace: Workspace, evidence: Evidence, parameters: Parameters) -> Manifest:
    settings = workspace.settings
    as_at = evidence.as_at
    parts = {
        "code_version": code_version(),
        "parameters_fingerprint": parameters.fingerprint,
        "evidence_fingerprint": evidence_fingerprint(evidence),
        "models_fingerprint": shipped_models().fingerprint,
        "label": settings.label,
        "marking": settings.marking,
    }
    roles = settings.roles
    run_id = new_run_id(
        as_at.on, as_at.on.isoformat(), as_at.known_by.isoformat(), *parts.values(), repr(sorted(roles.items()))
    )
    return Manifest(
        run_id=run_id,
        on=as_at.on,
        known_by=as_at.known_by,
        code_version=parts["code_version"],
        parameters_fingerprint=parts["parameters_fingerprint"],
        evidence_fingerprint=parts["evidence_fingerprint"],
        models_fingerprint=parts["models_fingerprint"],
        label=parts["label"],
        marking=parts["marking"],
        roles=roles,
    )


def _changes(past: Manifest, present: Manifest) -> tuple[str, ...]:
    named = {
        "code_version": "the code",
        "parameters_fingerprint": "the parameters",
        "models_fingerprint": "the fitted models",
        "evidence_fingerprint": "the evidence held",
        "label": "the label in the settings",
        "marking": "the marking in the settings",
    }
    return tuple(
        f"{what} changed ({getattr(past, key)} then, {getattr(present, key)} now)"
        for key, what in named.items()
        if getattr(past, key) != getattr(present, key)
    )


def _view(manifest: Manifest, tables: Mapping[str, pl.DataFrame]) -> RunView:
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


def _render(view: RunView, folder: Path) -> None:
    render(view, folder)
