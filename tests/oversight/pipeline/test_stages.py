"""The stages on real registrations, on SQLite and on PostgreSQL."""

from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from oversight.errors import InputError
from oversight.pipeline import collect
from oversight.pipeline.homes import homes
from oversight.pipeline.link import link_owners, owners, undecided
from oversight.pipeline.link_decisions import decide_by_hand
from oversight.pipeline.read import pending_documents, read_documents
from oversight.pipeline.run import run, run_like
from oversight.pipeline.status import status
from oversight.pipeline.workspace import open_workspace
from oversight.settings import Settings

pytestmark = pytest.mark.timeout(400)
NOW = datetime(2025, 9, 1, 9, tzinfo=UTC)


def settings(folder: Path, ledger_url: str) -> Settings:
    return Settings(home=folder, ledger_url=ledger_url, workers=1, marking="OFFICIAL")


def test_from_registrations_to_a_register_that_repeats(tmp_path: Path, ledger_url: str) -> None:
    with open_workspace(settings(tmp_path, ledger_url), lambda: NOW) as workspace:
        assert collect.collect_bundled(workspace).new
        assert not collect.collect_bundled(workspace).new
        assert read_documents(workspace).rows["home"] == 5_600
        assert pending_documents(workspace) == []
        waiting = link_owners(workspace)
        assert waiting
        assert len(undecided(workspace)) == len(waiting)
        manifest = run(workspace)
        assert run(workspace) == manifest
        assert run_like(workspace, manifest.run_id).differing == ()
        tables = workspace.runs.tables(manifest.run_id)
        assert tables["register_entry"].height > 1_000
        councils = tables["group"].filter(pl.col("kind") == "council")["group_id"]
        assert set(councils).isdisjoint(set(tables["register_entry"]["group_id"]))
        assert status(workspace).healthy


def test_before_the_publication_there_is_nothing_to_judge(tmp_path: Path, ledger_url: str) -> None:
    with open_workspace(settings(tmp_path, ledger_url), lambda: NOW) as workspace:
        collect.collect_bundled(workspace)
        read_documents(workspace)
        manifest = run(workspace, on=date(2025, 3, 31))
        assert workspace.runs.tables(manifest.run_id)["register_entry"].is_empty(), "published months later"
        assert homes(workspace, on=date(2025, 3, 31)).height == 5_600, "the list describes that day all the same"


def test_a_persons_decision_outranks_the_rule_and_is_kept(tmp_path: Path, ledger_url: str) -> None:
    with open_workspace(settings(tmp_path, ledger_url), lambda: NOW) as workspace:
        collect.collect_bundled(workspace)
        read_documents(workspace)
        largest = owners(workspace)[0]
        decide_by_hand(workspace, largest.text, "99000001", kind="company", author="A tester", reason="for the test")
        link_owners(workspace)
        link_owners(workspace)
        decisions = workspace.ledger.frame("link").filter(pl.col("owner_key") == largest.key)
        assert decisions["decision"].to_list() == ["confirmed"]
        entry = workspace.runs.tables(run(workspace).run_id)["provider"].filter(pl.col("owner_key") == largest.key)
        assert entry.select("company_number", "link_decision").row(0) == ("99000001", "confirmed")


@pytest.mark.parametrize(("author", "reason"), [("", "why"), ("who", " ")])
def test_a_decision_without_author_or_reason_is_refused(tmp_path: Path, author: str, reason: str) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    with open_workspace(settings(tmp_path, url), lambda: NOW) as workspace, pytest.raises(InputError):
        decide_by_hand(workspace, "Example Care", "99000001", kind="company", author=author, reason=reason)
