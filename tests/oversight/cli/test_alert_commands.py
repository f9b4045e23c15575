"""`alert` and its commands as a user types them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from oversight.model.times import london_date, utc_now
from oversight.pipeline.workspace import open_workspace
from tests.benchmarks.outbox import life
from tests.oversight.cli.test_commands import Run, oversight

__all__ = ["oversight"]
DAY = (london_date(utc_now()) + timedelta(days=30)).isoformat()


@pytest.fixture
def raised(oversight: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # noqa: ARG001 - after it
    """A home with one run of three alerts, and one person to be told."""
    home = tmp_path / "home"
    settings = life.settings(home, 25).model_copy(update={"alert_rules": None})
    with open_workspace(settings, utc_now) as workspace:
        life.make_run(workspace)
    monkeypatch.setenv("OVERSIGHT_RECIPIENTS", '["ann@dept.test"]')
    monkeypatch.setenv("OVERSIGHT_ALERTS", "true")


@pytest.mark.usefixtures("raised")
def test_off_until_switched_on_though_somebody_is_named(oversight: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OVERSIGHT_ALERTS")
    code, out, _ = oversight("alert", "--now")
    assert (code, "Alerts are off" in out) == (0, True)
    code, out, err = oversight("alert", "--preview")
    assert code == 0
    assert "Nothing was sent or recorded" in err
    assert "Subject: OFFICIAL-SENSITIVE. Homes market oversight: Example Group 00001 Limited" in out
    assert "Invented" not in out, "what happened is no part of a letter"


@pytest.mark.usefixtures("raised")
def test_a_preview_is_written_as_html_and_text(oversight: Run, tmp_path: Path) -> None:
    code, out, _ = oversight("alert", "--preview", "--out", str(tmp_path / "letters"))
    files = [Path(line) for line in out.split()]
    assert code == 0
    assert sorted(path.suffix for path in files) == [".html"] * 3 + [".txt"] * 3
    assert all(path.read_text(encoding="utf-8").count("OFFICIAL-SENSITIVE") >= 2 for path in files)
    assert json.loads(oversight("alert", "letters", "--format", "json")[1]) == []
    assert oversight("alert", "--out", str(tmp_path))[0] == 3


@pytest.mark.usefixtures("raised")
def test_told_listed_acknowledged_and_snoozed(oversight: Run, tmp_path: Path) -> None:
    code, out, _ = oversight("alert", "--now")
    assert (code, "3 letters handed to file" in out) == (0, True)
    assert len(list((tmp_path / "home" / "outbox").iterdir())) == 3
    listed = json.loads(oversight("alert", "list", "--format", "json")[1])
    assert [(row["told"], row["of"], row["answer"]) for row in listed] == [(1, 1, None)] * 3
    one, other = listed[0], listed[1]
    code, out, _ = oversight("alert", "acknowledge", one["entry_id"], "--author", "A tester")
    assert (code, out) == (0, "1 alert acknowledged.\n")
    code, out, _ = oversight("alert", "snooze", other["alert_id"], "--until", DAY, "--author", "A tester")
    assert code == 0
    assert len(json.loads(oversight("alert", "list", "--format", "json")[1])) == 2
    everything = json.loads(oversight("alert", "list", "--all", "--format", "json")[1])
    assert {row["answer"] for row in everything} == {"acknowledged", "snoozed", None}
    code, _, _ = oversight("alert", "acknowledge", one["alert_id"], "--reopen", "--author", "A tester")
    assert len(json.loads(oversight("alert", "list", "--format", "json")[1])) == 3
    assert oversight("alert", "acknowledge", "R-none", "--author", "A tester")[0] == 3
    assert oversight("alert", "snooze", other["alert_id"], "--until", "2020-01-01", "--author", "A tester")[0] == 3
    assert oversight("alert", "settle", "nothing", "--delivered", "--author", "A", "--reason", "b")[0] == 3
    assert oversight("alert", "settle", "nothing", "--author", "A", "--reason", "b")[0] == 3


@pytest.mark.usefixtures("raised")
@pytest.mark.integration
def test_a_server_that_is_down_is_named_and_the_letters_wait(oversight: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERSIGHT_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("OVERSIGHT_SMTP_PORT", "9")
    monkeypatch.setenv("OVERSIGHT_ALLOWED_DOMAINS", '["other.test"]')
    code, _, err = oversight("alert", "--now")
    assert (code, "allowed_domains" in err) == (2, True)
    monkeypatch.setenv("OVERSIGHT_ALLOWED_DOMAINS", '["dept.test"]')
    code, _, err = oversight("alert", "--now")
    assert (code, "127.0.0.1:9" in err) == (7, True)
    letters = json.loads(oversight("alert", "letters", "--format", "json")[1])
    assert {row["state"] for row in letters} == {"waiting"}


@pytest.mark.usefixtures("raised")
def test_rules_in_force_and_a_file_that_is_wrong(
    oversight: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rules = json.loads(oversight("alert", "rules", "--format", "json")[1])
    assert {row["verified"] for row in rules} == {"no"}
    assert rules[0]["people"] == "1"
    (tmp_path / "mine.yaml").write_text("colours: red", encoding="utf-8")
    monkeypatch.setenv("OVERSIGHT_ALERT_RULES", str(tmp_path / "mine.yaml"))
    code, _, err = oversight("alert", "--now")
    assert (code, "colours" in err, "mine.yaml" in err) == (2, True, True)
