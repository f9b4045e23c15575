"""The model of record: a logistic hazard on steps, calibrated, written as JSON a person can read."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import polars as pl

from oversight.errors import InputError
from risk.exits.terms import Basis, catalogue
from risk.learning.calibration import Calibration
from risk.learning.metrics import Floats
from risk.learning.stability import Reference

FORMAT: Final = "exit-of-homes-2"
_REASONS: Final = 3
_OF_ONE_FAMILY: Final = 2
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Model:
    """Coefficients with what they were learnt from.

    Attributes:
        outcomes_by: the day up to which outcomes were known when it was fitted.
        horizon_days: how far ahead it looks.
        features: names, in order.
        intercept: log-odds of a home with no indicator set.
        coefficients: log-odds of each indicator of the features (`Basis.columns`).
        average: share of the rows learnt from with each indicator set; reasons are told against it.
        calibration: from log-odds to log-odds that held out of time.
        correlation: of homes of one owner, by which losses of owners are worked out (0 to 1).
        days: days looked from.
        rows: homes and days learnt from.
        positives: how many left.
        documents: ids of the publications learnt from.
        spread: of the log-odds of the rows learnt from, to tell later whether homes have changed.
    """

    outcomes_by: date
    horizon_days: int
    features: tuple[str, ...]
    intercept: float
    coefficients: tuple[float, ...]
    average: tuple[float, ...]
    calibration: Calibration
    correlation: float
    days: tuple[date, ...]
    rows: int
    positives: int
    documents: tuple[str, ...]
    spread: Reference

    @property
    def basis(self) -> Basis:
        """The indicators it multiplies."""
        return Basis(self.features)

    def score(self, rows: pl.DataFrame) -> Floats:
        """Log-odds before calibration."""
        return np.asarray(self.intercept + self.basis.matrix(rows) @ np.asarray(self.coefficients))

    def probability(self, rows: pl.DataFrame, days: int | None = None) -> Floats:
        """Probability that a home leaves within a number of days (the model's own horizon where not given).

        The hazard is taken as even over time: `1 - (1 - p) ** (days / horizon)`.
        """
        year = self.calibration.probability(self.score(rows))
        return np.asarray(1 - (1 - year) ** ((days or self.horizon_days) / self.horizon_days))

    def reasons(self, rows: pl.DataFrame) -> list[str]:
        """For each row what raises it most above the average home, in words; empty where nothing does.

        At most three, and two of one family, the weightiest first.
        """
        parts = (self.basis.matrix(rows) - np.asarray(self.average)) * np.asarray(self.coefficients)
        owner = np.array([self.features.index(name) for name, _ in self.basis.columns])
        weights = np.stack([parts[:, owner == number].sum(axis=1) for number in range(len(self.features))], axis=1)
        records = rows.select(self.features).rows()
        return [self._told(weight, record) for weight, record in zip(weights, records, strict=True)]

    def _told(self, weight: Floats, record: tuple[object, ...]) -> str:
        entries = catalogue()
        told: list[str] = []
        families: list[str] = []
        for place in np.argsort(-weight, kind="stable"):
            feature = entries[self.features[place]]
            if weight[place] <= 0 or len(told) == _REASONS:
                break
            said = feature.reason(record[place])
            if said and families.count(feature.family) < _OF_ONE_FAMILY:
                told.append(said)
                families.append(feature.family)
        return "; ".join(told)

    def terms(self) -> pl.DataFrame:
        """feature, part, label, family, sign, log_odds and share of the rows, one row for each indicator."""
        entries = catalogue()
        return pl.DataFrame(
            [
                (name, part, entries[name].label, entries[name].family, entries[name].sign, weight, share)
                for (name, part), weight, share in zip(self.basis.columns, self.coefficients, self.average, strict=True)
            ],
            schema=["feature", "part", "label", "family", "sign", "log_odds", "share"],
            orient="row",
        )

    def references(self) -> dict[str, Reference]:
        """What each feature was like in the rows learnt from, by its name."""
        share = dict(zip(self.basis.columns, self.average, strict=True))
        entries = catalogue()
        return {
            name: entries[name].reference({part: share[name, part] for part in entries[name].parts()}, self.rows)
            for name in self.features
        }

    @property
    def fingerprint(self) -> str:
        """SHA-256 of what it says."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def to_json(self) -> str:
        """As JSON with one term a line; the same model gives the same bytes."""
        terms = [
            json.dumps({"feature": name, "part": part, "log_odds": weight, "share": share}, ensure_ascii=False)
            for (name, part), weight, share in zip(self.basis.columns, self.coefficients, self.average, strict=True)
        ]
        head = {
            "format": FORMAT,
            "licence": "Open Government Licence v3.0; contains public sector information of Ofsted",
            "outcomes_by": self.outcomes_by.isoformat(),
            "horizon_days": self.horizon_days,
            "days": [day.isoformat() for day in self.days],
            "rows": self.rows,
            "positives": self.positives,
            "documents": list(self.documents),
            "features": list(self.features),
            "calibration": self.calibration.to_dict(),
            "correlation": self.correlation,
            "spread": self.spread.to_dict(),
            "intercept": self.intercept,
        }
        body = json.dumps(head, indent=1, ensure_ascii=False)
        return body[:-2] + ',\n "terms": [\n  ' + ",\n  ".join(terms) + "\n ]\n}\n"

    @classmethod
    def from_json(cls, text: str, where: str) -> "Model":
        """What `to_json` wrote.

        Raises:
            InputError: if it is anything else, or of features this version does not know.
        """
        try:
            raw: dict[str, Any] = json.loads(text)
            made = cls._from(raw)
            told = [(term["feature"], term["part"]) for term in raw["terms"]]
            if raw["format"] != FORMAT or told != made.basis.columns:
                raise ValueError("its terms are not those of this version")  # noqa: TRY301 - one message for all faults
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"not an exit model: {error}", where=where, next_step="Train it again with `oversight exits --train`."
            ) from error
        return made

    @classmethod
    def _from(cls, raw: dict[str, Any]) -> "Model":
        coefficients = tuple(float(term["log_odds"]) for term in raw["terms"])
        average = tuple(float(term["share"]) for term in raw["terms"])
        if not np.isfinite([*coefficients, *average, float(raw["intercept"])]).all():
            raise ValueError("a coefficient is no number")
        if not 0 <= float(raw["correlation"]) < 1 or int(raw["horizon_days"]) <= 0:
            raise ValueError("a correlation or a horizon is out of bounds")
        return cls(
            outcomes_by=date.fromisoformat(raw["outcomes_by"]),
            horizon_days=int(raw["horizon_days"]),
            features=tuple(raw["features"]),
            intercept=float(raw["intercept"]),
            coefficients=coefficients,
            average=average,
            calibration=Calibration.from_dict(raw["calibration"]),
            correlation=float(raw["correlation"]),
            days=tuple(date.fromisoformat(day) for day in raw["days"]),
            rows=int(raw["rows"]),
            positives=int(raw["positives"]),
            documents=tuple(raw["documents"]),
            spread=Reference.from_dict(raw["spread"]),
        )


def rounded(values: Sequence[float] | Floats) -> tuple[float, ...]:
    """Six significant digits: more would differ between linear algebra libraries, and says nothing."""
    return tuple(float(f"{value:.{_DIGITS}g}") for value in values)


@dataclass(frozen=True, slots=True)
class Vintages:
    """Models by the day up to which outcomes were known, so that a forecast at a day uses no later outcome.

    Attributes:
        models: oldest first, at least one.
    """

    models: tuple[Model, ...]

    def at(self, day: date) -> tuple[Model, bool]:
        """The newest model whose outcomes were known by a day, and whether there is one; else the oldest."""
        known = [model for model in self.models if model.outcomes_by <= day]
        return (known[-1], True) if known else (self.models[0], False)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all."""
        return hashlib.sha256("".join(model.fingerprint for model in self.models).encode()).hexdigest()
