"""What the replacement of homes is assumed to be like, from the parameters."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from risk.parameters import Values

Rule = Literal["between_postcodes", "between_centres"]
_STRICT = ConfigDict(extra="forbid", frozen=True)


class KindRule(BaseModel):
    """One way a home is of a kind: by its type of provision and, where given, its short-breaks flag."""

    model_config = _STRICT

    kind: str = Field(min_length=1)
    types: Annotated[list[str], Field(min_length=1)]
    short_breaks: bool = False


class _KindRules(RootModel[Annotated[list[KindRule], Field(min_length=1)]]):
    """The rules in order; the first that fits counts."""


class _Miles(RootModel[Annotated[list[Annotated[float, Field(gt=0, le=1000)]], Field(min_length=1)]]):
    """Distances; none is longer than the country."""


class _Distance(RootModel[Rule]):
    """The name of a rule."""


class Triangle(BaseModel):
    """A share known only by its lowest, most likely and highest value."""

    model_config = _STRICT

    low: float = Field(ge=0, le=1)
    likely: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _ordered(self) -> "Triangle":
        if not self.low <= self.likely <= self.high:
            raise ValueError("low, likely and high rise")
        return self

    def at(self, rank: NDArray[np.float64]) -> NDArray[np.float64]:
        """The value at each rank from 0 to 1: the inverse of the triangle's distribution function."""
        width = self.high - self.low
        if not width:
            return np.full_like(rank, self.low)
        rise, fall = (self.likely - self.low) * width, (self.high - self.likely) * width
        below = self.low + np.sqrt(rank * rise)
        above = self.high - np.sqrt((1 - rank) * fall)
        return np.where(rank < (self.likely - self.low) / width, below, above)


class Trials(BaseModel):
    """How many trials, and the percentiles shown of them."""

    model_config = _STRICT

    number: int = Field(ge=1, le=10_000)
    seed: int = Field(ge=0)
    low: float = Field(ge=0, le=50)
    high: float = Field(ge=50, le=100)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """All that is assumed of a replacement.

    Attributes:
        kinds: which homes are of one kind.
        quality: overall judgements, lower case, of a home that can take a child.
        miles: distances, shortest first.
        distance: how the distance between two homes is told.
        occupancy: share of places with a child.
        usable: share of empty places that could take one.
        trials: number, seed and percentiles.
    """

    kinds: Sequence[KindRule]
    quality: Sequence[str]
    miles: tuple[float, ...]
    distance: Rule
    occupancy: Triangle
    usable: Triangle
    trials: Trials


def assumptions(values: Values, miles: Sequence[float] | None = None) -> Assumptions:
    """The assumptions in force.

    Args:
        values: parameters in force.
        miles: distances in place of those of the parameters.

    Raises:
        InputError: if a parameter is not as it should be.
    """
    given = values.parse("replace.miles", _Miles).root if miles is None else miles
    return Assumptions(
        kinds=values.parse("replace.kinds", _KindRules).root,
        quality=values.texts("replace.quality"),
        miles=tuple(sorted(set(given))),
        distance=values.parse("replace.distance", _Distance).root,
        occupancy=values.parse("replace.occupancy", Triangle),
        usable=values.parse("replace.usable", Triangle),
        trials=values.parse("replace.trials", Trials),
    )
