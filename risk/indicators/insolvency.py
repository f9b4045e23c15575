"""Insolvency cases and strike-off: what the register shows, open cases apart from ended ones."""

from typing import Final

import polars as pl

from risk.findings import Findings
from risk.indicators.scene import Scene, Signal, counted, events

_STRIKE_OFF: Final = {
    "gazette-notice-compulsory": "strike_off_notice",
    "gazette-notice-compulsary": "strike_off_notice",
    "gazette-notice-voluntary": "strike_off_application",
    "dissolution-application-strike-off-company": "strike_off_application",
    "dissolution-application-strike-off-limited-liability-partnership": "strike_off_application",
    "gazette-filings-brought-up-to-date": "strike_off_discontinued",
    "dissolution-voluntary-strike-off-discontinued": "strike_off_discontinued",
    "dissolution-voluntary-strike-off-suspended": "strike_off_discontinued",
    "dissolution-withdrawal-application-strike-off-company": "strike_off_discontinued",
    "dissolution-withdrawal-application-strike-off-limited-liability-partnership": "strike_off_discontinued",
    "dissolved-compulsory-strike-off-suspended": "strike_off_discontinued",
    "gazette-dissolved-voluntary": "dissolved",
    "gazette-dissolved-compulsory": "dissolved",
    "gazette-dissolved-compulsary": "dissolved",
    "gazette-dissolved-liquidation": "dissolved",
}
_NOTICES: Final = ["strike_off_notice", "strike_off_application"]


def measure(scene: Scene) -> Findings:
    """Indicators and events of insolvency cases, statuses and strike-off."""
    cases = _cases(scene)
    strikes = _strike_offs(scene)
    still = _open_cases(scene, cases)
    profile = scene.evidence.company
    free = profile.filter(~pl.col("has_insolvency_history").fill_null(True)).select(
        "company_number", pl.col("document_id").alias("input_id")
    )
    lacking = "no insolvency record has been collected"
    return Findings.together(
        [
            counted(scene, Signal("insolvency_open", "count", "sum", lacking), still, "insolvency", none=free),
            counted(
                scene,
                Signal("strike_off_open", "count", "sum", "no filing history has been collected"),
                _open_strike_offs(strikes),
                "filing_history",
            ),
            Findings.of(event=cases),
            Findings.of(event=strikes),
        ]
    )


def _cases(scene: Scene) -> pl.DataFrame:
    """Dated events of cases; those of solvent liquidations under a kind of their own."""
    solvent = pl.col("case_type").is_in(scene.values.texts("signals.solvent_cases"))
    words = pl.coalesce("event", pl.lit("case")).str.replace_all("-", " ", literal=True).str.strip_suffix(" on")
    rows = scene.evidence.insolvency.with_columns(
        pl.when(solvent).then(pl.lit("solvent_liquidation")).otherwise(pl.lit("insolvency")).alias("kind"),
        pl.concat_str(["case_type", pl.col("case_number").fill_null(""), pl.col("event").fill_null("")], separator="/")
        .alias("what"),
        pl.format("{}: {}", pl.col("case_type").str.replace_all("-", " ", literal=True).str.to_titlecase(), words)
        .alias("detail"),
    )  # fmt: skip
    return events(scene, rows)


def _open_cases(scene: Scene, cases: pl.DataFrame) -> pl.DataFrame:
    """The newest event of each case that has begun and not ended, solvent liquidations left aside."""
    case = ["company_number", "case_type", pl.col("case_number").fill_null("").alias("number")]
    ended = cases.filter(pl.col("event").is_in(scene.values.texts("signals.case_endings"))).select(case).unique()
    return (
        cases.filter(pl.col("kind") == "insolvency")
        .with_columns(pl.col("case_number").fill_null("").alias("number"))
        .join(ended, on=["company_number", "case_type", "number"], how="anti")
        .sort("company_number", "case_type", "number", "dated_on", "event_id")
        .unique(["company_number", "case_type", "number"], keep="last", maintain_order=True)
    )


def _strike_offs(scene: Scene) -> pl.DataFrame:
    rows = scene.evidence.filing.filter(
        pl.col("description").is_in(list(_STRIKE_OFF)), pl.col("filed_on") <= scene.on
    ).with_columns(
        pl.col("description").replace_strict(_STRIKE_OFF, default=None, return_dtype=pl.String).alias("kind"),
        pl.col("transaction_id").alias("what"),
        pl.col("filed_on").alias("dated_on"),
        pl.col("description")
        .str.replace_all("-", " ", literal=True)
        .str.replace("^gazette ", "Gazette: ")
        .alias("detail"),
    )
    return events(scene, rows)


def _open_strike_offs(strikes: pl.DataFrame) -> pl.DataFrame:
    """Notices with nothing after them that stops or completes the strike-off; a notice on the same day comes first."""
    rank = pl.col("kind").is_in(_NOTICES).not_()
    return (
        strikes.with_columns(rank.alias("rank"))
        .sort("company_number", "dated_on", "rank", "event_id")
        .unique("company_number", keep="last", maintain_order=True)
        .filter(pl.col("kind").is_in(_NOTICES))
    )
