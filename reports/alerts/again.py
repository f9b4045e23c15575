"""What is raised again: alerts that nobody acknowledged, and those whose snooze has ended. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import polars as pl

from oversight.model.times import london_date
from reports.alerts.decide import FIRST, IMMEDIATE, Row, due_row
from reports.alerts.hours import after_working_days, next_open, on_day
from reports.alerts.rules import Rules

ACKNOWLEDGED: Final = "acknowledged"
SNOOZED: Final = "snoozed"
REOPENED: Final = "reopened"


@dataclass(frozen=True, slots=True)
class Answers:
    """What stands of each alert that somebody answered: by alert its newest row of `alert_answer`."""

    standing: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, frame: pl.DataFrame) -> "Answers":
        """From the table `alert_answer`."""
        rows = frame.sort("decided_at", "alert_answer_id").iter_rows(named=True)
        return cls({row["alert_id"]: row for row in rows})

    def quiet(self, alert_id: str, now: datetime) -> bool:
        """Whether nobody needs to be told of it now: acknowledged, or snoozed until a later day."""
        answer = self.standing.get(alert_id)
        if answer is None or answer["decision"] == REOPENED:
            return False
        return bool(answer["decision"] == ACKNOWLEDGED or london_date(now) < answer["until"])


def raised_again(dues: pl.DataFrame, answers: Answers, rules: Rules, now: datetime) -> list[Row]:
    """Rows of `alert_due` for alerts to be raised again now.

    Where a snooze has ended, all who were told first are told again. Where the alert's rule escalates and nobody
    acknowledged it, the next list of people is told, so many working days after it was first due, after the snooze
    ended or after it was reopened.

    Args:
        dues: table `alert_due`, all of it.
        answers: what was answered.
        rules: the rules in force.
        now: the present moment.
    """
    escalating = {rule.name for rule in rules.rules if rule.escalate}
    there = set(dues["alert_due_id"])
    first = dues.filter(pl.col("round") == FIRST).sort("alert_id", "recipient")
    found: list[Row] = []
    for (alert_id,), rows in first.group_by("alert_id", maintain_order=True):
        alert = str(alert_id)
        if answers.quiet(alert, now):
            continue
        found += _after_snooze(alert, rows, answers, rules, now)
        bound = sorted(set(rows["rule"]) & escalating)
        if bound:
            found += _escalated(alert, rows, answers, rules, now, bound[0])
    return [row for row in found if row["alert_due_id"] not in there]


def _after_snooze(alert: str, rows: pl.DataFrame, answers: Answers, rules: Rules, now: datetime) -> Iterator[Row]:
    answer = answers.standing.get(alert)
    if answer is None or answer["decision"] != SNOOZED:
        return
    due = next_open(on_day(answer["until"], rules.hours.opens), rules.hours.hours)
    if due <= now:
        for row in rows.iter_rows(named=True):
            turn = f"snooze {answer['alert_answer_id']}"
            yield due_row(alert, row["recipient"], turn, row["rule"], IMMEDIATE, due, now)


def _escalated(
    alert: str, rows: pl.DataFrame, answers: Answers, rules: Rules, now: datetime, rule: str
) -> Iterator[Row]:
    since, turn = _since(rows, answers.standing.get(alert), rules)
    for number, step in enumerate(rules.escalation, start=1):
        due = next_open(after_working_days(since, step.after_working_days), rules.hours.hours)
        if due <= now:
            for person in rules.people[step.to]:
                yield due_row(alert, person, f"escalation {number}{turn}", rule, IMMEDIATE, due, now)


def _since(rows: pl.DataFrame, answer: Mapping[str, Any] | None, rules: Rules) -> tuple[datetime, str]:
    """From when the working days count, and what tells this turn from an earlier one."""
    if answer is None:
        due = rows["due_at"].min()
        if not isinstance(due, datetime):
            raise TypeError("an alert that is due has a moment")
        return due, ""
    turn = f" after {answer['alert_answer_id']}"
    if answer["decision"] == SNOOZED:
        return on_day(answer["until"], rules.hours.opens), turn
    return answer["decided_at"], turn
