"""One group: what is proposed of it, why, and what that rests on."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import polars as pl

from oversight.web.shelf import OpenRun, OpenView
from oversight.web.tables import MISSING, PageTable, Shown, day, figure, page_table, plain_table
from oversight.web.views import history, signals, years
from oversight.web.visit import Page, Visit
from reports import standing
from reports.frames import label_of, newest_metrics
from reports.sheets import evidence, figures, leaving, replacing, stress
from reports.style import clean, number_text, value_text, words

_AXES: Final = ("likelihood", "impact")


def group_page(visit: Visit) -> Page:
    """Everything a run says of one group."""
    run = visit.run
    group_id = run.group_id(visit.part("group"))
    runs = visit.site.shelf.manifests()
    return visit.page_of_run(
        "group.html",
        lambda _: _values(visit, run, group_id),
        also=",".join(each.run_id for each in runs[: history.MOST]),
    )


def _values(visit: Visit, run: OpenRun, group_id: str) -> tuple[str, Mapping[str, object]]:
    view = run.of_group(group_id)
    group = view.table("group").row(0, named=True)
    found = view.table("register_entry").rows(named=True)
    entry = found[0] if found else None
    name = clean(group["name"])
    values = {
        "group": group,
        "entry": entry,
        "path": f"/groups/{entry['entry_id'] if entry else group_id}",
        "trace": visit.evidence,
        "top": _top(group),
        "awaiting": [standing.told(row) for row in standing.awaiting(view).iter_rows(named=True)],
        "scope_met": _conditions_met(view),
        "reasons": [reasons(visit, run, view, axis) for axis in _AXES],
        "bands": [steps for axis in _AXES for steps in band_steps(run, view, axis)] if entry else [],
        "metrics": metrics(visit, run, view),
        "charts": list(years.charts(view, group_id)),
        "alone": alone(visit, run, view),
        "absent": absent(run, view),
        "timeline": signals.timeline(visit, run, view),
        "history": history.judgements(visit, entry["entry_id"]) if entry else None,
        "exposure": page_table(
            figures.exposure(view),
            caption="Homes and places by local authority",
            drop={"entry_id", "group_name", "exposure_id"},
            links={
                "local_authority": lambda row: visit.href(f"/authorities/{row['local_authority_code']}"),
                "share_of_places": lambda row: visit.evidence(str(row["exposure_id"])),
            },
        ),
        "structure": page_table(
            evidence.structure(view),
            caption="Companies of the group from the top down",
            only=("name", "company_number", "parent_name", "share_min", "share_max", "basis", "since", "source"),
            links={"name": lambda row: visit.href(f"/companies/{row['company_number']}")},
        ),
        "scope": page_table(
            figures.scope(view),
            caption="Scope conditions: settings, never a determination",
            only=("condition", "condition_set", "value", "threshold", "unit", "result", "standing"),
        ),
        "stress": page_table(
            stress.scenarios(view),
            caption="The year after the newest accounts, under each scenario",
            only=(
                "scenario", "ebitda", "ebitda_interest_cover", "headroom", "cash_after", "lasts", "band_before",
                "band_after",
            ),
        ),
        "draws": page_table(stress.draws(view), drop={"entry_id", "group_name"}, caption="Under random shocks"),
        "replacement": page_table(
            replacing.displacement(view),
            caption="If the group stopped: places and children",
            drop={"entry_id", "group_name", "displacement_id"},
        ),
        "leaving": page_table(
            leaving.forecast(view),
            caption="Homes by the chance of leaving the register within a year",
            only=("urn", "local_authority", "places", "probability", "top_reasons"),
            links={"urn": lambda row: visit.href(f"/homes/{row['urn']}")},
        ),
        "through_time": page_table(
            leaving.quality(view),
            caption="Judgements, suspensions and departures in each list, newest first",
            drop={"entry_id", "group_name"},
        ),
        "quality": page_table(
            evidence.quality(view), caption="How good the evidence is", drop={"entry_id", "group_name"}
        ),
        "owners": page_table(
            evidence.providers(view),
            caption="Registered owners and the companies they are taken for",
            drop={"entry_id", "group_name", "locator"},
            links={"company_number": lambda row: visit.href(f"/companies/{row['company_number']}")},
        ),
        "written": signals.written(view),
    }  # fmt: skip
    return name, values


def _top(group: Mapping[str, object]) -> str:
    if group["kind"] == "individual":
        return "An individual (name withheld)"
    country = f", {group['top_country']}" if group["top_country"] else ""
    return clean(f"{group['top_name'] or 'not found'}{country}")


def _conditions_met(view: OpenView) -> str:
    met = view.table("scope").filter("met")
    pairs = [
        f"{words(name)} ({words(kept).lower()})" for kept, name in met.select("condition_set", "condition").iter_rows()
    ]
    return ", ".join(pairs) or "None met"


def reasons(visit: Visit, run: OpenRun, view: OpenView, axis: str) -> PageTable:
    """The rules that added points on an axis, most first, each leading to what it rests on."""
    added = view.table("contribution").filter(pl.col("axis") == axis, pl.col("points") > 0)
    rows = [
        (
            Shown(label_of(run.names, row["rule"]), visit.evidence(row["contribution_id"])),
            clean(row["reason"]),
            Shown(f"{number_text(row['points'])} of {number_text(row['maximum'])}", number=True, whole=True),
        )
        for row in added.sort("points", "rule", descending=[True, False]).iter_rows(named=True)
    ]
    caption = f"{axis.title()}: the rules that add points"
    return plain_table(caption, ("Rule", "Reason", "Points"), rows, numbers={2})


def band_steps(run: OpenRun, view: OpenView, axis: str) -> Iterator[Mapping[str, object]]:
    """Where the group stands among the bands of an axis, and the rules with room; none without a score."""
    for score in view.table("score").filter(pl.col("axis") == axis).iter_rows(named=True):
        yield _steps(run, view, axis, score)


def _steps(run: OpenRun, view: OpenView, axis: str, score: Mapping[str, Any]) -> Mapping[str, object]:
    declared = run.view.table("parameter").filter(pl.col("code") == f"scorecard.bands.{axis}")["value"]
    bands = json.loads(declared[0]) if len(declared) else []
    rules = view.table("contribution").filter(pl.col("axis") == axis).sort("maximum", "rule", descending=[True, False])
    room = [row for row in rules.iter_rows(named=True) if row["points"] < row["maximum"]]
    rows = [
        (
            f"{number}. {band['name']}",
            f"{number_text(band['from'])} points or more",
            "This group" if score["band"] == number else "",
        )
        for number, band in enumerate(bands, start=1)
    ]
    return {
        "axis": axis,
        "points": number_text(score["points"], 1).removesuffix(".0"),
        "name": score["band_name"],
        "table": plain_table(f"{axis.title()} bands", ("Band", "Starts at", "Where it stands"), rows[::-1]),
        "room": plain_table(
            f"{axis.title()}: rules that could still add points",
            ("Rule", "Now", "At most", "Input"),
            [
                (
                    label_of(run.names, row["rule"]),
                    number_text(row["points"]),
                    number_text(row["maximum"]),
                    "missing" if row["missing"] else "found",
                )
                for row in room
            ],
            numbers={1, 2},
        ),
    }


def metrics(visit: Visit, run: OpenRun, view: OpenView) -> PageTable:
    """The newest figures of the group that like groups have too, beside theirs."""
    peers = {row["code"]: row for row in view.table("peer").iter_rows(named=True)}
    rows = []
    for row in _valued(view):
        peer, unit = peers.get(row["code"]), row["unit"]
        if peer is not None:
            rows.append(
                (
                    Shown(label_of(run.names, row["code"]), visit.evidence(row["indicator_id"])),
                    figure(row["value"], unit),
                    value_text(peer["median"], unit),
                    f"{value_text(peer['lower_quartile'], unit)} to {value_text(peer['upper_quartile'], unit)}",
                    f"{number_text(peer['percentile'])} of 100, {number_text(peer['count'])} groups",
                    day(row["dated_on"]),
                    clean(row["reason"] or ""),
                )
            )
    headers = ("Figure", "Value", "Middle of peers", "Middle half of peers", "Percentile", "Dated", "Caveat")
    return plain_table("Figures of the group beside those of like groups", headers, _by_name(rows), numbers={1, 2})


def alone(visit: Visit, run: OpenRun, view: OpenView) -> PageTable:
    """The newest figures that are not compared with others."""
    compared = set(view.table("peer")["code"])
    rows = [
        (
            Shown(label_of(run.names, row["code"]), visit.evidence(row["indicator_id"])),
            figure(row["value"], row["unit"]),
            day(row["dated_on"]),
            clean(row["reason"] or ""),
        )
        for row in _valued(view)
        if row["code"] not in compared
    ]
    return plain_table(
        "Other figures of the group", ("Figure", "Value", "Dated", "Caveat"), _by_name(rows), numbers={1}
    )


def _valued(view: OpenView) -> Iterable[Mapping[str, Any]]:
    return newest_metrics(view).filter(pl.col("value").is_not_null()).iter_rows(named=True)


def _by_name(rows: Sequence[Sequence[Shown | str]]) -> list[Sequence[Shown | str]]:
    return sorted(rows, key=lambda row: row[0].text if isinstance(row[0], Shown) else row[0])


def absent(run: OpenRun, view: OpenView) -> PageTable:
    """Figures that cannot be given, and why."""
    rows = [
        (label_of(run.names, row["code"]), MISSING.get(row["status"], row["status"]), clean(row["reason"] or ""))
        for row in newest_metrics(view).filter(pl.col("value").is_null()).iter_rows(named=True)
    ]
    return plain_table("Figures that are missing, and why", ("Figure", "Standing", "Why"), sorted(rows))
