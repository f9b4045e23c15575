"""Changes of name and of owners: what breaks a group map, and what often comes with a sale."""

import polars as pl

from risk.findings import Findings
from risk.indicators.scene import Scene, Signal, counted, events
from risk.words import day_in_words


def measure(scene: Scene) -> Findings:
    """Counts of name changes and of changes in persons with significant control."""
    named = events(
        scene,
        scene.evidence.filing.filter(
            pl.col("filed_on") <= scene.on,
            pl.col("form").is_in(["CERTNM"]).fill_null(False)
            | pl.col("description").str.starts_with("certificate-change-of-name").fill_null(False),
        ).with_columns(
            pl.col("filed_on").alias("dated_on"),
            pl.col("transaction_id").alias("what"),
            pl.format("A certificate of change of name was issued on {}", day_in_words("filed_on")).alias("detail"),
        ),
        "name_changed",
    )
    owners = _owner_changes(scene)
    long, short = scene.values.number("signals.long_months"), scene.values.number("signals.recent_months")
    return Findings.together(
        [
            counted(
                scene,
                Signal("name_changes", "count", "sum", "no filing history has been collected"),
                named.filter(scene.recent("dated_on", long)),
                "filing_history",
            ),
            counted(
                scene,
                Signal("ownership_changes", "count", "sum", "no persons with significant control have been collected"),
                owners.filter(scene.recent("dated_on", short)),
                "psc",
            ),
            Findings.of(event=named),
            Findings.of(event=owners),
        ]
    )


def _owner_changes(scene: Scene) -> pl.DataFrame:
    """One event for each person with significant control notified or ceased; people are not named."""
    owner = scene.evidence.ownership.filter(pl.col("owner_kind") != "statement")
    who = pl.coalesce("owner_name", pl.lit("A person"))
    parts = [
        owner.with_columns(
            pl.col(column).alias("dated_on"),
            pl.concat_str([pl.lit(column), pl.col("owner_key")], separator="/").alias("what"),
            pl.format(words, who).alias("detail"),
        )
        for column, words in (
            ("notified_on", "{} was notified as having significant control"),
            ("ceased_on", "{} ceased to have significant control"),
        )
    ]
    return events(scene, pl.concat(parts), "ownership_changed")
