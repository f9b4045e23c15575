"""Ratios as ramps: a continuous curve of straight pieces between knots, level outside, with an indicator for a gap.

A ramp rises from 0 to 1 between two neighbouring knots, so the coefficient of a ramp is how much the log-odds change
across that piece, and a sign on all ramps of a ratio makes its curve rise or fall throughout. Beyond the outer knots
nothing changes: one absurd figure cannot dominate. A value that many rows share (often nil) has an indicator of its
own. A gap says nothing through the ramps (they stand at their average) and all through its indicator.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from oversight.errors import InputError
from risk.learning.metrics import Floats, Ints

_TRIM: Final = 0.005
_SPIKE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Ramps:
    """The knots of every column and the averages of what is made of them.

    Attributes:
        knots: of each column, rising; fewer than two where the column hardly varies.
        spikes: of each column, the value that at least 5% of the rows with a value share; None for none.
        average: of each basis column over the rows that have a value, which stands in for gaps.
    """

    knots: tuple[tuple[float, ...], ...]
    spikes: tuple[float | None, ...]
    average: tuple[float, ...]

    @classmethod
    def learn(cls, values: Floats, pieces: int) -> "Ramps":
        """Knots at even quantiles of each column.

        Args:
            values: rows by columns, NaN for gaps.
            pieces: at most so many straight pieces a column.
        """
        found = [_knots(values[:, column], pieces) for column in range(values.shape[1])]
        bare = cls(tuple(knots for knots, _ in found), tuple(spike for _, spike in found), ())
        basis = bare._raw(values)
        with np.errstate(invalid="ignore"):
            filled = np.isfinite(basis)
            total = np.where(filled, basis, 0).sum(axis=0)
        average = total / np.maximum(filled.sum(axis=0), 1)
        return cls(bare.knots, bare.spikes, tuple(float(value) for value in average))

    @property
    def owner(self) -> Ints:
        """The column that each basis column belongs to."""
        return np.repeat(np.arange(len(self.knots)), self._widths())

    @property
    def is_ramp(self) -> Ints:
        """1 for each basis column that is a ramp, 0 for an indicator."""
        kinds = [
            [1] * max(len(knots) - 1, 0) + [0] * (spike is not None) + [0]
            for knots, spike in zip(self.knots, self.spikes, strict=True)
        ]
        return np.array([kind for column in kinds for kind in column], dtype=np.int64)

    @property
    def is_gap(self) -> NDArray[np.bool_]:
        """Whether a basis column is the indicator of a gap: the last of its column."""
        owner = self.owner
        return np.asarray(np.append(owner[1:] != owner[:-1], True))

    def basis(self, values: Floats) -> Floats:
        """Rows by basis columns, centred; a gap stands at nil in all but its indicator.

        Raises:
            InputError: if the number of columns is not the one learnt from.
        """
        if values.shape[1] != len(self.knots):
            raise InputError(f"the model knows {len(self.knots)} columns, the rows have {values.shape[1]}")
        raw = self._raw(values) - np.asarray(self.average)
        return np.asarray(np.nan_to_num(raw, copy=False, nan=0.0))

    def _widths(self) -> list[int]:
        return [
            max(len(knots) - 1, 0) + (spike is not None) + 1
            for knots, spike in zip(self.knots, self.spikes, strict=True)
        ]

    def _raw(self, values: Floats) -> Floats:
        out = np.empty((len(values), sum(self._widths())))
        place = 0
        for column, (knots, spike) in enumerate(zip(self.knots, self.spikes, strict=True)):
            x = values[:, column]
            gap = np.isnan(x)
            for low, high in pairwise(knots):
                out[:, place] = np.clip((x - low) / (high - low), 0, 1)
                place += 1
            if spike is not None:
                out[:, place] = np.where(gap, np.nan, x == spike)
                place += 1
            out[:, place] = gap
            place += 1
        return out

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "knots": [list(knots) for knots in self.knots],
            "spikes": list(self.spikes),
            "average": list(self.average),
        }

    @classmethod
    def from_dict(cls, raw: Any) -> "Ramps":
        """What `to_dict` wrote.

        Raises:
            InputError: if it is anything else.
        """
        try:
            made = cls(
                tuple(tuple(map(float, knots)) for knots in raw["knots"]),
                tuple(None if spike is None else float(spike) for spike in raw["spikes"]),
                tuple(map(float, raw["average"])),
            )
            sound = len(made.knots) == len(made.spikes) and len(made.average) == sum(made._widths())
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(f"not a set of ramps: {error!r}") from error
        rising = all((np.diff(knots) > 0).all() for knots in made.knots)
        if not sound or not rising or not np.isfinite(made.average).all():
            raise InputError("a set of ramps has knots that do not rise, or averages that do not fit them")
        return made


def _knots(column: Floats, pieces: int) -> tuple[tuple[float, ...], float | None]:
    """Knots of a column, and the value that many of its rows share."""
    values = column[np.isfinite(column)]
    if not len(values):
        return (), None
    levels, count = np.unique(values, return_counts=True)
    spike = float(levels[count.argmax()]) if len(levels) > 2 and count.max() >= _SPIKE * len(values) else None  # noqa: PLR2004
    shares = np.linspace(_TRIM, 1 - _TRIM, pieces + 1)
    knots = np.unique(np.quantile(values, shares, method="inverted_cdf"))
    return tuple(float(knot) for knot in knots), spike
