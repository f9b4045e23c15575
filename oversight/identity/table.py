"""Whole lists of owners against whole lists of companies: one row for each owner, with what is decided."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from oversight.identity.index import NameIndex
from oversight.identity.match import Decision, Match, decide

COLUMNS: Final = pl.Schema(
    [
        ("owner", pl.String),
        ("company_number", pl.String),
        ("company_name", pl.String),
        ("score", pl.Float64),
        ("decision", pl.String),
        ("kind", pl.String),
        ("reasons", pl.String),
        ("second_number", pl.String),
        ("second_name", pl.String),
        ("third_number", pl.String),
        ("third_name", pl.String),
    ]
)
"""Columns of `link_table`. A company is given for `automatic` and, as the best guess, for `review`."""


def link_table(
    owners: Sequence[str], companies: pl.DataFrame | NameIndex, *, sectors: Sequence[str | None] | None = None
) -> pl.DataFrame:
    """Decide about every owner of a list.

    Args:
        owners: names as typed; one row comes back for each, in their order.
        companies: an index, or a frame to make one of (`company_number`, `company_name`, optional others).
        sectors: Ofsted's sector of each owner, where known.

    Returns:
        One row an owner: `owner`, the company, `score` 0 to 100, `decision` (automatic, review, none), `kind`,
        `reasons` joined by `; `, and the next two candidates.

    Raises:
        InputError: if the frame lacks a column.
        ValueError: if there are not as many sectors as owners.
    """
    index = companies if isinstance(companies, NameIndex) else NameIndex(companies, owners)
    known = [None] * len(owners) if sectors is None else sectors
    decisions: dict[tuple[str, str | None], Decision] = {}
    rows = []
    for owner, sector in zip(owners, known, strict=True):
        asked = (owner, sector)
        if asked not in decisions:
            decisions[asked] = decide(owner, index.candidates(owner), sector)
        rows.append(_row(owner, decisions[asked]))
    return pl.DataFrame(rows, schema=COLUMNS, orient="row")


def _row(owner: str, decision: Decision) -> tuple[object, ...]:
    chosen = [match for match in decision.alternatives if match.candidate.company_number == decision.company_number]
    others = [match for match in decision.alternatives if match not in chosen]
    return (
        owner,
        decision.company_number,
        chosen[0].candidate.name if chosen else None,
        decision.score,
        decision.decision,
        decision.kind,
        "; ".join(decision.reasons),
        *_named(others, 0),
        *_named(others, 1),
    )


def _named(matches: Sequence[Match], at: int) -> tuple[str | None, str | None]:
    if at >= len(matches):
        return None, None
    return matches[at].candidate.company_number, matches[at].candidate.name
