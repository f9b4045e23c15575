"""What people decided about groups: a company joined to a parent, or split from one.

A decision is a dated row with its author and reason (`ownership_decision`). The newest about a company and a parent
stands; one that was withdrawn stands no longer. A join makes the parent the company's one controller; a split takes a
controller away, or all of them. Decisions are shown as such wherever the group is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import polars as pl

from oversight.identity.control import DECIDED, Holder, plain_number

JOIN: Final = "join"
SPLIT: Final = "split"
WITHDRAWN: Final = "withdrawn"
ANY: Final = "any"
"""Key that stands for every controller of a company, in a split."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions about groups that stand on a day.

    Attributes:
        joins: owners put in place by a person, by company number.
        splits: keys of owners set aside, by company number, with why; `any` for all of them.
    """

    joins: Mapping[str, Sequence[Holder]]
    splits: Mapping[str, Mapping[str, str]]

    def apply(self, holders: Mapping[str, Sequence[Holder]]) -> tuple[dict[str, list[Holder]], dict[str, list[Holder]]]:
        """The owners of each company after the decisions, and those set aside by a split.

        Args:
            holders: by company number.
        """
        kept: dict[str, list[Holder]] = {}
        aside: dict[str, list[Holder]] = {}
        for company in sorted({*holders, *self.joins}):
            split = self.splits.get(company, {})
            for holder in holders.get(company, ()):
                why = split.get(holder.key) or split.get(ANY)
                if why is None:
                    kept.setdefault(company, []).append(holder)
                else:
                    aside.setdefault(company, []).append(replace(holder, why=why))
            kept.setdefault(company, []).extend(self.joins.get(company, ()))
        return {company: each for company, each in kept.items() if each}, aside

    def without_splits(self, holders: Mapping[str, Sequence[Holder]]) -> dict[str, list[Holder]]:
        """The same owners less those that a split set aside."""
        return {
            company: kept
            for company, each in holders.items()
            if (kept := [holder for holder in each if not {holder.key, ANY} & self.splits.get(company, {}).keys()])
        }


def standing(decision: pl.DataFrame, on: date) -> Decisions:
    """The decisions that stand on a day.

    Args:
        decision: the decided table `ownership_decision`.
        on: the day looked at; a decision counts from its `from_on` to the day before its `to_on`.
    """
    newest = decision.sort("decided_at", "ownership_decision_id").unique(
        ["company_number", "owner_key"], keep="last", maintain_order=True
    )
    in_force = newest.filter(
        pl.col("from_on").is_null() | (pl.col("from_on") <= on), pl.col("to_on").is_null() | (pl.col("to_on") > on)
    ).sort("company_number", "owner_key")
    joins: dict[str, list[Holder]] = {}
    splits: dict[str, dict[str, str]] = {}
    for row in in_force.iter_rows(named=True):
        company = plain_number(row["company_number"])
        if row["decision"] == JOIN:
            joins.setdefault(company, []).append(_holder(row))
        elif row["decision"] == SPLIT:
            splits.setdefault(company, {})[row["owner_key"]] = _why(row)
    return Decisions(joins, splits)


def _holder(row: Mapping[str, Any]) -> Holder:
    return Holder(
        key=row["owner_key"],
        number=row["owner_company_number"],
        kind="corporate",
        name=row["owner_name"],
        country=row["owner_country"],
        share_min=None,
        share_max=None,
        natures="",
        document_id=None,
        locator=f"decision {row['ownership_decision_id']}",
        since=row["from_on"],
        until=row["to_on"],
        source=DECIDED,
        why=_why(row),
    )


def _why(row: Mapping[str, Any]) -> str:
    return f"{row['author']}, {row['decided_at']:%d %B %Y}: {row['reason']}"
