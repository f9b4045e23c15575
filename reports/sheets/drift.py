"""Whether the fitted models are still asked about what they learnt from."""

from typing import Final

import polars as pl

from reports.frames import RunView
from reports.sheet import Column, Kind, Sheet, sheet_of
from reports.sheets.common import in_words
from reports.symbols import NOT_APPLICABLE

_ORDER: Final = ("much change", "some change", "within chance", "stable", "too few")
_ABOUT: Final = (
    "Each input of a fitted model, and its score, in this run against what the model learnt from. The index is the "
    "population stability index; a change is told where it passes its bound (sheet Parameters used) and what chance "
    "alone would make of so few rows. A change lessens what the model\u2019s word is worth; it says nothing of any "
    "home or group."
)


def drift(view: RunView) -> Sheet:
    """Stability of each input and score, what changed most first."""
    frame = (
        view.table("drift")
        .with_columns(pl.col("verdict").replace_strict({name: at for at, name in enumerate(_ORDER)}).alias("_rank"))
        .sort("_rank", "model", "input")
        .with_columns(
            in_words("model"), in_words("verdict"), pl.col("missing_then", "missing_now") * 100
        )
    )  # fmt: skip
    columns = (
        Column("model", "Model", width=28),
        Column("label", "Input", width=60),
        Column("verdict", "Finding", width=16),
        Column("index", "Stability index", Kind.DECIMAL, 12, 2, missing=NOT_APPLICABLE),
        Column("by_chance", "Exceeded by chance in 1 run of 20", Kind.DECIMAL, 18, 3, missing=NOT_APPLICABLE),
        Column("changed", "What changed most", width=48, missing=NOT_APPLICABLE),
        Column("rows_then", "Rows learnt from", Kind.INTEGER, 13),
        Column("rows_now", "Rows in this run", Kind.INTEGER, 13),
        Column("missing_then", "Missing then (%)", Kind.PERCENT, 12, 0),
        Column("missing_now", "Missing now (%)", Kind.PERCENT, 12, 0),
    )
    return sheet_of(
        "Model drift",
        "Model drift: what the fitted models are asked about, against what they learnt from",
        "Stability of each input and score of the fitted models in this run",
        frame,
        columns,
        notes=(_ABOUT,),
    )
