"""When homes left: the day where a list of leavers gives it, else the bounds between which it lies.

An undated leaving lies between the last time the home was named and the first list without it. Every time for which
Ofsted's own list of leavers is held, without that home in it, is taken out of those bounds.
"""

from datetime import date, timedelta
from typing import Final

import polars as pl

from risk.exits.publications import Publications, is_home

_YEAR: Final = timedelta(days=365)
SCHEMA: Final = pl.Schema({"urn": pl.String, "left_on": pl.Date, "lower": pl.Date, "upper": pl.Date})


def departures(known: Publications) -> pl.DataFrame:
    """Homes that left by what is known.

    A leaving is passed over where a later list has the home again: it was withdrawn or concerned another matter.

    Returns:
        urn, left_on (null where no day is given), lower and upper (both the day, where it is given); sorted by URN.
    """
    named = _last_named(known)
    dated = _dated(known, named)
    days = known.days()
    covered = leavers_listed(known)
    rows = []
    for urn, last in named.join(dated, on="urn", how="anti").select("urn", "last_named").iter_rows():
        first_without = next((day for day in days if day > last), None)
        if first_without is not None:
            lower, upper = _narrowed(last, first_without, covered)
            rows.append((urn, None, lower, upper))
    undated = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    told = dated.select("urn", "left_on", pl.col("left_on").alias("lower"), pl.col("left_on").alias("upper"))
    return pl.concat([told.cast(dict(SCHEMA.items())), undated]).sort("urn")


def leavers_listed(known: Publications) -> tuple[tuple[date, date], ...]:
    """The times whose leavers are listed: the year of each list of movements, the span of a list of closures."""
    dated = known.movement.filter(pl.col("kind") != "joiner").join(known.described, on="document_id")
    spans = dated.group_by("document_id", "source", "day").agg(pl.col("left_on").min().alias("first"))
    covered = []
    for row in spans.sort("day", "document_id").iter_rows(named=True):
        since = row["day"] - _YEAR
        if row["source"] == "ofsted.closures" and row["first"] is not None:
            since = min(since, row["first"])
        covered.append((since, row["day"]))
    return tuple(covered)


def _last_named(known: Publications) -> pl.DataFrame:
    """The last day on which a list, or a list of joiners, names it as registered."""
    listed = known.home.filter(is_home()).select("urn", pl.col("as_at").alias("day"))
    joined = (
        known.movement.filter(is_home(), pl.col("kind") == "joiner")
        .join(known.described, on="document_id")
        .select("urn", "day")
    )
    return pl.concat([listed, joined]).group_by("urn").agg(pl.col("day").max().alias("last_named")).sort("urn")


def _dated(known: Publications, named: pl.DataFrame) -> pl.DataFrame:
    """The day each home left, the first day given that no later list contradicts."""
    return (
        known.movement.filter(pl.col("kind") != "joiner", pl.col("left_on").is_not_null())
        .join(named, on="urn", how="left")
        .filter(pl.col("last_named").is_null() | (pl.col("left_on") >= pl.col("last_named")))
        .sort("urn", "left_on", "document_id", "locator")
        .unique("urn", keep="first", maintain_order=True)
        .select("urn", "left_on")
    )


def _narrowed(lower: date, upper: date, covered: tuple[tuple[date, date], ...]) -> tuple[date, date]:
    """The bounds less the times whose leavers are listed without the home, where these touch a bound."""
    changed = True
    while changed:
        changed = False
        for since, to in covered:
            if since <= lower < to < upper:
                lower, changed = to, True
            elif lower < since < upper <= to:
                upper, changed = since, True
    return lower, upper
