"""Groups against sets of conditions: what is met, by how much, and who comes next."""

from typing import Final

import polars as pl

from risk.findings import empty
from risk.parameters import Parameters, Values
from risk.scope.conditions import ConditionSet, condition_sets
from risk.scope.measures import Holdings

NO_PLACES: Final = "the list publishes no places"
_KEYS: Final = ["group_id", "condition"]


def screen(holdings: Holdings, parameters: Parameters, values: Values) -> pl.DataFrame:
    """Rows of `scope`: each group with homes against each condition of each set in force."""
    parts = [empty("scope")]
    columns = parts[0].columns
    for name, each in condition_sets(values).items():
        verified = parameters.entries[f"scope.{name}"].verified
        parts.append(
            judge(holdings, each)
            .with_columns(
                pl.format("{}.{}.{}", "group_id", pl.lit(name), "condition").alias("scope_id"),
                pl.lit(name).alias("condition_set"),
                pl.lit(verified).alias("verified"),
            )
            .select(columns)
        )
    return pl.concat(parts)


def judge(holdings: Holdings, conditions: ConditionSet) -> pl.DataFrame:
    """Each group against each condition of one set.

    Returns:
        group_id, condition, kind, measure, value, threshold, unit, met, margin, margin_percent, nearness, requirements
        and reason, as table `scope` has them, sorted by condition and group. Of a condition with several requirements,
        measure, value and threshold are those of the one that is hardest for the group: furthest below its threshold,
        or least above it.
    """
    required = _required(holdings, conditions)
    hardest = (
        required.sort("ratio", "number", nulls_last=False)
        .unique(_KEYS, keep="first", maintain_order=True)
        .select(*_KEYS, "kind", "measure", "value", "threshold", "unit", "ratio")
    )
    together = required.sort("number").group_by(_KEYS, maintain_order=True).agg(
        pl.col("passed").all().alias("met"), pl.col("text").str.join("; ").alias("requirements")
    )  # fmt: skip
    judged = (
        hardest.join(together, on=_KEYS)
        .with_columns(
            (pl.col("value") - pl.col("threshold")).alias("margin"),
            ((pl.col("ratio") - 1) * 100).alias("margin_percent"),
            pl.when(pl.col("ratio").is_null()).then(pl.lit(NO_PLACES)).alias("reason"),
        )
        .sort("condition", "group_id")
    )
    short = pl.when(~pl.col("met") & pl.col("ratio").is_not_null()).then(pl.col("ratio"))
    nearness = short.rank("min", descending=True).over("condition").cast(pl.Int64)
    return judged.with_columns(nearness.alias("nearness")).drop("ratio")


def conditions_met(scope: pl.DataFrame, condition_set: str) -> pl.DataFrame:
    """group_id and the names of the conditions of one set that it meets, joined by ', '."""
    return (
        scope.filter(pl.col("met"), pl.col("condition_set") == condition_set)
        .sort("group_id", "condition")
        .group_by("group_id", maintain_order=True)
        .agg(pl.col("condition").str.join(", ").alias("scope_conditions_met"))
    )


_TESTED: Final = pl.Schema(
    {
        "group_id": pl.String,
        "value": pl.Float64,
        "condition": pl.String,
        "kind": pl.String,
        "number": pl.Int64,
        "measure": pl.String,
        "threshold": pl.Float64,
        "unit": pl.String,
        "words": pl.String,
    }
)


def _required(holdings: Holdings, conditions: ConditionSet) -> pl.DataFrame:
    """One row for each group and requirement: whether it is passed, value over threshold, and the two in words."""
    parts = [pl.DataFrame(schema=_TESTED)]
    for name, condition in conditions.conditions.items():
        for number, requirement in enumerate(condition.all_of):
            parts.append(
                holdings.values(requirement).with_columns(
                    pl.lit(name).alias("condition"),
                    pl.lit(condition.kind).alias("kind"),
                    pl.lit(number, dtype=pl.Int64).alias("number"),
                    pl.lit(requirement.measure).alias("measure"),
                    pl.lit(holdings.threshold(requirement), dtype=pl.Float64).alias("threshold"),
                    pl.lit(requirement.unit).alias("unit"),
                    pl.lit(requirement.words).alias("words"),
                )
            )
    sign = pl.when(pl.col("words").str.starts_with("%")).then(pl.lit("%")).otherwise(pl.lit(""))
    text = pl.format("{}{} against {}{}", _number("value"), "words", _number("threshold"), sign)
    return pl.concat(parts).with_columns(
        (pl.col("value") >= pl.col("threshold")).fill_null(False).alias("passed"),
        (pl.col("value") / pl.col("threshold")).alias("ratio"),
        text.fill_null(pl.format("{}: {}", "measure", pl.lit(NO_PLACES))).alias("text"),
    )


def _number(column: str) -> pl.Expr:
    """A figure as text: whole where it is whole, else to one decimal."""
    value = pl.col(column)
    return (
        pl.when(value == value.round(0))
        .then(value.cast(pl.Int64).cast(pl.String))
        .otherwise(value.round(1).cast(pl.String))
    )
