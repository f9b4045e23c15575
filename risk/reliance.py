"""The data quality sheet: how far the figures of each group can be relied on."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from oversight.model.evidence import Evidence
from oversight.model.tables.derived import NOT_RELIABLE
from risk.accounts import Books
from risk.groups import Market

_NOTES: Final[Mapping[str, str]] = {
    "linked_share_of_homes": "percent of the group's homes whose owner is a matched company",
    "last_refresh": "day on which the register last answered about a company of the group",
    "accounts_age_months": "months since the end of the newest period read",
    "accounts_basis": "which accounts the group is judged on",
    "likelihood_inputs": "percent of the likelihood rules that had their input, by their points",
    "accounts_note": "caveat of the accounts of record",
    "companies_with_accounts": "companies of the group with accounts read",
    "figures_by_method": "lines of the newest accounts by how they were read",
    "lowest_confidence": "of the least certain line of the newest accounts, 0 to 1",
    "overridden_figures": "lines that an analyst has replaced",
    "unreliable_figures": "lines in conflict, or not to be added up across companies",
    "accounts_restated": "periods restated in the last three years",
    "accounts_unread": "companies whose newest accounts could not be read, such as images",
    "stated_parents_contradicted": "companies whose accounts state a parent that the register does not show",
    "parents_only_stated": "companies placed in the group by their accounts alone, the register being silent",
    "ownership_decided": "companies joined to or split from an owner by a person",
}


def measure(
    entry: pl.DataFrame, books: Books, market: Market, indicator: pl.DataFrame, evidence: Evidence
) -> pl.DataFrame:
    """Rows of `quality` for the groups of the register."""
    membership = market.membership
    keys = entry.select("group_id")
    newest = books.record.filter(pl.col("latest")).join(keys, on="group_id", how="semi")
    account = books.account.join(newest.select("group_id", "period_id"), on="period_id")
    methods = (
        account.group_by("group_id", "method").len().sort("group_id", "method")
        .group_by("group_id", maintain_order=True)
        .agg(pl.format("{} {}", "len", "method").str.join(", ").alias("value"))
    )  # fmt: skip
    filers = (
        books.period.filter(pl.col("document_id").is_not_null())
        .join(membership.select("group_id", "company_number"), on=["group_id", "company_number"])
        .group_by("group_id")
        .agg(pl.col("company_number").n_unique().alias("filers"))
    )
    companies = membership.group_by("group_id").len("companies").join(filers, on="group_id", how="left")
    of_register = indicator.join(keys, on="group_id", how="semi")
    lowest = account.group_by("group_id").agg(pl.col("confidence").min().round(3))
    parts = [
        _rows(entry, "linked_share_of_homes", pl.col("linked_share_of_homes").round(1)),
        _refreshed(evidence, membership, keys),
        _rows(entry, "accounts_age_months", pl.col("accounts_age_months")),
        _rows(entry, "accounts_basis", pl.col("accounts_basis")),
        _rows(entry, "likelihood_inputs", (pl.col("likelihood_coverage") * 100).round(0)),
        _rows(newest, "accounts_note", pl.col("note")),
        _rows(
            companies.join(keys, on="group_id", how="semi"),
            "companies_with_accounts",
            pl.format("{} of {}", pl.col("filers").fill_null(0), "companies"),
        ),
        _rows(methods, "figures_by_method", pl.col("value")),
        _rows(lowest, "lowest_confidence", pl.col("confidence")),
        _overridden(account, evidence.override),
        _counted(account, pl.col("status") == NOT_RELIABLE, "unreliable_figures"),
        _flag(of_register, "accounts_restated"),
        _flag(of_register, "accounts_unread"),
        _holdings(market.holding, keys, ["contradicts"], "stated_parents_contradicted"),
        _holdings(market.holding, keys, ["stated"], "parents_only_stated"),
        _holdings(market.holding, keys, ["decided", "split"], "ownership_decided"),
    ]
    return pl.concat(parts).filter(pl.col("value").is_not_null()).sort("group_id", "measure")


def _rows(frame: pl.DataFrame, measure: str, value: pl.Expr) -> pl.DataFrame:
    return frame.select(
        "group_id",
        pl.lit(measure).alias("measure"),
        value.cast(pl.String).alias("value"),
        pl.lit(_NOTES[measure]).alias("note"),
    )


def _counted(account: pl.DataFrame, condition: pl.Expr, measure: str) -> pl.DataFrame:
    counts = account.group_by("group_id").agg(condition.sum().alias("count"))
    return _rows(counts.filter(pl.col("count") > 0), measure, pl.col("count"))


def _refreshed(evidence: Evidence, membership: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """The newest day on which an answer about a member came in."""
    answered = evidence.visible.group_by("document_id").agg(pl.col("retrieved_at").max())
    newest = (
        membership.select("group_id", "company_number")
        .join(keys, on="group_id", how="semi")
        .join(evidence.company.select("company_number", "document_id"), on="company_number")
        .join(answered, on="document_id")
        .group_by("group_id")
        .agg(pl.col("retrieved_at").max().dt.convert_time_zone("Europe/London").dt.date().alias("day"))
    )
    return _rows(newest, "last_refresh", pl.col("day"))


def _overridden(account: pl.DataFrame, override: pl.DataFrame) -> pl.DataFrame:
    """How many lines of the newest accounts an analyst replaced, each with who did and why."""
    newest = override.sort("decided_at", "override_id").unique("subject", keep="last", maintain_order=True)
    told = pl.format("{} by {}: {}", "line", "author", "reason")
    found = (
        account.filter(pl.col("method") == "override")
        .join(newest.select("subject", "author", "reason"), left_on="line_id", right_on="subject", how="left")
        .sort("group_id", "line", "account_id")
        .group_by("group_id", maintain_order=True)
        .agg(pl.len().alias("count"), told.drop_nulls().unique(maintain_order=True).str.join("; ").alias("told"))
    )
    note = pl.lit(_NOTES["overridden_figures"])
    return found.select(
        "group_id",
        pl.lit("overridden_figures").alias("measure"),
        pl.col("count").cast(pl.String).alias("value"),
        pl.when(pl.col("told") != "").then(pl.format("{}. {}", note, "told")).otherwise(note).alias("note"),
    )


def _flag(indicator: pl.DataFrame, code: str) -> pl.DataFrame:
    newest = indicator.filter(pl.col("code") == code, pl.col("latest"), pl.col("subject_kind") == "group")
    return _rows(newest.filter(pl.col("value") > 0), code, pl.col("value").cast(pl.Int64))


def _holdings(holding: pl.DataFrame, keys: pl.DataFrame, roles: list[str], measure: str) -> pl.DataFrame:
    """How many companies of each group have an owner in one of some roles, with what says so."""
    told = pl.format("{}: {}", pl.coalesce("company_name", "company_number"), pl.coalesce("why", "locator"))
    found = (
        holding.filter(pl.col("role").is_in(roles))
        .join(keys, on="group_id", how="semi")
        .sort("company_number", "holding_id")
        .group_by("group_id", maintain_order=True)
        .agg(
            pl.col("company_number").n_unique().alias("count"),
            told.unique(maintain_order=True).str.join("; ").alias("told"),
        )
    )
    return found.select(
        "group_id",
        pl.lit(measure).alias("measure"),
        pl.col("count").cast(pl.String).alias("value"),
        pl.format("{}. {}", pl.lit(_NOTES[measure]), pl.col("told")).alias("note"),
    )
