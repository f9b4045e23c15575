"""Determinations as people recorded them: which stand on a day, and whose group they concern.

A determination is the Secretary of State's, made by notice; here it is only written down, by a person who answers for
what is written. No rule makes one.
"""

from datetime import date

import polars as pl

from oversight.identity.names import normal_form
from risk.words import day_in_words


def standing(determination: pl.DataFrame, on: date) -> pl.DataFrame:
    """Rows of `determination` in force on a day: of each subject and notice the newest row, unless revoked by then."""
    newest = determination.sort("decided_at", "determination_id").unique(
        ["subject", "notice_reference"], keep="last", maintain_order=True
    )
    return newest.filter(
        pl.col("determined_on") <= on, pl.col("revoked_on").is_null() | (pl.col("revoked_on") > on)
    ).sort("determined_on", "subject", "notice_reference")


def of_groups(standing: pl.DataFrame, companies: pl.DataFrame, provider: pl.DataFrame) -> pl.DataFrame:
    """What is recorded of each group, in words.

    Args:
        standing: determinations in force. A subject is a company's number, or an owner's name as Ofsted prints it.
        companies: group_id and company_number of every company in a group.
        provider: group_id and owner_key of every owner.

    Returns:
        group_id and determination, such as `Determined on 1 July 2026, notice FO/1, condition size: recorded by A
        Person`; several joined by '; '.
    """
    keys = standing.with_columns(pl.col("subject").map_elements(normal_form, return_dtype=pl.String).alias("owner_key"))
    owners = provider.select("group_id", "owner_key").drop_nulls()
    placed = pl.concat(
        [
            keys.join(
                companies.select("group_id", pl.col("company_number").alias("subject")).unique(), on="subject"
            ).drop("owner_key"),
            keys.join(owners.unique(), on="owner_key").drop("owner_key"),
        ],
        how="diagonal",
    ).unique(["group_id", "determination_id"])
    text = pl.format(
        "Determined on {}, notice {}, condition {}: recorded by {}",
        day_in_words("determined_on"),
        "notice_reference",
        "condition",
        "author",
    )
    return (
        placed.sort("group_id", "determined_on", "notice_reference")
        .group_by("group_id", maintain_order=True)
        .agg(text.str.join("; ").alias("determination"))
    )
