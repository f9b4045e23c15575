"""What the words of the newest accounts say: going concern and the audit report, as classes with their quotes.

A class is graded by its level in the parameters. One that is not in the vocabulary has no level: it adds no points
and is named as missing.
"""

from collections.abc import Mapping
from typing import Final

import polars as pl

from oversight.model.tables.derived import NOT_RELIABLE, VALUE
from oversight.model.vocabulary import STATEMENTS
from risk.accounts.lines import accounts_filings
from risk.findings import Findings
from risk.indicators.scene import Scene, Signal, events, of_companies
from risk.parameters import Values
from risk.words import day_in_words

LEVELS: Final[Mapping[str, str]] = {kind: f"signals.{kind}_levels" for kind in STATEMENTS}
"""Kinds of statement and the parameter that has the levels of their classes."""
_QUOTE: Final = 240
_SEVERAL: Final = ", "


def levels(kind: str, values: Values) -> dict[str, float]:
    """The level of each class of a kind of statement."""
    return {str(name): float(level) for name, level in values.get(LEVELS[kind]).items()}


def measure(scene: Scene) -> Findings:
    """Gravity of the going-concern wording and of the audit report, the gravest company counting."""
    return Findings.together(_one(scene, kind) for kind in STATEMENTS)


def _one(scene: Scene, kind: str) -> Findings:
    said = _said(scene, kind)
    event = _serious(scene, kind, said)
    newest = said.sort("company_number", "period_end", "filed_on", "document_id", nulls_last=False).unique(
        "company_number", keep="last", maintain_order=True
    )
    inputs = pl.concat(
        [
            newest.select("company_number", pl.concat_str(["document_id", "locator"], separator=" ").alias("input_id")),
            event.join(newest.select("company_number", "document_id"), on=["company_number", "document_id"]).select(
                "company_number", pl.col("event_id").alias("input_id")
            ),
        ]
    )
    graded = newest.filter(pl.col("value").is_not_null()).with_columns(pl.col("period_end").alias("dated_on"))
    lacking = f"no accounts read say anything about {kind.replace('_', ' ')}"
    found = of_companies(scene, Signal(kind, "level", "max", lacking), graded, inputs)
    indicator = _with_reasons(found.indicator, _accounts_of(scene, graded), _unknown(scene, newest))
    return Findings.of(indicator=indicator, event=event, lineage=found.lineage)


def _said(scene: Scene, kind: str) -> pl.DataFrame:
    """Statements of a kind by company: the class, its level (`value`, null for a class without) and filing day."""
    known = levels(kind, scene.values)
    return (
        scene.evidence.statement.filter(pl.col("kind") == kind)
        .join(accounts_filings(scene.evidence), on="document_id", how="left")
        .with_columns(pl.coalesce("company_number", "filing_company").alias("company_number"))
        .filter(pl.col("company_number").is_not_null())
        .drop("kind")
        .rename({"value": "class"})
        .with_columns(pl.col("class").replace_strict(known, default=None, return_dtype=pl.Float64).alias("value"))
    )


def _serious(scene: Scene, kind: str, said: pl.DataFrame) -> pl.DataFrame:
    """An event for each set of accounts whose words add points."""
    words = pl.col("class").str.replace_all("_", " ", literal=True)
    return events(
        scene,
        said.filter(pl.col("value") > 0).with_columns(
            pl.coalesce("filed_on", "period_end").alias("dated_on"),
            pl.concat_str([pl.lit(kind), pl.col("period_end").cast(pl.String).fill_null("")], separator="/").alias(
                "what"
            ),
            pl.concat_str(
                words.str.slice(0, 1).str.to_uppercase() + words.str.slice(1),
                pl.format(" in the accounts to {}", day_in_words("period_end")).fill_null(""),
                pl.format(": {}", pl.col("quote").str.slice(0, _QUOTE)).fill_null(""),
            ).alias("detail"),
        ),
        kind,
    )


def _accounts_of(scene: Scene, graded: pl.DataFrame) -> pl.DataFrame:
    """The accounts that speak for a group, in words: those of the gravest level, of them the newest."""
    filed = pl.format(", filed {}", day_in_words("filed_on")).fill_null("")
    return (
        scene.members.join(graded, on="company_number")
        .sort("group_id", "value", "period_end", "filed_on", "company_number", nulls_last=False)
        .unique("group_id", keep="last", maintain_order=True)
        .select(
            "group_id",
            pl.format("accounts to {}{}", day_in_words("period_end").fill_null("an unknown day"), filed).alias(
                "accounts"
            ),
        )
    )


def _unknown(scene: Scene, newest: pl.DataFrame) -> pl.DataFrame:
    """Groups with newest accounts whose class has no level, with a note that names it."""
    return (
        scene.members.join(newest.filter(pl.col("value").is_null()), on="company_number")
        .group_by("group_id")
        .agg(pl.col("class").unique().sort().str.join("', '").alias("classes"))
        .select("group_id", pl.format("class not known: '{}'", "classes").alias("unknown"))
    )


def _with_reasons(indicator: pl.DataFrame, accounts: pl.DataFrame, unknown: pl.DataFrame) -> pl.DataFrame:
    """Indicators whose reason says which accounts speak, and names classes without a level."""
    valued = pl.col("status") == VALUE
    nothing_else = ~valued & pl.col("unknown").is_not_null()
    return (
        indicator.join(accounts, on="group_id", how="left")
        .join(unknown, on="group_id", how="left")
        .with_columns(
            pl.when(nothing_else)
            .then("unknown")
            .when(valued)
            .then(pl.concat_str(["accounts", "reason", "unknown"], separator=_SEVERAL, ignore_nulls=True))
            .otherwise("reason")
            .alias("reason"),
            pl.when(nothing_else).then(pl.lit(NOT_RELIABLE)).otherwise("status").alias("status"),
        )
    )
