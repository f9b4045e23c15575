"""What differs between two runs: entries that are new, gone or moved, and what moved in them."""

from collections.abc import Mapping
from typing import Final

import polars as pl

CHANGES: Final = pl.Schema(
    {
        "entry_id": pl.String,
        "group_name": pl.String,
        "change": pl.String,
        "field": pl.String,
        "before": pl.String,
        "after": pl.String,
    }
)
"""Columns of `changes`: `change` is new, gone or moved; `field` is empty for new and gone."""

_NOT_ASSESSED: Final = "not assessed"
_WATCHED: Final = (
    "group_name",
    "uk_parent_number",
    "homes",
    "places",
    "likelihood",
    "impact",
    "proposed_stage",
    "scope_conditions_met",
    "top_reasons",
    "accounts_made_up_to",
    "accounts_basis",
)


def changes(earlier: Mapping[str, pl.DataFrame], later: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Compare the registers of two runs.

    Args:
        earlier: tables of the earlier run.
        later: tables of the later run.

    Returns:
        One row for each new or gone entry and for each field that moved, in columns of `CHANGES`.
    """
    before, after = earlier["register_entry"], later["register_entry"]
    parts = [
        _whole(after.join(before, on="entry_id", how="anti"), "new"),
        _whole(before.join(after, on="entry_id", how="anti"), "gone"),
        _moved(before, after),
    ]
    return pl.concat(parts).sort("entry_id", "change", "field")


def _whole(entry: pl.DataFrame, change: str) -> pl.DataFrame:
    nothing = pl.lit(None, dtype=pl.String)
    return entry.select(
        "entry_id",
        "group_name",
        pl.lit(change).alias("change"),
        pl.lit("").alias("field"),
        nothing.alias("before"),
        nothing.alias("after"),
    )


def _moved(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    was, is_now = _long(before, "before"), _long(after, "after")
    return (
        is_now.join(was, on=["entry_id", "field"])
        .filter(pl.col("before").ne_missing(pl.col("after")))
        .join(after.select("entry_id", "group_name"), on="entry_id")
        .with_columns(pl.lit("moved").alias("change"))
        .select(CHANGES.names())
    )


def _long(entry: pl.DataFrame, name: str) -> pl.DataFrame:
    texts = entry.select("entry_id", *(pl.col(field).cast(pl.String) for field in _WATCHED)).with_columns(
        pl.col("likelihood").fill_null(_NOT_ASSESSED)
    )
    return texts.unpivot(on=list(_WATCHED), index="entry_id", variable_name="field", value_name=name)
