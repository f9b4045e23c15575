"""How long signals of filings and registers come before an insolvency or a strike-off, in the events of a run.

What a run has seen of its groups, no more: with few outcomes the figures say little, and they say how few.
"""

from datetime import date, timedelta
from statistics import median
from typing import Any, Final

import polars as pl

OUTCOMES: Final = ("insolvency", "strike_off_notice", "dissolved")
WINDOW_DAYS: Final = 730


def times(event: pl.DataFrame, on: date) -> dict[str, Any]:
    """What each kind of event told of the outcomes.

    Args:
        event: events of the groups of a run.
        on: the run's day.

    Returns:
        `outcomes` (groups with one, by their first), `window_days`, `first_event` (day of the oldest event) and
        `signals`: for each kind of event `kind`, `picked` (groups that show it, early enough for a whole window to
        have passed or followed by an outcome), `hits` (of these, with the first outcome within the window after their
        first such event), `false_alarms`, `missed` (groups with an outcome and no such event in the window before)
        and `median_lead_days` of the hits.
    """
    first = (
        event.filter(pl.col("kind").is_in(OUTCOMES))
        .group_by("group_id")
        .agg(pl.col("dated_on").min().alias("outcome_on"))
    )
    outcomes = dict(first.iter_rows())
    kinds = sorted(set(event["kind"]) - set(OUTCOMES))
    return {
        "outcomes": len(outcomes),
        "window_days": WINDOW_DAYS,
        "first_event": None if event.is_empty() else str(event["dated_on"].min()),
        "signals": [_one(kind, event.filter(pl.col("kind") == kind), outcomes, on) for kind in kinds],
    }


def _one(kind: str, events: pl.DataFrame, outcomes: dict[str, date], on: date) -> dict[str, Any]:
    """Days of one kind against outcomes; a day after the outcome counts for nothing."""
    window = timedelta(days=WINDOW_DAYS)
    leads: list[int] = []
    in_vain = 0
    for group, days in sorted(events.group_by("group_id").agg("dated_on").iter_rows()):
        outcome = outcomes.get(group)
        before = sorted(day for day in days if outcome is None or day < outcome)
        near = [day for day in before if outcome is not None and outcome - day <= window]
        if near and outcome is not None:
            leads.append((outcome - near[0]).days)
        elif any(day + window <= on for day in before):
            in_vain += 1
    return {
        "kind": kind,
        "picked": len(leads) + in_vain,
        "hits": len(leads),
        "false_alarms": in_vain,
        "missed": len(outcomes) - len(leads),
        "median_lead_days": median(leads) if leads else None,
    }
