"""Groups, their structure and providers, events, and the evidence all of it rests on."""

import json

import polars as pl

from oversight.model.tables import derived
from reports.frames import RunView, by_group, cited_documents, parameters_in_force, top_status
from reports.sheet import Column, Kind, Sheet, sheet_of
from reports.sheets.common import ENTRY, GROUP, SHORTHAND_NOTE, in_words, sentence
from reports.style import words
from reports.symbols import NOT_APPLICABLE

_WITNESSES = {
    "register": "The register of control",
    "accounts": "The accounts alone",
    "decided": "A person's decision",
}
_BANDS = {"error": 0, "warning": 1, "information": 2}


def groups(view: RunView) -> Sheet:
    """Each group with its top, its UK parent and what it runs."""
    frame = by_group(view, "group").join(top_status(view), on="group_id", how="left", maintain_order="left")
    frame = frame.with_columns(in_words("kind"), in_words("owner_class"))
    columns = (
        ENTRY,
        GROUP,
        Column("kind", "Kind", width=14),
        Column("top_name", "Ultimate owner found", width=34, status="top_status"),
        Column("top_country", "Its country", width=20),
        Column("uk_parent_name", "Highest UK company", width=34),
        Column("uk_parent_number", "Its company number", width=14),
        Column("owner_class", "Owned by", width=16),
        Column("companies", "Companies known", Kind.INTEGER, 12),
        Column("providers", "Registered owners", Kind.INTEGER, 12),
        Column("homes", "Homes", Kind.INTEGER, 9),
        Column("settings", "All settings", Kind.INTEGER, 10),
        Column("places", "Places in homes", Kind.INTEGER, 10),
        Column("authorities", "Local authorities", Kind.INTEGER, 12),
        Column("regions", "Regions", Kind.INTEGER, 10),
    )
    return sheet_of(
        "Groups",
        "Groups: who is owned by whom at the top",
        "Each group, its ultimate owner and what it runs",
        frame,
        columns,
        notes=(SHORTHAND_NOTE, "The ID is that of the register; [z] where the group is not on the register."),
    )


def structure(view: RunView) -> Sheet:
    """Each company's place under its parent, with the source of the step."""
    top = pl.when(pl.col("depth") == 0).then(pl.lit(derived.NOT_APPLICABLE)).alias("above")
    frame = by_group(view, "membership", ("path", "company_number")).with_columns(
        top, in_words("basis"), sentence("why"), pl.col("source").replace(_WITNESSES)
    )
    columns = (
        ENTRY,
        GROUP,
        Column("name", "Company", width=36),
        Column("company_number", "Company number", width=14),
        Column("depth", "Steps below the top", Kind.INTEGER, 12),
        Column("parent_name", "Parent", width=36, status="above"),
        Column("share_min", "Share held, at least (%)", Kind.PERCENT, 13, status="above"),
        Column("share_max", "Share held, at most (%)", Kind.PERCENT, 13, status="above"),
        Column("basis", "Control by", width=14, status="above"),
        Column("since", "Known from", Kind.DATE, 19, status="above"),
        Column("source", "Rests on", width=24, status="above"),
        Column("why", "In words", width=46, missing=NOT_APPLICABLE),
        Column("locator", "Place in the document", width=26),
        Column("document_id", "Document", width=36),
    )
    return sheet_of(
        "Group structure",
        "Group structure: each company and its parent",
        "Companies of each group from the top down, with the source of each step",
        frame,
        columns,
        notes=(
            SHORTHAND_NOTE,
            "The Evidence sheet gives the web address of each document.",
            "What rests on the accounts alone is weaker evidence: the register is silent there.",
        ),
    )


def providers(view: RunView) -> Sheet:
    """Each owner as Ofsted prints it, and the company it is taken for."""
    frame = by_group(view, "provider", ("owner", "owner_key")).with_columns(
        in_words("kind"), in_words("link_decision"), sentence("link_reason")
    )
    columns = (
        ENTRY,
        GROUP,
        Column("owner", "Owner as Ofsted prints it", width=36),
        Column("kind", "Kind", width=12),
        Column("company_number", "Company number", width=14),
        Column("link_decision", "Match", width=13),
        Column("link_reason", "Why", width=40),
        Column("homes", "Homes", Kind.INTEGER, 9),
        Column("settings", "All settings", Kind.INTEGER, 10),
        Column("places", "Places", Kind.INTEGER, 9),
        Column("locator", "Place in the document", width=26),
    )
    return sheet_of(
        "Providers",
        "Providers: registered owners and the companies they are taken for",
        "Each registered owner, its match to a company and why",
        frame,
        columns,
        notes=("Match: automatic by rule, confirmed by a person, or review where a person is needed.", SHORTHAND_NOTE),
    )


def events(view: RunView) -> Sheet:
    """Filed events, newest first within a group."""
    frame = by_group(view, "event", ("dated_on", "kind", "event_id"), descending=("dated_on",))
    columns = (
        ENTRY,
        GROUP,
        Column("dated_on", "Date", Kind.DATE, 19),
        Column("kind", "Event", width=24),
        Column("detail", "Detail", width=46),
        Column("company_number", "Company number", width=14),
        Column("locator", "Place in the document", width=22),
        Column("event_id", "ID to trace", width=19),
    )
    return sheet_of(
        "Events",
        "Events that filings show, newest first for each group",
        "Charges, late accounts, insolvency and other dated events",
        frame.with_columns(in_words("kind")),
        columns,
        notes=(SHORTHAND_NOTE,),
    )


def documents(view: RunView) -> Sheet:
    """The documents that figures of the run rest on, with their addresses."""
    columns = (
        Column("source", "Source", width=26),
        Column("subject", "Subject", width=20),
        Column("published_on", "Published", Kind.DATE, 19),
        Column("retrieved_at", "Collected", Kind.DATE, 19),
        Column("url", "Web address or file name", Kind.LINK, 58),
        Column("media_type", "Type of file", width=20),
        Column("document_id", "Document (SHA-256)", width=28),
    )
    cited = cited_documents(view)
    visible = view.table("visible").height
    return sheet_of(
        "Evidence",
        "Evidence: the documents that figures rest on",
        "Each document used, its dates and its web address",
        cited,
        columns,
        notes=(f"{cited.height:,} documents are named by a figure, of {visible:,} the run could see.", SHORTHAND_NOTE),
    )


def quality(view: RunView) -> Sheet:
    """How good the evidence of each group is."""
    frame = by_group(view, "quality", ("measure",)).with_columns(in_words("measure"), sentence("value", "note"))
    columns = (
        ENTRY,
        GROUP,
        Column("measure", "Measure", width=40),
        Column("value", "Value", width=24),
        Column("note", "Note", width=60, missing="None"),
    )
    return sheet_of(
        "Data quality",
        "Data quality: how good the evidence of each group is",
        "Coverage, age and gaps of the evidence, group by group",
        frame,
        columns,
        notes=(SHORTHAND_NOTE,),
    )


def issues(view: RunView) -> Sheet:
    """Problems met when reading documents, the gravest first."""
    frame = (
        view.table("issue")
        .with_columns(pl.col("severity").replace_strict(_BANDS, default=len(_BANDS)).alias("_rank"))
        .sort("_rank", "kind", "document_id", "locator", "issue_id", nulls_last=True)
        .with_columns(in_words("kind"), in_words("severity"))
    )
    columns = (
        Column("severity", "Severity", width=14),
        Column("kind", "Kind", width=30),
        Column("message", "What was found", width=56),
        Column("value", "Value", width=28, missing=NOT_APPLICABLE),
        Column("locator", "Place in the document", width=32),
        Column("document_id", "Document", width=28),
    )
    return sheet_of(
        "Issues",
        "Issues met when reading documents",
        "Problems in documents that a person may need to know",
        frame,
        columns,
        notes=(SHORTHAND_NOTE,),
    )


def parameters(view: RunView) -> Sheet:
    """Thresholds, weights and rules in force, and whether their source was checked."""
    frame = parameters_in_force(view).with_columns(
        pl.col("value").map_elements(_plain_value, return_dtype=pl.String),
        pl.when("verified")
        .then(pl.lit("Checked at the source"))
        .otherwise(pl.lit("Not verified against the source"))
        .alias("standing"),
    )
    columns = (
        Column("label", "Parameter", width=36),
        Column("value", "Value", width=56),
        Column("unit", "Unit", width=12, missing=NOT_APPLICABLE),
        Column("start", "In force from", Kind.DATE, 20),
        Column("standing", "Standing", width=20),
        Column("description", "What it does", width=56),
        Column("reference", "Reference", width=44),
        Column("url", "Web address", Kind.LINK, 40, missing=NOT_APPLICABLE),
        Column("code", "Code", width=36),
    )
    return sheet_of(
        "Parameters used",
        "Parameters used: thresholds, weights and rules",
        "Every value in force on the as-at date, with its reference and whether it is verified",
        frame,
        columns,
        repeat=1,
        notes=("A value not verified against its source is a working assumption and may change.", SHORTHAND_NOTE),
    )


def _plain_value(value: str) -> str:
    """A value with parts in words instead of JSON: `Distress below: 1.1; Safe above: 2.6`."""
    try:
        parts = json.loads(value)
    except ValueError:
        return value
    if isinstance(parts, dict):
        return "; ".join(f"{words(str(name))}: {_part(part)}" for name, part in parts.items())
    return "; ".join(_part(part) for part in parts) if isinstance(parts, list) else value


def _part(part: object) -> str:
    """A part within a value: `from 8, name Few indicators`."""
    if isinstance(part, dict):
        return ", ".join(f"{name} {_part(inner)}" for name, inner in part.items())
    if isinstance(part, list):
        return " | ".join(_part(inner) for inner in part)
    return str(part).replace("_", " ")
