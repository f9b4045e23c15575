"""The model card: what a fitted model is, what it was fitted on, how good it is, and what it must not be used for."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from risk.failure.model import BOTH, CHALLENGER, RECORD, Curves, FailureModel, Witness

_SHOWN: Final = 15
_FIGURES: Final = {
    "auc": "AUC",
    "average_precision": "Average precision",
    "precision_at_1_percent": "Precision, top 1%",
    "recall_at_1_percent": "Recall, top 1%",
    "precision_at_5_percent": "Precision, top 5%",
    "recall_at_5_percent": "Recall, top 5%",
    "brier": "Brier score",
    "brier_skill": "Brier skill over the base rate",
    "log_loss": "Log loss",
    "expected_calibration_error": "Expected calibration error",
    "expected_calibration_error_equal_mass": "Expected calibration error, bins of equal mass",
}
_WHAT: Final = (
    "A second opinion beside rules and events. It ranks company-years; it is not calibrated for children's homes, and "
    "it never says that a company will fail."
)
_LIMITS: Final = (
    "Intervals hold what the sampling of companies adds to model and calibration, and no change of the world.",
    "Probabilities stand for the base rate above. Re-anchor them (`--base-rate`) elsewhere; even then they are ranks.",
    "Failures are few, so figures at the top 1% rest on a handful of companies.",
    "Never the sole ground of a decision about a provider; nobody is scored as a person.",
)
_NAMES: Final = {RECORD: "model of record", CHALLENGER: "challenger", BOTH: "mean of both"}


def card_markdown(model: FailureModel, figures: Mapping[str, Any]) -> str:
    """The card as Markdown.

    Args:
        model: as fitted.
        figures: by the name of the test, figures of each witness.
    """
    about = model.about
    parts = [
        "# Model card: likelihood of company failure",
        "",
        _WHAT,
        "",
        "## Fitted on",
        "",
        *_table(
            ("", ""),
            [
                ("Outcome", str(about["target"] or "given")),
                ("Rows", f"{about['rows']:,}"),
                ("Companies", "no ids: rows" if about["companies"] is None else f"{about['companies']:,}"),
                ("Failures", f"{about['failures']:,}"),
                ("Base rate that probabilities stand for", f"{model.base_rate:.4%}"),
                (
                    "Each company judged",
                    "on its newest year, the others as its past" if model.window else "in each year",
                ),
                ("SHA-256 of figures and outcomes", str(about["panel_sha256"])),
            ],
        ),
        "",
    ]
    if about["notes"]:
        parts += ["Left out or found by the guards:", "", *(f"- {note}" for note in about["notes"]), ""]
    for name, witness in model.witnesses.items():
        parts += _witness(name, witness)
    for test, found in figures.items():
        parts += _figures(test, found)
    parts += [
        "## Limits",
        "",
        *(f"- {limit}" for limit in _LIMITS),
        "",
    ]
    return "\n".join(parts)


def _witness(name: str, witness: Witness) -> list[str]:
    scorer = witness.scorer
    made = f"Features: {len(witness.recipe.names)}. Calibration: {witness.calibration.kind}."
    lines = [f"## The {_NAMES[name]}", ""]
    if isinstance(scorer, Curves):
        lines += [
            f"Ridge logistic regression on ramps, ridge {scorer.ridge:g} (chosen by log loss out of fold). {made}",
            "",
            "Features that move the log-odds most, from the lowest 0.5% of the training rows to the highest:",
            "",
            *_table(("Feature", "Low to high", "Shape", "Gap"), strongest(witness, _SHOWN)),
            "",
        ]
    else:
        members = f"{len(scorer.members)} ensembles of boosted trees, one a fold"
        lines += [f"{members}, setting {scorer.setting + 1} of those tried (chosen by AUC out of fold). {made}", ""]
    return lines


def strongest(witness: Witness, most: int) -> list[tuple[str, str, str, str]]:
    """Features of the model of record by how much they move the log-odds.

    Returns:
        Name, change of the log-odds from the lowest knot to the highest, the shape of the curve, and what a gap adds
        against an average company; the strongest first.
    """
    scorer = witness.scorer
    if not isinstance(scorer, Curves):
        return []
    owner, is_ramp, coefficient = scorer.ramps.owner, scorer.ramps.is_ramp > 0, scorer.line.coefficients
    rows = []
    for place, name in enumerate(witness.recipe.names):
        own = owner == place
        steps = coefficient[own & is_ramp]
        curve = np.concatenate([[0.0], np.cumsum(steps)])
        gap = float(coefficient[np.flatnonzero(own)[-1]])
        rows.append((float(np.ptp(curve)), name, float(curve[-1]), _shape(steps), gap))
    rows.sort(key=lambda row: (-row[0], row[1]))
    return [(name, f"{change:+.2f}", shape, f"{gap:+.2f}") for _, name, change, shape, gap in rows[:most]]


def _shape(steps: np.ndarray[Any, np.dtype[np.float64]]) -> str:
    if not len(steps):
        return "constant"
    if not steps.any():
        return "flat"
    if (steps >= 0).all():
        return "rises"
    return "falls" if (steps <= 0).all() else "bends"


def _figures(test: str, found: Mapping[str, Any]) -> list[str]:
    names = [name for name in _NAMES if name in found]
    if not names:
        return []
    first = found[names[0]]
    rows = [
        (label, *(f"{_figure(found[name][code])}" for name in names))
        for code, label in _FIGURES.items()
        if code in first
    ]
    counts = f"{first['rows']:,} rows, {first['positives']:,} failures, base rate {first['base_rate']:.2%}"
    return [
        f"## Measured: {test.replace('_', ' ')}",
        "",
        f"{counts}; {first['interval']['level']:.0%} bootstrap intervals by company.",
        "",
        *_table(("Figure", *(_NAMES[name] for name in names)), rows),
        "",
    ]


def _figure(interval: Mapping[str, float]) -> str:
    return f"{interval['value']:.4f} ({interval['low']:.4f} to {interval['high']:.4f})"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = ["| " + " | ".join(_cell(value) for value in row) + " |" for row in (head, *rows)]
    return [lines[0], "|" + "---|" * len(head), *lines[1:]]


def _cell(value: str) -> str:
    return value.replace("|", "\\|").replace("\n", " ")
