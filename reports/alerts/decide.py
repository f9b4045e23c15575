"""Who is to be told of which alert, and when: alerts and rules in, dues out. Pure.

A due is one alert for one person in one round. Its id is made of these three, so deciding again adds nothing.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import polars as pl

from oversight.model.ids import row_id
from oversight.model.times import london_date
from reports.alerts.hours import next_digest, next_open
from reports.alerts.rules import EVERY, Rule, Rules

IMMEDIATE: Final = "immediate"
DIGEST: Final = "digest"
FIRST: Final = "first"
Row = dict[str, object]
Bands = Mapping[str, tuple[int | None, int | None]]
"""Of each band its value before and after a move."""


@dataclass(frozen=True, slots=True)
class News:
    """What may have to be told.

    Attributes:
        alerts: table `alert`; group_name is the publication's where there is no group.
        run_id: the run that raised them; None where there is none yet.
        figures: by register entry, the figures that rules may ask for.
        moves: by alert of a moved band, the bands before and after.
    """

    alerts: pl.DataFrame
    run_id: str | None = None
    figures: Mapping[str, Mapping[str, float | None]] = field(default_factory=dict)
    moves: Mapping[str, Bands] = field(default_factory=dict)


def decide(
    news: News, rules: Rules, told: Collection[tuple[str, str]], raised: Collection[str], now: datetime
) -> tuple[list[Row], list[Row]]:
    """Rows of `alert_raised` and of `alert_due` for what nobody has decided yet.

    Args:
        news: what may have to be told.
        rules: who is told of what.
        told: alerts and recipients that were decided or delivered before.
        raised: ids of alerts raised before; who is to be told of one only now, as a person new to a list, finds it in
            the digest.
        now: the present moment.
    """
    alerts: list[Row] = []
    dues: list[Row] = []
    for alert in news.alerts.sort("dated_on", "group_name", "alert_id").iter_rows(named=True):
        old = alert["alert_id"] in raised
        found = [
            _due(alert, person, rule, rules, now, late=old)
            for person, rule in _readers(alert, news, rules, now)
            if (alert["alert_id"], person) not in told
        ]
        dues += found
        if found and not old:
            alerts.append(_raised(alert, news.run_id, now))
    return alerts, dues


def due_row(alert_id: str, recipient: str, turn: str, rule: str, urgency: str, due: datetime, now: datetime) -> Row:
    """A row of `alert_due`."""
    return {
        "alert_due_id": row_id("due", alert_id, recipient, turn),
        "alert_id": alert_id,
        "recipient": recipient,
        "round": turn,
        "rule": rule,
        "urgency": urgency,
        "due_at": due,
        "decided_at": now,
    }


def _readers(alert: Row, news: News, rules: Rules, now: datetime) -> Iterator[tuple[str, Rule]]:
    """Each person who is to be told, with the first rule that fits."""
    fitting = [rule for rule in rules.rules if _fits(rule, alert, news, now)]
    for person in rules.everybody():
        mine = (rule for rule in fitting if any(person in rules.people[name] for name in rule.to))
        rule = next(mine, None)
        if rule is not None and rule.urgency != "never":
            yield person, rule


def _fits(rule: Rule, alert: Row, news: News, now: datetime) -> bool:
    if EVERY not in rule.kinds and alert["kind"] not in rule.kinds:
        return False
    if rule.newer_than_days is not None:
        age = london_date(now).toordinal() - alert["dated_on"].toordinal()  # type: ignore[attr-defined]
        if age > rule.newer_than_days:
            return False
    figures = news.figures.get(str(alert["entry_id"]), {})
    if not all(bounds.hold(figures.get(name)) for name, bounds in rule.group.items()):
        return False
    moves = news.moves.get(str(alert["alert_id"]), {})
    return all(band in moves and crossing.happened(*moves[band]) for band, crossing in rule.moved.items())


def _due(alert: Row, person: str, rule: Rule, rules: Rules, now: datetime, *, late: bool) -> Row:
    urgency = str(alert["urgency"]) if rule.urgency == "as_raised" else rule.urgency
    if late or urgency != IMMEDIATE:
        due = next_digest(now, rules.digest.at, rules.digest.numbers, rules.hours.hours)
        return due_row(str(alert["alert_id"]), person, FIRST, rule.name, DIGEST, due, now)
    due = now if rule.quiet == "ignore" else next_open(now, rules.hours.hours)
    return due_row(str(alert["alert_id"]), person, FIRST, rule.name, IMMEDIATE, due, now)


def _raised(alert: Row, run_id: str | None, now: datetime) -> Row:
    return {
        "alert_id": alert["alert_id"],
        "run_id": run_id,
        "entry_id": alert["entry_id"],
        "subject": alert["group_name"],
        "kind": alert["kind"],
        "dated_on": alert["dated_on"],
        "title": alert["title"],
        "raised_at": now,
    }
