"""`audit` lists, and says which row is broken."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from oversight.store.audit import AuditLog, Entry
from tests.oversight.cli.test_commands import Run
from tests.oversight.cli.test_commands import oversight as oversight  # noqa: PLC0414 - a fixture


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    url = f"sqlite:///{tmp_path / 'audit.sqlite'}"
    monkeypatch.setenv("OVERSIGHT_AUDIT_URL", url)
    with AuditLog(url) as opened:
        for day, person in ((1, "Ann Example"), (2, "Bob Example"), (2, "Ann Example")):
            at = datetime(2026, 3, day, 12, tzinfo=UTC)
            opened.append(Entry(at, person, "viewer", "GET", "/register", None, 200))
    return url


def test_a_day_and_a_person_are_listed(oversight: Run, log: str) -> None:
    assert log
    code, out, _ = oversight("audit", "--on", "2026-03-02", "--person", "Ann Example", "--format", "json")
    assert code == 0
    assert [(row["number"], row["path"]) for row in json.loads(out)] == [(3, "/register")]


def test_a_whole_log_gives_its_newest_row_and_a_broken_one_its_first(oversight: Run, log: str) -> None:
    code, out, _ = oversight("audit", "--verify")
    assert code == 0
    head = out.split()[-1]
    assert head.startswith("3:")
    assert oversight("audit", "--verify", "--head", head)[0] == 0
    assert oversight("audit", "--verify", "--head", "nonsense")[0] == 3
    assert oversight("audit", "--head", head)[0] == 2
    engine = sa.create_engine(log)
    with engine.begin() as connection:
        connection.execute(sa.text("drop trigger audit_update"))
        connection.execute(sa.text("update audit set person = 'nobody' where number = 2"))
    engine.dispose()
    code, _, err = oversight("audit", "--verify")
    assert code == 5
    assert "row 2 of the audit log" in err
