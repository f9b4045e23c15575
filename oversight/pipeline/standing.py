"""Which decisions of people a run rests on, whom they concern, and whether a second person approved them by then."""

from collections.abc import Mapping
from typing import Final

import polars as pl

from oversight.identity.names import normal_form
from oversight.model.evidence import Evidence, schema_of
from oversight.pipeline.approve import verdicts
from reports.frames import DECISION_SCHEMA

_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "register_field": ("entry_id", "field"),
    "override": ("subject", "field"),
    "hand_read": ("line_id",),
    "link": ("owner_key",),
    "ownership_decision": ("company_number", "owner_key"),
    "determination": ("subject", "notice_reference"),
}
"""By table: what a decision is about. Of one thing the newest decision stands."""


def standing_decisions(evidence: Evidence, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Decisions of people that stand and concern a group of the run, with what a second person had said by then.

    Args:
        evidence: with the decisions and approvals made by its moment.
        tables: derived tables of the run.

    Returns:
        Columns of `DECISION_SCHEMA`, sorted; a decision that concerns two groups has a row for each.
    """
    told = verdicts(lambda name: getattr(evidence, name))
    parts = [
        told.filter(pl.col("decided_table") == table).join(
            _placed(table, _standing(getattr(evidence, table), table), tables), on="decided_id"
        )
        for table in _KEYS
    ]
    entries = tables["register_entry"].select("group_id", "entry_id")
    found = pl.concat(parts).join(entries, on="group_id", how="left")
    return found.select(list(DECISION_SCHEMA)).cast(DECISION_SCHEMA).sort(
        "group_id", "decided_table", "decided_id"
    )  # fmt: skip


def _standing(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """The newest decision about each thing, a rule's too: what a rule decided since takes a person's place."""
    key = schema_of(table).primary_key()[0]
    newest = frame.sort("decided_at", key).unique(list(_KEYS[table]), keep="last", maintain_order=True)
    return newest.with_columns(pl.col(key).alias("decided_id"))


def _placed(table: str, rows: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Columns decided_id and group_id: the groups that each decision concerns; none for one that concerns none."""
    companies = tables["membership"].select("group_id", "company_number")
    owners = tables["provider"].select("group_id", "owner_key", pl.col("company_number").alias("linked"))
    if table == "register_field":
        found = [rows.join(tables["register_entry"].select("entry_id", "group_id"), on="entry_id")]
    elif table == "override":
        periods = tables["account_period"].select("period_id", "group_id")
        lines = tables["account"].select("period_id", pl.col("line_id").alias("subject")).drop_nulls()
        found = [rows.join(lines.join(periods, on="period_id"), on="subject")]
    elif table == "link":
        found = [rows.join(owners.drop("linked"), on="owner_key")]
    elif table == "ownership_decision":
        above = companies.rename({"company_number": "owner_company_number"})
        found = [rows.join(companies, on="company_number"), rows.join(above, on="owner_company_number")]
    elif table == "determination":
        named = rows.with_columns(pl.col("subject").map_elements(normal_form, return_dtype=pl.String).alias("key"))
        found = [
            rows.join(companies.rename({"company_number": "subject"}), on="subject"),
            rows.join(owners.rename({"linked": "subject"}), on="subject"),
            named.join(owners.rename({"owner_key": "key"}), on="key"),
        ]
    else:
        found = [rows.join(companies, on="company_number")]
    return pl.concat([each.select("decided_id", "group_id") for each in found]).unique().sort("decided_id", "group_id")
