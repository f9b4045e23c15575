"""How what was read of the example market compares with the truth. Pure: frames in, figures out."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

_SAME_EVENT: Mapping[str, str] = {
    "administration": "insolvency",
    "liquidation": "insolvency",
    "going_concern_uncertainty": "going_concern",
    "restated": "accounts_restated",
    "homes_halved": "homes_fall",
}
"""What the truth calls an event, and the run's broader name for it."""
_PENNY = 0.005


@dataclass(frozen=True, slots=True)
class Share:
    """So many right of so many, and so many wrong (the rest is absent)."""

    right: int
    wrong: int
    of: int

    def words(self) -> str:
        """Such as `35,120 of 36,002 (97.6%), 12 wrong`."""
        percent = 100 * self.right / self.of if self.of else 0.0
        return f"{self.right:,} of {self.of:,} ({percent:.1f}%), {self.wrong:,} wrong"


def line_accuracy(truth: pl.DataFrame, read: pl.DataFrame) -> pl.DataFrame:
    """Each line of the truth beside what was read in the same document for the same period and scope.

    Args:
        truth: `oversight.example.truth.lines`.
        read: columns transaction_id, period_end, consolidated, line, value, method.

    Returns:
        Columns line, medium, of, right, wrong: how often a line stands in the truth, how often it was read
        exactly, how often with another value. The rest was not read.
    """
    key = ["transaction_id", "period_end", "consolidated", "line"]
    beside = truth.join(read.select(*key, pl.col("value").alias("read")).unique(key), on=key, how="left")
    same = (pl.col("value") - pl.col("read")).abs() < _PENNY
    return (
        beside.group_by("line", "medium")
        .agg(
            pl.len().cast(pl.Int64).alias("of"),
            same.fill_null(value=False).sum().cast(pl.Int64).alias("right"),
            (~same).fill_null(value=False).sum().cast(pl.Int64).alias("wrong"),
        )
        .sort("medium", "line")
    )


def held(truth: pl.DataFrame, transactions: Collection[str]) -> pl.DataFrame:
    """The part of a table of the truth that is about accounts which were collected."""
    return truth.filter(pl.col("transaction_id").is_in(sorted(transactions)))


def share(accuracy: pl.DataFrame) -> Share:
    """The whole of a table of `line_accuracy`, or of a part of it."""
    return Share(int(accuracy["right"].sum()), int(accuracy["wrong"].sum()), int(accuracy["of"].sum()))


def group_accuracy(truth: pl.DataFrame, membership: pl.DataFrame) -> Share:
    """Companies whose fellow members in the run are exactly their fellow members in truth.

    Args:
        truth: `oversight.example.truth.groups`.
        membership: the run's table.

    Returns:
        Counted over the companies that the truth puts into a group and the run knows; a company that the run
        does not know is passed over on both sides.
    """
    known = set(membership["company_number"])
    true_group = {
        number: group
        for number, group in truth.select("company_number", "group").iter_rows()
        if group is not None and number in known
    }
    found_group = dict(membership.select("company_number", "group_id").iter_rows())
    right = sum(
        _fellows(number, true_group) == {other for other in _fellows(number, found_group) if other in true_group}
        for number in true_group
    )
    return Share(right, len(true_group) - right, len(true_group))


def _fellows(number: str, groups: Mapping[str, str]) -> set[str]:
    return {other for other, group in groups.items() if group == groups[number]}


def event_accuracy(truth: pl.DataFrame, event: pl.DataFrame) -> pl.DataFrame:
    """Events of the truth that the run shows for the same company.

    Args:
        truth: `oversight.example.truth.events`.
        event: the run's table.

    Returns:
        Columns kind, of, right: an event counts as right where the run has one of its kind for the company on
        the same day, or, for those whose public day the register gives otherwise (a satisfaction by its own day,
        overdue accounts, words in accounts, restatements), at all.
    """
    found = event.select("company_number", "kind", "dated_on").unique()
    by_day = {(number, kind, day) for number, kind, day in found.iter_rows()}
    at_all = {(number, kind) for number, kind, _ in found.iter_rows()}
    exact = {"charge_created", "insolvency", "auditor_resigned", "reference_date_extended"}
    rows = []
    for number, kind, day in truth.select("company_number", "kind", "date").iter_rows():
        name = _SAME_EVENT.get(kind, kind)
        hit = (number, name, day) in by_day if name in exact else (number, name) in at_all
        rows.append((kind, hit))
    told = pl.DataFrame(rows, schema={"kind": pl.String, "hit": pl.Boolean}, orient="row")
    return told.group_by("kind").agg(pl.len().alias("of"), pl.col("hit").sum().alias("right")).sort("kind")
