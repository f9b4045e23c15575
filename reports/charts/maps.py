"""Where a group's places are: England by local authority, on the ground or as hexagons."""

from typing import Final

from reports.charts.areas import LONDON, Label, Layout, filled, region
from reports.charts.picture import MARGIN, WIDTH, Part, Picture, svg_text
from reports.charts.shares import COLOURS, Shares, shares
from reports.charts.source import registered_on, source_of
from reports.frames import RunView
from reports.marking import banner
from reports.style import date_text, percent_text

_MAP: Final = (720, 800)
_HEXES: Final = (800, 780)
_INSET: Final = (250, 200)
_LABELLED: Final = 12
_LEGEND: Final = "Share of places"


def map_of_shares(view: RunView, group: str, layout: Layout = "ground") -> Picture:
    """A group's share of places by local authority.

    Args:
        view: the run.
        group: group_id, name or part of a name that only one group with homes has.
        layout: boundaries on the ground, with London apart; or one hexagon for each authority.

    Raises:
        InputError: where no group or several fit.
    """
    found = shares(view, group)
    size = _HEXES if layout == "hexagons" else _MAP
    fills = dict(found.table.select("local_authority_code", "band").iter_rows())
    spec = filled(
        fills, _labels(found, layout), COLOURS, on=registered_on(view), layout=layout, size=size, legend=_LEGEND
    )
    parts = [Part((WIDTH - size[0]) / 2, 0, *size, spec=spec)]
    if layout == "ground":
        london = filled(
            region(fills, LONDON), (), COLOURS, on=registered_on(view), layout=layout, size=_INSET, legend=None
        )
        parts.append(Part(WIDTH - MARGIN - _INSET[0], 40, *_INSET, spec=london))
        parts.append(Part(WIDTH - MARGIN - _INSET[0], 10, _INSET[0], 24, svg=_heading("London, enlarged")))
    hexagons = " Each authority is one hexagon, near its true place." if layout == "hexagons" else ""
    return Picture(
        title=found.sentence(),
        subtitle=(
            "Share of registered places in children\u2019s homes, by local authority, "
            f"{date_text(registered_on(view))}.{hexagons}"
        ),
        alternative=found.words(),
        source=source_of(view, "Shares are of places in homes of all owners, councils included."),
        banner=banner(view.marking, view.label),
        table=found.table,
        height=size[1],
        parts=tuple(parts),
    )


def _labels(found: Shares, layout: Layout) -> list[Label]:
    """The largest shares by name; London's stand too close on the ground."""
    rows = [row for row in found.held.iter_rows(named=True) if layout == "hexagons" or not _in_london(row)]
    return [
        Label(
            row["local_authority_code"],
            f"{row['local_authority']}|{percent_text(row['share_of_places'] or 0.0, 0)}",
        )
        for row in rows[:_LABELLED]
    ]


def _in_london(row: dict[str, object]) -> bool:
    return bool(region({str(row["local_authority_code"]): ""}, LONDON))


def _heading(text: str) -> str:
    return svg_text(text, 0, 16, 14, weight="bold")
