"""The papers of governance, drafted from what the product declares and the run used.

Assumptions log, data log and quality assurance log (Aqua Book), a draft record for the Algorithmic Transparency
Recording Standard, an entry for the register of models, the card of each fitted model, and the back-test. They
are drafts: what only people know stands as "to be completed", and nothing is signed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from reports.files import write_whole
from reports.frames import RunView
from reports.papers import atrs, backtest, cards, logs, register_of_models

__all__ = ["Stock", "render_papers"]


@dataclass(frozen=True, slots=True)
class Stock:
    """What the papers say beyond one run.

    Attributes:
        sources: name, title, publisher, licence, url, cadence_days, notes, subjects, documents, newest (when last
            answered), one row a source.
        decisions: kind, author, decided_at, subject, reason of what people decided, newest first.
        cards: model cards by the model's name, as the models declare them.
        backtest: what the back-test tells: `scenarios`, `exits`, `failure`, `events`.
    """

    sources: pl.DataFrame
    decisions: pl.DataFrame
    cards: Mapping[str, Mapping[str, Any]]
    backtest: Mapping[str, Any]


def render_papers(view: RunView, stock: Stock, folder: Path) -> Sequence[Path]:
    """Write every paper as Markdown into a folder, made where there is none.

    Returns:
        The paths, sorted.

    Raises:
        SettingsError: where the view has no protective marking.
        StoreError: where the folder cannot be written.
    """
    papers = {
        "assumptions-log.md": logs.assumptions(view),
        "data-log.md": logs.data(view, stock.sources),
        "quality-assurance-log.md": logs.quality(view, stock.decisions),
        "transparency-record.md": atrs.record(view, stock.sources, stock.cards),
        "back-test.md": backtest.render(view, stock.backtest),
        "register-of-models-entry.md": register_of_models.entry(view, stock.cards),
        **{f"model-card-{cards.file_name(name)}.md": cards.card(view, name, stock.cards[name]) for name in stock.cards},
    }
    return sorted(write_whole(folder / name, text.encode()) for name, text in papers.items())
