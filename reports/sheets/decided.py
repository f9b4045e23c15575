"""What people decided of the groups, and whether a second person approved it."""

import polars as pl

from reports.frames import RunView, by_group
from reports.sheet import Column, Kind, Sheet, sheet_of
from reports.sheets.common import ENTRY, GROUP
from reports.standing import NAMES, sentence
from reports.symbols import NOT_APPLICABLE


def decisions(view: RunView) -> Sheet:
    """Every decision of a person that stands in the run, those without approval first within a group."""
    frame = by_group(view, "decision", ("verdict", "decided_at", "decided_id"), descending=("verdict",)).with_columns(
        pl.col("decided_table").replace_strict(NAMES, default=pl.col("decided_table")).alias("kind"),
        pl.col("decided_at").dt.convert_time_zone("Europe/London").dt.date().alias("decided_on"),
        pl.col("approved_at").dt.convert_time_zone("Europe/London").dt.date().alias("approved_on"),
        pl.col("verdict").str.to_titlecase(),
    )
    columns = (
        ENTRY,
        GROUP,
        Column("kind", "Kind of decision", width=26),
        Column("what", "What", width=52),
        Column("author", "Decided by", width=24),
        Column("decided_on", "Decided on", Kind.DATE, 18),
        Column("reason", "Why", width=44),
        Column("verdict", "Second person", width=14),
        Column("approver", "Approved or rejected by", width=24, missing=NOT_APPLICABLE),
        Column("approved_on", "On", Kind.DATE, 18, missing=NOT_APPLICABLE),
    )
    return sheet_of(
        "Decisions",
        "Decisions of people in this run, and their approval",
        "What people decided of the groups, and whether a second person approved it",
        frame,
        columns,
        notes=(
            sentence(view),
            "Nobody approves what they decided themselves. A run is published when every decision in it is approved.",
        ),
    )
