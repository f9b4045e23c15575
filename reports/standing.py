"""Draft or final: whether a run was published, and which decisions of people in it await a second person's approval."""

from typing import Final

import polars as pl

from reports.frames import RunView
from reports.marking import banner
from reports.style import clean, date_text, number_text, words

DRAFT: Final = "DRAFT, NOT PUBLISHED"
APPROVED: Final = "approved"
NAMES: Final = {
    "register_field": "Written in the register",
    "override": "Figure of accounts",
    "hand_read": "Figure read by hand",
    "link": "Owner and company",
    "ownership_decision": "Company and parent",
    "determination": "Determination",
}
"""What kind of decision each table holds."""


def standing(view: RunView) -> str:
    """`DRAFT, NOT PUBLISHED`, or `FINAL, published 22 November 2026`."""
    return DRAFT if view.publication is None else f"FINAL, published {date_text(view.publication.at)}"


def run_banner(view: RunView) -> str:
    """One line for the head and foot of each page: marking, label, draft or final."""
    return f"{banner(view.marking, view.label)}. {standing(view)}"


def awaiting(view: RunView) -> pl.DataFrame:
    """Decisions of people that no second person had approved when the run was made: rows of table `decision`."""
    return view.table("decision").filter(pl.col("verdict") != APPROVED)


def told(row: dict[str, object]) -> str:
    """One decision in words: `Figure of accounts, turnover: 1250000, by An Analyst on 22 November 2026 (waiting)`."""
    what = clean(str(row["what"]))
    first, _, rest = what.partition(":")
    return (
        f"{NAMES[str(row['decided_table'])]}, {words(first).lower()}:{rest}, by {clean(str(row['author']))} "
        f"({'rejected' if row['verdict'] == 'rejected' else 'awaits approval'})"
    )


def by_entry(view: RunView) -> pl.DataFrame:
    """entry_id and `awaiting`, the decisions in words: entries that rest on any without approval."""
    rows: dict[str, list[str]] = {}
    for row in awaiting(view).drop_nulls("entry_id").sort("entry_id", "decided_at", "decided_id").iter_rows(named=True):
        rows.setdefault(str(row["entry_id"]), []).append(told(row))
    return pl.DataFrame(
        {"entry_id": list(rows), "awaiting": ["; ".join(each) for each in rows.values()]},
        schema={"entry_id": pl.String, "awaiting": pl.String},
    )


def sentence(view: RunView) -> str:
    """How the run stands, in a sentence for the cover."""
    if view.publication is not None:
        return (
            f"FINAL. Published by {clean(view.publication.by)} on {date_text(view.publication.at)}, every decision "
            "of people in it approved by somebody other than its author."
        )
    count = awaiting(view).select("decided_table", "decided_id").n_unique()
    if not count:
        return "DRAFT. No decision in it awaits approval; nobody has published it yet."
    return (
        f"DRAFT. {number_text(count)} {'decision' if count == 1 else 'decisions'} of people in it "
        f"{'awaits' if count == 1 else 'await'} a second person\u2019s approval; it cannot be published before."
    )
