"""The back-test: rules on known cases, models on real panels, events of a run; as a paper, as CSV and as JSON."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from oversight.errors import InputError
from oversight.pipeline.exits import held_publications
from oversight.pipeline.past import view_of
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody
from reports.files import write_whole
from reports.frames import RunView
from reports.papers import backtest as paper
from risk.backtest import lead, scenarios
from risk.exits import backtest as exits
from risk.exits import vintages
from risk.failure import about
from risk.parameters import load

PAPER = "back-test.md"
_SHIPPED = "As measured when the models were trained, on Ofsted's publications of 2014 to 2025."
_HELD = "Measured anew on the publications held here."
_COUNTED = ("picked", "hits", "false_alarms", "missed", "precision", "recall", "median_lead_days")
_TABLE = pl.Schema(
    [
        ("part", pl.String),
        ("test", pl.String),
        ("picked_by", pl.String),
        ("picked", pl.Int64),
        ("hits", pl.Int64),
        ("false_alarms", pl.Int64),
        ("missed", pl.Int64),
        ("precision", pl.Float64),
        ("recall", pl.Float64),
        ("median_lead_days", pl.Float64),
        ("picked_a_period_before", pl.Int64),
        ("seen_a_period_before", pl.Int64),
    ]
)


def backtest(
    workspace: Workspace,
    folder: Path,
    *,
    run_id: str | None = None,
    figures: Path | None = None,
    tell: Tell = tell_nobody,
) -> Sequence[Path]:
    """Measure and write `back-test.md`, `back-test.csv` and `back-test.json`.

    Args:
        workspace: the installation. The forecasts of homes are measured anew where enough publications are held.
        folder: made where there is none.
        run_id: the run; the newest where not given.
        figures: what `oversight train` printed or wrote about a panel of the reader's own, told beside the others.
        tell: told of progress.

    Raises:
        InputError: if there is no such run, or the figures are others.
        StoreError: if the folder cannot be written.
    """
    view = view_of(workspace, run_id)
    tell("measuring forecasts of homes", 0, None)
    content = content_of(view, held=workspace)
    if figures is not None:
        panels = {**content["failure"]["panels"], figures.stem: _figures(figures)}
        content["failure"] = {**content["failure"], "panels": panels}
    written = {
        PAPER: paper.render(view, content),
        "back-test.csv": table(content).write_csv(),
        "back-test.json": json.dumps({"run_id": view.run_id, "label": view.label, **content}, indent=1) + "\n",
    }
    return sorted(write_whole(folder / name, text.encode()) for name, text in written.items())


def content_of(view: RunView, held: Workspace | None = None) -> dict[str, Any]:
    """What the paper tells, for JSON.

    Args:
        view: the run.
        held: whose publications the forecasts of homes are measured on, where there are enough; else, and where not
            given, as they were when the models were trained.
    """
    parameters = load()
    return {
        "scenarios": scenarios.played(parameters, parameters.at(view.as_at.on)),
        "exits": _exits(held),
        "failure": about.measured(),
        "events": lead.times(view.table("event"), view.as_at.on),
    }


def _exits(held: Workspace | None) -> dict[str, Any]:
    if held is not None:
        known = held_publications(held)
        found = exits.measured(vintages.load(), known) if len(known.days()) > 1 else {}
        if found.get("years"):
            return {**found, "said": _HELD}
    return {**vintages.load_measured(), "said": _SHIPPED}


def _figures(path: Path) -> dict[str, Any]:
    """Figures by test and witness, as `oversight train` gives them.

    Raises:
        InputError: if they are anything else.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        found = raw.get("figures", raw)
        for test, witnesses in found.items():
            for witness, each in witnesses.items():
                for point in each.get("operating_points", ()):
                    _ = [point[name] for name in _COUNTED if name != "median_lead_days"]
                if not isinstance(witness, str) or not isinstance(test, str):
                    raise TypeError("no names")  # noqa: TRY301 - one message for all faults
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            f"not figures of a training: {error!r}",
            where=str(path),
            next_step="Give figures.json of `oversight train --out`, or what `oversight train` printed.",
        ) from error
    return dict(found)


def table(content: Mapping[str, Any]) -> pl.DataFrame:
    """Hits, false alarms and lead times of every part, a row each."""
    return pl.DataFrame(list(_rows(content)), schema=_TABLE)


def _rows(content: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for case in content["scenarios"]:
        hit = case["found"] in {"by a grave sign", "by points"}
        yield _row("known case", case["case"], case["found"], {
            "picked": int(hit), "hits": int(hit), "missed": int(not hit), "median_lead_days": case["sign_days_at_least"]
        })  # fmt: skip
    for year in content["exits"]["years"]:
        for point in year["operating_points"]:
            yield _row("homes leaving", f"register of {year['register_of']}", _top(point), point)
    for sign in content["exits"]["signs"]:
        yield _row("homes leaving", "signs", sign["label"], sign)
    yield from _of_failure(content["failure"])
    for signal in content["events"]["signals"]:
        yield _row("events of the run", "groups", signal["kind"], signal)


def _of_failure(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    tests = {f"starter model, {test}": each for test, each in found["transfer_to_uk"].items()}
    for panel, of_panel in found["panels"].items():
        for test, witnesses in of_panel.items():
            tests |= {f"{panel}, {test}, {witness}": each for witness, each in witnesses.items()}
    for test, each in tests.items():
        for point in each.get("operating_points", ()):
            yield _row("company failure", test, _top(point), point)


def _top(point: Mapping[str, Any]) -> str:
    return f"top {point['share']:.0%}"


def _row(part: str, test: str, by: str, counts: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "part": part,
        "test": test,
        "picked_by": by,
        **{name: counts.get(name) for name in _COUNTED},
        "picked_a_period_before": counts.get("picked_before"),
        "seen_a_period_before": counts.get("seen_before"),
    }
