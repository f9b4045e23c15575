"""`oversight groups`, `oversight group` and `oversight link` as a user types them, on a small ledger."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from oversight.model.times import utc_now
from oversight.pipeline.link_decisions import decide_by_hand
from oversight.pipeline.workspace import open_workspace
from oversight.settings import Settings
from tests.oversight.cli.test_commands import Run, oversight
from tests.oversight.identity.bods_rules import faults
from tests.oversight.pipeline.test_fitness import publish
from tests.oversight.pipeline.test_ownership import FIRST, OTHER, TOP, owned, register

__all__ = ["oversight"]
WHO = ("--author", "A. Analyst", "--reason", "the same managers")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home folder of an installation with three homes, their owner's company and the company above it."""
    folder = tmp_path / "home"
    with open_workspace(Settings(home=folder), utc_now) as opened:
        publish(opened, tmp_path, date(2025, 3, 31), range(1, 4), published=date(2025, 7, 1))
        decide_by_hand(opened, "Example Care Ltd", FIRST, kind="company", author="A. Analyst", reason="same name")
        for number, name in ((FIRST, "EXAMPLE CARE LTD"), (TOP, "EXAMPLE TOP LTD")):
            register(opened, "profile", number, "company", name=name, incorporated_on=date(2010, 1, 4), locator="")
        owned(opened, FIRST, owner_key=TOP, owner_company_number=TOP, owner_name="Example Top Ltd")
        owned(opened, TOP, owner_key="f" * 16, owner_kind="individual")
    return folder


@pytest.mark.usefixtures("home")
def test_groups_are_listed_and_drawn_as_a_tree(oversight: Run) -> None:
    code, out, _ = oversight("groups", "--on", "2025-09-30")
    assert code == 0
    assert "EXAMPLE TOP LTD" in out
    code, out, _ = oversight("groups", "--group", "example top")
    lines = out.splitlines()
    assert lines[0].startswith("EXAMPLE TOP LTD  (group ")
    assert lines[0].endswith("individual, individual): 2 companies, 3 homes, 12 places")
    assert lines[1:] == [
        "  a person (name not kept)",
        f"    {TOP} EXAMPLE TOP LTD - by majority 75 to 100% from 06 April 2016 (register)",
        f"      {FIRST} EXAMPLE CARE LTD - by majority 75 to 100% from 06 April 2016 (register); 3 homes, 12 places",
    ]
    assert oversight("groups", "--group", "nobody")[0] == 3


@pytest.mark.usefixtures("home")
def test_groups_are_written_as_csv_json_and_bods(oversight: Run, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(oversight("groups", "--format", "csv")[1])))
    assert [row["company_number"] for row in rows] == [TOP, FIRST]
    assert rows[1]["path"] == f"{'f' * 16} > {TOP} > {FIRST}"
    (told,) = json.loads(oversight("groups", "--format", "json")[1])
    assert ({edge["owner_key"] for edge in told["holdings"]}, len(told["members"])) == ({TOP, "f" * 16}, 2)
    out = tmp_path / "groups.json"
    code, nothing, said = oversight("groups", "--format", "bods", "--out", str(out))
    assert (code, nothing) == (0, "")
    assert "1 groups written" in said
    assert faults(json.loads(out.read_text(encoding="utf-8"))) == []
    assert oversight("groups", "--format", "csv", "--out", str(tmp_path))[0] == 5
    assert oversight("groups", "--out", str(out))[0] == 3, "a table is for the screen"


@pytest.mark.usefixtures("home")
def test_a_join_and_a_split_change_the_tree_and_are_listed(oversight: Run) -> None:
    code, out, _ = oversight("group", "join", FIRST, "--parent", OTHER, *WHO)
    assert (code, len(out.strip())) == (0, 16)
    tree = oversight("groups", "--group", FIRST)[1]
    assert f"{FIRST} EXAMPLE CARE LTD - by decided (decided: A. Analyst, " in tree
    assert f"minority: {TOP} EXAMPLE TOP LTD 75 to 100% from 06 April 2016 (register)" in tree
    known = oversight("groups", "--group", FIRST, "--known-by", "2020-01-01")
    assert known[0] == 3, "nothing was held then"
    assert oversight("group", "withdraw", FIRST, "--parent", OTHER, *WHO)[0] == 0
    assert oversight("group", "split", FIRST, "--parent", TOP, "--from", "2025-01-01", *WHO)[0] == 0
    tree = oversight("groups", "--group", FIRST)[1]
    assert f"{FIRST} EXAMPLE CARE LTD - the top" in tree
    assert f"split: {TOP}" in tree
    made = list(csv.DictReader(io.StringIO(oversight("group", "decisions", "--format", "csv")[1])))
    assert [row["decision"] for row in made] == ["join", "withdrawn", "split"]
    assert oversight("group", "join", FIRST, *WHO)[0] == 3
    assert oversight("group", "split", FIRST, "--parent", TOP)[0] == 3, "no author"


@pytest.mark.usefixtures("home")
def test_a_decision_is_reversed_and_reviewed_on_the_command_line(oversight: Run) -> None:
    assert oversight("link", "--owner", "Example Care Ltd", "--undo", *WHO)[0] == 0
    out = oversight("link", "--review")[1]
    assert "Example Care Ltd" in out
    assert f"{FIRST} EXAMPLE CARE LTD" in out, "a company that is followed is a candidate"
    (row,) = csv.DictReader(io.StringIO(oversight("link", "--review", "--format", "csv")[1]))
    assert (row["first_number"], row["first_score"]) == (FIRST, "100.0")
    made = list(csv.DictReader(io.StringIO(oversight("link", "--history", "--format", "csv")[1])))
    assert [each["decision"] for each in made] == ["confirmed", "withdrawn"]
    both = ("link", "--owner", "Example Care Ltd", "--company", FIRST, "--undo", *WHO)
    assert oversight(*both)[0] == 3, "one decision at a time"
    assert oversight("link", "--owner", "Example Care Ltd", *WHO)[0] == 3
    assert oversight("link", "--owner", "Example Care Ltd", "--company", FIRST, "--kind", "charity", *WHO)[0] == 0
