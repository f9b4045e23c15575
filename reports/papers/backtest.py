"""The back-test paper: known cases, real panels and the run's own events, with hits, false alarms and lead times."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from reports.frames import RunView
from reports.papers.markdown import paper, plain, table
from reports.style import words

_ABOUT: Final = (
    "How the tool would have done where it is known what happened. At a base rate of half a percent a test that is "
    "right nine times in ten is wrong about nineteen in twenty of those it picks, so most of what is picked is in "
    "vain; the tables say how much. A model's word adds no points."
)
_POINTS: Final = (
    "Test", "Picked", "Of these, hits", "In vain", "Missed", "Precision", "Recall", "In vain for each hit", "Lead time",
)  # fmt: skip
_WITNESSES: Final = {
    "model_of_record": "model of record", "challenger": "challenger", "mean_of_both": "mean of both",
}  # fmt: skip


def render(view: RunView, content: Mapping[str, Any]) -> str:
    """The paper.

    Args:
        view: the run.
        content: `scenarios`, `exits`, `failure` and `events`, as the modules that measured them give them.
    """
    return paper(
        view,
        "Back-test",
        [
            _ABOUT,
            *_scenarios(content["scenarios"]),
            *_exits(content["exits"]),
            *_failure(content["failure"]),
            *_events(content["events"], view.label),
        ],
    )


def _scenarios(cases: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    yield "## Known cases as scenarios"
    yield (
        "What could be read about each case, put to the rules in force. A sketch, not the case's filings: the points "
        "are a floor of what the rules would have added. Days are bounds where a source gives only a month or a season."
    )
    heads = ("Case", "Market", "Outcome", "When", "Points", "Band", "Found", "First sign before the outcome", "Source")
    yield table(
        heads,
        [
            (
                each["case"], each["market"], each["outcome"], _when(each), f"{each['points']:g}", each["band"],
                each["found"], _days(each["sign_days_at_least"], each["sign_days_at_most"]), _source(each),
            )
            for each in cases
        ],
    )  # fmt: skip
    for each in cases:
        yield f"### {plain(each['case'])}"
        yield table(
            ("Known before", "When", "Rule that reads it", "Points", "Before the outcome", "Source"),
            [
                (
                    fact["what"], _when(fact), fact["rule"] or f"none: {fact['lacks']}",
                    "" if fact["points"] is None else f"{fact['points']:g}", _days(*(fact["before"] or (None, None))),
                    _source(fact),
                )
                for fact in each["facts"]
            ],
        )  # fmt: skip
        yield plain(each["lesson"])


def _exits(found: Mapping[str, Any]) -> Iterable[str]:
    yield "## Homes leaving Ofsted's register, real publications"
    yield (
        f"Each register forecast by a model that knew only earlier outcomes, looked at {found['horizon_days']} days "
        "later. A home registered anew has not left. Lead time is from the register's day to the leaving, for hits "
        f"whose day is known; a list comes out some months after its day. {plain(found['said'])}"
    )
    yield table(
        _POINTS,
        [
            _point(f"{year['register_of']}, top {point['share']:.0%}", point)
            for year in found["years"]
            for point in year["operating_points"]
        ],
    )
    yield "How long before they left homes were first among those picked, over all these registers:"
    yield table(
        ("Top of each register", "Homes that left", "Ever picked before", "Median days since first picked"),
        [
            (f"{each['share']:.0%}", each["left"], each["picked_ever"], _number(each["median_lead_days"]))
            for each in found["first_picked"]
        ],
    )
    yield "### Signs alone"
    yield (
        "What each sign in Ofsted's publications told by itself, homes and register days put together. Intervals: 95%, "
        "owners drawn whole."
    )
    yield table(
        ("Sign", "Picked", "Left within a year", "In vain", "Missed", "Precision", "Times the base rate",
         "Median days to leaving", "Median days from the inspection to leaving"),
        [
            (
                each["label"], each["picked"], each["hits"], each["false_alarms"], each["missed"],
                "" if each["precision"] is None
                else f"{each['precision']:.1%} ({each['low']:.1%} to {each['high']:.1%})",
                _number(each["times_base"]), _number(each["median_lead_days"]),
                _number(each["median_days_since_judged"]),
            )
            for each in found["signs"]
        ],
    )  # fmt: skip


def _failure(found: Mapping[str, Any]) -> Iterable[str]:
    yield "## Company failure, public panels"
    yield (
        "The starter model that ships was fitted on Polish accounts; the UK companies were never learnt from. Below "
        "it, models trained on each panel itself, on rows or years they had not seen. The panels give a year and no "
        "day of failure, so a lead time is told only as whether a company was picked in an earlier year already."
    )
    rows = [
        _point(f"starter model on UK companies, {test}, top {point['share']:.0%}", point)
        for test, each in found["transfer_to_uk"].items()
        for point in each["operating_points"]
    ]
    rows += [
        _point(f"{panel} panel, {test}, {_WITNESSES.get(witness, witness)}, top {point['share']:.0%}", point)
        for panel, tests in found["panels"].items()
        for test, witnesses in tests.items()
        for witness, each in witnesses.items()
        for point in each.get("operating_points", ())
    ]
    yield table(_POINTS, rows)


def _events(found: Mapping[str, Any], label: str) -> Iterable[str]:
    yield "## Filing and register events of this run"
    invented = f" {plain(label)}." if label else ""
    yield (
        f"Events of the groups of this run since {plain(found['first_event'] or 'no day')}, and how long they came "
        f"before a group's first insolvency, strike-off notice or dissolution: {found['outcomes']} groups have one. An "
        f"event is in vain if {found['window_days']} days passed without. With few outcomes this tells "
        f"little.{invented}"
    )
    yield table(
        ("Event", "Groups picked", "Of these, hits", "In vain", "Missed", "Median days before the outcome"),
        [
            (words(each["kind"]), each["picked"], each["hits"], each["false_alarms"], each["missed"],
             _number(each["median_lead_days"]))
            for each in found["signals"]
        ],
    )  # fmt: skip


def _point(test: str, point: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        test, point["picked"], point["hits"], point["false_alarms"], point["missed"], f"{point['precision']:.1%}",
        f"{point['recall']:.1%}", _number(point["false_alarms_a_hit"]), _lead(point),
    )  # fmt: skip


def _lead(point: Mapping[str, Any]) -> str:
    if point.get("median_lead_days") is not None:
        return f"{point['median_lead_days']:.0f} days, median"
    if point.get("seen_before"):
        return f"{point['picked_before']} of {point['seen_before']} picked a year before already"
    return "not known"


def _when(each: Mapping[str, Any]) -> str:
    if each["from"] is None:
        return "not dated"
    return str(each["from"]) if each["from"] == each["to"] else f"{each['from']} to {each['to']}"


def _days(least: int | None, most: int | None) -> str:
    if least is None or most is None:
        return "not known"
    if least < 0:
        return f"up to {most} days, or none" if most > 0 else "after it"
    return f"{least} days" if least == most else f"{least} to {most} days"


def _source(each: Mapping[str, Any]) -> str:
    return f"{each['source']}{' (reported by another)' if each['read'] == 'secondary' else ''}"


def _number(value: float | None) -> str:
    return "none" if value is None else f"{value:,.3g}" if value < 100 else f"{value:,.0f}"  # noqa: PLR2004
