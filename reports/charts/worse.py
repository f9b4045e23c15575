"""A group in a worse year: what each scenario leaves of its earnings after interest."""

from typing import Any, Final

import polars as pl

from oversight.model.tables.derived import VALUE
from reports.charts.drawing import Drawing, empty_note
from reports.charts.palette import DARK_BLUE, LIGHT_BLUE, ORANGE, QUIET
from reports.charts.plot import Scale, bar, line, steps, words
from reports.charts.shares import the_group
from reports.frames import RunView
from reports.style import date_text, number_text, percent_text
from reports.style import words as in_words

_SPACE: Final = 148.0


def stress_by_scenario(view: RunView, group: str) -> Drawing:
    """Headroom of a group under each scenario, and whether its cash would last the year.

    Raises:
        InputError: where no group or several fit.
    """
    group_id, name = the_group(view, group)
    rows = view.table("stress").filter(pl.col("group_id") == group_id).sort("scenario")
    known = rows.filter(pl.col("status") == VALUE, pl.col("headroom").is_not_null())
    table = known.sort("headroom", "scenario")
    return Drawing(
        title=_title(name, table),
        subtitle=_subtitle(table),
        alternative=_words(table, rows),
        note="A projection of the newest accounts under assumptions, not a forecast; no assumption is verified.",
        table=rows,
        draw=lambda width, height: _draw(table, width, height),
        blank=table.is_empty(),
    )


def _title(name: str, table: pl.DataFrame) -> str:
    if table.is_empty():
        return f"The accounts of {name} do not give what a worse year is worked out from"
    short = int(table["out_of_cash"].fill_null(value=False).sum())
    below = int((table["headroom"] < 0).sum())
    cash, interest = _count("last a year", short, len(table)), _count("pay interest", below, len(table))
    return f"Cash would {cash}; EBITDA would {interest}"


def _count(does: str, fails: int, total: int) -> str:
    """`last in all 7 scenarios`, `not last in 6 of 7 scenarios`."""
    if total == 1:
        return f"{'not ' if fails else ''}{does} in the one scenario"
    if not fails:
        return f"{does} in all {number_text(total)} scenarios"
    if fails == total:
        return f"not {does} in any of {number_text(total)} scenarios"
    return f"not {does} in {number_text(fails)} of {number_text(total)} scenarios"


def _subtitle(table: pl.DataFrame) -> str:
    said = "Turnover that could still be lost before EBITDA no longer pays interest, percent"
    return f"{said}, year after {date_text(table['period_end'][0])}." if len(table) else f"{said}."


def _words(table: pl.DataFrame, rows: pl.DataFrame) -> str:
    if table.is_empty():
        why = sorted({str(reason) for reason in rows["reason"].drop_nulls()})
        return f"No scenario can be worked out{': ' + '; '.join(why) if why else ''}."
    said = [
        f"{in_words(row['scenario'])}: headroom {percent_text(row['headroom'])} of turnover, {_lasts(row)}"
        for row in table.iter_rows(named=True)
    ]
    return f"{'; '.join(said)}."


def _lasts(row: dict[str, Any]) -> str:
    if row["out_of_cash"] is None:
        return "cash not known"
    return "cash would not last the year" if row["out_of_cash"] else "cash would last the year"


def _draw(table: pl.DataFrame, width: float, height: float) -> str:
    if table.is_empty():
        return empty_note(width, height, "Not enough is filed for a worse year")
    left, right, top, foot = _SPACE, width - 12.0, 6.0, height - 58.0
    values = table["headroom"].to_list()
    marks = steps(min([*values, 0.0]), max([*values, 0.0]), 4)
    scale = Scale(marks[0], marks[-1], left + 40, right - 40)
    high = (foot - top) / len(table)
    parts = []
    for mark in marks:
        x = scale.at(mark)
        parts.append(line([(x, top), (x, foot)], "#555555" if mark == 0 else "#D9D9D9", 1))
        parts.append(words(f"{mark:g}%", x, foot + 15, 11, colour=QUIET, anchor="middle"))
    for place, row in enumerate(table.iter_rows(named=True)):
        y = top + place * high
        colour = ORANGE if row["out_of_cash"] else DARK_BLUE if row["out_of_cash"] is not None else LIGHT_BLUE
        x = scale.at(row["headroom"])
        parts.append(words(in_words(row["scenario"]), left - 8, y + high / 2 + 4, 12, anchor="end"))
        parts.append(bar(scale.at(0), y + high * 0.2, x - scale.at(0), high * 0.6, colour))
        out = row["headroom"] < 0
        parts.append(
            words(percent_text(row["headroom"]), x + (-5 if out else 5), y + high / 2 + 4, 11.5,
                  anchor="end" if out else "start", weight="bold", halo=True)
        )  # fmt: skip
    parts.append(
        words("Headroom, percent of turnover", (left + right) / 2, foot + 31, 11.5, colour=QUIET, anchor="middle")
    )
    parts.append(bar(left - 40, foot + 40, 12, 12, ORANGE) + words("cash would not last", left - 23, foot + 50, 11.5))
    parts.append(bar(left + 112, foot + 40, 12, 12, DARK_BLUE) + words("cash would last", left + 129, foot + 50, 11.5))
    return "".join(parts)
