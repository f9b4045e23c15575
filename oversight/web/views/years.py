"""Five years of a group's debt and margins: drawn, in words and as a table."""

from collections.abc import Iterator, Mapping
from datetime import date

import polars as pl

from oversight.web.shelf import OpenView
from oversight.web.tables import PageTable, Shown, day, plain_table
from reports.charts import debt_by_year, margins_by_year
from reports.style import clean, number_text, words

_WHOLE = 1_000
_DRAWN = {"debt": debt_by_year, "margins": margins_by_year}


def charts(view: OpenView, group_id: str) -> Iterator[Mapping[str, object]]:
    """Each chart that has something to draw: the name of its picture, what it says in words, its figures."""
    if not view.table("group")["homes"].sum():
        return
    for name, draw in _DRAWN.items():
        drawing = draw(view, group_id)
        if not drawing.blank:
            yield {"name": name, "words": drawing.words, "table": _figures(clean(drawing.title), drawing.table)}


def _figures(caption: str, table: pl.DataFrame) -> PageTable:
    names = [name for name in table.columns if not name.endswith(("_id", "_status"))]
    rows = [[_cell(value) for value in row] for row in table.select(names).iter_rows()]
    return plain_table(caption, [words(name) for name in names], rows, numbers=range(1, len(names)))


def _cell(value: object) -> Shown:
    if isinstance(value, date):
        return day(value)
    if isinstance(value, int | float):
        return Shown(number_text(float(value), 0 if abs(value) >= _WHOLE else 1), number=True, whole=True)
    return Shown("not available", quiet=True) if value is None else Shown(clean(str(value)))
