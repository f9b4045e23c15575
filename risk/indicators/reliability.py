"""How far the accounts can be relied on: restated figures, and newest accounts that could not be read."""

import polars as pl

from risk.accounts.lines import ACCOUNTS_SOURCE
from risk.findings import Findings
from risk.indicators.scene import Scene, Signal, counted, events, of_companies
from risk.words import day_in_words


def measure(scene: Scene) -> Findings:
    """Counts of restated periods and of newest accounts that could not be read because they are an image."""
    months = scene.values.number("signals.long_months")
    restated = _restated(scene)
    return Findings.together(
        [
            _restatements(scene, restated.filter(scene.recent("dated_on", months), pl.col("of_record"))),
            counted(
                scene,
                Signal("accounts_unread", "count", "sum", "no filing history has been collected"),
                _unread(scene),
                "filing_history",
            ),
            Findings.of(event=restated),
        ]
    )


def _restatements(scene: Scene, restated: pl.DataFrame) -> Findings:
    """Counts of restated periods; known of companies of which accounts were read."""
    counts = restated.group_by("company_number").agg(pl.len().alias("value"), pl.col("dated_on").max())
    read = scene.books.period.select("company_number", "period_end", pl.col("document_id").alias("input_id"))
    known = (
        read.select("company_number")
        .unique()
        .join(counts, on="company_number", how="left")
        .with_columns(pl.col("value").fill_null(0))
    )
    newest = (
        read.sort("company_number", "period_end", "input_id")
        .unique("company_number", keep="last", maintain_order=True)
        .select("company_number", "input_id")
    )
    shown = restated.select("company_number", pl.col("event_id").alias("input_id"))
    signal = Signal("accounts_restated", "count", "sum", "no accounts have been read")
    return of_companies(scene, signal, known, pl.concat([newest, shown]))


def _restated(scene: Scene) -> pl.DataFrame:
    """One event for each restated period of a company, by the latest filing; `of_record` if its group rests on it."""
    key = ["company_number", "period_end", "consolidated"]
    period = scene.books.period.filter(pl.col("restated"))
    latest = (
        period.sort("filed_on", "document_id", nulls_last=False)
        .unique(key, keep="last", maintain_order=True)
        .drop("of_record", "group_id")
        .join(period.group_by(key).agg(pl.col("of_record").any()), on=key)
    )
    rows = latest.with_columns(
        pl.col("filed_on").alias("dated_on"),
        pl.format("restated/{}/{}", "period_end", "consolidated").alias("what"),
        pl.format("Figures to {} were restated by a later filing", day_in_words("period_end")).alias("detail"),
        pl.lit("accounts").alias("locator"),
    )
    return events(scene, rows, "accounts_restated")


def _unread(scene: Scene) -> pl.DataFrame:
    """Newest accounts of companies of which no figure was read: company_number and the document as event_id."""
    kinds = scene.values.texts("signals.unread_kinds")
    unread = (
        scene.evidence.issue.filter(pl.col("kind").is_in(kinds))
        .select("document_id")
        .unique()
        .join(scene.evidence.line, on="document_id", how="anti")
    )
    filed = scene.evidence.visible.filter(pl.col("source") == ACCOUNTS_SOURCE).join(
        scene.evidence.filing.select(
            pl.col("transaction_id").alias("subject"), "company_number", "made_up_to", "filed_on"
        ),
        on="subject",
    )
    newest = filed.sort("company_number", "made_up_to", "filed_on", "document_id", nulls_last=False).unique(
        "company_number", keep="last", maintain_order=True
    )
    return newest.join(unread, on="document_id").select(
        "company_number", pl.col("document_id").alias("event_id"), "made_up_to", pl.col("filed_on").alias("dated_on")
    )
