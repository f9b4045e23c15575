"""Cover, contents and notes: who made it, from what, and how to read it."""

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from reports.frames import RunView, register
from reports.marking import marking_text
from reports.sheet import Column, Kind, Link, Sheet, Table, sheet_of, text_cell
from reports.standing import sentence
from reports.style import APOSTROPHE, clean, date_text, moment_text, words
from reports.symbols import MEANINGS, TO_COMPLETE

OGL: Final = "Contains public sector information licensed under the Open Government Licence v3.0."
TITLE: Final = f"Children{APOSTROPHE}s homes: financial risk register"

CAUTION: Final = (
    "An indicator for further enquiry, not a finding about any company and not a determination under the Care "
    "Standards Act 2000. Every likelihood, impact and stage is proposed by rules; a person decides."
)
HOW_MADE: Final = (
    "One run of the children's homes oversight monitor over published Ofsted registrations and documents filed at "
    "Companies House. Each sheet shows that run's tables; no figure is changed by hand or worked out here. "
    "Figures are rounded for display only; register.csv and the run's Parquet tables hold them unrounded."
).replace("'", APOSTROPHE)

_METHOD: Final = {
    "Likelihood (1 to 5)": "How strong the signs of financial distress are. Rules add points for what the accounts and "
    "filings show; the sum falls in one of five bands. Bands rank groups; they are not probabilities. On too little "
    "evidence there is no likelihood, unless a grave sign such as an insolvency speaks for itself.",
    "Impact (1 to 5)": "How hard the group would be to replace, from the number, size, concentration and share of its "
    "homes. It says nothing of the quality of care.",
    "Rating": "Likelihood times impact, 1 to 25. It orders the register and means nothing else. Entries without a "
    "likelihood have none and come last.",
    "Proposed stage": "1 to 4, in the manner of the stages of adult social care market oversight: 1 entry, 2 regular "
    "monitoring, 3 potential concerns, 4 financial sustainability concerns. Stages 5 and 6 are never proposed.",
    "Evidence held for likelihood": "The share of the likelihood rules, by their points, that had the figures they "
    "need; rules of grave signs are left aside. The least share for a likelihood is a parameter.",
    "Basis of accounts": "Consolidated: the accounts of the group. Company: of one company. Sum of companies: added up "
    "here because no consolidated accounts were found, with dealings between the companies counted twice.",
    "Age of accounts": "Months from the end of the period the accounts cover to the as-at date.",
    "Scope conditions": "Thresholds are settings until regulations fix them. Meeting one is not a determination.",
    "Costs and creditors": "Negative where the accounts subtract them.",
    "Tracing a figure": "Run: oversight trace ID, with the ID in the row, such as a register ID. It lists what "
    "the figure rests on, down to the document, the place in it and its web address.",
    "Text from documents": "Shown as written, on one line, without invisible characters. In register.csv, text that a "
    "spreadsheet could take for a formula has an apostrophe in front.",
}


def cover(view: RunView) -> Sheet:
    """What this is, who answers for it, which evidence and versions it rests on, and the caution."""
    rows = tuple((text_cell(item), detail) for item, detail in _cover_rows(view))
    columns = (Column("item", "Item", width=28), Column("detail", "Detail", width=110))
    return Sheet("Cover", TITLE, "What this workbook is and where it comes from", (), Table("Cover", columns, rows))


def _cover_rows(view: RunView) -> Iterator[tuple[str, str | Link]]:
    yield "Protective marking", marking_text(view.marking)
    if clean(view.label):
        yield "Kind of data", text_cell(view.label)
    yield "Draft or final", sentence(view)
    yield "Caution", CAUTION
    yield "As-at date", f"{date_text(view.as_at.on)}: what was public by the end of this day"
    yield "Known by", f"{moment_text(view.as_at.known_by)}, London time: what had been collected by then"
    yield "Entries on the register", f"{register(view).height:,}"
    yield "How it was made", HOW_MADE
    yield "Run ID", text_cell(view.run_id)
    yield "Code version", text_cell(view.code_version)
    yield "Parameters fingerprint", text_cell(view.parameters_fingerprint) or "[x]"
    yield "To repeat the run", f"oversight run --like {text_cell(view.run_id)}"
    for role in ("commissioner", "analyst", "assurer", "approver"):
        yield words(role), text_cell(view.roles.get(role, "")) or TO_COMPLETE
    yield "Licence", OGL
    for source, statement in _statements(view):
        yield f"Source: {source}", statement


def _statements(view: RunView) -> list[tuple[str, str]]:
    frame = view.table("attribution").drop_nulls(["source", "statement"]).unique().sort("source", "statement")
    rows = frame.select("source", "statement").iter_rows()
    return [(text_cell(source), text_cell(statement)) for source, statement in rows]


def contents(sheets: Sequence[Sheet]) -> Sheet:
    """A line for each sheet, with a link to it."""
    columns = (
        Column("sheet", "Sheet", Kind.LINK, width=26),
        Column("about", "What it shows", width=90),
        Column("rows", "Rows", Kind.INTEGER, width=12),
    )
    rows = tuple((Link(sheet.name, f"#{sheet.name}"), sheet.about, float(len(sheet.table.rows))) for sheet in sheets)
    return Sheet("Contents", "Contents", "The sheets of this workbook", (), Table("Contents", columns, rows))


def notes() -> Sheet:
    """Shorthand used in cells, and the method in plain words."""
    items = {**MEANINGS, **_METHOD}
    frame = pl.DataFrame({"term": list(items), "meaning": list(items.values())})
    columns = (Column("term", "Term", width=28), Column("meaning", "Meaning", width=110))
    return sheet_of("Notes", "Notes", "Shorthand used in cells, and the method in plain words", frame, columns)
