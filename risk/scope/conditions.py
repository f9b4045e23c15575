"""Sets of conditions as `risk/parameters/scope.yaml` writes them.

A set is met where any of its conditions is; a condition is met where all its requirements are. Each condition says
which of the four kinds of section 30ZE(4) of the Care Standards Act 2000 it is.
"""

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel, model_validator

from oversight.errors import InputError
from risk.parameters import Values

_STRICT: Final = ConfigDict(extra="forbid", frozen=True)
_PREFIX: Final = "scope."
_SETTINGS: Final = frozenset({"default_set", "sensitivity", "nearest", "over_share"})
"""Entries of the file that are no set."""

Kind = Literal["number", "size", "concentration", "share"]
_WORDS: Final[Mapping[str, str]] = {
    "authorities": " authorities",
    "regions": " regions",
    "homes": " homes",
    "places": " places",
    "largest_authority_share": "% of one authority's places",
    "largest_neighbourhood_share": "% of the places of one authority and those beside it",
    "largest_region_share": "% of one region's places",
    "england_share": "% of England's places",
}
Measure = Literal[
    "homes",
    "places",
    "authorities",
    "regions",
    "authorities_over_share",
    "largest_authority_share",
    "largest_neighbourhood_share",
    "largest_region_share",
    "england_share",
]
_LOCAL: Final = frozenset({"authorities_over_share", "largest_authority_share", "largest_neighbourhood_share"})
_TOTALLED: Final = frozenset({"homes", "places"})


class Requirement(BaseModel):
    """A measure of a group and the figure from which it is passed.

    Attributes:
        measure: what is measured, over children's homes of all types.
        threshold: passed from this figure on.
        unit: of the threshold.
        local_share: for `authorities_over_share`, the percentage of an authority's places that counts as over.
        least_places: areas with fewer places in all are left out of a local measure: one home is much of little.
        scaled_from: the size of the market the threshold was set for, in the measure's own unit. The threshold used
            is `threshold * size of this market / scaled_from`.
    """

    model_config = _STRICT

    measure: Measure
    threshold: float = Field(gt=0)
    unit: str = Field(min_length=1)
    local_share: float | None = Field(default=None, gt=0, le=100)
    least_places: int = Field(default=0, ge=0)
    scaled_from: float | None = Field(default=None, gt=0)

    @model_validator(mode="after")
    def _fits(self) -> "Requirement":
        """Options that the measure cannot use are a mistake in the file."""
        if (self.local_share is None) == (self.measure == "authorities_over_share"):
            raise ValueError("authorities_over_share, and nothing else, takes a local_share")
        if self.least_places and self.measure not in _LOCAL:
            raise ValueError("least_places goes with a local measure only")
        if self.scaled_from is not None and self.measure not in _TOTALLED:
            raise ValueError("only homes and places can be scaled_from another market")
        return self

    @property
    def words(self) -> str:
        """What stands behind the figure: ` homes`, `% of one region's places`."""
        return _WORDS.get(self.measure) or f" authorities with {self.local_share:g}% or more"


class Condition(BaseModel):
    """One condition: its kind in section 30ZE(4), and the requirements that must all be passed."""

    model_config = _STRICT

    kind: Kind
    all_of: tuple[Requirement, ...] = Field(min_length=1)


class ConditionSet(RootModel[dict[str, Condition]]):
    """Conditions by name; any one of them is enough. Empty where none is known."""

    model_config = ConfigDict(frozen=True)

    @property
    def conditions(self) -> Mapping[str, Condition]:
        """The conditions by name, in the order of the file."""
        return self.root


def condition_sets(values: Values) -> dict[str, ConditionSet]:
    """Every set in force, by name, in the order of the file.

    Raises:
        InputError: if a set is not written as it should be; names file and key.
    """
    names = [code.removeprefix(_PREFIX) for code in values.under(_PREFIX)]
    return {name: values.parse(_PREFIX + name, ConditionSet) for name in names if name not in _SETTINGS}


def condition_set(values: Values, name: str) -> ConditionSet:
    """One set.

    Raises:
        InputError: if there is no such set, or it has no condition on that day.
    """
    found = condition_sets(values)
    if name not in found:
        raise InputError(
            "there is no such set of conditions", where=repr(name), next_step=f"The sets are: {', '.join(found)}."
        )
    if not found[name].conditions:
        raise InputError(
            f"the set {name} has no condition in force on {values.on}",
            where=values.places[_PREFIX + name],
            next_step="Write the conditions there under the day they start, or choose another set: "
            f"{', '.join(other for other, each in found.items() if each.conditions)}.",
        )
    return found[name]
