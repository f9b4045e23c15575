"""Officers coming and going, as counts only: no person is named or scored."""

import polars as pl

from risk.findings import Findings
from risk.indicators.scene import Scene, Signal, of_companies

_NOT_COLLECTED = "no list of officers has been collected"


def measure(scene: Scene) -> Findings:
    """Officers serving, and those who came and went in the last months."""
    months = scene.values.number("signals.recent_months")
    left = scene.recent("resigned_on", months)
    joined = scene.recent("appointed_on", months)
    serving = (pl.col("appointed_on") <= scene.on).fill_null(True) & (
        pl.col("resigned_on").is_null() | (pl.col("resigned_on") > scene.on)
    )
    counts = {
        "officers_serving": (serving, pl.lit(None, dtype=pl.Date)),
        "officers_left": (left, pl.col("resigned_on")),
        "officers_joined": (joined, pl.col("appointed_on")),
    }
    return Findings.together(_count(scene, code, condition, day) for code, (condition, day) in counts.items())


def _count(scene: Scene, code: str, condition: pl.Expr, day: pl.Expr) -> Findings:
    pages = scene.collected("officers")
    officer = scene.evidence.officer
    meant = condition.fill_null(False)
    counts = officer.group_by("company_number").agg(
        meant.sum().alias("value"), day.filter(meant).max().alias("dated_on")
    )
    known = (
        pl.concat([pages.select("company_number"), counts.select("company_number")])
        .unique()
        .join(counts, on="company_number", how="left")
        .with_columns(pl.col("value").fill_null(0))
    )
    found = officer.filter(meant).select(
        "company_number", pl.concat_str(["document_id", "locator"], separator=" ").alias("input_id")
    )
    return of_companies(scene, Signal(code, "count", "sum", _NOT_COLLECTED), known, pl.concat([pages, found]))
