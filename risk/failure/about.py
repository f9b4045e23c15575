"""The starter model in the words of a model card: what it is, what it learnt from, how it did, what limits it."""

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

from risk.failure.card import strongest
from risk.failure.ratios import BY_CODE
from risk.failure.starter import BALANCE, FULL, Starter

NAME: Final = "Company failure, starter"
_WHAT: Final = {FULL: "balance sheet and profit and loss account", BALANCE: "balance sheet alone"}
_READING: Final = {1: "risk rises with it", -1: "risk falls as it rises", 0: "either way"}
_LIMITS: Final = (
    (
        "Foreign, of another decade, and not calibrated for children's homes: it ranks groups beside rules and events "
        "and adds no points."
    ),
    "On UK companies it hardly tells those that failed from others; see what was measured.",
    "The UK companies it was measured on are winsorised figures of unstated origin, with column names partly swapped.",
    "Intervals hold what the sampling of companies adds, and no change of the world; see the sheet Model drift.",
    "Never the sole ground of a decision about a provider. No person is scored.",
)


def measured() -> dict[str, Any]:
    """How the starter model did on UK companies, and models trained on each public panel on rows they had not seen.

    `transfer_to_uk`: by model and part of the panel; `panels`: by panel, test and witness. Figures with intervals,
    and `operating_points` (`risk.learning.operating`).
    """
    text = resources.files("risk.failure").joinpath("measured.json").read_text(encoding="utf-8")
    found = json.loads(text)
    if not isinstance(found, dict):
        raise TypeError("risk/failure/measured.json holds no record")
    return found


def card(starter: Starter, found: Mapping[str, Any]) -> dict[str, Any]:
    """The card, part by part.

    Args:
        starter: the model that ships.
        found: as `measured` gives it.
    """
    models = starter.models
    transfer = found["transfer_to_uk"]
    best = transfer[f"{FULL}, all years"]["auc"]
    return {
        "task": "Rank groups by the likelihood of company failure: a second opinion beside rules and events",
        "method": "Ridge logistic regression on ramps of ratios, one model for full accounts and one for a balance "
        "sheet alone; calibrated out of fold, moved to the UK base rate of insolvencies",
        "trained_on": {
            "panel": starter.attribution,
            "company_years": f"{models[FULL].about['rows'] // 2:,}, and a copy of them with half of the figures hidden",
            "failures": f"{models[FULL].about['failures'] // 2:,}",
            "base_rate_of_the_panel": f"{starter.base_rate:.2%}",
            "sha256_of_the_panel": models[FULL].about["panel_sha256"],
        },
        "measured": f"UK companies 2020 to 2022, never learnt from: AUC {best['value']:.2f} ({best['low']:.2f} to "
        f"{best['high']:.2f}) on full accounts",
        "measured_on_uk_companies": [
            {
                "test": test,
                "rows": each["rows"],
                "failures": each["positives"],
                "base_rate": f"{each['base_rate']:.1%}",
                "auc": _shown(each["auc"], "{:.3f}"),
                "precision_top_5_percent": _shown(each["precision_at_5_percent"], "{:.1%}"),
            }
            for test, each in transfer.items()
        ],
        "what_moves_it": [
            {
                "model": _WHAT[name],
                "ratio": BY_CODE[code].ratio.title,
                "expected": _READING[BY_CODE[code].sign],
                "log_odds_from_lowest_to_highest": change,
                "curve": shape,
            }
            for name in (FULL, BALANCE)
            for code, change, shape, _ in strongest(starter.witness(name), len(models[name].figures))
            if shape != "flat" and float(change)
        ],
        "limits": list(_LIMITS),
        "fingerprint": starter.fingerprint,
    }


def _shown(interval: Mapping[str, float], form: str) -> str:
    return f"{form.format(interval['value'])} ({form.format(interval['low'])} to {form.format(interval['high'])})"
