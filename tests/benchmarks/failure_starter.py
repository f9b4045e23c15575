"""The starter model, fitted anew from the Polish panel, and how well it ranks UK companies it was not made for.

    python -m tests.benchmarks.failure_starter FOLDER [--write] [--panels OUT]

FOLDER holds `polish/` and, for the transfer, `uk_company_failures_2020_2022.csv.gz` (evaluation only: nothing is chosen
on it). Without `--write` the model is compared with the one that ships, byte for byte; with it, the model and how it
did (`measured.json`, which the papers show) are put where they ship from, with the figures that
`python -m tests.benchmarks.failure_models FOLDER --out OUT` wrote about models trained on each panel itself.
"""

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from oversight.pipeline.panel_files import read_panel
from risk.failure.card import strongest
from risk.failure.ratios import BY_CODE
from risk.failure.starter import Starter, fit, from_polish, panel_of
from risk.learning.metrics import evaluate
from risk.learning.operating import at_points

SHIPPED = Path(__file__).parents[2] / "risk" / "failure" / "starter.json"
ATTRIBUTION = (
    "Polish Companies Bankruptcy, UCI Machine Learning Repository, archive.ics.uci.edu/dataset/365, CC BY 4.0. "
    "Ratios selected; files 2 to 4 as cut by a third party to rows without gaps."
)
UK_FILE = "uk_company_failures_2020_2022.csv.gz"


def polish_tables(folder: Path) -> list[pl.DataFrame]:
    """The files of the Polish panel, longest horizon first."""
    return [read_panel(path) for path in sorted((folder / "polish").glob("[1-5]year*.gz"))]


def uk_ratios(table: pl.DataFrame) -> dict[str, Any]:
    """The common ratios of the UK set by what its columns hold, which is not always what they are called.

    `ln_TA_S` holds assets / sales (`TL_TA` is its logarithm), `RE_TA` liabilities / assets, and `OCF_S` retained losses
    / assets: equity by `RE_TA` less reserves by `OCF_S` is small and positive, as share capital is. The three columns
    after it are then one off too.
    """
    return {
        "liabilities_to_assets": table["RE_TA"],
        "working_capital_to_assets": table["WC_TA"],
        "current_assets_to_short": table["ln_CA_CL"].exp(),
        "reserves_to_assets": -table["OCF_S"],
        "net_profit_to_assets": table["NI_TA"],
        "operating_profit_to_assets": table["OP_TA"],
        "sales_to_assets": 1 / table["ln_TA_S"],
        "operating_margin_of_sales": table["OP_S"],
        "net_margin_of_sales": table["NI_S"],
    }


def transfer(starter: Starter, folder: Path) -> dict[str, Any]:
    """Figures of both models on the UK set, companies drawn whole."""
    table = read_panel(folder / UK_FILE)
    known = uk_ratios(table)
    values = {code: known.get(code, [None] * len(table)) for code in BY_CODE}
    outcome = table["Failure"].cast(pl.Float64).to_numpy()
    company = table["Registered number"].to_numpy()
    year = table["Year of accounts"].to_numpy()
    last = year == year.max()
    found: dict[str, Any] = {}
    for name, model in starter.models.items():
        chance = starter.witness(name).estimate(panel_of(values, model.figures)).probability
        for part, rows in (("all years", np.ones(len(table), dtype=bool)), ("2022 alone", last)):
            figures = evaluate(outcome[rows], chance[rows], cluster=company[rows]).figures
            found[f"{name}, {part}"] = {
                "rows": int(rows.sum()),
                "positives": int(outcome[rows].sum()),
                "base_rate": round(float(outcome[rows].mean()), 6),
                **{code: figures[code].to_dict() for code in ("auc", "average_precision", "precision_at_5_percent")},
                "operating_points": at_points(outcome[rows], chance[rows], entity=company[rows], period=year[rows]),
            }
    return found


def panels(folder: Path) -> dict[str, Any]:
    """What `failure_models --out` wrote, panel by panel and test by test, without what no paper shows."""
    dropped = {"reliability", "interval"}
    return {
        path.stem: {
            test: {
                witness: {code: value for code, value in each.items() if code not in dropped}
                for witness, each in figures.items()
            }
            for test, figures in json.loads(path.read_text(encoding="utf-8")).items()
        }
        for path in sorted(folder.glob("*.json"))
    }


def main() -> None:
    """Fit, compare or write, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--write", action="store_true", help="put the model and its figures where they ship from")
    parser.add_argument("--panels", type=Path, help="folder of failure_models --out, for the figures that ship")
    given = parser.parse_args()
    started = time.monotonic()
    starter = fit(from_polish(polish_tables(given.folder)), ATTRIBUTION)
    print(f"fitted in {time.monotonic() - started:.0f} s")
    if given.write:
        SHIPPED.write_text(starter.to_json(), encoding="utf-8")
    same = SHIPPED.read_text(encoding="utf-8") == starter.to_json()
    print(f"the model that ships is {'the same, byte for byte' if same else 'ANOTHER'}")
    for name, model in starter.models.items():
        print(f"{name}: base rate {model.base_rate:.4f}")
        for row in strongest(starter.witness(name), 20):
            print("  ", *row)
    found = transfer(starter, given.folder) if (given.folder / UK_FILE).exists() else {}
    print(json.dumps(found, indent=1))
    if given.write and found and given.panels:
        told = {"transfer_to_uk": found, "panels": panels(given.panels)}
        (SHIPPED.parent / "measured.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
