"""Fresh, late, failed or never asked; and why."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oversight.pipeline.status import SourceStatus, status
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(Settings(home=tmp_path), lambda: NOW) as opened:
        yield opened


def answered(workspace: Workspace, source: str, subject: str, days_ago: int, state: str = "ok") -> None:
    at = NOW - timedelta(days=days_ago)
    error = "RefusedError: HTTP 500" if state == "failed" else None
    row = {
        "fetch_id": f"{source}/{subject}/{days_ago}/{state}", "source": source, "subject": subject, "url": "",
        "requested_at": at, "retrieved_at": None if error else at, "status": state, "error": error,
    }  # fmt: skip
    workspace.ledger.add("fetch", [row])


def of(workspace: Workspace, source: str, *, later: int = 0) -> SourceStatus:
    moved = replace(workspace, clock=lambda: NOW + timedelta(days=later))
    return next(each for each in status(moved).sources if each.source == source)


def test_nothing_asked_yet_is_healthy(workspace: Workspace) -> None:
    state = status(workspace)
    assert state.healthy
    assert {source.state for source in state.sources} == {"never asked"}


def test_a_register_is_late_for_each_company(workspace: Workspace) -> None:
    answered(workspace, "companies_house.charges", "99000001", 15)
    answered(workspace, "companies_house.charges", "99000002", 14)
    found = of(workspace, "companies_house.charges")
    assert (found.state, found.subjects, found.overdue) == ("late", 2, 1)
    assert not status(workspace).healthy


def test_only_the_newest_publication_can_be_late(workspace: Workspace) -> None:
    answered(workspace, "ofsted.provider_level", "2024-03-31", 800)
    answered(workspace, "ofsted.provider_level", "2026-03-31", 410)
    assert of(workspace, "ofsted.provider_level").state == "fresh"
    assert of(workspace, "ofsted.provider_level", later=1).overdue == 1


def test_days_of_notices_that_are_over_are_not_late(workspace: Workspace) -> None:
    for days_ago in range(2, 30):
        answered(workspace, "gazette.notices", f"day {days_ago}", days_ago)
    assert of(workspace, "gazette.notices").state == "fresh"
    assert of(workspace, "gazette.notices", later=3).state == "late"


def test_working_days_do_not_count_weekends(workspace: Workspace) -> None:
    answered(workspace, "companies_house.filing_history", "99000001", 0)
    assert of(workspace, "companies_house.filing_history", later=6).state == "fresh"  # Thursday: four working days
    assert of(workspace, "companies_house.filing_history", later=7).state == "late"


def test_a_failure_counts_until_it_is_mended(workspace: Workspace) -> None:
    answered(workspace, "govuk.content", "/a", 2)
    answered(workspace, "govuk.content", "/a", 1, "failed")
    found = of(workspace, "govuk.content")
    assert (found.state, found.error) == ("failed", "RefusedError: HTTP 500")
    answered(workspace, "govuk.content", "/a", 0)
    assert of(workspace, "govuk.content").state == "fresh"


def test_registers_are_judged_as_a_whole(workspace: Workspace) -> None:
    answered(workspace, "companies_house.officers", "99000001", 0)
    fetch = {"fetch_id": "x", "source": "companies_house.officers", "subject": "99000002", "url": "",
             "requested_at": NOW, "retrieved_at": NOW, "status": "ok", "document_id": "a"}  # fmt: skip
    officer = {"document_id": "a", "company_number": "99000002", "officer_id": "o", "corporate": False}
    workspace.ledger.add("fetch", [fetch])
    workspace.ledger.add("officer", [officer | {"locator": str(n), "role": "director"} for n in range(9)])
    assert of(workspace, "companies_house.officers").lacking == ()
    workspace.ledger.add("officer", [officer | {"locator": f"late {n}"} for n in range(3)])
    (lacking,) = of(workspace, "companies_house.officers").lacking
    assert "role is filled in 75.0% of 12 rows" in lacking
    assert not status(workspace).healthy
