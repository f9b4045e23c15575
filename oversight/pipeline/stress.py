"""Stress of a run: as the run holds it, or anew under an analyst's own scenarios."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl
import yaml

from oversight.errors import InputError
from oversight.pipeline.select import select_evidence
from oversight.pipeline.workspace import Workspace
from risk.assess import assess
from risk.parameters import Parameters, load

SCENARIOS = "stress.scenarios"
TABLES = ("stress", "stress_draw", "stress_market")
_LARGEST = 100_000


def stress(workspace: Workspace, run_id: str | None = None, scenarios: Path | None = None) -> dict[str, pl.DataFrame]:
    """The tables of stress, with the group's name in those that have one.

    Args:
        workspace: the installation.
        run_id: the run; the newest where not given.
        scenarios: a YAML file of scenarios to use in place of those of the parameters; the run is judged anew from its
            own evidence, and nothing is recorded.

    Raises:
        InputError: if there is no such run, or the file is not of scenarios.
    """
    manifest = workspace.runs.manifest(run_id or workspace.runs.newest())
    if scenarios is None:
        tables: Mapping[str, pl.DataFrame] = workspace.runs.tables(manifest.run_id)
    else:
        own = with_scenarios(load(), scenarios)
        tables = assess(select_evidence(workspace, manifest.as_at), own).tables()
    names = tables["register_entry"].select("group_id", "group_name")
    return {
        name: tables[name].join(names, on="group_id", how="left", maintain_order="left")
        if "group_id" in tables[name].columns
        else tables[name]
        for name in TABLES
    }


def with_scenarios(parameters: Parameters, path: Path) -> Parameters:
    """The parameters with the scenarios of a file in place of their own.

    Raises:
        InputError: if the file cannot be read or is no mapping. What a scenario may hold is checked when it is used.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError("too large for a file of scenarios", where=str(path), next_step="Give a YAML file.")
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(
            f"the scenarios cannot be read: {error}",
            where=str(path),
            next_step="Give a YAML file of scenarios.",
        ) from error
    if not isinstance(content, dict):
        raise InputError(
            "not a mapping of names to shocks",
            where=str(path),
            next_step="Write scenarios as in risk/parameters/stress.yaml, such as `winter: {occupancy_points: -8}`.",
        )
    entry = parameters.entries[SCENARIOS]
    changed = entry.model_copy(update={"values": dict.fromkeys(entry.values, content)})
    return replace(
        parameters,
        entries={**parameters.entries, SCENARIOS: changed},
        places={**parameters.places, SCENARIOS: str(path)},
    )
