"""Likelihood by impact, five by five: how many entries of the register stand in each field."""

from typing import Any, Final

import polars as pl

from oversight.errors import InputError
from reports.charts.drawing import Drawing
from reports.charts.palette import DARK_BLUE, LIGHT_BLUE, MID_BLUE, ORANGE, PALE, QUIET, TEXT, WHITE
from reports.charts.plot import bar, words
from reports.charts.shares import the_group
from reports.frames import RunView
from reports.style import clean, date_text, number_text

_FILLS: Final = ((20, DARK_BLUE), (12, MID_BLUE), (6, LIGHT_BLUE), (0, PALE))
_BANDS: Final = (1, 2, 3, 4, 5)


def bands(view: RunView, group: str | None = None) -> Drawing:
    """Entries by likelihood and impact; where a group is given its field stands out.

    Raises:
        InputError: where no group or several fit, or the register has no entry.
    """
    entries = view.table("register_entry")
    if entries.is_empty():
        raise InputError("the register of the run has no entry", where=view.run_id, next_step="Choose another run.")
    counted = entries.group_by("likelihood", "impact").agg(pl.len().cast(pl.Int64).alias("groups"))
    table = counted.sort("likelihood", "impact", descending=[True, True], nulls_last=True)
    own = _own(view, group) if group else None
    title = _own_title(own) if own else _title(entries)
    return Drawing(
        title=title,
        subtitle=f"Entries of the register by likelihood and impact, {date_text(view.as_at.on)}.",
        alternative=_words(table, entries),
        note="Bands rank groups by indicators; they are not probabilities. Not assessed does not mean low.",
        table=table,
        draw=lambda width, height: _draw(table, own, width, height),
    )


def _own(view: RunView, group: str) -> dict[str, Any]:
    group_id, name = the_group(view, group)
    rows = view.table("register_entry").filter(pl.col("group_id") == group_id)
    if rows.is_empty():
        raise InputError("the group is not on the register", where=repr(name), next_step="Choose another group.")
    return rows.row(0, named=True)


def _own_title(own: dict[str, Any]) -> str:
    impact = f"impact {own['impact']}, {clean(own['impact_name']).lower()}"
    if own["likelihood"] is None:
        return f"Likelihood is not assessed for want of evidence; {impact}"
    return f"Likelihood {own['likelihood']}, {clean(own['likelihood_name']).lower()}; {impact}"


def _title(entries: pl.DataFrame) -> str:
    high = entries.filter(pl.col("likelihood") >= 4, pl.col("impact") >= 4).height  # noqa: PLR2004 - of five bands
    unknown = entries["likelihood"].null_count()
    verb = "has" if high == 1 else "have"
    return (
        f"{number_text(high)} of {number_text(entries.height)} entries {verb} likelihood and impact of 4 or more; "
        f"{number_text(unknown)} cannot be assessed"
    )


def _words(table: pl.DataFrame, entries: pl.DataFrame) -> str:
    said = [
        f"{_likelihood(row['likelihood'])} and impact {row['impact']}: {number_text(row['groups'])}"
        for row in table.iter_rows(named=True)
    ]
    return f"Number of the {number_text(entries.height)} entries by field. {'; '.join(said)}. Other fields have none."


def _likelihood(band: int | None) -> str:
    return f"likelihood {band}" if band else "likelihood not assessed"


def _draw(table: pl.DataFrame, own: dict[str, Any] | None, width: float, height: float) -> str:
    left, right, top, foot = 122.0, width - 4.0, 4.0, height - 40.0
    rows = [5, 4, 3, 2, 1, None]
    high, wide = (foot - top) / len(rows), (right - left) / len(_BANDS)
    counts = {(row["likelihood"], row["impact"]): row["groups"] for row in table.iter_rows(named=True)}
    parts = []
    for place, likelihood in enumerate(rows):
        y = top + place * high
        parts.append(words(_side(likelihood), left - 8, y + high / 2 + 4, 12, anchor="end"))
        parts += [_field(left + (impact - 1) * wide, y, wide, high, likelihood, impact, counts) for impact in _BANDS]
    if own:
        y = top + rows.index(own["likelihood"]) * high
        parts.append(bar(left + (own["impact"] - 1) * wide + 2, y + 2, wide - 4, high - 4, "none", ORANGE, 4))
    parts += [words(str(impact), left + (impact - 0.5) * wide, foot + 16, 12, anchor="middle") for impact in _BANDS]
    parts.append(words("Impact", (left + right) / 2, foot + 33, 12, colour=QUIET, anchor="middle"))
    if own:
        parts.append(words("\u25a1 this group", left - 8, foot + 33, 12, colour="#8A3A0E", anchor="end", weight="bold"))
    return "".join(parts)


def _side(likelihood: int | None) -> str:
    if likelihood is None:
        return "Not assessed"
    return f"Likelihood {likelihood}" if likelihood == _BANDS[-1] else str(likelihood)


def _field(
    x: float, y: float, wide: float, high: float, likelihood: int | None, impact: int,
    counts: dict[tuple[int | None, int], int],
) -> str:  # fmt: skip
    fill = WHITE if likelihood is None else next(colour for least, colour in _FILLS if likelihood * impact >= least)
    ink = WHITE if fill in {DARK_BLUE, MID_BLUE} else TEXT
    count = counts.get((likelihood, impact), 0)
    box = bar(x + 1, y + 1, wide - 2, high - 2, fill, "#BFBFBF")
    label = words(f"{count:,}", x + wide / 2, y + high / 2 + 5, 14, colour=ink, anchor="middle", weight="bold")
    return box + (label if count else "")
