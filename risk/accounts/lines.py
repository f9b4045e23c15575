"""The lines that may be used: with the day their document was filed, what people decided, and conflicts marked."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from oversight.errors import InputError
from oversight.model.evidence import Evidence
from oversight.model.tables.derived import NOT_RELIABLE, VALUE

ACCOUNTS_SOURCE: Final = "companies_house.accounts"
CONFLICT: Final = "conflict"
OVERRIDE: Final = "override"
_KEY: Final = ("document_id", "company_number", "consolidated", "period_end", "line")


def usable_lines(evidence: Evidence) -> pl.DataFrame:
    """One row for each document, company, period end, group-or-company and line.

    Returns:
        The columns of `line`, and `status`, `filed_on` and `override_id`, in no order. Of several figures for the
        same thing the current one counts before a comparative, the surer before the less sure.
    """
    lines = _with_filing(evidence).filter(pl.col("company_number").is_not_null())
    decided = _overridden(lines, evidence)
    twice = pl.struct(*_KEY).is_duplicated()
    best = (
        decided.filter(twice)
        .sort("comparative", pl.col("status") != VALUE, -pl.col("confidence"), "line_id")
        .unique(list(_KEY), keep="first", maintain_order=True)
    )
    return pl.concat([decided.filter(~twice), best])


def accounts_filings(evidence: Evidence) -> pl.DataFrame:
    """Documents of accounts with the company and day of their filing.

    Returns:
        document_id, filed_on, filing_company; one row a document, the earliest filing where several share its bytes.
    """
    accounts = evidence.visible.filter(pl.col("source") == ACCOUNTS_SOURCE)
    filing = evidence.filing.unique("transaction_id", keep="first").select(
        pl.col("transaction_id").alias("subject"), "company_number", pl.col("filed_on").alias("registered_on")
    )
    return (
        accounts.join(filing, on="subject", how="left")
        .with_columns(pl.coalesce("published_on", "registered_on").alias("filed_on"))
        .sort("document_id", "filed_on", "company_number", nulls_last=True)
        .unique("document_id", keep="first", maintain_order=True)
        .select("document_id", "filed_on", pl.col("company_number").alias("filing_company"))
    )


def _with_filing(evidence: Evidence) -> pl.DataFrame:
    other = evidence.visible.group_by("document_id").agg(pl.col("published_on").min())
    return (
        _read_lines(evidence)
        .join(accounts_filings(evidence), on="document_id", how="left")
        .join(other, on="document_id", how="left")
        .with_columns(
            pl.coalesce("filed_on", "published_on").alias("filed_on"),
            pl.coalesce("company_number", "filing_company").alias("company_number"),
        )
        .drop("filing_company", "published_on")
    )


def _overridden(lines: pl.DataFrame, evidence: Evidence) -> pl.DataFrame:
    """The lines with the newest decision of a person on each taken in; one without a value withdraws the figure."""
    standing = (
        pl.concat(
            [
                evidence.override.filter(pl.col("field") == "value").select(
                    pl.col("subject").alias("line_id"), "override_id", "new_value", "decided_at"
                ),
                evidence.hand_read.select(
                    "line_id", pl.col("hand_read_id").alias("override_id"),
                    pl.col("value").cast(pl.String).alias("new_value"), "decided_at",
                ),
            ]
        )
        .sort("decided_at", "override_id")
        .unique("line_id", keep="last", maintain_order=True)
    )  # fmt: skip
    decided = standing.with_columns(
        pl.Series("decided_value", [_number(row) for row in standing.iter_rows(named=True)], dtype=pl.Float64)
    ).drop("new_value", "decided_at")
    changed = pl.col("override_id").is_not_null()
    value = pl.when(changed).then("decided_value").otherwise("value")
    usable = pl.when(changed).then(pl.col("decided_value").is_not_null()).otherwise(pl.col("method") != CONFLICT)
    return (
        lines.join(decided, on="line_id", how="left")
        .with_columns(
            pl.when(usable).then(value).alias("value"),
            pl.when(usable).then(pl.lit(VALUE)).otherwise(pl.lit(NOT_RELIABLE)).alias("status"),
            pl.when(changed).then(pl.lit(OVERRIDE)).otherwise("method").alias("method"),
            pl.when(changed).then(1.0).otherwise("confidence").alias("confidence"),
        )
        .drop("decided_value")
    )


def _read_lines(evidence: Evidence) -> pl.DataFrame:
    """The read lines, and those that only a person read, of documents that are visible."""
    by_hand = (
        evidence.hand_read.join(evidence.line, on="line_id", how="anti")
        .join(evidence.visible, on="document_id", how="semi")
        .sort("decided_at", "hand_read_id")
        .unique("line_id", keep="last", maintain_order=True)
        .with_columns(
            pl.col("value").fill_null(0.0),
            pl.lit("read by a person").alias("concept"),
            pl.lit(None, dtype=pl.String).alias("fact_id"),
            pl.lit(None, dtype=pl.String).alias("inputs"),
            pl.lit(OVERRIDE).alias("method"),
            pl.lit(1.0).alias("confidence"),
        )
    )
    return pl.concat([evidence.line, by_hand.select(evidence.line.columns)])


def _number(row: Mapping[str, object]) -> float | None:
    if row["new_value"] is None:
        return None
    try:
        return float(str(row["new_value"]).replace(",", ""))
    except ValueError as error:
        raise InputError(
            f"an override of a figure is not a number: {row['new_value']!r}",
            where=f"override {row['override_id']} of line {row['line_id']}",
            next_step="Record a corrected override; the newest one stands.",
        ) from error
