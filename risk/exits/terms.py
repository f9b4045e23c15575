"""Features as steps: what the model multiplies by its coefficients, and the words for each as a reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Final, Literal

import numpy as np
import polars as pl
import yaml
from pydantic import BaseModel, ConfigDict

from risk.learning.metrics import Floats, Ints
from risk.learning.stability import Reference

_GRADES: Final = {1: "outstanding", 2: "good", 3: "requiring improvement", 4: "inadequate"}
GAP: Final = "gap"


class Feature(BaseModel):
    """One entry of `terms.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    family: str
    label: str
    sign: Literal[-1, 0, 1]
    says: str
    gap: str | None = None
    used: bool = True
    steps: tuple[float, ...] = ()
    words: tuple[str, ...] = ()

    def parts(self) -> tuple[str, ...]:
        """Names of its indicators: `>= 3` for a step, the word for a word, `gap`."""
        return (*(f">= {step:g}" for step in self.steps), *self.words, GAP)

    def indicators(self, column: pl.Series) -> Floats:
        """Its indicators for each row, rows by parts."""
        if self.words:
            return np.column_stack(
                [*((column == word).fill_null(value=False) for word in self.words), column.is_null()]
            )
        values = column.cast(pl.Float64).fill_nan(None)
        return np.column_stack([*((values >= step).fill_null(value=False) for step in self.steps), values.is_null()])

    def reference(self, share: Mapping[str, float], rows: int) -> Reference:
        """What it was like where the share of rows with each of its indicators is known.

        Args:
            share: of the rows, by indicator.
            rows: how many.
        """
        missing = share[GAP]
        if self.words:
            named = [share[word] for word in self.words]
            shares = np.array([*named, max(0.0, 1 - sum(named) - missing)])
            known = round(rows * (1 - missing))
            return Reference((*self.words, "another"), tuple(shares / max(shares.sum(), 1e-9)), (), known, missing)
        reached = [1 - missing, *(share[f">= {step:g}"] for step in self.steps), 0.0]
        between = np.array([max(0.0, low - high) for low, high in pairwise(reached)])
        return Reference.by_edges(self.steps, between * rows, missing)

    def count(self, column: pl.Series) -> Ints:
        """Rows in each bin of `reference`; gaps are in none."""
        found = self.indicators(column).sum(axis=0).astype(np.int64)
        known = len(column) - found[-1]
        if self.words:
            return np.array([*found[:-1], known - found[:-1].sum()], dtype=np.int64)
        reached = np.array([known, *found[:-1], 0])
        return np.asarray(reached[:-1] - reached[1:])

    def signs(self) -> Sequence[int]:
        """Which way each indicator's coefficient may go; a gap's may go either way."""
        return [self.sign] * (len(self.steps) + len(self.words)) + [0]

    def reason(self, value: object) -> str | None:
        """The value in words; None where a gap is no reason to show."""
        if value is None:
            return self.gap
        if isinstance(value, str):
            return self.says.format(value=value)
        number = float(value)  # type: ignore[arg-type]
        return self.says.format(
            value=number,
            grade=_GRADES.get(round(number), "judged"),
            homes="home" if number == 1 else "homes",
            change=f"{np.exp(number) - 1:+.0%}",
        )


@cache
def catalogue() -> dict[str, Feature]:
    """Every feature by name, in the order of the file."""
    text = resources.files("risk.exits").joinpath("terms.yaml").read_text(encoding="utf-8")
    return {name: Feature.model_validate(raw) for name, raw in yaml.safe_load(text).items()}


def used() -> tuple[str, ...]:
    """Names of the features of the model of record."""
    return tuple(name for name, feature in catalogue().items() if feature.used)


@dataclass(frozen=True, slots=True)
class Basis:
    """Indicators of some features.

    Attributes:
        names: of the features, in order.
    """

    names: tuple[str, ...]

    def matrix(self, rows: pl.DataFrame) -> Floats:
        """Rows by indicators, each 0 or 1."""
        entries = catalogue()
        parts = [entries[name].indicators(rows[name]) for name in self.names]
        return np.column_stack(parts).astype(np.float64) if parts else np.empty((rows.height, 0))

    @property
    def columns(self) -> list[tuple[str, str]]:
        """Feature and part of each indicator."""
        return [(name, part) for name in self.names for part in catalogue()[name].parts()]

    @property
    def signs(self) -> Ints:
        """Which way each coefficient may go."""
        return np.array([sign for name in self.names for sign in catalogue()[name].signs()], dtype=np.int64)


def values(rows: pl.DataFrame, names: Sequence[str]) -> tuple[Floats, Ints]:
    """Features as numbers for the challenger: rows by columns with NaN for gaps, and the sign of each column.

    A feature in words becomes one column a word.
    """
    columns: list[Floats] = []
    signs: list[int] = []
    for name in names:
        feature = catalogue()[name]
        if feature.words:
            columns += list(feature.indicators(rows[name]).astype(np.float64).T[:-1])
            signs += [0] * len(feature.words)
        else:
            columns.append(rows[name].cast(pl.Float64).to_numpy(allow_copy=True).astype(np.float64))
            signs.append(feature.sign)
    return np.column_stack(columns), np.array(signs, dtype=np.int64)
