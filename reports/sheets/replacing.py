"""What each group's stopping would mean, in all and by local authority."""

from typing import Final

import polars as pl

from oversight.geography import by_code
from reports.frames import RunView, by_group
from reports.sheet import Column, Kind, Sheet, sheet_of
from reports.sheets.common import ENTRY, GROUP, in_words
from reports.symbols import NOT_APPLICABLE

_ALL_AND_ONE: Final = 2
_ASSUMED: Final = (
    "Estimates, not counts. The Parameters sheet gives what is assumed of occupancy, of empty places and of distances, "
    "under codes that start with replace; none of it is verified."
)
_COUNTED: Final = (
    "A place counts if it is of the same kind, in a home judged good or outstanding, and not the group\u2019s own. "
    "Low and high leave out the most extreme trials."
)
_LOCAL: Final = (
    "At least: children of this authority without a bed within reach even if they came first. Shares are of places of "
    "the same kind. The run\u2019s table has the further distances too."
)


def displacement(view: RunView) -> Sheet:
    """Places lost and children without a place, by distance, and by kind of home where a group has several."""
    found = by_group(view, "displacement", ("kind", "miles"))
    kinds = pl.col("kind").n_unique().over("group_id")
    frame = found.filter((pl.col("kind") == "all") | (kinds > _ALL_AND_ONE)).with_columns(in_words("kind"))
    columns = (
        ENTRY,
        GROUP,
        Column("kind", "Kind of home", width=24),
        Column("miles", "Within miles", Kind.DECIMAL, 9),
        Column("homes", "Homes of the group", Kind.INTEGER, 11),
        Column("places_lost", "Places lost", Kind.INTEGER, 11),
        Column("places_left", "Places left within reach", Kind.DECIMAL, 13),
        *_range("children", "Children displaced"),
        *_range("beds", "Beds that could take a child"),
        *_range("unplaced", "Children without a place"),
        Column("displacement_id", "ID to trace", width=34),
    )
    return sheet_of(
        "Hard to replace",
        "Hard to replace: if each group stopped, places lost, places left and children without one",
        "Places lost, places left within 20, 40 and 60 miles, and children who could not be placed",
        frame,
        columns,
        notes=(_ASSUMED, _COUNTED),
    )


def by_authority(view: RunView) -> Sheet:
    """The same for each local authority a group has homes in, within the shortest distance."""
    found = by_group(view, "displacement_by_authority", ("local_authority_code", "kind")).filter(
        pl.col("miles") == pl.col("miles").min()
    )
    names = pl.col("local_authority_code").map_elements(lambda code: by_code(code).name, return_dtype=pl.String)
    frame = found.with_columns(in_words("kind"), names.alias("local_authority"))
    columns = (
        ENTRY,
        GROUP,
        Column("local_authority", "Local authority", width=26),
        Column("local_authority_code", "Authority code", width=13),
        Column("kind", "Kind of home", width=24),
        Column("miles", "Within miles", Kind.DECIMAL, 9),
        Column("homes", "Homes of the group", Kind.INTEGER, 11),
        Column("places_lost", "Places lost", Kind.INTEGER, 11),
        Column("share_of_authority", "Share of the authority\u2019s places (%)", Kind.PERCENT, 13, 1, NOT_APPLICABLE),
        Column(
            "share_of_neighbourhood",
            "Share with neighbouring authorities (%)",
            Kind.PERCENT,
            13,
            1,
            NOT_APPLICABLE,
        ),
        Column("places_left", "Places left within reach", Kind.DECIMAL, 13),
        *_range("children", "Children displaced"),
        *_range("beds", "Beds that could take a child"),
        *_range("unplaced_at_least", "Children without a place, at least"),
        Column("displacement_id", "ID to trace", width=44),
    )
    return sheet_of(
        "Replacing by authority",
        "Replacing by authority: what each group\u2019s stopping would mean in each local authority",
        "The same by local authority, with the group\u2019s share of places there and next door",
        frame,
        columns,
        notes=(_ASSUMED, _COUNTED, _LOCAL),
    )


def _range(name: str, header: str) -> tuple[Column, ...]:
    return tuple(
        Column(f"{name}_{end}", f"{header}, {said}", Kind.DECIMAL, 12)
        for end, said in (("low", "low"), ("central", "middle"), ("high", "high"))
    )
