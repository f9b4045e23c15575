"""The starter model: fitted on an open foreign panel, on ratios that UK accounts give, moved to the UK base rate.

Two models of record: one on the balance sheet and the profit and loss account, one on the balance sheet alone, since
most small companies file nothing else. In neither does a gap say anything: what is left out of accounts in one country
tells nothing of another. Each is fitted on the panel and on a copy of it with half of the figures taken out at random,
so that no ratio carries alone what UK accounts may not give. Foreign, of another decade, and uncalibrated for this
sector: it ranks, no more.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from oversight.errors import InputError
from risk.failure.model import RECORD, FailureModel, Witness
from risk.failure.panel import Panel, build
from risk.failure.ratios import BY_CODE, COMMON
from risk.failure.train import Settings, train
from risk.learning.stability import Reference

FULL: Final = "full"
BALANCE: Final = "balance_sheet"
OUTCOME: Final = "failed"
SCORE: Final = "score"
_COMPANY: Final = "company"
_HIDDEN: Final = 0.5
SETTINGS: Final = Settings(near_for_record=2.0, boostings=(), gaps_speak=False, ridges=(100.0, 30.0, 10.0, 3.0))


@dataclass(frozen=True, slots=True, eq=False)
class Starter:
    """Both models, with whom to credit, and the fingerprint of their file.

    Attributes:
        models: `full` and `balance_sheet`.
        attribution: whom to credit.
        fingerprint: SHA-256 of the file.
        references: of each model, what each ratio and the score (`SCORE`) were like where it learnt.
    """

    models: Mapping[str, FailureModel]
    attribution: str
    fingerprint: str
    references: Mapping[str, Mapping[str, Reference]]

    def witness(self, name: str) -> Witness:
        """The model of record of `full` or `balance_sheet`."""
        return self.models[name].witnesses[RECORD]

    @property
    def base_rate(self) -> float:
        """Share of failures that the probabilities stand for before they are moved."""
        return self.models[FULL].base_rate

    def to_json(self) -> str:
        """As it ships."""
        raw = {
            "attribution": self.attribution,
            "models": {name: model.to_parts()[0] for name, model in self.models.items()},
            "references": {
                name: {code: each.to_dict() for code, each in found.items()} for name, found in self.references.items()
            },
        }
        return json.dumps(raw, indent=1, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> "Starter":
        """What `to_json` wrote.

        Raises:
            InputError: if it is anything else, or asks for ratios that are not known.
        """
        try:
            raw = json.loads(text)
            models = {name: FailureModel.from_parts(raw["models"][name], {}) for name in (FULL, BALANCE)}
            attribution = str(raw["attribution"])
            references = {
                name: {code: Reference.from_dict(each) for code, each in raw["references"][name].items()}
                for name in models
            }
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"not a starter model: {error!r}", next_step="Install the package again.") from error
        unknown = {code for model in models.values() for code in model.figures} - BY_CODE.keys()
        if unknown:
            raise InputError(f"the starter model asks for unknown ratios: {', '.join(sorted(unknown))}")
        return cls(models, attribution, hashlib.sha256(text.encode()).hexdigest(), references)


def from_polish(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The common ratios and the outcome of files of the Polish panel, below each other.

    Args:
        tables: each with the outcome `class` and the attributes it has (`Attr1` to `Attr64`); an attribute that a file
            lacks is a gap there.
    """
    parts = []
    for table in tables:
        have = {common.ratio.code: f"Attr{common.attribute}" for common in COMMON}
        columns = [
            (pl.col(name) if name in table.columns else pl.lit(None)).cast(pl.Float64).alias(code)
            for code, name in have.items()
        ]
        outcome = pl.col("class").cast(pl.Float64).cast(pl.Int64).alias(OUTCOME)
        parts.append(table.select(*columns, outcome))
    return pl.concat(parts)


def fit(frame: pl.DataFrame, attribution: str, *, seed: int = 0) -> Starter:
    """Fit both models on the common ratios.

    Args:
        frame: as `from_polish` gives it.
        attribution: whom to credit, in the words of the licence.
        seed: of the folds.
    """
    settings = Settings(**{**{name: getattr(SETTINGS, name) for name in SETTINGS.__slots__}, "seed": seed})
    models, references = {}, {}
    for name in (FULL, BALANCE):
        codes = [common.ratio.code for common in COMMON if common.balance or name == FULL]
        panel = build(_with_gaps(frame, codes, seed), target=OUTCOME, entity=_COMPANY, only=codes)
        signs = {code: BY_CODE[code].sign for code in codes if BY_CODE[code].sign}
        models[name] = train(panel, signs=signs, settings=settings, amounts=False, names={"target": OUTCOME})
        references[name] = _references(models[name], build(frame, target=OUTCOME, only=codes))
    starter = Starter(models, attribution, "", references)
    return Starter.from_json(starter.to_json())


def _references(model: FailureModel, panel: Panel) -> dict[str, Reference]:
    """What each ratio and the score were like on the panel without the copy."""
    score, _ = model.witnesses[RECORD].scorer.scores(model.witnesses[RECORD].recipe.make(panel))
    return {
        **{code: Reference.of(panel.values[:, place]) for place, code in enumerate(panel.columns)},
        SCORE: Reference.of(score),
    }


def _with_gaps(frame: pl.DataFrame, codes: Sequence[str], seed: int) -> pl.DataFrame:
    """The panel with, below it, a copy in which half of the figures are gaps; a row and its copy are one company."""
    rng = np.random.default_rng(seed)
    numbered = frame.with_row_index(_COMPANY)
    hidden = [
        pl.when(pl.Series(rng.random(len(frame)) < _HIDDEN)).then(None).otherwise(code).alias(code) for code in codes
    ]
    return pl.concat([numbered, numbered.with_columns(hidden)])


def panel_of(values: Mapping[str, Sequence[float | None]], codes: Sequence[str]) -> Panel:
    """A panel of ratios whose outcomes nobody knows."""
    columns = [
        np.array([np.nan if each is None else each for each in values[code]], dtype=np.float64) for code in codes
    ]
    table: Any = np.column_stack(columns)
    return Panel(tuple(codes), table, np.full(len(table), np.nan), None, None)
