"""What would have been looked at, found, looked at in vain and missed, had a share of the rows been picked by rank."""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from risk.learning.metrics import Floats

SHARES: Final = (0.01, 0.05, 0.10)
"""Shares of the rows ranked highest that people might look at."""


def at_points(
    outcome: Floats,
    probability: Floats,
    *,
    lead_days: Floats | None = None,
    entity: NDArray[Any] | None = None,
    period: NDArray[Any] | None = None,
) -> list[dict[str, Any]]:
    """Hits, false alarms and what was missed at each share of the rows.

    Rows that tie with the last one picked are picked too, so a point may pick more than its share.

    Args:
        outcome: 0 or 1.
        probability: by which rows are ranked.
        lead_days: days from the day looked from to the outcome, NaN where no day is known; only those of hits count.
        entity: company of each row, and
        period: its period, to tell who of the companies with the outcome was picked in an earlier period already.

    Returns:
        For each point `share`, `picked`, `hits`, `false_alarms`, `missed`, `precision`, `recall`, `false_alarms_a_hit`
        (None without a hit); with days `median_lead_days` (None where no hit has one); with companies and periods
        `seen_before` (rows with the outcome whose company has an earlier row) and `picked_before` (of these, picked).
    """
    found = []
    ranked = np.sort(probability)[::-1]
    for share in SHARES:
        picked = probability >= ranked[max(0, round(share * len(ranked)) - 1)]
        hit = picked & (outcome > 0)
        point: dict[str, Any] = {
            "share": share,
            "picked": int(picked.sum()),
            "hits": int(hit.sum()),
            "false_alarms": int(picked.sum() - hit.sum()),
            "missed": int(outcome.sum() - hit.sum()),
            "precision": round(float(hit.sum() / picked.sum()), 6),
            "recall": round(float(hit.sum() / outcome.sum()), 6),
            "false_alarms_a_hit": round(float((picked.sum() - hit.sum()) / hit.sum()), 3) if hit.any() else None,
        }
        if lead_days is not None:
            days = lead_days[hit & ~np.isnan(lead_days)]
            point["median_lead_days"] = float(np.median(days)) if len(days) else None
        if entity is not None and period is not None:
            point |= _before(outcome > 0, picked, entity, period)
        found.append(point)
    return found


def _before(
    failed: NDArray[np.bool_], picked: NDArray[np.bool_], entity: NDArray[Any], period: NDArray[Any]
) -> dict[str, int]:
    """How many rows with the outcome have an earlier row of their company, and of how many one was picked."""
    seen = caught = 0
    for row in np.flatnonzero(failed):
        earlier = (entity == entity[row]) & (period < period[row])
        seen += bool(earlier.any())
        caught += bool(picked[earlier].any())
    return {"seen_before": seen, "picked_before": caught}
