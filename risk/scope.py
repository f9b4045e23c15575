"""The scope screen: candidates against configurable conditions by number, size, concentration and share.

Whether a provider is in scope is determined by the Secretary of State with a notice; these rows only indicate.
"""

from collections.abc import Mapping
from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field

from risk.findings import empty
from risk.parameters import Parameters, Values

Measure = Literal[
    "homes",
    "places",
    "authorities",
    "regions",
    "authorities_over_share",
    "largest_authority_share",
    "largest_region_share",
    "england_share",
]


class Condition(BaseModel):
    """One condition: a measure of the group, and the figure from which it is met."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measure: Measure
    threshold: float = Field(ge=0)
    unit: str
    local_share: float | None = Field(default=None, ge=0, le=100)


class ConditionSet(BaseModel):
    """The four kinds of condition that section 30ZE(4) names; any may be left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Condition | None = None
    size: Condition | None = None
    concentration: Condition | None = None
    share: Condition | None = None

    def given(self) -> Mapping[str, Condition]:
        """The conditions of the set by name."""
        named = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: condition for name, condition in named.items() if condition is not None}


def screen(spread: pl.DataFrame, exposure: pl.DataFrame, parameters: Parameters, values: Values) -> pl.DataFrame:
    """Rows of `scope`: each group with homes against each condition of each set in force."""
    parts = [empty("scope")]
    for code in values.under("scope."):
        name = code.removeprefix("scope.")
        if name == "default_set":
            continue
        verified = parameters.entries[code].verified
        for condition, test in values.parse(code, ConditionSet).given().items():
            measured = _measured(spread, exposure, test)
            parts.append(
                measured.select(
                    pl.format("{}.{}.{}", "group_id", pl.lit(name), pl.lit(condition)).alias("scope_id"),
                    "group_id",
                    pl.lit(name).alias("condition_set"),
                    pl.lit(condition).alias("condition"),
                    pl.col("value").cast(pl.Float64),
                    pl.lit(test.threshold).alias("threshold"),
                    pl.lit(test.unit).alias("unit"),
                    (pl.col("value") >= test.threshold).fill_null(False).alias("met"),
                    pl.lit(verified).alias("verified"),
                )
            )
    return pl.concat(parts)


def conditions_met(scope: pl.DataFrame, condition_set: str) -> pl.DataFrame:
    """group_id and the names of the conditions of one set that it meets, joined by ', '."""
    return (
        scope.filter(pl.col("met"), pl.col("condition_set") == condition_set)
        .sort("group_id", "condition")
        .group_by("group_id", maintain_order=True)
        .agg(pl.col("condition").str.join(", ").alias("scope_conditions_met"))
    )


def _measured(spread: pl.DataFrame, exposure: pl.DataFrame, test: Condition) -> pl.DataFrame:
    """group_id and value of the condition's measure."""
    if test.measure != "authorities_over_share":
        return spread.select("group_id", pl.col(test.measure).alias("value"))
    over = (
        exposure.filter(pl.col("share_of_places") >= (test.local_share or 0))
        .group_by("group_id")
        .agg(pl.len().alias("value"))
    )
    return spread.select("group_id").join(over, on="group_id", how="left").with_columns(pl.col("value").fill_null(0))
