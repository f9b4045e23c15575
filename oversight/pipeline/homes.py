"""Registrations as an analyst lists them."""

from datetime import date

import polars as pl

from oversight.errors import InputError
from oversight.model.times import AsAt, london_date
from oversight.pipeline.select import select_evidence
from oversight.pipeline.workspace import Workspace

COLUMNS = (
    "urn",
    "name",
    "provision_type",
    "sector",
    "status",
    "registered_on",
    "owner",
    "places",
    "local_authority",
    "local_authority_code",
    "region",
    "overall",
    "helped_and_protected",
    "leaders_and_managers",
    "inspected_on",
)


def homes(workspace: Workspace, *, on: date | None = None, provision_type: str | None = None) -> pl.DataFrame:
    """Registered providers in the newest list that describes a day or an earlier one.

    The list may have been published after the day it describes; what is held now counts.

    Args:
        workspace: the installation.
        on: the day; the newest list where not given.
        provision_type: only this type; capitals and the form of the apostrophe do not matter.

    Returns:
        `COLUMNS`, sorted by URN.

    Raises:
        InputError: where no list describes that day or an earlier one, or no provider has that type.
    """
    now = workspace.clock()
    rows = select_evidence(workspace, AsAt(on=london_date(now), known_by=now), {"home"}).home
    if on is not None:
        rows = rows.filter(pl.col("as_at") <= on)
    if rows.is_empty():
        raise InputError(
            "no list of registrations describes that day or an earlier one",
            where=str(on or "any day"),
            next_step="`oversight collect ofsted --bundled` brings the list of 31 March 2025.",
        )
    newest = rows.filter(pl.col("as_at") == pl.col("as_at").max())
    if provision_type is not None:
        newest = _of_type(newest, provision_type)
    return newest.select(COLUMNS).sort("urn")


def _of_type(rows: pl.DataFrame, provision_type: str) -> pl.DataFrame:
    wanted = _plain(provision_type)
    kept = rows.filter(pl.col("provision_type").map_elements(_plain, return_dtype=pl.String) == wanted)
    if kept.is_empty():
        known = ", ".join(sorted(rows["provision_type"].unique()))
        raise InputError("no provider has that type", where=repr(provision_type), next_step=f"The types are: {known}.")
    return kept


def _plain(text: str) -> str:
    return " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold().split())
