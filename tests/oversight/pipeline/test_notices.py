"""Notices and companies: by number, else by exact name; a namesake with another number is nobody's."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from oversight.model.evidence import schema_of
from oversight.pipeline.alert import notice_alerts
from oversight.pipeline.notices import match, notices, record_matches
from oversight.pipeline.workspace import open_workspace
from oversight.settings import Settings


def frame(table: str, *rows: dict[str, object]) -> pl.DataFrame:
    schema = schema_of(table)
    names = {name: column.dtype for name, column in schema.columns().items()}
    return pl.DataFrame([dict.fromkeys(names) | row for row in rows], schema=names)


def notice(identifier: str, name: str, number: str | None = None) -> dict[str, object]:
    return {
        "document_id": "d", "locator": identifier, "notice_id": identifier, "notice_code": "2450",
        "company_name": name, "company_number": number, "published_on": date(2026, 11, 20),
    }  # fmt: skip


COMPANIES = frame(
    "company",
    {"document_id": "c", "locator": "", "company_number": "99000001", "name": "EXAMPLE CARE LIMITED"},
    {
        "document_id": "e",
        "locator": "",
        "company_number": "99000002",
        "name": "EXAMPLE HOMES LIMITED",
        "previous_names": "EXAMPLE LODGE LTD | OLD EXAMPLE LIMITED",
    },
)


def matched(*notices: dict[str, object]) -> list[tuple[str, str, str]]:
    return match(frame("notice", *notices), COMPANIES).rows()


def test_by_number_whatever_the_name() -> None:
    assert matched(notice("1", "Something Else Ltd", "99000001")) == [("1", "99000001", "number")]


def test_by_exact_name_where_no_number_is_given() -> None:
    assert matched(notice("1", "Example Care Ltd.")) == [("1", "99000001", "name")]
    assert matched(notice("1", "EXAMPLE LODGE LIMITED")) == [("1", "99000002", "name")]


def test_a_namesake_with_another_number_is_not_ours() -> None:
    assert matched(notice("1", "EXAMPLE CARE LIMITED", "88000001")) == []


def test_a_similar_name_is_not_the_same_name() -> None:
    assert matched(notice("1", "EXAMPLE CARE (UK) LIMITED"), notice("2", "EXAMPLE CARES LIMITED")) == []


def test_nothing_to_match() -> None:
    assert match(frame("notice"), COMPANIES).is_empty()
    assert match(frame("notice", notice("1", "EXAMPLE CARE LIMITED")), frame("company")).is_empty()


def test_new_notices_are_recorded_once_and_raise_alerts_for_groups_in_the_register(tmp_path: Path) -> None:
    run = {
        "alert": frame("alert"),
        "membership": frame(
            "membership",
            {"group_id": "g", "company_number": "99000001", "depth": 0, "path": "99000001"},
            {"group_id": "g", "company_number": "99000002", "depth": 1, "path": "99000001 > 99000002"},
        ),
        "register_entry": frame("register_entry", {"entry_id": "R-00000001", "group_id": "g", "group_name": "Example"}),
    }
    old = notice("old", "EXAMPLE CARE LIMITED", "99000001") | {"published_on": date(2026, 9, 1)}
    with open_workspace(Settings(home=tmp_path), lambda: datetime(2026, 11, 22, tzinfo=UTC)) as workspace:
        workspace.ledger.add("company", COMPANIES.to_dicts())
        workspace.ledger.add(
            "notice", [notice("1", "EXAMPLE CARE LIMITED", "99000001"), notice("2", "EXAMPLE LODGE LTD"), old]
        )
        assert record_matches(workspace) == {"number": 2, "name": 1}
        assert record_matches(workspace) == {"number": 0, "name": 0}
        listed = notices(workspace).select("notice_id", "decision").rows()
        assert listed == [("1", "automatic"), ("2", "candidate"), ("old", "automatic")]
        alerts = notice_alerts(workspace, run)
    assert alerts.select("evidence_id", "urgency", "entry_id").rows() == [
        ("1", "immediate", "R-00000001"),
        ("2", "digest", "R-00000001"),
    ]
    assert "to be checked" in alerts["title"][1]
