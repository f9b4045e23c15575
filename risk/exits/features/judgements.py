"""Judgements and their course: the last one, what came before, how long ago."""

from typing import Final

import polars as pl

from risk.exits.publications import Publications
from risk.exits.register import Register

_YEAR: Final = 365.25
GRADES: Final = {
    "outstanding": 1,
    "good": 2,
    "requires improvement to be good": 3,
    "requires improvement": 3,
    "adequate": 3,
    "satisfactory": 3,
    "inadequate": 4,
}
"""Overall judgements in lower case, 1 the best. Adequate and satisfactory were the words until 2015."""
_JUDGED: Final = ("overall", "helped_and_protected", "leaders_and_managers")
_BELOW_GOOD: Final = 3


def judged(known: Publications, register: Register) -> pl.DataFrame:
    """Full inspections known of each home: urn, inspected_on, and grades 1 to 4 by the names of the judgements.

    A judgement without an inspection date is dated by the list that gives it.
    """
    listed = register.lists.select("urn", pl.coalesce("inspected_on", "day").alias("inspected_on"), *_JUDGED)
    visited = known.inspection.filter(pl.col("inspected_on").is_not_null()).select("urn", "inspected_on", *_JUDGED)
    grade = [pl.col(name).str.to_lowercase().replace_strict(GRADES, default=None, return_dtype=pl.Int64)
             for name in _JUDGED]  # fmt: skip
    return (
        pl.concat([listed, visited])
        .with_columns(grade)
        .filter(pl.col("overall").is_not_null(), pl.col("inspected_on") <= register.day)
        .group_by("urn", "inspected_on")
        .agg(pl.col(_JUDGED).max())
        .sort("urn", "inspected_on")
    )


def measure(known: Publications, register: Register) -> pl.DataFrame:
    """The course of judgements; gaps where none is known.

    `severity` adds up the last three grades (a part not given counts as the overall one); `leaders` the last grade of
    leaders and managers; `worst` the worst overall grade; `below_good_share` the share of overall judgements below
    good; `years_since_judged`; `standing`: good now, fell from good, never seen good; `course`: how the last overall
    judgement compares with the one before.
    """
    rows = judged(known, register)
    below = pl.col("overall") >= _BELOW_GOOD
    parts = [pl.col(name).fill_null(pl.col("overall")) for name in _JUDGED[1:]]
    course = rows.group_by("urn", maintain_order=True).agg(
        pl.col("overall").last(),
        (pl.col("overall") + pl.sum_horizontal(parts)).last().alias("severity"),
        pl.col("leaders_and_managers").drop_nulls().last().alias("leaders"),
        pl.col("overall").max().alias("worst"),
        below.mean().alias("below_good_share"),
        (pl.col("overall") - pl.col("overall").shift(1)).last().alias("change"),
        ((pl.lit(register.day) - pl.col("inspected_on").last()).dt.total_days() / _YEAR).alias("years_since_judged"),
    )
    change, last = pl.col("change"), pl.col("overall")
    return register.homes.select("urn").join(course, on="urn", how="left").select(
        "urn",
        pl.col("severity", "leaders", "worst").cast(pl.Float64),
        "below_good_share",
        "years_since_judged",
        pl.when(last < _BELOW_GOOD).then(pl.lit("good now"))
        .when(pl.col("below_good_share") == 1).then(pl.lit("never seen good"))
        .when(last.is_not_null()).then(pl.lit("fell from good")).alias("standing"),
        pl.when(change > 0).then(pl.lit("worse")).when(change < 0).then(pl.lit("better"))
        .when(change == 0).then(pl.lit("same")).alias("course"),
    )  # fmt: skip
