"""A whole collection of a small part of the example market, and what a ledger says once time is left out of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl

from oversight.cli.demonstration import demo_settings
from oversight.example.market import DEFAULT_SEED, generate
from oversight.example.shapes import Market
from oversight.model.tables import TABLES, read
from oversight.model.times import utc_now
from oversight.pipeline.collect import collect_companies, collect_govuk
from oversight.pipeline.read import read_documents
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.store.sql import BULKY

UNTIL = date(2026, 9, 30)
PAGE = 10
"""Items on a page of the served market, so that its short lists have several pages."""
_DECIDED = ["owner_key", "company_number", "kind", "decision", "score", "author", "reason"]


def part_of_market(*groups: str) -> Market:
    """The usual example market with only these groups in it (such as `G00-10`)."""
    whole = generate(DEFAULT_SEED, UNTIL)
    kept = [group for group in whole.groups if group.key in groups]
    numbers = {number for group in kept for number in group.companies}
    owners = tuple(owner for owner in whole.owners if owner.group in groups)
    keys = {owner.key for owner in owners}
    return replace(
        whole,
        groups=tuple(kept),
        owners=owners,
        homes=tuple(home for home in whole.homes if home.owner in keys),
        companies=tuple(company for company in whole.companies if company.number in numbers),
        events=tuple(event for event in whole.events if event.company_number in numbers),
    )


def sweep(home: Path, base: str, connections: int = 16) -> dict[str, str]:
    """Collect everything from a served market and read it.

    Returns:
        What could not be fetched, by subject.
    """
    settings = demo_settings(home, base).model_copy(update={"connections": connections, "workers": 1})
    with open_workspace(settings, utc_now) as workspace:
        collect_govuk(workspace)
        read_documents(workspace)
        summary = collect_companies(workspace)
        read_documents(workspace)
    return summary.failures


def contents(home: Path, base: str) -> dict[str, pl.DataFrame]:
    """What an installation holds: the newest answer for each subject, and the rows read from those documents."""
    with open_workspace(demo_settings(home, base), utc_now) as workspace:
        answered = workspace.ledger.frame("fetch").filter(pl.col("status") != "failed")
        newest = answered.sort("requested_at").unique(["source", "subject"], keep="last", maintain_order=True)
        held = newest["document_id"].drop_nulls().unique()
        for document in held:
            workspace.archive.get(document)  # checks the bytes against their name
        tables = {
            "fetch": newest.select(
                "source", "subject", "url", "published_on", "document_id", absent=pl.col("status") == "absent"
            ).sort("source", "subject"),
            "link": workspace.ledger.frame("link").select(_DECIDED).sort(_DECIDED),
            "document": workspace.ledger.frame("document").filter(pl.col("document_id").is_in(held.to_list())),
        }
        for name in read.TABLES:
            tables[name] = _read(workspace, name, held)
    return tables


def _read(workspace: Workspace, name: str, held: pl.Series) -> pl.DataFrame:
    if name in BULKY:
        readings = workspace.ledger.frame("reading").filter(pl.col("document_id").is_in(held.to_list()))
        return workspace.bulk.scan(name, readings.select("document_id", "version")).collect()
    rows = workspace.ledger.frame(name)
    mine = rows.filter(pl.col("document_id").is_in(held.to_list()))
    return mine.sort(TABLES[name].primary_key())


def differences(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> list[str]:
    """In which tables two installations differ, and how; none where they hold the same."""
    return [
        f"{name}: {one[name].height:,} rows and {other[name].height:,}{_shown(one[name], other[name])}"
        for name in sorted(one)
        if not one[name].equals(other[name])
    ]


def _shown(one: pl.DataFrame, other: pl.DataFrame) -> str:
    """The first rows that the other frame lacks, where they say whose they are."""
    if "subject" not in one.columns:
        return ""
    apart = one.join(other, on=one.columns, how="anti", nulls_equal=True).head(3)
    return "".join(f"; {row['source']} {row['subject']}" for row in apart.iter_rows(named=True))


def rows_in(tables: dict[str, pl.DataFrame]) -> int:
    """Rows in all tables."""
    return sum(frame.height for frame in tables.values())
