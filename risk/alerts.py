"""Alerts: events of groups in the register, and moves of bands between two runs.

An alert says what happened and to whom, never a score. Its id is the same in every run that sees the same thing.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, RootModel

from oversight.model.ids import row_id
from risk.findings import empty, hashed
from risk.parameters import Values

BAND_CHANGE: Final = "band_change"
_DATED_BY_THE_RUN: Final = "accounts_age_months"
_BAND_TITLE: Final = "Register entry moved since the earlier run"


class Kind(BaseModel):
    """What a kind of event is called and how fast it is sent.

    Attributes:
        urgency: of news.
        title: what happened.
        tell: whether the event's own words are told in place of the title, where one group has many of a kind.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    urgency: Literal["immediate", "digest"]
    title: str
    tell: bool = False


class Kinds(RootModel[dict[str, Kind]]):
    """Kinds of events by name."""


def raise_alerts(
    event: pl.DataFrame, entry: pl.DataFrame, visible: pl.DataFrame, on: date, values: Values
) -> pl.DataFrame:
    """Rows of `alert` for events that became known within the alert window.

    An event is news from its day or from the publication of its document, whichever is later, if it is not over a
    year old by then. It is sent at once only if its own day lies within the window too; older news goes into the
    digest.

    Args:
        event: events of all groups.
        entry: the register; groups outside it raise no alert.
        visible: documents with their days of publication.
        on: day looked at.
        values: parameters in force.
    """
    published = visible.group_by("document_id").agg(pl.col("published_on").min())
    kinds = values.parse("events.urgency", Kinds).root
    age = (pl.lit(on) - pl.col("news_on")).dt.total_days()
    window = values.number("events.window_days")
    old = (pl.lit(on) - pl.col("dated_on")).dt.total_days()
    named = pl.DataFrame(
        {
            "kind": list(kinds),
            "urgency": [k.urgency for k in kinds.values()],
            "what": [k.title for k in kinds.values()],
            "tell": [k.tell for k in kinds.values()],
        },
        schema={"kind": pl.String, "urgency": pl.String, "what": pl.String, "tell": pl.Boolean},
    )
    recent = (
        event.join(published, on="document_id", how="left")
        .with_columns(pl.max_horizontal("dated_on", "published_on").alias("news_on"))
        .filter(age >= 0, age <= window, old <= values.number("events.oldest_days"))
        .join(named, on="kind")
        .join(entry.select("group_id", "entry_id", "group_name"), on="group_id")
        .with_columns(
            pl.when(old <= window).then("urgency").otherwise(pl.lit("digest")).alias("urgency"),
            pl.format("{}: {}", pl.when("tell").then("detail").otherwise("what"), "group_name").alias("title"),
            pl.col("event_id").alias("evidence_id"),
        )
        .sort("event_id")
    )
    return hashed(recent, "alert_id", "alert", ["event_id"]).select(empty("alert").columns)


def band_changes(earlier: Mapping[str, pl.DataFrame], later: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Alerts for groups whose likelihood or impact band differs between two runs.

    Args:
        earlier: tables of the earlier run.
        later: tables of the later run.

    Returns:
        Rows of `alert`, dated by the later run's day; none for groups that only one of the runs has. A likelihood
        that is assessed for the first time is a move only if it raises the proposed stage.
    """
    moved = band_moves(earlier, later)
    return moved.with_columns(
        pl.lit(BAND_CHANGE).alias("kind"),
        pl.lit("digest").alias("urgency"),
        pl.format("{}: {}", pl.lit(_BAND_TITLE), "group_name").alias("title"),
        pl.col("entry_id").alias("evidence_id"),
    ).select(empty("alert").columns)


def band_moves(earlier: Mapping[str, pl.DataFrame], later: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The moves that `band_changes` tells of, with the bands.

    Returns:
        The later run's register entries with alert_id, dated_on, and likelihood, impact and proposed_stage as they
        were before (`_before`).
    """
    day = later["indicator"].filter(pl.col("code") == _DATED_BY_THE_RUN)["dated_on"].max()
    bands = ["likelihood", "impact"]
    moved = (
        later["register_entry"]
        .join(earlier["register_entry"].select("entry_id", "proposed_stage", *bands), on="entry_id", suffix="_before")
        .filter(
            pl.when(pl.col("likelihood_before").is_null())
            .then(pl.col("proposed_stage") > pl.col("proposed_stage_before"))
            .otherwise(pl.col("likelihood").ne_missing(pl.col("likelihood_before")))
            | (pl.col("impact") != pl.col("impact_before"))
        )
        .filter(isinstance(day, date))
        .sort("entry_id")
    )
    key = ["entry_id", *bands, *(f"{band}_before" for band in bands)]
    ids = [row_id("alert", BAND_CHANGE, str(day), *parts) for parts in moved.select(key).iter_rows()]
    return moved.with_columns(pl.Series("alert_id", ids, dtype=pl.String), pl.lit(day, dtype=pl.Date).alias("dated_on"))
