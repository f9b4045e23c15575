"""Who is to be told of what, and when; and what is raised again."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from oversight.model.times import LONDON
from reports.alerts.again import Answers, raised_again
from reports.alerts.decide import News, decide
from tests.reports.alerts.build import ANN, BOB, CY, NOW, alert, alerts, rules
from tests.reports.invented_view import frame

SATURDAY = datetime(2026, 11, 21, 12, tzinfo=LONDON)
MORNING, DIGEST = datetime(2026, 11, 23, 8, tzinfo=LONDON), datetime(2026, 11, 24, 8, 30, tzinfo=LONDON)


def told(*rows: dict[str, Any], now: datetime = NOW, **news: Any) -> list[tuple[str, str, str, datetime]]:
    _, dues = decide(News(alerts(*rows), "run-1", **news), rules(), set(), set(), now)
    return [(str(row["alert_id"]), str(row["recipient"]), str(row["urgency"]), row["due_at"]) for row in dues]  # type: ignore[misc]


def test_insolvency_goes_at_once_in_hours_and_the_rest_into_the_digest() -> None:
    found = told(alert(1, "insolvency", "immediate"), alert(2))
    assert found == [
        ("alert-1", ANN, "immediate", NOW),
        ("alert-1", BOB, "immediate", NOW),
        ("alert-2", ANN, "digest", DIGEST),
        ("alert-2", BOB, "digest", DIGEST),
    ]


def test_at_the_weekend_it_waits_for_monday() -> None:
    assert {each[3] for each in told(alert(1, "insolvency", "immediate"), now=SATURDAY)} == {MORNING}


def test_a_rule_may_keep_no_quiet_hours() -> None:
    first = {"name": "now", "description": "x", "kinds": ["insolvency"], "urgency": "immediate", "to": ["analysts"],
             "quiet": "ignore"}  # fmt: skip
    _, dues = decide(
        News(alerts(alert(1, "insolvency"))), rules(rules=[first]), set(), set(), SATURDAY
    )  # fmt: skip
    assert {row["due_at"] for row in dues} == {SATURDAY}


def test_old_news_of_insolvency_is_for_the_digest() -> None:
    assert {each[2] for each in told(alert(1, "insolvency", "digest"))} == {"digest"}
    assert {each[2] for each in told(alert(1, "insolvency", "immediate", dated_on=date(2026, 5, 1)))} == {"digest"}


@pytest.mark.parametrize(
    ("before", "after", "urgency"), [(3, 4, "immediate"), (None, 5, "immediate"), (4, 5, "digest"), (5, 3, "digest")]
)
def test_a_band_crossed_upwards_goes_at_once(before: int | None, after: int, urgency: str) -> None:
    moves = {"alert-1": {"likelihood": (before, after), "impact": (2, 2), "proposed_stage": (1, 1)}}
    assert {each[2] for each in told(alert(1, "band_change"), moves=moves)} == {urgency}


def test_a_rule_may_ask_for_figures_of_the_group() -> None:
    large = {"name": "large", "description": "x", "kinds": ["charge_created"], "group": {"homes": {"at_least": 20}},
             "urgency": "immediate", "to": ["analysts"]}  # fmt: skip
    none = {"name": "none", "description": "x", "kinds": ["*"], "urgency": "never", "to": ["analysts"]}
    figures: dict[str, dict[str, float | None]] = {
        "R-00000001": {"homes": 20},
        "R-00000002": {"homes": 19},
        "R-00000003": {"homes": None},
    }
    news = News(alerts(*(alert(number) for number in range(1, 5))), "run-1", figures)
    raised, dues = decide(news, rules(rules=[large, none]), set(), set(), NOW)
    assert {row["alert_id"] for row in dues} == {"alert-1"}
    assert [row["alert_id"] for row in raised] == ["alert-1"], "what nobody is told of is not raised"


def test_each_person_is_told_by_the_first_rule_that_fits_them() -> None:
    people = {"analysts": [ANN], "managers": [BOB, ANN], "directors": []}
    lists = [
        {"name": "one", "description": "x", "kinds": ["*"], "urgency": "digest", "to": ["analysts"]},
        {"name": "two", "description": "x", "kinds": ["*"], "urgency": "immediate", "to": ["managers"]},
    ]
    _, dues = decide(News(alerts(alert(1))), rules(rules=lists, people=people), set(), set(), NOW)
    assert {row["recipient"]: row["rule"] for row in dues} == {ANN: "one", BOB: "two"}


def test_what_was_decided_or_delivered_is_not_decided_again_and_a_newcomer_reads_it_in_the_digest() -> None:
    news = News(alerts(alert(1, "insolvency", "immediate")))
    raised, dues = decide(news, rules(), {("alert-1", ANN)}, {"alert-1"}, NOW)
    assert raised == []
    assert [(row["recipient"], row["urgency"]) for row in dues] == [(BOB, "digest")]


STEPS = [{"after_working_days": 2, "to": "managers"}, {"after_working_days": 5, "to": "directors"}]
PEOPLE = {"analysts": [ANN], "managers": [BOB], "directors": [CY]}


def again(now: datetime, *answers: dict[str, Any]) -> list[tuple[str, str]]:
    chosen = rules(people=PEOPLE, escalation=STEPS)
    _, dues = decide(News(alerts(alert(1, "insolvency", "immediate"))), chosen, set(), set(), NOW)
    first = frame("alert_due", dues)
    rows = raised_again(first, Answers.of(frame("alert_answer", list(answers))), chosen, now)
    assert raised_again(frame("alert_due", [*dues, *rows]), Answers({}), chosen, NOW) == []
    return [(str(row["recipient"]), str(row["round"]).split()[0]) for row in rows]


def said(decision: str, at: datetime, until: date | None = None) -> dict[str, Any]:
    return {"alert_answer_id": f"{decision}-{at}", "alert_id": "alert-1", "decision": decision, "until": until,
            "by": "command", "author": "A tester", "decided_at": at, "reason": "x"}  # fmt: skip


def test_what_nobody_acknowledges_is_raised_with_the_next_person_after_working_days() -> None:
    two = NOW + timedelta(days=2)
    assert again(two - timedelta(minutes=1)) == []
    assert again(two) == [(BOB, "escalation")]
    assert again(NOW + timedelta(days=6, hours=23)) == [(BOB, "escalation")]
    assert again(NOW + timedelta(days=7)) == [(BOB, "escalation"), (CY, "escalation")]


def test_an_acknowledgement_ends_it_and_reopening_starts_it_anew() -> None:
    acknowledged, reopened = said("acknowledged", NOW), said("reopened", NOW + timedelta(days=7))
    assert again(NOW + timedelta(days=60), acknowledged) == []
    assert again(NOW + timedelta(days=8), acknowledged, reopened) == []
    assert again(NOW + timedelta(days=9), acknowledged, reopened) == [(BOB, "escalation")]


def test_a_snooze_puts_it_off_and_then_tells_those_told_before() -> None:
    snoozed = said("snoozed", NOW, date(2026, 12, 5))  # a Saturday
    assert again(datetime(2026, 12, 6, 12, tzinfo=LONDON), snoozed) == []
    assert again(datetime(2026, 12, 7, 7, 59, tzinfo=LONDON), snoozed) == []
    assert again(datetime(2026, 12, 7, 8, tzinfo=LONDON), snoozed) == [(ANN, "snooze")]
    assert (BOB, "escalation") in again(datetime(2026, 12, 9, 12, tzinfo=LONDON), snoozed)


def test_what_needs_no_acknowledgement_is_never_raised_again() -> None:
    chosen = rules(people=PEOPLE, escalation=STEPS)
    _, dues = decide(News(alerts(alert(1))), chosen, set(), set(), NOW)
    assert dues
    assert raised_again(frame("alert_due", dues), Answers({}), chosen, NOW + timedelta(days=300)) == []


def test_dues_fit_the_ledger() -> None:
    raised, dues = decide(News(alerts(alert(1)), "run-1"), rules(), set(), set(), NOW)
    assert frame("alert_raised", raised).height == 1
    assert frame("alert_due", dues)["alert_due_id"].n_unique() == 2
    assert frame("alert_due", dues).filter(pl.col("round") == "first").height == 2
