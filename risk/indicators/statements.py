"""What the words of the newest accounts say: going concern and the audit report, as classes with their quotes."""

from typing import Final

import polars as pl

from risk.accounts.lines import accounts_filings
from risk.findings import Findings
from risk.indicators.scene import Scene, Signal, events, of_companies

_KINDS: Final = {"going_concern": "going_concern_levels", "audit_opinion": "audit_opinion_levels"}
_UNKNOWN_LEVEL: Final = 2.0
_QUOTE: Final = 240


def measure(scene: Scene) -> Findings:
    """Gravity of the going-concern wording and of the audit report, the gravest company counting."""
    return Findings.together(_one(scene, kind, levels) for kind, levels in _KINDS.items())


def _one(scene: Scene, kind: str, levels: str) -> Findings:
    graded = _graded(scene, kind, levels)
    serious = graded.filter(pl.col("value") > 0)
    quote = pl.coalesce("quote", pl.lit("")).str.slice(0, _QUOTE)
    event = events(
        scene,
        serious.with_columns(
            pl.coalesce("filed_on", "period_end").alias("dated_on"),
            pl.concat_str([pl.lit(kind), pl.col("period_end").cast(pl.String).fill_null("")], separator="/").alias(
                "what"
            ),
            pl.format("{} in the accounts to {}: {}", pl.col("words"), "period_end", quote).alias("detail"),
        ),
        kind,
    )
    newest = (
        graded.sort("company_number", "period_end", "filed_on", "document_id", nulls_last=False)
        .unique("company_number", keep="last", maintain_order=True)
    )  # fmt: skip
    inputs = pl.concat(
        [
            newest.select("company_number", pl.concat_str(["document_id", "locator"], separator=" ").alias("input_id")),
            event.join(newest.select("company_number", "document_id"), on=["company_number", "document_id"]).select(
                "company_number", pl.col("event_id").alias("input_id")
            ),
        ]
    )
    lacking = f"no accounts read say anything about {kind.replace('_', ' ')}"
    found = of_companies(scene, Signal(kind, "level", "max", lacking), newest, inputs)
    return Findings.of(indicator=found.indicator, event=event, lineage=found.lineage)


def _graded(scene: Scene, kind: str, levels: str) -> pl.DataFrame:
    """Statements of a kind by company, with the level of their class and the day they were filed."""
    grades = {name: float(level) for name, level in scene.values.get(f"signals.{levels}").items()}
    clean = dict.fromkeys(scene.values.texts("signals.clean_words"), 0.0)
    known = clean | grades
    return (
        scene.evidence.statement.filter(pl.col("kind") == kind)
        .join(accounts_filings(scene.evidence), on="document_id", how="left")
        .with_columns(pl.coalesce("company_number", "filing_company").alias("company_number"))
        .filter(pl.col("company_number").is_not_null())
        .with_columns(
            pl.col("value").replace_strict(known, default=_UNKNOWN_LEVEL, return_dtype=pl.Float64).alias("level"),
            pl.col("value").str.replace_all("_", " ", literal=True).str.to_titlecase().alias("words"),
        )
        .drop("kind", "value")
        .rename({"level": "value"})
    )
