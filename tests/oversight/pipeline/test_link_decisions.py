"""Owners' names over the years: decisions taken back, other spellings, and what homes were registered under before."""

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from oversight.errors import InputError
from oversight.pipeline.collect import collect_files, recorder_for
from oversight.pipeline.link import SEARCH, Waiting, link_owners, linked_companies, undecided
from oversight.pipeline.link_decisions import decide_by_hand, history, same_as, undo
from oversight.pipeline.read import read_documents
from oversight.pipeline.run import run
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings
from tests.oversight.pipeline.test_fitness import HEADER, HOME, Clock

FIXTURES = Path(__file__).parents[2] / "fixtures" / "companies_house"
NUMBER = "99000001"
PROFILE = "companies_house.profile"
WHO = {"author": "A. Analyst", "reason": "same address"}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(Settings(home=tmp_path / "home"), Clock()) as opened:
        yield opened


def publish(workspace: Workspace, tmp_path: Path, day: date, homes: dict[str, range]) -> None:
    """A publication with the owners' homes by their URNs."""
    lines = [HOME.format(urn=urn).replace("Example Care Ltd", owner) for owner, urns in homes.items() for urn in urns]
    random.Random(1).shuffle(lines)  # noqa: S311 - the order of a file says nothing
    path = tmp_path / f"provider_level_at_{day:%d_%B_%Y}.csv".lower()
    path.write_text("\n".join([HEADER, *lines]) + "\n", encoding="utf-8")
    collect_files(workspace, [path], published=day)
    read_documents(workspace)


def searched(workspace: Workspace, asked: str, title: str, snippet: str = "", born: str = "2010-01-04") -> None:
    """A search of the register for a name, with one answer."""
    item = {
        "kind": "searchresults#company", "company_number": NUMBER, "title": title, "snippet": snippet,
        "company_status": "active", "date_of_creation": born,
    }  # fmt: skip
    answered(workspace, SEARCH, asked, json.dumps({"items": [item]}).encode())


def answered(workspace: Workspace, source: str, subject: str, content: bytes) -> None:
    """An answer of the register that was fetched and read."""
    with recorder_for(workspace) as recorder:
        recorder.record_file(source, subject, "answer.json", content, None, "application/json")
    read_documents(workspace)


def waiting_for(workspace: Workspace, owner: str) -> Waiting | None:
    return next((each for each in link_owners(workspace) if each.owner.text == owner), None)


def test_next_years_capitals_and_suffix_need_no_decision(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace, tmp_path, date(2025, 3, 31), {"Sunny Example Care Ltd": range(1, 4)})
    decide_by_hand(workspace, "Sunny Example Care Ltd", NUMBER, kind="company", **WHO)
    publish(workspace, tmp_path, date(2026, 3, 31), {"SUNNY EXAMPLE CARE LIMITED.": range(1, 4)})
    assert undecided(workspace) == []


def test_a_new_name_of_the_same_registrations_is_shown_with_what_they_were(
    workspace: Workspace, tmp_path: Path
) -> None:
    publish(workspace, tmp_path, date(2025, 3, 31), {"Sunny Example Care Ltd": range(1, 4), "Else Ltd": range(7, 9)})
    decide_by_hand(workspace, "Sunny Example Care Ltd", NUMBER, kind="company", **WHO)
    publish(workspace, tmp_path, date(2026, 3, 31), {"Bright Sample Homes Ltd": range(2, 6), "Else Ltd": range(7, 9)})
    item = waiting_for(workspace, "Bright Sample Homes Ltd")
    assert item is not None
    assert item.earlier is not None
    earlier = item.earlier
    assert (earlier.owner, earlier.company_number, earlier.homes) == ("Sunny Example Care Ltd", NUMBER, 2)
    same_as(workspace, "Bright Sample Homes Ltd", "SUNNY EXAMPLE CARE LIMITED", **WHO)
    assert waiting_for(workspace, "Bright Sample Homes Ltd") is None
    made = history(workspace, "Bright Sample Homes Limited").row(0, named=True)
    assert (made["company_number"], made["decision"]) == (NUMBER, "confirmed")
    assert made["reason"] == "same address (the same owner as Sunny Example Care Ltd)"
    with pytest.raises(InputError):
        same_as(workspace, "Bright Sample Homes Ltd", "Else Ltd", **WHO)


def test_a_decision_taken_back_waits_again_and_the_rule_does_not_make_it_anew(
    workspace: Workspace, tmp_path: Path
) -> None:
    publish(workspace, tmp_path, date(2025, 3, 31), {"Sunny Example Care Ltd": range(1, 4)})
    searched(workspace, "Sunny Example Care Ltd", "SUNNY EXAMPLE CARE LIMITED")
    assert waiting_for(workspace, "Sunny Example Care Ltd") is None, "the rule is sure"
    assert linked_companies(workspace) == [NUMBER]
    undo(workspace, "sunny example care limited", **WHO)
    item = waiting_for(workspace, "Sunny Example Care Ltd")
    assert item is not None
    assert item.decision.company_number == NUMBER, "still proposed"
    assert linked_companies(workspace) == []
    assert history(workspace)["decision"].to_list() == ["automatic", "withdrawn"]
    provider = workspace.runs.tables(run(workspace).run_id)["provider"]
    assert provider.select("company_number", "link_decision").row(0) == (None, "review")
    decide_by_hand(workspace, "Sunny Example Care Ltd", NUMBER, kind="company", **WHO)
    assert linked_companies(workspace) == [NUMBER]
    undo(workspace, "Sunny Example Care Ltd", **WHO)
    with pytest.raises(InputError):
        undo(workspace, "Sunny Example Care Ltd", **WHO)
    with pytest.raises(InputError):
        undo(workspace, "Sunny Example Care Ltd", author="", reason="why")


def test_a_former_name_in_the_search_or_the_profile_is_the_company(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace, tmp_path, date(2025, 3, 31), {"Oldname Example Care Ltd": range(1, 4)})
    publish(workspace, tmp_path, date(2026, 3, 31), {"Oldest Example Care Ltd": range(1, 4)})
    searched(workspace, "Oldname Example Care Ltd", "NEWNAME EXAMPLE LTD", "OLDNAME EXAMPLE CARE LTD")
    assert [item.owner.text for item in link_owners(workspace)] == ["Oldest Example Care Ltd"]
    assert "previous name" in history(workspace)["reason"][0]
    profile = {
        "company_number": NUMBER, "company_name": "NEWNAME EXAMPLE LTD", "company_status": "active",
        "previous_company_names": [{"name": "OLDNAME EXAMPLE CARE LTD"}, {"name": "OLDEST EXAMPLE CARE LTD"}],
    }  # fmt: skip
    answered(workspace, PROFILE, NUMBER, json.dumps(profile).encode())
    assert link_owners(workspace) == [], "a company that is followed is a candidate by every name of its profile"


def test_a_real_profiles_former_name_links_its_owner(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace, tmp_path, date(2025, 3, 31), {"London and Kent Estates Ltd": range(1, 4)})
    answered(workspace, PROFILE, "08957400", (FIXTURES / "profile_current.json").read_bytes())
    assert link_owners(workspace) == []
    made = history(workspace).row(0, named=True)
    assert (made["company_number"], made["decision"]) == ("08957400", "automatic")
    assert "previous name LONDON & KENT ESTATES LIMITED" in made["reason"]


def test_a_company_younger_than_the_owner_is_not_it(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace, tmp_path, date(2025, 3, 31), {"Sunny Example Care Ltd": range(1, 4)})
    searched(workspace, "Sunny Example Care Ltd", "SUNNY EXAMPLE CARE LTD", born="2025-06-01")
    item = waiting_for(workspace, "Sunny Example Care Ltd")
    assert item is not None
    assert any("after the owner was seen" in reason for reason in item.decision.reasons)
    assert workspace.ledger.frame("link").filter(pl.col("decision") == "automatic").is_empty()
