"""A group among its peers: the percentile of each measure of its newest accounts."""

from typing import Any, Final

import polars as pl

from oversight.errors import InputError
from reports.charts.drawing import Drawing, empty_note
from reports.charts.palette import DARK_BLUE, GREY, PALE, QUIET
from reports.charts.plot import Scale, bar, dot, line, words
from reports.charts.shares import the_group
from reports.frames import RunView, label_of, labels
from reports.style import clean, number_text, value_text

SHOWN: Final = (
    "operating_margin",
    "ebitda_margin",
    "net_debt_to_ebitda",
    "interest_cover",
    "current_ratio",
    "cash_days",
    "roce",
    "staff_cost_ratio",
    "revenue_per_place_week",
)
_SPACE: Final = 164.0
_QUARTERS: Final = (25, 75)


def peers(view: RunView, group: str) -> Drawing:
    """Where the main measures of a group stand among groups of its size and kind of owner.

    Raises:
        InputError: where no group or several fit, or it has no peers.
    """
    group_id, name = the_group(view, group)
    table = against_peers(view, group_id)
    if table.is_empty():
        raise InputError(
            "no measure of the group can be compared: too few groups have it",
            where=repr(name),
            next_step="Choose another group, or lower peers.fewest.",
        )
    low, high = table.row(0, named=True), table.row(-1, named=True)
    title = (
        f"Among its peers the group is lowest on {_name(low)} ({_place(low)} percentile) "
        f"and highest on {_name(high)} ({_place(high)})"
    )
    return Drawing(
        title=title if len(table) > 1 else f"Only one measure can be compared with peers: {_name(low)}",
        subtitle=f"Percentile of each measure of the newest accounts among peers: {clean(str(low['peers']))}.",
        alternative=_words(table),
        note="A rank, not a judgement: which end is better depends on the measure.",
        table=table,
        draw=lambda width, height: _draw(table, width, height),
    )


def against_peers(view: RunView, group_id: str) -> pl.DataFrame:
    """The measures shown, lowest percentile first, with label, value and unit."""
    names = labels(view)
    value = view.table("indicator").select("indicator_id", "value", "unit", "dated_on")
    return (
        view.table("peer")
        .filter(pl.col("group_id") == group_id, pl.col("code").is_in(SHOWN))
        .join(value, on="indicator_id", how="left")
        .with_columns(
            pl.col("code").map_elements(lambda code: label_of(names, code), return_dtype=pl.String).alias("label")
        )
        .sort("percentile", "code")
    )


def _name(row: dict[str, Any]) -> str:
    label = clean(row["label"])
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"


def _place(row: dict[str, Any]) -> str:
    number = int(number_text(row["percentile"]))
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _words(table: pl.DataFrame) -> str:
    said = [
        f"{row['label']} {value_text(row['value'], row['unit'])}, {_place(row)} percentile of "
        f"{number_text(row['count'])}, middle of peers {value_text(row['median'], row['unit'])}"
        for row in table.iter_rows(named=True)
        if row["value"] is not None
    ]
    return f"{'; '.join(said)}."


def _draw(table: pl.DataFrame, width: float, height: float) -> str:
    rows = [row for row in table.iter_rows(named=True) if row["value"] is not None]
    if not rows:
        return empty_note(width, height, "No measure can be compared")
    left, right, top, foot = _SPACE, width - 88.0, 4.0, height - 38.0
    scale = Scale(0, 100, left, right)
    high = (foot - top) / len(rows)
    start, end = (scale.at(mark) for mark in _QUARTERS)
    parts = [bar(start, top, end - start, foot - top, PALE)]
    for mark in (0, 25, 50, 75, 100):
        parts.append(line([(scale.at(mark), top), (scale.at(mark), foot)], GREY, 1))
        parts.append(words(str(mark), scale.at(mark), foot + 15, 11, colour=QUIET, anchor="middle"))
    for place, row in enumerate(rows):
        y = top + (place + 0.5) * high
        label = f"{clean(row['label'])[:28]}"
        parts.append(words(label, left - 8, y + 4, 11.5, anchor="end"))
        parts.append(line([(left, y), (right, y)], "#E5E5E5", 1))
        parts.append(dot(scale.at(row["percentile"]), y, DARK_BLUE, 5.5))
        parts.append(words(value_text(row["value"], row["unit"]), width - 2, y + 4, 11.5, anchor="end", weight="bold"))
    parts.append(
        words("Percentile among peers; the middle half is shaded", (left + right) / 2, foot + 31, 11.5, colour=QUIET,
              anchor="middle")
    )  # fmt: skip
    return "".join(parts)
