"""The review queue: figures of accounts that cannot be used until a person has looked, and what people decide."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

from collectors.accounts.catalogue import catalogue
from collectors.accounts.scans.crops import crop
from collectors.accounts.scans.places import find_place
from oversight.errors import InputError
from oversight.model.evidence import Evidence
from oversight.model.ids import line_id, row_id
from oversight.model.times import AsAt, london_date
from oversight.pipeline.select import select_evidence
from oversight.pipeline.signed import check_signed
from oversight.pipeline.workspace import Workspace
from reports.review_sheet import Picture, review_page

CONFLICT: Final = "conflict"
_REASONS: Final = ("figure_needs_review", "conflicting_values")
_ACCOUNTS: Final = "companies_house.accounts"
_SHORTEST: Final = 8
_PDF: Final = b"%PDF-"
WAITING_SCHEMA: Final = pl.Schema(
    {
        "figure": pl.String,
        "company_number": pl.String,
        "company": pl.String,
        "period_end": pl.Date,
        "whose": pl.String,
        "year": pl.String,
        "line": pl.String,
        "read_as": pl.Float64,
        "candidates": pl.String,
        "why": pl.String,
        "locator": pl.String,
        "document_id": pl.String,
    }
)
"""Columns of `waiting`: one row a figure, sorted by company, period, document and line."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A figure that a person read in a document and the reader did not.

    Attributes:
        document: id of the document, or its first eight characters or more.
        line: name of the line of account.
        period_end: last day of the period, or day of the balance.
        value: pounds or a count, costs and creditors negative; None withdraws an earlier figure.
        page: page it stands on, counted from 1; None where the document has no pages.
        period_start: first day of the period, where it is known.
        group: whether it is the group's, not the company's alone.
        comparative: whether it is printed as the earlier year.
    """

    document: str
    line: str
    period_end: date
    value: float | None
    page: int | None = None
    period_start: date | None = None
    group: bool = False
    comparative: bool = False


def waiting(workspace: Workspace, company: str | None = None) -> pl.DataFrame:
    """Figures that wait for a person: in conflict between two witnesses, or not read with confidence.

    Args:
        workspace: the installation.
        company: only those of this company number.

    Returns:
        Rows of `WAITING_SCHEMA`.
    """
    evidence = _evidence(workspace)
    decided = {*evidence.override["subject"], *evidence.hand_read["line_id"]}
    lines = evidence.line.filter(pl.col("method") == CONFLICT, ~pl.col("line_id").is_in(sorted(decided)))
    names = evidence.company.select("company_number", pl.col("name").alias("company")).unique("company_number")
    found = (
        lines.join(_filers(evidence), on="document_id", how="left")
        .with_columns(pl.coalesce("company_number", "filer").alias("company_number"))
        .join(_why(evidence.issue), on=["document_id", "locator"], how="left")
        .join(names, on="company_number", how="left")
        .with_columns(
            pl.when("consolidated").then(pl.lit("group")).otherwise(pl.lit("company")).alias("whose"),
            pl.when("comparative").then(pl.lit("earlier")).otherwise(pl.lit("current")).alias("year"),
            pl.col("why").fill_null("two witnesses of the figure differ"),
        )
        .rename({"line_id": "figure", "value": "read_as"})
        .select(WAITING_SCHEMA.names())
        .sort("company_number", "period_end", "document_id", "line", "whose", "year", nulls_last=True)
    )
    return found if company is None else found.filter(pl.col("company_number") == company)


def review_sheet(workspace: Workspace, company: str | None = None) -> str:
    """The figures of `waiting` as one HTML page, each beside the picture of its place where its document is a PDF."""
    rows = waiting(workspace, company).iter_rows(named=True)
    shown = (Picture(row, _picture(workspace, row["document_id"], row["locator"])) for row in rows)
    return review_page(shown, marking=workspace.settings.marking, label=workspace.settings.label)


def _picture(workspace: Workspace, document: str, locator: str) -> bytes | None:
    content = workspace.archive.get(document)
    if not content.startswith(_PDF) or find_place(locator) is None:
        return None
    return crop(content, locator, whole_row=True)


def decide_figure(workspace: Workspace, figure: str, value: float | None, *, author: str, reason: str) -> str:
    """Record what a person read in place of a figure: a value, or None where it cannot be read.

    Returns:
        The id of the decision, an override.

    Raises:
        InputError: if there is no such figure, or author or reason is empty.
    """
    check_signed(author, reason, figure)
    row = line_of(workspace, figure)
    moment = workspace.clock()
    shown = None if value is None else repr(value)
    identifier = row_id("override", figure, shown, author, moment)
    decided = {
        "override_id": identifier, "subject": figure, "field": "value", "old_value": repr(row["value"]),
        "new_value": shown, "author": author, "decided_at": moment, "reason": reason,
    }  # fmt: skip
    workspace.ledger.add("override", [decided])
    return identifier


def add_figure(workspace: Workspace, typed: Typed, *, author: str, reason: str) -> str:
    """Record a figure that only a person read.

    Returns:
        The id of the decision, a row of `hand_read`.

    Raises:
        InputError: if document or line is unknown, or author or reason is empty.
    """
    check_signed(author, reason, typed.line)
    document_id, filer = _document(workspace, typed.document)
    unit = _unit(typed.line)
    moment = workspace.clock()
    line = line_id(document_id, typed.line, typed.period_end, consolidated=typed.group)
    identifier = row_id("hand_read", line, repr(typed.value), author, moment)
    row = {
        "hand_read_id": identifier, "line_id": line, "document_id": document_id, "company_number": filer,
        "period_start": typed.period_start, "period_end": typed.period_end, "consolidated": typed.group,
        "comparative": typed.comparative, "line": typed.line, "value": typed.value, "unit": unit,
        "locator": f"page {typed.page}" if typed.page else "the document", "author": author, "decided_at": moment,
        "reason": reason,
    }  # fmt: skip
    workspace.ledger.add("hand_read", [row])
    return identifier


def line_of(workspace: Workspace, figure: str) -> dict[str, object]:
    """The read line with an id, of any document.

    Raises:
        InputError: if there is none.
    """
    found = _evidence(workspace).line.filter(pl.col("line_id") == figure)
    if found.is_empty():
        raise InputError(
            "no figure has this id", where=figure, next_step="Take one from the column figure of `oversight review`."
        )
    return found.row(0, named=True)


def _evidence(workspace: Workspace) -> Evidence:
    now = workspace.clock()
    wanted = {"line", "issue", "filing", "company", "override", "hand_read"}
    return select_evidence(workspace, AsAt(on=london_date(now), known_by=now), wanted)


def _filers(evidence: Evidence) -> pl.DataFrame:
    """document_id and the company that filed it."""
    filing = evidence.filing.select(pl.col("transaction_id").alias("subject"), pl.col("company_number").alias("filer"))
    documents = evidence.visible.filter(pl.col("source") == _ACCOUNTS).select("document_id", "subject")
    return (
        documents.join(filing, on="subject")
        .sort("document_id", "filer")
        .unique("document_id", keep="first")
        .drop("subject")
    )


def _why(issue: pl.DataFrame) -> pl.DataFrame:
    """document_id, locator, and what the reader said about the figure there."""
    return (
        issue.filter(pl.col("kind").is_in(_REASONS))
        .sort("issue_id")
        .unique(["document_id", "locator"], keep="first", maintain_order=True)
        .select("document_id", "locator", pl.col("message").alias("why"), pl.col("value").alias("candidates"))
    )


def _document(workspace: Workspace, start: str) -> tuple[str, str | None]:
    """The one set of accounts whose id starts so, and the company that filed it."""
    held = _evidence(workspace)
    accounts = held.visible.filter(pl.col("source") == _ACCOUNTS)
    fits = accounts.filter(pl.col("document_id").str.starts_with(start))["document_id"].unique().to_list()
    if len(start) < _SHORTEST or len(fits) != 1:
        raise InputError(
            f"{len(fits)} sets of accounts have an id that starts so" if len(start) >= _SHORTEST else "too short an id",
            where=start or "--document",
            next_step=f"Give {_SHORTEST} characters or more of the id; `oversight review` prints it.",
        )
    filers = _filers(held).filter(pl.col("document_id") == fits[0])["filer"].to_list()
    return fits[0], filers[0] if filers else None


def _unit(line: str) -> str:
    known = catalogue().lines
    if line not in known:
        raise InputError(
            "there is no such line of account", where=line, next_step=f"Choose one of: {', '.join(sorted(known))}."
        )
    return "count" if known[line].count else "GBP"
