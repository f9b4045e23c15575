"""Which evidence an `AsAt` admits: from the ledger to frames, without hindsight."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import polars as pl

from collectors.expectations import Shortfall
from collectors.registry import READERS
from collectors.source import load_sources
from oversight.model.evidence import VISIBLE_SCHEMA, Evidence, schema_of
from oversight.model.times import LONDON, AsAt, london_date
from oversight.pipeline.fitness import issues, withheld, without
from oversight.pipeline.rewind import REWINDS, rewind
from oversight.pipeline.workspace import Workspace
from oversight.store.sql import BULKY

_DECIDED = ("link", "ownership_decision", "override", "hand_read", "determination", "register_field", "approval")
_SIGNPOSTS = frozenset(
    {
        "companies_house.search",
        "companies_house.document_metadata",
        "companies_house.company_data",
        "companies_house.psc_snapshot",
        "gazette.notices",
        "ofsted.pages",
    }
)
_HOME_SOURCES = (
    "ofsted.provider_level",
    "ofsted.management_information",
    "ofsted.workbook",
    "ofsted.providers_and_places",
)
"""Sources that list providers, the fullest first: where two describe one day, the first is used."""


def select_evidence(workspace: Workspace, as_at: AsAt, only: Collection[str] | None = None) -> Evidence:
    """The evidence that was public on a day and held by a moment.

    A document counts from the day it was published or, where its source does not say, from the day it was
    fetched; a register's answer counts whenever it was held, taken back to the day (`rewind`). Of several
    versions of one subject the newest visible one counts. A publication that falls short of what its source
    usually gives is left out, so that the last good one stands, and an issue row says so.

    Args:
        workspace: the installation.
        as_at: day and moment.
        only: names of the tables wanted; the others are left empty. All where not given.
    """
    ledger = workspace.ledger
    usable, short = usable_fetches(workspace, as_at)
    visible = visible_documents(usable, ledger.frame("document"), as_at, _registers())
    late = visible.filter(_london(pl.col("retrieved_at")) > as_at.on)["document_id"]
    readings = _current_readings(workspace, visible)
    tables: dict[str, pl.DataFrame] = {}
    for name in Evidence.table_names():
        if only is not None and name not in only:
            tables[name] = schema_of(name).create_empty()
        elif name in _DECIDED:
            tables[name] = workspace.ledger.frame(name).filter(pl.col("decided_at") <= as_at.known_by)
        elif name in BULKY:
            tables[name] = workspace.bulk.scan(name, readings).collect()
        else:
            rows = workspace.ledger.frame(name).join(
                visible.select("document_id").unique(), on="document_id", how="semi"
            )
            tables[name] = rewind(name, rows, as_at.on, late) if name in REWINDS else rows
    tables["home"] = _one_list_a_day(tables["home"], visible)
    tables["issue"] = pl.concat([tables["issue"], issues(short)]) if only is None else tables["issue"]
    tables["filing"] = tables["filing"].unique("transaction_id", keep="first", maintain_order=True)
    return Evidence(as_at=as_at, visible=visible, **tables)


def readable_publications(workspace: Workspace, as_at: AsAt) -> pl.DataFrame:
    """Every document that an `AsAt` admits, as `Evidence.visible`; several lists of one day stand side by side."""
    usable, _ = usable_fetches(workspace, as_at)
    return visible_documents(usable, workspace.ledger.frame("document"), as_at, _registers())


def _registers() -> list[str]:
    """Sources whose answers date their own rows."""
    return [source.name for source in load_sources().values() if source.kind == "register"]


def usable_fetches(workspace: Workspace, as_at: AsAt) -> tuple[pl.DataFrame, list[Shortfall]]:
    """Attempts at sources that a judgement rests on, less publications that fall short, and those shortfalls."""
    fetch = judged_fetches(workspace)
    public = fetch.filter(
        pl.col("retrieved_at") <= as_at.known_by,
        pl.coalesce(pl.col("published_on"), _london(pl.col("retrieved_at"))) <= as_at.on,
    )
    short = withheld(workspace, public, as_at.known_by)
    return without(fetch, short), short


def publications_withheld(workspace: Workspace) -> list[Shortfall]:
    """Publications that would be in use now if they did not fall short; those since corrected are left out."""
    now = workspace.clock()
    fetch, short = usable_fetches(workspace, AsAt(on=london_date(now), known_by=now))
    good = {
        (row["source"], row["subject"]): row["retrieved_at"]
        for row in fetch.filter(pl.col("document_id").is_not_null()).sort("retrieved_at").iter_rows(named=True)
    }
    bad = {
        (row["source"], row["document_id"]): row["retrieved_at"]
        for row in workspace.ledger.frame("fetch").drop_nulls("document_id").sort("retrieved_at").iter_rows(named=True)
    }
    return [
        each
        for each in short
        if (stands := good.get((each.source, each.subject))) is None or stands < bad[each.source, each.document_id]
    ]


def judged_fetches(workspace: Workspace) -> pl.DataFrame:
    """Attempts at sources that a judgement rests on.

    Searches and lists of links only lead to those; notices and pages stand beside them.
    """
    fetch = workspace.ledger.frame("fetch")
    return fetch.filter(pl.col("source").is_in(sorted(READERS.keys() - _SIGNPOSTS)))


def visible_documents(
    fetch: pl.DataFrame, document: pl.DataFrame, as_at: AsAt, registers: Sequence[str]
) -> pl.DataFrame:
    """One row for each source and subject: its newest document that the `AsAt` admits.

    Args:
        fetch: the ledger's attempts.
        document: the ledger's documents, for their media types.
        as_at: day and moment.
        registers: sources whose answers date their own rows, so that a later answer serves an earlier day.

    Returns:
        Columns of `VISIBLE_SCHEMA`, sorted by source and subject. A subject whose newest answer was
        "there is none" has no row.
    """
    register = pl.col("source").is_in(sorted(registers))
    seen_on = pl.coalesce(pl.col("published_on"), _london(pl.col("retrieved_at")))
    answered = fetch.filter(
        pl.col("status").is_in(["ok", "unchanged", "absent"]),
        pl.col("retrieved_at") <= as_at.known_by,
        (seen_on <= as_at.on) | (register & pl.col("published_on").is_null()),
    )
    newest = (
        answered.sort("published_on", "retrieved_at", "fetch_id", nulls_last=False)
        .unique(["source", "subject"], keep="last", maintain_order=True)
        .filter(pl.col("document_id").is_not_null())
    )
    return (
        newest.join(document.select("document_id", "media_type"), on="document_id", how="left")
        .select(list(VISIBLE_SCHEMA))
        .sort("source", "subject")
    )


def latest_moment(workspace: Workspace, now: datetime) -> datetime:
    """The last moment, up to now, at which the ledger learned anything that a run can depend on.

    Two runs with nothing learned in between have the same `AsAt`, hence the same id and bytes.
    """
    moments = [judged_fetches(workspace).filter(pl.col("document_id").is_not_null())["retrieved_at"].max()]
    moments += [workspace.ledger.frame(name)["decided_at"].max() for name in _DECIDED]
    known = [moment for moment in moments if isinstance(moment, datetime) and moment <= now]
    return max(known, default=now)


def evidence_fingerprint(evidence: Evidence) -> str:
    """A hash over the ids of the visible documents, with their subjects, and of the decisions."""
    digest = hashlib.sha256()
    for row in evidence.visible.select("source", "subject", "document_id", "published_on").sort(pl.all()).iter_rows():
        digest.update(repr(row).encode())
    keys: Mapping[str, str] = {name: f"{name}_id" for name in _DECIDED}
    for name, key in keys.items():
        digest.update("".join(sorted(getattr(evidence, name)[key])).encode())
    return digest.hexdigest()


def _london(moment: pl.Expr) -> pl.Expr:
    return moment.dt.convert_time_zone(str(LONDON)).dt.date()


def _current_readings(workspace: Workspace, visible: pl.DataFrame) -> pl.DataFrame:
    readings = workspace.ledger.frame("reading")
    return readings.join(visible.select("document_id").unique(), on="document_id", how="semi")


def _one_list_a_day(home: pl.DataFrame, visible: pl.DataFrame) -> pl.DataFrame:
    rank = {source: place for place, source in enumerate(_HOME_SOURCES)}
    order = (
        home.select("document_id", "as_at")
        .unique()
        .join(visible.select("document_id", "source", "published_on", "retrieved_at"), on="document_id")
        .with_columns(pl.col("source").replace_strict(rank, default=len(rank), return_dtype=pl.Int64).alias("rank"))
        .sort("rank", pl.col("published_on"), pl.col("retrieved_at"), descending=[False, True, True])
        .unique("as_at", keep="first", maintain_order=True)
    )
    return home.join(order.select("document_id", "as_at"), on=["document_id", "as_at"], how="semi")
