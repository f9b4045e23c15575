"""Percentiles: where a measure of a group stands among groups of its size and kind of owner."""

from itertools import pairwise
from typing import Final

import polars as pl

from oversight.model.tables.derived import VALUE
from risk.findings import empty
from risk.parameters import Values

_COMPARABLE: Final = ("percent", "percentage points", "times", "ratio", "days", "score")
_ALSO: Final = ("revenue_per_place_week", "revenue_per_occupied_place_week", "operating_profit_per_place")
_KINDS: Final = {
    "company": "owned by companies",
    "individual": "owned by individuals",
    "joint": "owned jointly",
    "overseas": "owned from overseas",
    "charity": "run by charities",
}


def rank(indicator: pl.DataFrame, group: pl.DataFrame, values: Values) -> pl.DataFrame:
    """Rows of `peer`: newest measures of the accounts of groups, each against the narrowest peers that are enough.

    Args:
        indicator: every indicator; those of groups that compare across sizes are ranked.
        group: rows of `group` on the register.
        values: parameters in force.

    Returns:
        One row a group and measure; none where too few groups have the measure.
    """
    fewest = int(values.number("peers.fewest"))
    known = (
        indicator.filter("latest", pl.col("status") == VALUE, pl.col("subject_kind") == "group")
        .filter(pl.col("unit").is_in(_COMPARABLE) | pl.col("code").is_in(_ALSO))
        .unique(["group_id", "code"], keep="first", maintain_order=True)
        .join(_sorts(group, values), on="group_id")
    )
    narrow = _among(known, ["size", "kind"], pl.format("{}, {}", "size", "kind"))
    sized = _among(known, ["size"], pl.format("{}, any owner", "size"))
    all_groups = _among(known, [], pl.lit("all groups on the register"))
    ranked = pl.concat([narrow, sized, all_groups]).filter(pl.col("count") >= fewest)
    found = ranked.unique(["group_id", "code"], keep="first", maintain_order=True)
    named = found.with_columns(pl.format("{}.peer.{}", "group_id", "code").alias("peer_id"))
    return named.select(empty("peer").columns).sort("group_id", "code")


def _sorts(group: pl.DataFrame, values: Values) -> pl.DataFrame:
    """group_id, size and kind of owner in words."""
    starts = values.numbers("peers.sizes")
    labels = [f"under {starts[0]:g} places"]
    labels += [f"{low:g} to {high - 1:g} places" for low, high in pairwise(starts)]
    labels.append(f"{starts[-1]:g} places or more")
    reached = pl.sum_horizontal([(pl.col("places") >= start).cast(pl.UInt32) for start in starts])
    size = pl.lit(pl.Series(labels)).get(reached)
    kind = pl.col("kind").replace_strict(_KINDS, default="other owners")
    return group.select("group_id", size.alias("size"), kind.alias("kind"))


def _among(known: pl.DataFrame, by: list[str], words: pl.Expr) -> pl.DataFrame:
    """Rank and quartiles of every row among those of the same measure and sort."""
    keys = ["code", *by]
    value = pl.col("value")
    place = (value.rank("average").over(keys) - 0.5) / pl.len().over(keys) * 100
    return known.with_columns(
        words.alias("peers"),
        pl.len().over(keys).cast(pl.Int64).alias("count"),
        place.alias("percentile"),
        value.quantile(0.25, "linear").over(keys).alias("lower_quartile"),
        value.median().over(keys).alias("median"),
        value.quantile(0.75, "linear").over(keys).alias("upper_quartile"),
    )
