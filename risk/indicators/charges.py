"""Charges: new, clustered, outstanding, and those over everything a company has."""

import polars as pl

from risk.findings import Findings
from risk.indicators.scene import Scene, Signal, counted, events

_NOT_COLLECTED = "no register of charges has been collected"


def measure(scene: Scene) -> Findings:
    """Indicators and events of the register of charges."""
    charge = (
        scene.evidence.charge.with_columns(
            pl.coalesce("delivered_on", "created_on").alias("public_on"), pl.col("charge_id").alias("what")
        )
        .filter(pl.col("public_on").is_null() | (pl.col("public_on") <= scene.on))
        .sort("company_number", "what", "document_id", "locator")
        .unique(["company_number", "what"], keep="last", maintain_order=True)
    )
    holder = pl.coalesce("persons_entitled", pl.lit("a holder the register does not name"))
    created = events(
        scene,
        charge.with_columns(
            pl.col("public_on").alias("dated_on"), pl.format("Charge in favour of {}", holder).alias("detail")
        ),
        "charge_created",
    )
    satisfied = events(
        scene,
        charge.with_columns(
            pl.col("satisfied_on").alias("dated_on"),
            pl.format("Charge in favour of {} satisfied", holder).alias("detail"),
        ),
        "charge_satisfied",
    )
    paid = pl.col("status").is_in(["fully-satisfied", "satisfied"]).fill_null(False)
    settled = (pl.col("satisfied_on") <= scene.on).fill_null(False) | (paid & pl.col("satisfied_on").is_null())
    outstanding = created.filter(~settled)
    all_assets = outstanding.filter(pl.col("floating_charge_covers_all").fill_null(False))
    new = created.filter(scene.recent("dated_on", scene.values.number("signals.recent_months")))
    free = _without(scene)
    counts = [("charges_new", new), ("charges_outstanding", outstanding), ("charges_all_assets", all_assets)]
    found = [
        counted(scene, Signal(code, "count", "sum", _NOT_COLLECTED), event, "charges", none=free)
        for code, event in counts
    ]
    return Findings.together([*found, Findings.of(event=created), Findings.of(event=satisfied)])


def _without(scene: Scene) -> pl.DataFrame:
    """Companies whose profile says that they have no charges."""
    return scene.evidence.company.filter(~pl.col("has_charges").fill_null(True)).select(
        "company_number", pl.col("document_id").alias("input_id")
    )
