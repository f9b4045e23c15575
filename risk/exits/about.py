"""The exit model in the words of a model card, from the models that ship and how they did."""

from collections.abc import Mapping
from typing import Any, Final

from risk.exits.model import Vintages
from risk.exits.train import RIDGE

NAME: Final = "Exit of homes"
_LIMITS: Final = (
    (
        "Ofsted's publications say how homes are judged, not how their owners fare: several homes of one owner closed "
        "by one decision look no different from their neighbours the day before."
    ),
    "A list comes out about three and a half months after the day it describes; part of the year is over by then.",
    "Owners are named from 2018 on, visits only in some years, and no list of 2016, 2021 or 2024 is held.",
    "The share of homes that leave moves from year to year, and the model cannot know the next year's.",
    (
        "It ranks homes and owners beside the rules, decides nothing, and never says that a home will close. No person "
        "is scored."
    ),
)


def card(models: Vintages, found: Mapping[str, Any]) -> dict[str, Any]:
    """The card, part by part.

    Args:
        models: one for each day.
        found: how they did, as `risk.exits.backtest.measured` says it.
    """
    newest = models.models[-1]
    years = found["years"]
    terms = newest.terms()
    return {
        "task": "Rank children's homes by the chance of leaving Ofsted's register within a year, and owners by that of "
        "losing over a quarter of their places: a second opinion",
        "method": f"Logistic regression on steps of each feature, ridge {RIDGE:g}, coefficients bound to the sign that "
        "an inspector would expect, calibrated out of time; owners by a one-factor normal copula over their homes",
        "trained_on": {
            "publications": f"{len(newest.documents)} of Ofsted's, Open Government Licence v3.0",
            "registers": f"{newest.days[0]} to {newest.days[-1]}, outcomes to {newest.outcomes_by}",
            "home_days": f"{newest.rows:,}",
            "left_within_a_year": f"{newest.positives:,} ({newest.positives / newest.rows:.1%})",
            "models": f"{len(models.models)}, one for each day of which the outcomes up to it are known",
            "correlation_within_an_owner": newest.correlation,
        },
        "measured": "A year ahead, out of time: " + "; ".join(_year(each) for each in years),
        "measured_a_year_ahead": [
            {
                "register_of": each["register_of"],
                "homes": each["rows"],
                "left": each["positives"],
                "auc": _shown(each["auc"], "{:.2f}"),
                "precision_top_5_percent": _shown(each["precision_at_5_percent"], "{:.0%}"),
                "recall_top_5_percent": _shown(each["recall_at_5_percent"], "{:.0%}"),
                "brier_skill": _shown(each["brier_skill"], "{:.3f}"),
                "mean_forecast": f"{each['mean_probability']:.1%}",
                "left_share": f"{each['base_rate']:.1%}",
            }
            for each in years
        ],
        "what_moves_it": [
            {"feature": row["label"], "part": row["part"], "log_odds": f"{row['log_odds']:+.2f}",
             "share_of_homes": f"{row['share']:.0%}"}
            for row in terms.iter_rows(named=True)
            if row["log_odds"]
        ],
        "limits": list(_LIMITS),
        "fingerprint": newest.fingerprint,
    }  # fmt: skip


def _year(each: Mapping[str, Any]) -> str:
    return f"{each['register_of']} AUC {each['auc']['value']:.2f}"


def _shown(interval: Mapping[str, float], form: str) -> str:
    return f"{form.format(interval['value'])} ({form.format(interval['low'])} to {form.format(interval['high'])})"
