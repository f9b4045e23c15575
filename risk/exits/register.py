"""The register of children's homes as it stood on a day, from what describes that day or an earlier one."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from risk.exits.departures import departures
from risk.exits.publications import Publications, council_of, is_home


@dataclass(frozen=True, slots=True)
class Register:
    """Homes that stood on the register.

    Attributes:
        day: the day the register stood so: the last one that a list, or a list of movements, describes.
        listed: the day of the newest list of homes.
        homes: one row for each home, columns as in `Publications.lists`; of a home that joined after the list only
            what its joining says. `day` is the day of the row.
        lists: every list known, as `Publications.lists` gives them.
    """

    day: date
    listed: date
    homes: pl.DataFrame
    lists: pl.DataFrame


def standing(known: Publications) -> Register | None:
    """The register by the newest list, less who left and with who joined since; None where there is no list.

    Args:
        known: publications up to a day (`Publications.by`).
    """
    lists = known.lists()
    if lists.is_empty():
        return None
    listed = lists["day"].max()
    assert isinstance(listed, date)  # noqa: S101 - the column is never null
    moved = known.movement.join(known.described, on="document_id").filter(pl.col("day") > listed)
    newest = lists.filter(pl.col("day") == listed)
    if moved.is_empty():
        return Register(listed, listed, newest, lists)
    day = moved["day"].max()
    assert isinstance(day, date)  # noqa: S101 - as above
    gone = departures(known).filter(pl.col("upper") <= day)
    joined = _joiners(moved, lists.schema).join(newest, on="urn", how="anti")
    homes = pl.concat([newest, joined]).join(gone, on="urn", how="anti").sort("urn")
    return Register(day, listed, homes, lists)


def _joiners(moved: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """Rows of lists for homes that joined, from what their joining says; no owner is given there."""
    rows = (
        moved.filter(is_home(), pl.col("kind") != "leaver")
        .sort("urn", "day", "document_id", "locator")
        .unique("urn", keep="first", maintain_order=True)
    )
    rows = rows.with_columns(council_of())
    return rows.select(
        (pl.col(name) if name in rows.columns else pl.lit(None)).cast(kind).alias(name) for name, kind in schema.items()
    )
