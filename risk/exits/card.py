"""The model card: what the models are, what they learnt from, how good they were out of time, and what limits them."""

from collections.abc import Sequence
from importlib import resources
from string import Template
from typing import Final

from risk.exits.backtest import Year, years
from risk.exits.evaluate import DRAWS
from risk.exits.labels import Later
from risk.exits.model import Model, Vintages
from risk.exits.pairs import STANDARD, registered_anew
from risk.exits.publications import Publications
from risk.exits.train import RIDGE
from risk.learning.metrics import Interval

_SHIFTS: Final = (-720, -540, -450, 450, 540, 720)


def card(models: Vintages, known: Publications, draws: int = DRAWS) -> str:
    """The card as Markdown; the same models, publications and number of bootstrap draws give the same bytes."""
    newest = models.models[-1]
    later = Later.of(known)
    template = Template(resources.files("risk.exits").joinpath("card.md").read_text(encoding="utf-8"))
    return template.substitute(
        horizon=newest.horizon_days,
        ridge=f"{RIDGE:g}",
        correlation=f"{newest.correlation:g}",
        learnt=_learnt(models),
        draws=draws,
        measured=_measured(models, known, draws),
        left=f"{later.left.height:,}",
        undated=f"{later.left['left_on'].null_count():,}",
        anew=f"{later.anew.height:,}",
        pairs=_pairs(later),
        newest=newest.outcomes_by,
        terms=_terms(newest),
    )


def _learnt(models: Vintages) -> str:
    rows = [
        [
            str(model.outcomes_by),
            f"{model.days[0]} to {model.days[-1]} ({len(model.days)} days)",
            f"{model.rows:,}",
            f"{model.positives:,}",
            f"{model.positives / model.rows:.1%}",
            f"{model.correlation:g}",
            model.fingerprint[:12],
        ]
        for model in models.models
    ]
    return _table(["outcomes by", "looked from", "home-days", "left", "share", "correlation", "fingerprint"], rows)


def _measured(models: Vintages, known: Publications, draws: int) -> str:
    head = [
        "register of", "model of", "homes", "left in a year", "AUC", "precision, top 5%", "precision, top 1%",
        "Brier skill", "mean forecast",
    ]  # fmt: skip
    return _table(head, [_row(year) for year in years(models, known, draws)])


def _row(year: Year) -> list[str]:
    found, figure = year.found, year.found.figures
    return [
        str(year.day),
        str(year.outcomes_by),
        f"{found.rows:,}",
        f"{found.positives:,} ({found.base_rate:.1%})",
        shown(figure["auc"], "{:.2f}"),
        shown(figure["precision_at_5_percent"], "{:.0%}"),
        shown(figure["precision_at_1_percent"], "{:.0%}"),
        shown(figure["brier_skill"], "{:.3f}"),
        f"{year.mean:.1%}",
    ]


def _pairs(later: Later) -> str:
    chance = [registered_anew(later.homes, later.left, STANDARD, shift) for shift in _SHIFTS]
    rows = []
    for because, count in later.anew.group_by("because").len().sort("because").rows():
        by_chance = sum(each.filter(each["because"] == because).height for each in chance) / len(chance)
        rows.append([str(because), str(count), f"{by_chance:.0f}"])
    return _table(["rule", "pairs", "by chance"], rows)


def _terms(newest: Model) -> str:
    terms = newest.terms()
    rows = [
        [
            row["label"] if row["feature"] != before else "",
            row["part"],
            f"{row['log_odds']:+.2f}",
            f"{row['share']:.1%}",
        ]
        for row, before in zip(terms.iter_rows(named=True), ["", *terms["feature"]], strict=False)
    ]
    return _table(["feature", "part", "log-odds", "share"], rows)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join("| " + " | ".join(line) + " |" for line in [head, ["---"] * len(head), *rows])


def shown(interval: Interval, form: str) -> str:
    """A figure with its bounds, such as `0.70 (0.65 to 0.75)`."""
    return f"{form.format(interval.value)} ({form.format(interval.low)} to {form.format(interval.high)})"
