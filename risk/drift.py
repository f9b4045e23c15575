"""Whether what the fitted models are asked about in a run is still like what they learnt from.

Every input and the score of each model against the reference that the model carries: the values that are known, with
the share of gaps beside. A change says that the model knows less about these homes or groups than its figures promise;
it says nothing about them.
"""

from collections.abc import Iterator
from typing import Final

import polars as pl

from oversight.model.ids import row_id
from risk.exits.forecast import Forecast
from risk.exits.terms import catalogue
from risk.failure.opinion import bases, common_ratios
from risk.failure.ratios import BY_CODE
from risk.failure.starter import SCORE, Starter, panel_of
from risk.findings import empty
from risk.learning.metrics import Floats, Ints
from risk.learning.stability import Reference, compare
from risk.models import Models
from risk.parameters import Values

STABLE: Final = "stable"
CHANCE: Final = "within chance"
SOME: Final = "some change"
MUCH: Final = "much change"
FEW: Final = "too few"
_SCORED: Final = "What the model makes of them, log-odds"
_MODELS: Final = {
    "exits": "homes leaving the register",
    "failure_full": "company failure, balance sheet and profit and loss account",
    "failure_balance_sheet": "company failure, balance sheet alone",
}


def measure(models: Models, wide: pl.DataFrame, made: Forecast | None, values: Values) -> pl.DataFrame:
    """Rows of `drift`: inputs and scores of the models that were asked; none where none was.

    Args:
        models: fitted models.
        wide: `risk.accounts.books.wide`.
        made: the forecast of homes, where there is one.
        values: parameters in force.
    """
    rows = [*_of_exits(made, values)] if made is not None else []
    if models.failure is not None:
        rows += _of_failure(models.failure, wide, values)
    frame = pl.DataFrame(rows, schema=empty("drift").schema) if rows else empty("drift")
    return frame.sort("drift_id")


def issues(drift: pl.DataFrame) -> pl.DataFrame:
    """Rows of `issue` for what has changed: a warning where much, information where some."""
    rows = []
    for row in drift.filter(pl.col("verdict").is_in([SOME, MUCH])).sort("drift_id").iter_rows(named=True):
        what = f"{row['label']}: {row['changed']}"
        message = (
            f"Model of {_MODELS[row['model']]}: {row['verdict']} since it learnt. {what}. Population stability index "
            f"{row['index']:.2f}; chance alone seldom exceeds {row['by_chance']:.3f}."
        )
        rows.append(
            {
                "issue_id": row_id("model_drift", row["drift_id"], row["fingerprint"], f"{row['index']:.6f}"),
                "document_id": None,
                "locator": f"model {row['model']}, input {row['input']}",
                "kind": "model_drift",
                "value": f"{row['index']:.2f}",
                "message": message,
                "severity": "warning" if row["verdict"] == MUCH else "information",
            }
        )
    return pl.DataFrame(rows, schema=empty("issue").schema)


def _of_exits(made: Forecast, values: Values) -> Iterator[dict[str, object]]:
    """The features of the homes and the scores."""
    entries = catalogue()
    for name, then in made.model.references().items():
        gaps = made.features[name].null_count() / max(1, made.features.height)
        now = entries[name].count(made.features[name])
        yield _row("exits", name, entries[name].label, then, now, gaps, made.model.fingerprint, values)
    score = made.model.score(made.features)
    then = made.model.spread
    now, _ = then.count(score)
    yield _row("exits", SCORE, _SCORED, then, now, 0.0, made.model.fingerprint, values)


def _of_failure(starter: Starter, wide: pl.DataFrame, values: Values) -> Iterator[dict[str, object]]:
    """The ratios of the groups that each of the two models answers for, and its scores."""
    _, ratios = common_ratios(wide, values)
    answers = pl.Series(bases(ratios, values), dtype=pl.String)
    for name, model in starter.models.items():
        own = ratios.filter(answers == name)
        if own.is_empty():
            continue
        panel = panel_of({code: own[code].to_list() for code in model.figures}, model.figures)
        witness = starter.witness(name)
        score, _ = witness.scorer.scores(witness.recipe.make(panel))
        columns: dict[str, Floats] = {code: panel.values[:, place] for place, code in enumerate(panel.columns)}
        for code, column in {**columns, SCORE: score}.items():
            then = starter.references[name][code]
            now, gaps = then.count(column)
            label = _SCORED if code == SCORE else BY_CODE[code].ratio.title
            yield _row(f"failure_{name}", code, label, then, now, gaps, starter.fingerprint, values)


def _row(
    model: str, name: str, label: str, then: Reference, now: Ints, missing: float, fingerprint: str, values: Values
) -> dict[str, object]:
    found = compare(then, now)
    return {
        "drift_id": f"{model}.{name}",
        "model": model,
        "input": name,
        "label": label,
        "rows_then": then.rows,
        "rows_now": int(now.sum()),
        "missing_then": then.missing,
        "missing_now": round(missing, 6),
        "index": None if found is None else round(found.index, 6),
        "by_chance": None if found is None else round(found.by_chance, 6),
        "verdict": FEW if found is None else _verdict(found.index, found.by_chance, values),
        "changed": None if found is None else found.changed,
        "fingerprint": fingerprint,
    }


def _verdict(index: float, by_chance: float, values: Values) -> str:
    if index <= values.number("drift.some"):
        return STABLE
    if index <= by_chance:
        return CHANCE
    return MUCH if index > values.number("drift.much") else SOME
