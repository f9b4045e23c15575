"""Five years of a group: its debt against its earnings, and its margins, each beside dated lines to compare with."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from oversight.model.tables.derived import VALUE
from reports.charts.drawing import Drawing, empty_note
from reports.charts.palette import DARK_BLUE, MID_BLUE, ORANGE, QUIET, WHITE
from reports.charts.plot import Scale, apart, bar, dot, grid, line, steps, words
from reports.charts.shares import the_group
from reports.frames import RunView, parameters_in_force
from reports.style import date_text, percent_text, pounds_text, times_text

YEARS: Final = 5
_HIGHEST_TIMES: Final = 12.0
_DEBT: Final = ("net_debt_to_ebitda", "net_debt_total")
_MARGINS: Final = ("operating_margin", "ebitda_margin")
_LOOKS: Final = (("operating_margin", DARK_BLUE, 17), ("ebitda_margin", MID_BLUE, -9))
_TITLES: Final = {"operating_margin": "Operating margin", "ebitda_margin": "EBITDA margin"}
_INK: Final = "#8A3A0E"
_GUTTER: Final = 112.0
_ACROSS: Final = 17
_MILLION: Final = 999_950
_SHORT: Final = {
    "reference_lines.leverage_watch": "Cabinet Office medium",
    "reference_lines.leverage_high": "Cabinet Office high",
    "reference_lines.cma_homes_operating_margin": "CMA operating, 2016\u201320",
    "reference_lines.top20_ebitda_margin": "Top 20 groups, EBITDA",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """A line to compare with.

    Attributes:
        code: of the parameter.
        value: in the chart's unit.
        label: few words for the chart.
        said: what it is, of when, and whether it was verified.
    """

    code: str
    value: float
    label: str
    said: str


def debt_by_year(view: RunView, group: str) -> Drawing:
    """Net debt to EBITDA over the newest five years of accounts, with net debt in pounds.

    Raises:
        InputError: where no group or several fit.
    """
    group_id, name = the_group(view, group)
    table = by_year(view, group_id, _DEBT)
    lines = references(view, ("reference_lines.leverage_watch", "reference_lines.leverage_high"))
    return Drawing(
        title=_debt_title(name, table),
        subtitle="Net debt, owners\u2019 loans included, as a multiple of EBITDA at the end of each year of accounts.",
        alternative=_words(table, _DEBT, lines),
        note=_note(lines),
        table=table,
        draw=lambda width, height: _draw_debt(table, lines, width, height),
        blank=known(table, "net_debt_to_ebitda").is_empty(),
    )


def margins_by_year(view: RunView, group: str) -> Drawing:
    """Operating and EBITDA margin over the newest five years of accounts.

    Raises:
        InputError: where no group or several fit.
    """
    group_id, name = the_group(view, group)
    table = by_year(view, group_id, _MARGINS)
    lines = references(view, ("reference_lines.cma_homes_operating_margin", "reference_lines.top20_ebitda_margin"))
    return Drawing(
        title=_margin_title(name, table),
        subtitle="Operating profit and EBITDA as a percentage of turnover, by year of accounts.",
        alternative=_words(table, _MARGINS, lines),
        note=_note(lines),
        table=table,
        draw=lambda width, height: _draw_margins(table, lines, width, height),
        blank=all(known(table, code).is_empty() for code in _MARGINS),
    )


def by_year(view: RunView, group_id: str, codes: Sequence[str]) -> pl.DataFrame:
    """The newest five years of a group's measures, oldest first.

    Returns:
        period_end, and of each code the value, `<code>_status` and `<code>_id`.
    """
    rows = view.table("indicator").filter(
        pl.col("group_id") == group_id, pl.col("subject_kind") == "group", pl.col("code").is_in(list(codes))
    )
    found = rows.select(pl.col("dated_on").alias("period_end")).unique()
    for code in codes:
        one = rows.filter(pl.col("code") == code).unique("dated_on", keep="first", maintain_order=True)
        found = found.join(
            one.select(
                pl.col("dated_on").alias("period_end"), pl.col("value").alias(code),
                pl.col("status").alias(f"{code}_status"), pl.col("indicator_id").alias(f"{code}_id"),
            ),
            on="period_end",
            how="left",
        )  # fmt: skip
    return found.sort("period_end").tail(YEARS)


def references(view: RunView, codes: Sequence[str]) -> list[Reference]:
    """The lines of a chart that the run's parameters have in force, lowest first."""
    held = parameters_in_force(view).filter(pl.col("code").is_in(list(codes)))
    return sorted((_reference(row) for row in held.iter_rows(named=True)), key=lambda each: each.value)


def _reference(row: Mapping[str, Any]) -> Reference:
    unit = "%" if str(row["unit"]) == "percent" else " times"
    value = float(row["value"])
    checked = "" if row["verified"] else ", not verified against its source"
    since = f" from {date_text(row['start'])}" if isinstance(row["start"], date) else ""
    said = f"{value:g}{unit}: {row['label']}, value{since}{checked}"
    return Reference(
        str(row["code"]),
        value,
        f"{_SHORT.get(str(row['code']), row['label'])} {value:g}{unit if unit == '%' else ''}",
        said,
    )


def _note(lines: Sequence[Reference]) -> str:
    said = "; ".join(each.said for each in lines)
    return f"Dashed lines to compare with, no pass marks: {said}." if said else ""


def known(table: pl.DataFrame, code: str) -> pl.DataFrame:
    """The rows in which a measure has a value."""
    return table.filter(pl.col(f"{code}_status") == VALUE, pl.col(code).is_not_null())


def _debt_title(name: str, table: pl.DataFrame) -> str:
    rows = known(table, "net_debt_to_ebitda")
    if rows.is_empty():
        return f"No year\u2019s accounts of {name} give net debt against EBITDA"
    last = rows.row(-1, named=True)
    when = f"in the accounts to {date_text(last['period_end'])}"
    if last["net_debt_to_ebitda"] < 0:
        return f"Cash exceeds debt {when}"
    now = times_text(last["net_debt_to_ebitda"])
    return f"Net debt is {now} EBITDA {when}{_from(rows, 'net_debt_to_ebitda', times_text)}"


def _margin_title(name: str, table: pl.DataFrame) -> str:
    code = "operating_margin" if not known(table, "operating_margin").is_empty() else "ebitda_margin"
    rows = known(table, code)
    if rows.is_empty():
        return f"No year\u2019s accounts of {name} give a margin"
    last = rows.row(-1, named=True)
    kind = "operating" if code == "operating_margin" else "EBITDA"
    was = _from(rows, code, percent_text)
    return f"The {kind} margin is {percent_text(last[code])} in the accounts to {date_text(last['period_end'])}{was}"


def _from(rows: pl.DataFrame, code: str, write: Any) -> str:
    """`, from 4.7 times in 2021`, where there is an earlier year."""
    if len(rows) < 2:  # noqa: PLR2004 - an earlier and a later
        return ""
    first = rows.row(0, named=True)
    return f", from {write(first[code])} in {first['period_end'].year}"


def _words(table: pl.DataFrame, codes: Sequence[str], lines: Sequence[Reference]) -> str:
    said = []
    for row in table.iter_rows(named=True):
        parts = [f"{_NAMES[code]} {_figure(row, code)}" for code in codes]
        said.append(f"{date_text(row['period_end'])}: {', '.join(parts)}")
    compared = f" Compared with {'; '.join(each.said for each in lines)}." if lines else ""
    return f"By end of year: {'; '.join(said) or 'no accounts read'}.{compared}"


_NAMES: Final = {
    "net_debt_to_ebitda": "net debt to EBITDA",
    "net_debt_total": "net debt",
    "operating_margin": "operating margin",
    "ebitda_margin": "EBITDA margin",
}
_WRITERS: Final = {
    "net_debt_to_ebitda": times_text,
    "net_debt_total": pounds_text,
    "operating_margin": percent_text,
    "ebitda_margin": percent_text,
}
_WHY: Final = {"not_filed": "not filed", "not_applicable": "not meaningful", "not_reliable": "not reliable"}


def _figure(row: Mapping[str, Any], code: str) -> str:
    if row[f"{code}_status"] == VALUE and row[code] is not None:
        return _WRITERS[code](row[code])
    return _WHY.get(str(row[f"{code}_status"]), "not filed")


def _draw_debt(table: pl.DataFrame, lines: Sequence[Reference], width: float, height: float) -> str:
    """Columns by year, cut where they are beyond the scale, with net debt in pounds below each."""
    code = "net_debt_to_ebitda"
    values = known(table, code)[code].to_list()
    if not values:
        return empty_note(width, height, "No figure is filed")
    ends = table["period_end"].to_list()
    low = max(min(0.0, *values), -_HIGHEST_TIMES)
    high = min(max(0.0, *values, *(each.value for each in lines)), _HIGHEST_TIMES)
    frame = _Frame(width, height - 18, steps(low, high), len(ends))
    parts = [frame.grid("")]
    for place, row in enumerate(table.iter_rows(named=True)):
        x, value = frame.x(place), row[code] if row[f"{code}_status"] == VALUE else None
        parts.append(frame.year(place, ends[place]))
        parts.append(words(_millions(row), x, frame.foot + 33, 11, colour=QUIET, anchor="middle"))
        if value is None:
            parts.append(words(_WHY.get(str(row[f"{code}_status"]), "not filed"), x, frame.scale.at(0) - 5, 10.5,
                               colour=QUIET, anchor="middle"))  # fmt: skip
            continue
        parts.append(_column(frame, x, float(value)))
    gutter = [(frame.scale.at(each.value), each.label, _INK) for each in lines]
    return "".join([*parts, frame.references(lines), frame.gutter(gutter)])


def _column(frame: "_Frame", x: float, value: float) -> str:
    wide, y, nil = min(frame.step * 0.56, 64.0), frame.scale.at(value), frame.scale.at(0)
    drawn = bar(x - wide / 2, nil, wide, y - nil, DARK_BLUE)
    if value > frame.scale.high:
        cut = line([(x - wide / 2 - 3, y + 26), (x + wide / 2 + 3, y + 20)], WHITE, 3)
        return drawn + cut + words(f"{value:,.1f}", x, y + 15, 11.5, colour=WHITE, anchor="middle", weight="bold")
    return drawn + words(
        f"{value:,.1f}", x, y - 5 if value >= 0 else y + 14, 11.5, anchor="middle", weight="bold", halo=True
    )


def _draw_margins(table: pl.DataFrame, lines: Sequence[Reference], width: float, height: float) -> str:
    """Two lines by year, broken where a year has no value."""
    values = [value for code in _MARGINS for value in known(table, code)[code].to_list()]
    if not values:
        return empty_note(width, height, "No figure is filed")
    ends = table["period_end"].to_list()
    high = max(0.0, *values, *(each.value for each in lines))
    frame = _Frame(width, height, steps(min(0.0, *values), high), len(ends))
    parts = [frame.grid("%"), frame.references(lines), *(frame.year(place, end) for place, end in enumerate(ends))]
    shown = [_series(table, code, frame, colour, above) for code, colour, above in _LOOKS]
    gutter = [(frame.scale.at(each.value), each.label, _INK) for each in lines]
    for code, colour, _ in _LOOKS:
        rows = known(table, code)
        if not rows.is_empty():
            gutter.append((frame.scale.at(float(rows[code][-1])), _TITLES[code], colour))
    return "".join([*parts, *(marks for marks, _ in shown), *(labels for _, labels in shown), frame.gutter(gutter)])


def _series(table: pl.DataFrame, code: str, frame: "_Frame", colour: str, above: int) -> tuple[str, str]:
    """A line, and the values at its points."""
    drawn, labels = [], []
    run: list[tuple[float, float]] = []
    for place, row in enumerate(table.iter_rows(named=True)):
        if row[f"{code}_status"] != VALUE or row[code] is None:
            drawn.append(line(run, colour, 2.5) if len(run) > 1 else "")
            run = []
            continue
        x, y = frame.x(place), frame.scale.at(float(row[code]))
        run.append((x, y))
        drawn.append(dot(x, y, colour))
        labels.append(words(f"{row[code]:,.1f}%", x, y + above, 11.5, anchor="middle", weight="bold", halo=True))
    drawn.append(line(run, colour, 2.5) if len(run) > 1 else "")
    return "".join(drawn), "".join(labels)


class _Frame:
    """The field of a chart by year, with a gutter at its right where lines are named."""

    def __init__(self, width: float, height: float, marks: Sequence[float], years: int) -> None:
        self._marks = marks
        self._left, self._right = 44.0, width - _GUTTER
        self.foot = height - 26.0
        self.scale = Scale(marks[0], marks[-1], self.foot, 14.0)
        self.step = (self._right - self._left) / max(years, 1)

    def x(self, place: int) -> float:
        """The middle of a year."""
        return self._left + (place + 0.5) * self.step

    def grid(self, unit: str) -> str:
        """The lines of the scale."""
        return grid(self.scale, self._marks, self._left, self._right, unit)

    def year(self, place: int, end: date) -> str:
        """The name of a year below it."""
        return words(f"{end:%b %Y}", self.x(place), self.foot + 17, 11.5, anchor="middle")

    def references(self, lines: Sequence[Reference]) -> str:
        """Dashed lines to compare with."""
        return "".join(
            line([(self._left, self.scale.at(each.value)), (self._right + 4, self.scale.at(each.value))], ORANGE, 1.8,
                 "6 4")
            for each in lines
        )  # fmt: skip

    def gutter(self, labels: Sequence[tuple[float, str, str]]) -> str:
        """Names at the right, each at its line's height as far as there is room: height, words, colour."""
        places = apart([y for y, _, _ in labels], 29, 16, self.foot)
        drawn = []
        for place, (_, text, colour) in zip(places, labels, strict=True):
            for row, part in enumerate(textwrap.wrap(text, _ACROSS)[:2]):
                drawn.append(words(part, self._right + 8, place + 13 * row, 11, colour=colour, weight="bold"))
        return "".join(drawn)


def _millions(row: Mapping[str, Any]) -> str:
    value = row["net_debt_total"]
    if row["net_debt_total_status"] != VALUE or value is None:
        return "debt not filed"
    sign = "\u2212" if value < 0 else ""
    size = abs(value)
    return f"{sign}£{size / 1e6:,.1f}m" if size >= _MILLION else f"{sign}£{size / 1e3:,.0f}k"
