"""A run: evidence chosen, judged and published; and a past run repeated."""

import tempfile
from collections.abc import Mapping
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
from oversight.pipeline.past import as_view
from oversight.pipeline.select import evidence_fingerprint, latest_moment, select_evidence
from oversight.pipeline.shipped import shipped_models
from oversight.pipeline.standing import standing_decisions
from oversight.pipeline.version import code_version
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody
from oversight.store.runs import Manifest, Runs, new_run_id
from reports import render
from reports.frames import RunView
from risk.assess import assess
from risk.changes import changes
from risk.drift import issues as drift_issues
from risk.parameters import Parameters, load

log = structlog.get_logger()


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
    view = as_view(manifest, tables)
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
        view = as_view(past, tables)
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


def _render(view: RunView, folder: Path) -> None:
    render(view, folder)
