"""`schedule --once`, `status`, `accept` and the sites' commands as a user types them, against the example server."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oversight.example import player, server, sites
from oversight.example.market import generate
from tests.oversight.cli.test_commands import Run, oversight

__all__ = ["oversight"]
pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    market = generate(until=datetime.now(UTC).date() - timedelta(days=20))
    with server.run(market) as address:
        yield address


@pytest.fixture
def served(base: str, oversight: Run, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001 - after it
    monkeypatch.setenv("CH_API_KEY", "example-key")
    monkeypatch.setenv("OVERSIGHT_COMPANIES_HOUSE_URL", base + player.REGISTER)
    monkeypatch.setenv("OVERSIGHT_COMPANIES_HOUSE_DOCUMENT_URL", base + player.DOCUMENTS)
    monkeypatch.setenv("OVERSIGHT_GOVUK_URL", base + player.GOV_UK)
    monkeypatch.setenv("OVERSIGHT_GAZETTE_URL", base + sites.GAZETTE)
    monkeypatch.setenv("OVERSIGHT_OFSTED_REPORTS_URL", base + sites.REPORTS)


@pytest.mark.usefixtures("served")
def test_everything_that_is_due_once_and_then_nothing(oversight: Run) -> None:
    code, out, _ = oversight("schedule", "--once")
    assert code == 0
    ended = {line.split()[0]: line.split()[1] for line in out.splitlines()}
    assert ended == dict.fromkeys(("publications", "companies", "register", "notices", "pages"), "done")
    code, out, _ = oversight("schedule", "--once")
    assert (code, out) == (0, "Nothing was due.\n")
    code, out, _ = oversight("collect", "pages", "--limit", "5", "--force")
    assert (code, "5 pages fetched" in out) == (0, True)
    code, out, _ = oversight("collect", "gazette", "--days", "400")
    assert code == 0
    code, out, _ = oversight("notices", "--format", "json")
    found = json.loads(out)
    assert {row["matched_by"]: row["decision"] for row in found} == {"number": "automatic", "name": "candidate"}
    code, out, _ = oversight("status", "--check", "--format", "json")
    state = json.loads(out)
    assert (code, state["healthy"], state["withheld"]) == (0, True, [])
    assert {job["state"] for job in state["jobs"]} == {"done"}
    (budget,) = state["budgets"]
    assert 0 < budget["left"] < budget["of"]
    assert {row["state"] for row in state["sources"]} == {"fresh", "never asked"}


@pytest.mark.usefixtures("served")
def test_a_source_that_fails_is_told_and_the_rest_goes_on(
    oversight: Run,
    monkeypatch: pytest.MonkeyPatch,
    base: str,
) -> None:
    monkeypatch.setenv("OVERSIGHT_COMPANIES_HOUSE_URL", f"{base}/nothing-here")
    monkeypatch.setenv("OVERSIGHT_OFSTED_REPORTS_URL", f"{base}/nothing-here")
    monkeypatch.delenv("CH_API_KEY")
    code, out, _ = oversight("schedule", "--once")
    ended = {line.split()[0]: line.split()[1] for line in out.splitlines()}
    assert (code, ended["publications"], ended["companies"], ended["register"]) == (0, "done", "failed", "done")
    code, out, _ = oversight("status", "--check")
    assert code == 8
    assert "CH_API_KEY" in out
    code, out, _ = oversight("schedule", "--once")
    assert "companies" not in out  # it waits ten minutes


def test_an_invented_market_is_never_looked_up_in_real_registers(
    oversight: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OVERSIGHT_COMPANIES_HOUSE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("OVERSIGHT_GOVUK_URL", "http://127.0.0.1:9")
    code, out, _ = oversight("collect", "gazette")
    assert (code, "OVERSIGHT_GAZETTE_URL" in out) == (0, True)
    code, out, _ = oversight("collect", "pages")
    assert (code, "OVERSIGHT_OFSTED_REPORTS_URL" in out) == (0, True)


def test_half_of_the_real_list_is_not_used(oversight: Run, tmp_path: Path) -> None:
    oversight("collect", "ofsted", "--bundled")
    _, out, _ = oversight("homes", "--format", "csv")
    lines = out.splitlines()
    fixture = Path(__file__).resolve().parents[2] / "fixtures" / "ofsted" / "provider_level_at_31_march_2025.csv"
    later = tmp_path / "provider_level_at_31_march_2026.csv"
    later.write_bytes(fixture.read_bytes().replace(b"March 2025", b"March 2026"))
    code, _, err = oversight("collect", "ofsted", "--from", str(later), "--as-at", "2026-03-31")
    assert code == 0
    assert "Not used: ofsted.provider_level of 2026-03-31" in err
    _, out, _ = oversight("homes", "--format", "csv")
    assert out.splitlines() == lines
    code, out, _ = oversight("status", "--check", "--format", "json")
    (short,) = json.loads(out)["withheld"]
    assert code == 8
    code, out, _ = oversight("accept", short["document_id"][:12], "--author", "A tester", "--reason", "a test")
    assert (code, len(out.strip())) == (0, 16)
    _, out, _ = oversight("homes", "--format", "csv")
    assert len(out.splitlines()) < len(lines) / 2
    assert oversight("accept", "1234", "--author", "A tester", "--reason", "a test")[0] == 3
