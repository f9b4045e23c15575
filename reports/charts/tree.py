"""Who owns whom in a group: its companies from the top down, with shares and dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any, Final

import polars as pl

from oversight.errors import InputError
from reports.charts.palette import DARK_BLUE, FONT, GREY, MID_BLUE, PALE, QUIET, TEXT, WHITE
from reports.charts.picture import MARGIN, WIDTH, Part, Picture
from reports.charts.shares import the_group
from reports.charts.source import source_of
from reports.frames import RunView
from reports.marking import banner
from reports.style import clean, date_text, number_text, percent_text

_ROW: Final = 50
_BOX: Final = 40
_STEP: Final = 30
_INSIDE: Final = WIDTH - 2 * MARGIN
_EDGE: Final = 250
_MOST: Final = 120
_LETTER: Final = 7.6
_WITHHELD: Final = "An individual (name withheld)"
_TOP: Final = ""
_BASES: Final[Mapping[str, str]] = {
    "decided": "decided by a person",
    "appointment": "appoints the board",
    "influence": "significant influence",
    "stated": "parent, by the accounts",
    "majority": "majority",
    "half": "half",
}


@dataclass(frozen=True, slots=True)
class _Node:
    key: str
    depth: int
    name: str
    below: str
    edge: str
    homes: int
    parent: int | None


def ownership_tree(view: RunView, group: str) -> Picture:
    """The companies of a group as a drawing: one row a company, its owner above and to the left.

    Args:
        view: the run.
        group: group_id, name or part of a name that only one group with homes has.

    Raises:
        InputError: where no group or several fit, or the group has no company.
    """
    group_id, name = the_group(view, group)
    table = _table(view, group_id)
    if table.is_empty():
        raise InputError(
            "no company is linked to this owner, so there is no tree",
            where=repr(name),
            next_step="`oversight link --review` lists owners that wait for a decision.",
        )
    top = view.table("group").filter(pl.col("group_id") == group_id).row(0, named=True)
    drawn = _drawn(table)
    nodes = _nodes(top, drawn, table)
    left_out = len(table) - len(drawn)
    running = table.filter(pl.col("homes") > 0)
    more = f" {number_text(left_out)} further companies that run no home are not drawn." if left_out else ""
    count = "one company" if len(table) == 1 else f"{number_text(len(table))} companies"
    runs = "one of which runs" if len(running) == 1 else f"{number_text(len(running))} of which run"
    return Picture(
        title=f"{name}: {count}, {runs} children\u2019s homes, under {nodes[0].name}",
        subtitle=f"Companies of the group with the share that controls each, {date_text(view.as_at.on)}.{more}",
        alternative=_words(nodes),
        source=source_of(view, "Shares are the bands that persons with significant control are registered in."),
        banner=banner(view.marking, view.label),
        table=table,
        height=len(nodes) * _ROW + 40,
        parts=(Part(MARGIN, 0, _INSIDE, len(nodes) * _ROW + 40, svg=_draw(nodes)),),
    )


def _table(view: RunView, group_id: str) -> pl.DataFrame:
    """Members from the top down, each before those it owns, with what it runs."""
    runs = (
        view.table("provider")
        .filter(pl.col("company_number").is_not_null(), pl.col("group_id") == group_id)
        .group_by("company_number")
        .agg(pl.col("homes", "places").sum())
    )
    members = view.table("membership").filter(pl.col("group_id") == group_id)
    return (
        members.join(runs, on="company_number", how="left")
        .join(_joint(view, group_id), on=["company_number", "parent_key"], how="left")
        .with_columns(pl.col("homes", "places").fill_null(0))
        .sort("path", "company_number")
        .drop("group_id")
    )


def _joint(view: RunView, group_id: str) -> pl.DataFrame:
    """company_number, parent_key and the names of those who hold the company together with that parent."""
    half = view.table("holding").filter(pl.col("group_id") == group_id, pl.col("role") == "half")
    holders = half.select("company_number", pl.col("owner_key").alias("parent_key"))
    others = half.select("company_number", "owner_key", pl.col("owner_name").fill_null(_WITHHELD))
    return (
        holders.join(others, on="company_number")
        .filter(pl.col("parent_key") != pl.col("owner_key"))
        .group_by("company_number", "parent_key")
        .agg(pl.col("owner_name").sort().str.join(" and ").alias("jointly"))
    )


def _drawn(table: pl.DataFrame) -> pl.DataFrame:
    """All members, or of a very large group those that run homes and those above them."""
    if len(table) <= _MOST:
        return table
    above = {key for path in table.filter(pl.col("homes") > 0)["path"] for key in path.split(" > ")}
    return table.filter(pl.col("company_number").is_in(sorted(above)))


def _nodes(top: Mapping[str, Any], drawn: pl.DataFrame, table: pl.DataFrame) -> list[_Node]:
    """The rows of the drawing; the first is the top where that is no member."""
    rows = drawn.rows(named=True)
    nodes: list[_Node] = []
    places: dict[str, int] = {}
    if top["top_key"] not in set(table["company_number"]):
        name = clean(top["top_name"] or _WITHHELD)
        nodes.append(_Node(_TOP, 0, name, _kind(top), "", 0, None))
        places[top["top_key"]] = 0
    shift = len(nodes)
    least = min(int(row["depth"]) for row in rows)
    for row in rows:
        parent = places.get(row["parent_key"] or "", 0 if nodes else None)
        depth = nodes[parent].depth + 1 if parent is not None else int(row["depth"]) - least + shift
        places[row["company_number"]] = len(nodes)
        nodes.append(
            _Node(
                row["company_number"],
                depth,
                clean(row["name"] or row["company_number"]),
                _below(row),
                _edge(row),
                row["homes"],
                parent,
            )
        )
    return nodes


def _kind(top: Mapping[str, Any]) -> str:
    country = f", {clean(top['top_country'])}" if top["top_country"] else ""
    kinds = {"individual": "person", "overseas": "outside the United Kingdom"}
    return f"{kinds.get(top['kind'], top['kind'])}{country}"


def _below(row: Mapping[str, Any]) -> str:
    said = [f"Company {row['company_number']}"]
    if row["status"] not in {None, "active"}:
        said.append(str(row["status"]).replace("-", " "))
    if row["dormant"]:
        said.append("dormant")
    if row["homes"]:
        homes = "1 home" if row["homes"] == 1 else f"{number_text(row['homes'])} homes"
        said.append(f"runs {homes} with {number_text(row['places'])} places")
    if row["jointly"]:
        said.append(f"held jointly with {clean(row['jointly'])}")
    return ", ".join(said)


def _edge(row: Mapping[str, Any]) -> str:
    low, high, since = row["share_min"], row["share_max"], row["since"]
    if low is None and high is None:
        share = _BASES.get(row["basis"] or "", "")
    elif low == high or high is None or low is None:
        share = percent_text(high if low is None else low, 0)
    else:
        share = f"{number_text(low)}% to {percent_text(high, 0)}"
    dated = f"since {date_text(since)}" if isinstance(since, date) else ""
    return " ".join(part for part in (share, dated) if part)


def _words(nodes: Sequence[_Node]) -> str:
    said = [
        f"{node.name} ({node.below}){f' under {nodes[node.parent].name}' if node.parent is not None else ''}"
        f"{f', {node.edge}' if node.edge else ''}"
        for node in nodes
    ]
    return f"A tree from the top down: {'; '.join(said)}."


def _draw(nodes: Sequence[_Node]) -> str:
    step = min(_STEP, 360 / max(1, *(node.depth for node in nodes)))
    lines = [_line(nodes, place, step) for place in range(len(nodes)) if nodes[place].parent is not None]
    boxes = [_box(node, place, step) for place, node in enumerate(nodes)]
    legend = _legend(len(nodes) * _ROW + 14)
    return "".join([*lines, *boxes, legend])


def _line(nodes: Sequence[_Node], place: int, step: float) -> str:
    """From the owner's box down and across to its company's."""
    node, parent = nodes[place], nodes[place].parent or 0
    x = nodes[parent].depth * step + 12
    y, start = place * _ROW + _BOX / 2, parent * _ROW + _BOX
    return f'<path d="M{x:g} {start:g}V{y:g}H{node.depth * step:g}" fill="none" stroke="{GREY}" stroke-width="2"/>'


def _box(node: _Node, place: int, step: float) -> str:
    x, y = node.depth * step, place * _ROW
    width = _INSIDE - _EDGE - x
    fill, ink, quiet = (DARK_BLUE, WHITE, WHITE) if node.homes else (PALE, TEXT, QUIET)
    edge = MID_BLUE if node.parent is None else fill
    return (
        f'<rect x="{x + 1:g}" y="{y + 1:g}" width="{width - 2:g}" height="{_BOX - 2}" rx="4" fill="{fill}" '
        f'stroke="{edge}" stroke-width="2"/>'
        + _text(node.name, x + 12, y + 17, 14, ink, width - 24, weight="bold")
        + _text(node.below, x + 12, y + 33, 12, quiet, width - 24)
        + _text(node.edge, _INSIDE - _EDGE + 14, y + 25, 13, TEXT, _EDGE - 14)
    )


def _legend(y: float) -> str:
    return (
        f'<rect x="1" y="{y:g}" width="16" height="16" fill="{DARK_BLUE}"/>'
        + _text("Runs children\u2019s homes", 24, y + 13, 13, TEXT, 220)
        + f'<rect x="241" y="{y:g}" width="16" height="16" fill="{PALE}" stroke="{GREY}"/>'
        + _text("Runs none", 264, y + 13, 13, TEXT, 160)
    )


def _text(text: str, x: float, y: float, size: int, colour: str, room: float, weight: str = "normal") -> str:
    """A line of text, cut where the room ends."""
    most = max(4, int(room / (_LETTER * size / 14)))
    shown = text if len(text) <= most else f"{text[: most - 1].rstrip()}\u2026"
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{FONT}" font-size="{size}" font-weight="{weight}" '
        f'fill="{colour}">{escape(shown, quote=True)}</text>'
    )
