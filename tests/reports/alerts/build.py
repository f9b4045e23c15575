"""Alerts, dues and rules for the tests of telling. Everybody and everything in it is invented."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl

from reports.alerts.decide import due_row
from reports.alerts.letters import Style
from reports.alerts.rules import Rules, load_rules
from tests.reports.invented_view import LABEL, frame

NOW = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)  # a Monday
ANN, BOB, CY = "ann@dept.test", "bob@dept.test", "cy@dept.test"
KINDS = ("insolvency", "charge_created", "strike_off_notice", "strike_off_application", "dissolved", "home_suspended",
         "band_change")  # fmt: skip
KEY = "a key for these tests only"


def rules(**changes: Any) -> Rules:
    found = load_rules([ANN, BOB], KINDS)
    return Rules.model_validate(found.model_dump(by_alias=True, mode="python") | _timed(found) | changes)


def _timed(found: Rules) -> dict[str, Any]:
    """Times of day as a file has them."""
    hours, digest = found.hours, found.digest
    return {
        "hours": {"from": f"{hours.opens:%H:%M}", "to": f"{hours.closes:%H:%M}", "days": hours.days},
        "digest": {"at": f"{digest.at:%H:%M}", "weekdays": digest.weekdays},
    }


def alert(number: int, kind: str = "charge_created", urgency: str = "digest", **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "alert_id": f"alert-{number}",
        "group_id": f"group-{number}",
        "entry_id": f"R-0000000{number}",
        "group_name": f"Example Group {number} Limited",
        "kind": kind,
        "urgency": urgency,
        "dated_on": date(2026, 11, 10),
        "title": f"What happened {number}",
        "evidence_id": f"event-{number}",
    }
    return row | changes


def alerts(*rows: dict[str, Any]) -> pl.DataFrame:
    return frame("alert", list(rows))


def due(number: int, person: str = ANN, urgency: str = "immediate", turn: str = "first", **changes: Any) -> Any:
    row = due_row(f"alert-{number}", person, turn, "insolvency_and_suspension", urgency, NOW, NOW)
    return row | {"entry_id": f"R-0000000{number}", "subject": f"Example Group {number} Limited"} | changes


def dues(*rows: Any) -> pl.DataFrame:
    names = [*frame("alert_due", []).schema.items(), ("entry_id", pl.String()), ("subject", pl.String())]
    return pl.DataFrame(list(rows), schema=dict(names))


def style(**changes: Any) -> Style:
    fields: dict[str, Any] = {
        "marking": "official-sensitive",
        "label": LABEL,
        "link_base": "http://oversight.test:8000/",
        "sender": "monitor@mail.test",
        "key": "",
        "link_days": 14,
        "any_hour": frozenset(),
        "moment": NOW,
    }
    return Style(**(fields | changes))
