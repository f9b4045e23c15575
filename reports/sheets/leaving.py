"""Homes that may leave the register, and quality across each group through time."""

from typing import Final

import polars as pl

from reports.frames import RunView, by_group
from reports.sheet import Column, Kind, Sheet, sheet_of
from reports.sheets.common import ENTRY, GROUP
from reports.style import date_text
from reports.symbols import NOT_APPLICABLE

MOST: Final = 500
_OPINION: Final = (
    "A second opinion of a fitted model, from what Ofsted publishes. It ranks homes; it does not say that a home will "
    "close, and no rating rests on it. Its card says how often it was right."
)
_PATTERN: Final = (
    "Signs are inadequate judgements and suspensions. They gather where one registered provider has two settings with "
    "signs, or two providers of a group have one each: a pattern that section 23A of the Care Standards Act 2000 is "
    "about. Whether there are grounds is for Ofsted\u2019s Chief Inspector to judge."
)


def forecast(view: RunView) -> Sheet:
    """The homes likeliest to leave, with reasons."""
    named = by_group(view, "exit_forecast").with_columns(
        pl.col("probability") * 100,
        pl.when(pl.col("top_reasons") != "").then("top_reasons").alias("top_reasons"),
        pl.when(pl.col("group_id").is_null()).then(None).otherwise("group_name").alias("group_name"),
    )
    frame = named.sort("rank", "urn").head(MOST)
    days = frame["register_of"].unique().sort().to_list()
    of = f" on the register of {date_text(days[0])}" if days else ""
    late = () if frame["in_time"].all() else ("The model learnt from outcomes later than the day looked at.",)
    columns = (
        Column("rank", "Rank", Kind.INTEGER, 8),
        Column("urn", "URN", width=12),
        ENTRY,
        Column("group_name", "Group", width=32, missing=NOT_APPLICABLE),
        Column("owner", "Owner as published", width=32, missing=NOT_APPLICABLE),
        Column("local_authority", "Local authority", width=24),
        Column("places", "Places", Kind.INTEGER, 9),
        Column("probability", "Chance of leaving within a year (%)", Kind.PERCENT, 14, 1),
        Column("top_reasons", "What raises it most", width=90, missing="Nothing above the average home"),
        Column("model_outcomes_by", "Model knows outcomes up to", Kind.DATE, 18),
    )
    return sheet_of(
        "Homes that may leave",
        f"Homes{of} by the chance of leaving within a year: the first {frame.height:,} of {named.height:,}",
        "Homes likeliest to leave the register within a year, with what raises the chance",
        frame,
        columns,
        notes=(_OPINION, *late),
    )


def quality(view: RunView) -> Sheet:
    """Quality of each group's settings, publication by publication."""
    frame = by_group(view, "group_quality", ("as_at",), descending=("as_at",)).with_columns(
        pl.when("gathered").then(pl.lit("Yes")).otherwise(pl.lit("No")).alias("gathered")
    )
    columns = (
        ENTRY,
        GROUP,
        Column("as_at", "Publication of", Kind.DATE, 16),
        *(
            Column(name, header, Kind.INTEGER, 12)
            for name, header in (
                ("settings", "Regulated settings"),
                ("homes", "Children\u2019s homes"),
                ("judged", "Judged"),
                ("inadequate", "Inadequate"),
                ("below_good", "Below good"),
                ("suspended", "Suspended"),
                ("uninspected", "Homes long uninspected"),
                ("with_signs", "Settings with signs"),
                ("providers_with_signs", "Registered providers with signs"),
            )
        ),
        Column("gathered", "Signs gather", width=10),
        Column("left", "Left since the publication before", Kind.INTEGER, 13),
        Column("cancelled", "Of these, cancelled", Kind.INTEGER, 12),
    )
    return sheet_of(
        "Quality by group",
        "Quality by group: judgements, suspensions and departures in each publication, newest first",
        "Settings judged inadequate or below good, suspended, long uninspected or gone, by group and publication",
        frame,
        columns,
        notes=(_PATTERN, "Owners are placed in the groups of today; the Parameters sheet says what counts as long."),
    )
