"""How good the failure models are on public panels, by the protocols of published results.

    python -m tests.benchmarks.failure_models FOLDER [--only polish american uk] [--quick] [--out DIR] [--plots DIR]

FOLDER holds `polish/`, `american/` and `uk_company_failures_2020_2022.csv.gz`. Everything that a training chooses
(ridge, setting of the trees, calibration) is chosen inside the training rows; the figures are of rows never seen.

- Polish: file 1 in full, 10 stratified folds, copies of a row in one fold. Peer: 0.959, a published ensemble.
- American: fitted on the training part, 5-year windows, one judgement a firm; measured on the validation part once, as
  it is and moved to the real share of failures: 609 failed companies in 78,682 firm-years, as the data set's authors
  and a user of it count them. Floor: always saying that share.
- UK: 5 folds of whole companies; and the last year by models of the years before, once as it is and once by models that
  saw neither that year nor the company. Peer: 0.68, a network on a split of rows. Two ablations: without the years
  before, and the year 2022 alone, in which most of the failures lie.

`--quick` fits on a third of the Polish rows in 3 folds and leaves the ablations out.
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import vl_convert

from oversight.pipeline.panel_files import read_panel
from risk.failure.card import strongest
from risk.failure.model import RECORD, FailureModel
from risk.failure.panel import Panel, at_risk, build
from risk.failure.train import train
from risk.failure.validate import cross_validate, held_back, last_period_of_unseen, measure, on_panel
from risk.learning.folds import last_period

AMERICAN_RATE = 609 / 78_682
PEERS = {"polish": 0.959, "american": 0.867, "uk": 0.68}
SHOWN = (
    "auc",
    "average_precision",
    "precision_at_1_percent",
    "recall_at_1_percent",
    "precision_at_5_percent",
    "recall_at_5_percent",
    "brier_skill",
    "expected_calibration_error",
    "expected_calibration_error_equal_mass",
)


def polish(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Figures out of fold on file 1."""
    panel = build(read_panel(folder / "polish" / "1year.arff.gz"), target="class")
    if quick:
        panel = panel.rows(np.arange(len(panel)) % 3 == 0)
    figures, _ = cross_validate(panel, 3 if quick else 10, tell=_tell)
    if not quick:
        _surprises(train(panel), "polish")
    return {"out of fold": figures}


def american(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Figures on the validation part, as it is and at the real share of failures."""
    del quick
    parts = [
        build(
            read_panel(folder / "american" / f"american_{part}_5_year_windows.csv.gz"),
            target="status",
            entity="firm",
            period="fyear",
        )
        for part in ("train", "validation")
    ]
    model = train(parts[0])
    _surprises(model, "american")
    return {
        "validation": on_panel(model, parts[1]),
        f"validation, moved to {AMERICAN_RATE:.2%}": on_panel(model, parts[1], base_rate=AMERICAN_RATE),
    }


def uk(folder: Path, *, quick: bool) -> dict[str, Any]:
    """Figures by company and by time."""
    table = read_panel(folder / "uk_company_failures_2020_2022.csv.gz")
    panel = at_risk(build(table, target="Failure", entity="Registered number", period="Year of accounts"))
    by_company, chances = cross_validate(panel, 5)
    model, by_time = held_back(panel, _before(panel))
    _surprises(model, "uk")
    found = {
        "by company": by_company,
        "by time": by_time,
        "by time, companies never seen": last_period_of_unseen(panel),
    }
    if not quick:
        last = ~_before(panel)
        found["by company, 2022 alone"] = measure(panel, {name: each[last] for name, each in chances.items()}, last)
        bare = replace(panel, period=None)
        found["by company, without the years before"] = cross_validate(bare, 5)[0]
    return found


def _before(panel: Panel) -> Any:
    if panel.period is None:
        raise ValueError("the UK set has years")
    return last_period(panel.period)[0]


def _tell(text: str) -> None:
    print(f"  {text}", file=sys.stderr, flush=True)


def _surprises(model: FailureModel, name: str) -> None:
    print(f"\n{name}: features that move the model of record most")
    for row in strongest(model.witnesses[RECORD], 12):
        print("  ", " | ".join(row))


def _print(name: str, found: Mapping[str, Any]) -> None:
    for test, figures in found.items():
        first = next(iter(figures.values()))
        head = f"{first['rows']:,} rows, {first['clusters']:,} companies, {first['positives']:,} failures"
        print(f"\n{name}, {test}: {head}, base rate {first['base_rate']:.3%}; peer AUC {PEERS[name]}")
        for code in SHOWN:
            cells = [
                f"{witness} {each[code]['value']:.4f} ({each[code]['low']:.4f} to {each[code]['high']:.4f})"
                for witness, each in figures.items()
            ]
            print(f"  {code}: " + "; ".join(cells))
        for witness, each in figures.items():
            times = each["precision_at_5_percent"]["value"] / first["base_rate"]
            print(f"  {witness}: {times:.2f} times the base rate among the top 5%")


def _plot(name: str, found: Mapping[str, Any], folder: Path) -> None:
    """Calibration plots, one a test."""
    x = {"field": "predicted", "type": "quantitative", "title": "mean probability of a tenth of the rows"}
    y = {"field": "observed", "type": "quantitative", "title": "share that failed"}
    for test, figures in found.items():
        rows = [{**point, "model": witness} for witness, each in figures.items() for point in each["reliability"]]
        top = max(max(row["predicted"], row["observed"]) for row in rows)
        even = [{"predicted": place, "observed": place} for place in (0.0, top)]
        colour = {"field": "model", "type": "nominal"}
        title = f"{name}, {test}"
        spec = {
            "title": title,
            "width": 420,
            "height": 420,
            "encoding": {"x": x, "y": y},
            "layer": [
                {"data": {"values": even}, "mark": {"type": "line", "color": "grey"}},
                {"data": {"values": rows}, "mark": {"type": "line", "point": True}, "encoding": {"color": colour}},
            ],
        }
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{title.replace(', ', '_')}.png").write_bytes(vl_convert.vegalite_to_png(spec))


def main() -> None:
    """Run the panels asked for; print figures, time and memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="+", choices=["polish", "american", "uk"], default=["polish", "american", "uk"])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--out", type=Path, help="write the figures as JSON into this folder")
    parser.add_argument("--plots", type=Path, help="write calibration plots as PNG into this folder")
    given = parser.parse_args()
    panels: dict[str, Callable[..., dict[str, Any]]] = {"polish": polish, "american": american, "uk": uk}
    for name in given.only:
        started = time.monotonic()
        found = panels[name](given.folder, quick=given.quick)
        took = time.monotonic() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        _print(name, found)
        print(f"\n{name}: {took:.0f} s, at most {memory:,.0f} MB so far")
        if given.out:
            given.out.mkdir(parents=True, exist_ok=True)
            (given.out / f"{name}.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
        if given.plots:
            _plot(name, found, given.plots)


if __name__ == "__main__":
    main()
