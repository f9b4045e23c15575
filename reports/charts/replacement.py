"""If a group stopped: where the children are who might have no place, on a map of a region or of England."""

from typing import Any, Final

import polars as pl

from oversight.errors import InputError
from oversight.geography import by_code, in_force
from reports.charts.areas import Label, filled
from reports.charts.palette import LIGHT_BLUE, MID_BLUE, ORANGE, PALE
from reports.charts.picture import WIDTH, Part, Picture
from reports.charts.shares import the_group
from reports.charts.source import registered_on, source_of
from reports.frames import RunView
from reports.marking import banner
from reports.style import date_text, number_text

_NONE: Final = "No home of the group"
_ALL_PLACED: Final = "A place for each child"
_SOME: Final = "Up to half without a place"
_MOST: Final = "More than half without a place"
_COLOURS: Final = {_MOST: ORANGE, _SOME: MID_BLUE, _ALL_PLACED: LIGHT_BLUE, _NONE: PALE}
_REGION: Final = (860, 640)
_ENGLAND: Final = (720, 800)
_LABELLED: Final = 14


def replacement_map(view: RunView, group: str, *, region: str | None = None, miles: float | None = None) -> Picture:
    """Displaced children who might have no place within reach, by the authority of the group's homes.

    Args:
        view: the run.
        group: group_id, name or part of a name that only one group with homes has.
        region: one of the nine regions of England; all of them where not given.
        miles: one of the run's distances; the shortest where not given.

    Raises:
        InputError: where no group, region or distance fits, or nothing was measured.
    """
    group_id, name = the_group(view, group)
    within = _distance(view, miles)
    table = _table(view, group_id, within, region)
    total = _total(view, group_id, within)
    here = {one.code for one in in_force(registered_on(view)) if region in {None, one.region}}
    fills = dict.fromkeys(here | set(table["local_authority_code"]), _NONE) | dict(
        table.select("local_authority_code", "band").iter_rows()
    )
    labels = [Label(row["local_authority_code"], _label(row)) for row in table.head(_LABELLED).iter_rows(named=True)]
    size = _ENGLAND if region is None else _REGION
    spec = filled(
        fills, labels, _COLOURS, on=registered_on(view), layout="ground", size=size, legend=f"Within {within:g} miles"
    )
    displaced = number_text(float(table["children"].sum()))
    where = "" if region is None else f" Shown: {region}, where {displaced} of them live."
    return Picture(
        title=f"If {name} stopped, {_children(total)} in England might have no place within {within:g} miles",
        subtitle=(
            f"By authority of the group\u2019s homes: children displaced, and those without a bed even if they came "
            f"first, {date_text(registered_on(view))}.{where}"
        ),
        alternative=_words(name, within, total, table, region),
        source=source_of(
            view,
            "Estimates under assumptions of occupancy, empty places and distances, none of them verified; low and high "
            "end of the trials in brackets. A bed counts in another group\u2019s home of the same kind that is at "
            "least good.",
        ),
        banner=banner(view.marking, view.label),
        table=table,
        height=size[1],
        parts=(Part((WIDTH - size[0]) / 2, 0, *size, spec=spec),),
    )


def _distance(view: RunView, miles: float | None) -> float:
    known = view.table("displacement")["miles"].unique().sort().to_list()
    if not known:
        raise InputError(
            "nothing was measured: the registrations give no judgements",
            where=view.run_id,
            next_step="Choose another day.",
        )
    if miles is not None and miles not in known:
        said = ", ".join(f"{each:g}" for each in known)
        raise InputError("the run has no such distance", where=f"{miles:g} miles", next_step=f"It has: {said}.")
    return float(known[0] if miles is None else miles)


def _table(view: RunView, group_id: str, miles: float, region: str | None) -> pl.DataFrame:
    rows = view.table("displacement_by_authority").filter(pl.col("group_id") == group_id, pl.col("miles") == miles)
    sums = rows.group_by("local_authority_code").agg(
        pl.col("homes", "places_lost").sum(),
        pl.col("children_central").sum().alias("children"),
        pl.col("beds_central").sum().alias("beds"),
        pl.col("unplaced_at_least_low", "unplaced_at_least_central", "unplaced_at_least_high").sum(),
    )
    code = pl.col("local_authority_code")
    named = sums.with_columns(
        code.map_elements(lambda each: by_code(each).name, return_dtype=pl.String).alias("local_authority"),
        code.map_elements(lambda each: by_code(each).region, return_dtype=pl.String).alias("region"),
        _band(),
    )
    kept = named if region is None else named.filter(pl.col("region") == region)
    if kept.is_empty():
        raise InputError("the group has no home there", where=repr(region), next_step="Choose another region.")
    keys = ["unplaced_at_least_central", "children", "local_authority"]
    return kept.select("local_authority", "region", pl.exclude("local_authority", "region")).sort(
        keys, descending=[True, True, False]
    )


def _band() -> pl.Expr:
    share = pl.col("unplaced_at_least_central") / pl.col("children")
    return (
        pl.when(pl.col("unplaced_at_least_central") == 0)
        .then(pl.lit(_ALL_PLACED))
        .when(share <= 0.5)  # noqa: PLR2004 - half, as the legend says
        .then(pl.lit(_SOME))
        .otherwise(pl.lit(_MOST))
        .alias("band")
    )


def _total(view: RunView, group_id: str, miles: float) -> dict[str, float]:
    rows = view.table("displacement").filter(
        pl.col("group_id") == group_id, pl.col("miles") == miles, pl.col("kind") == "all"
    )
    found: dict[str, float] = rows.row(0, named=True)
    return found


def _children(total: dict[str, float]) -> str:
    low, middle, high = (number_text(total[f"unplaced_{end}"]) for end in ("low", "central", "high"))
    return f"{middle} ({low} to {high}) of {number_text(total['children_central'])} children"


def _label(row: dict[str, Any]) -> str:
    children, without = row["children"], row["unplaced_at_least_central"]
    return f"{row['local_authority']}|{number_text(without)} of {number_text(children)}"


def _words(name: str, miles: float, total: dict[str, float], table: pl.DataFrame, region: str | None) -> str:
    said = [
        f"{row['local_authority']} {number_text(row['children'])} displaced, {number_text(row['beds'])} beds within "
        f"reach, at least {number_text(row['unplaced_at_least_central'])} without a place"
        for row in table.head(10).iter_rows(named=True)
    ]
    where = "England" if region is None else region
    return (
        f"If {name} stopped, {_children(total)} in England might have no place within {miles:g} miles. By authority in "
        f"{where}: {'; '.join(said)}."
    )
