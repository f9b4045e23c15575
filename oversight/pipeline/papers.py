"""The papers of governance: what the product declares, what the ledger holds, what one run used."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from collectors.source import load_sources
from oversight.pipeline.backtest import content_of
from oversight.pipeline.past import view_of
from oversight.pipeline.shipped import shipped_models
from oversight.pipeline.workspace import Workspace
from oversight.store.sql import LEDGER_TABLES
from reports.papers import Stock, render_papers
from risk.exits import about as exits
from risk.exits.vintages import load_measured
from risk.failure import about as failure

_DECISIONS = {
    "link": "owner", "override": "subject", "hand_read": "line_id", "determination": "subject", "note": "subject",
    "notice_match": "notice_id",
}  # fmt: skip
_SCHEMA = pl.Schema(
    [
        ("kind", pl.String),
        ("author", pl.String),
        ("decided_at", pl.Datetime("us", "UTC")),
        ("subject", pl.String),
        ("reason", pl.String),
    ]
)


def papers(workspace: Workspace, folder: Path, run_id: str | None = None) -> Sequence[Path]:
    """Draft the papers of a run into a folder.

    Args:
        workspace: the installation.
        folder: where they go; made where there is none.
        run_id: the run; the newest where not given.

    Raises:
        InputError: if there is no such run, or no run at all.
        StoreError: if the folder cannot be written.
    """
    view = view_of(workspace, run_id)
    stock = Stock(_sources(workspace), _decisions(workspace), _cards(), content_of(view))
    return render_papers(view, stock, folder)


def _cards() -> dict[str, dict[str, Any]]:
    """The cards of the fitted models that ship."""
    models = shipped_models()
    cards = {}
    if models.failure is not None:
        cards[failure.NAME] = failure.card(models.failure, failure.measured())
    if models.exits is not None:
        cards[exits.NAME] = exits.card(models.exits, load_measured())
    return cards


def _sources(workspace: Workspace) -> pl.DataFrame:
    """Every declared source, with what is held of it."""
    held = (
        workspace.ledger.frame("fetch")
        .filter(pl.col("document_id").is_not_null())
        .group_by("source")
        .agg(
            pl.col("subject").n_unique().alias("subjects"),
            pl.col("document_id").n_unique().alias("documents"),
            pl.col("retrieved_at").max().dt.strftime("%Y-%m-%d").alias("newest"),
        )
    )
    declared = pl.DataFrame(
        [
            {
                "name": source.name, "title": source.title, "publisher": source.publisher, "licence": source.licence,
                "url": source.url, "cadence_days": source.cadence_days, "notes": source.notes,
            }
            for source in load_sources().values()
        ]
    )  # fmt: skip
    return declared.join(held, left_on="name", right_on="source", how="left").with_columns(
        pl.col("subjects", "documents").fill_null(0)
    )


def _decisions(workspace: Workspace) -> pl.DataFrame:
    """What people and named rules decided, kind by kind."""
    parts = [pl.DataFrame(schema=_SCHEMA)]
    parts += [
        workspace.ledger.frame(kind).select(
            pl.lit(kind).alias("kind"), "author", "decided_at", pl.col(subject).alias("subject"), "reason"
        )
        for kind, subject in _DECISIONS.items()
        if kind in LEDGER_TABLES
    ]
    return pl.concat(parts, how="vertical_relaxed")
