"""`scope`, `market` and `determine` as a user types them, on Ofsted's real list and excerpts of the earlier ones."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from oversight.cli import main
from oversight.pipeline import collect
from oversight.pipeline.read import read_documents
from oversight.pipeline.workspace import open_workspace
from oversight.settings import Settings

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "ofsted"
YEARS = ("30_september_2014", "31_march_2015", "31_march_2018", "31_march_2019", "31_march_2020", "31_march_2023")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with the bundled list and excerpts of six earlier ones, and no company at all."""
    folder = tmp_path_factory.mktemp("lists") / "home"
    with open_workspace(Settings(home=folder, workers=1), lambda: datetime(2026, 11, 22, tzinfo=UTC)) as workspace:
        collect.collect_bundled(workspace)
        collect.collect_files(workspace, [FIXTURES / f"provider_level_at_{year}.csv" for year in YEARS])
        read_documents(workspace)
    return folder


@pytest.fixture
def oversight(home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command on that ledger; gives exit code, stdout, stderr."""
    monkeypatch.setenv("OVERSIGHT_HOME", str(home))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["oversight", *words])
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return run


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_every_candidate_has_its_conditions_and_the_next_ones_stand_below(oversight: Run) -> None:
    code, out, err = oversight(
        "scope", "--conditions", "adult_scheme_scaled", "--on", "2025-03-31", "--by", "owner", "--format", "csv",
        "--nearest", "7",
    )  # fmt: skip
    table = rows(out)
    candidates = [row for row in table if row["candidate"] == "true"]
    assert code == 0
    assert "2025-03-31" in err
    assert len(table) == len(candidates) + 7
    assert [int(row["place"]) for row in table] == list(range(1, len(table) + 1))
    for row in candidates:
        met = row["conditions_met"].split(", ")
        for condition in ("number", "size", "spread", "local_share"):
            assert (condition in met) == (row[f"{condition}_met"] == "true")
            assert (float(row[f"{condition}_margin"]) >= 0) == (condition in met)
    sizes = [int(row["places"]) for row in candidates]
    assert sizes == sorted(sizes, reverse=True)
    nearest = [float(row["closest_margin_percent"]) for row in table[len(candidates) :]]
    assert max(nearest) < 0
    assert nearest == sorted(nearest, reverse=True)


def test_without_companies_a_group_is_an_owner_and_the_command_says_so(oversight: Run) -> None:
    _, by_owner, _ = oversight("scope", "--on", "2025-03-31", "--by", "owner", "--format", "csv")
    _, by_group, err = oversight("scope", "--on", "2025-03-31", "--format", "csv")
    assert by_owner == by_group
    assert "No owner is linked to a company" in err


def test_the_screen_works_on_any_day_a_list_with_owners_describes(oversight: Run) -> None:
    code, out, err = oversight("scope", "--on", "2019-12-31", "--conditions", "wide", "--format", "json")
    assert code == 0
    assert "2019-03-31" in err
    assert json.loads(out)[0]["homes"] >= json.loads(out)[0]["authorities"]
    code, out, err = oversight("scope", "--on", "2018-06-30")
    assert (code, out) == (3, "")
    assert "2018-03-31 names no owners" in err
    assert "Next:" in err
    assert oversight("scope", "--on", "2013-03-31")[0] == 3


def test_the_screen_in_text_says_that_it_only_indicates(oversight: Run) -> None:
    code, out, _ = oversight("scope", "--on", "2025-03-31", "--conditions", "local_share", "--format", "text")
    assert code == 0
    assert "settings, not law" in out
    assert "determined by the Secretary of State" in out
    assert "Next: nearest to a threshold" in out


def test_the_sensitivity_counts_agree_with_the_names(oversight: Run) -> None:
    code, out, _ = oversight(
        "scope", "--on", "2020-03-31", "--conditions", "illustrative", "--sensitivity", "--format", "csv"
    )
    table = rows(out)
    assert code == 0
    base = {row["candidates"] for row in table if row["as_set"] == "true"}
    assert len(base) == 1
    for row in table:
        names = [name for name in row["entering"].split("; ") if name]
        assert len(names) == int(row["enter"])
        assert int(row["candidates"]) == int(next(iter(base))) + int(row["enter"]) - int(row["leave"])


def test_a_set_without_wording_or_without_a_place_is_an_error(oversight: Run) -> None:
    code, _, err = oversight("scope", "--conditions", "published")
    assert code == 3
    assert "scope.yaml" in err
    code, _, err = oversight("scope", "--conditions", "lucky")
    assert code == 3
    assert "adult_scheme_scaled" in err


def test_markets_of_england_and_the_regions(oversight: Run) -> None:
    code, out, _ = oversight("market", "--on", "2025-03-31", "--format", "csv")
    table = rows(out)
    assert code == 0
    assert [row["area_kind"] for row in table] == ["england"] + ["region"] * 9
    assert (table[0]["settings"], table[0]["places"]) == ("4009", "15742")
    assert sum(int(row["places"]) for row in table[1:]) == 15_742
    assert 0 < float(table[0]["hhi"]) < float(table[0]["top1_share"]) * 100


def test_a_market_without_councils_leaves_their_homes_out_altogether(oversight: Run) -> None:
    _, out, _ = oversight("market", "--on", "2025-03-31", "--area", "England", "--format", "csv")
    _, few, _ = oversight("market", "--on", "2025-03-31", "--area", "England", "--without-councils", "--format", "csv")
    whole, rest = rows(out)[0], rows(few)[0]
    assert int(rest["settings"]) < int(whole["settings"])
    assert float(rest["council_share"]) < 0.5, "a council's name in another sector is all that may be left"
    assert float(rest["top1_share"]) > float(whole["top1_share"])


def test_an_authority_comes_with_its_neighbourhoods_and_every_holder(oversight: Run) -> None:
    code, out, _ = oversight("market", "--on", "2025-03-31", "--area", "kingston upon hull", "--format", "csv")
    assert code == 0
    assert [row["area_kind"] for row in rows(out)] == ["authority", "beside", "within"]
    sizes = [int(row["places"]) for row in rows(out)]
    assert sizes[0] < sizes[1]
    code, out, _ = oversight(
        "market", "--on", "2025-03-31", "--area", "E06000010", "--level", "authority", "--shares", "--format", "csv"
    )
    shares = rows(out)
    assert sum(int(row["places"]) for row in shares) == sizes[0]
    assert sum(float(row["share"]) for row in shares) == pytest.approx(100)
    _, few, _ = oversight(
        "market", "--on", "2025-03-31", "--area", "E06000010", "--level", "authority", "--shares", "--top", "2",
        "--format", "csv",
    )  # fmt: skip
    assert rows(few) == shares[:2]


def test_all_153_authorities_have_a_market(oversight: Run) -> None:
    _, out, _ = oversight("market", "--on", "2025-03-31", "--level", "authority", "--format", "csv")
    table = rows(out)
    assert len(table) == 153
    assert sum(int(row["places"]) for row in table) == 15_742
    assert {row["reason"] for row in table if not row["hhi"]} <= {
        "there is no such setting", "too many settings have no owner",
    }  # fmt: skip


def test_the_history_has_every_list_and_says_what_is_missing(oversight: Run) -> None:
    code, out, _ = oversight("market", "--history", "--area", "England", "--type", "all", "--format", "csv")
    every = rows(out)
    table = {row["as_at"]: row for row in every if row["market_type"] == "all_homes"}
    assert code == 0
    assert list(table) == [
        "2014-09-30", "2015-03-31", "2018-03-31", "2019-03-31", "2020-03-31", "2023-03-31", "2025-03-31",
    ]  # fmt: skip
    unowned = [row for row in every if row["as_at"] < "2019"]
    assert {row["hhi"] for row in unowned} == {""}
    assert {row["reason"] for row in unowned} > {"the list names no owners", "the list has no setting of this type"}
    assert (table["2015-03-31"]["basis"], table["2015-03-31"]["places"]) == ("settings", "")
    assert float(table["2019-03-31"]["hhi"]) > 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--area", "Atlantis"), "on 2025-03-31"),
        (("--area", "Cumbria"), "on 2025-03-31"),
        (("--type", "lighthouse"), "secure_home"),
        (("--level", "street"), "beside"),
    ],
)
def test_a_market_that_is_not_there_names_what_is(oversight: Run, words: tuple[str, ...], told: str) -> None:
    code, out, err = oversight("market", "--on", "2025-03-31", *words)
    assert (code, out) == (3, "")
    assert told in err


def test_a_single_market_in_text_shows_its_holders(oversight: Run) -> None:
    code, out, _ = oversight("market", "--on", "2025-03-31", "--area", "England", "--type", "secure_home")
    assert code == 0
    assert "Holders" in out
    assert "Markets" in out


def test_a_determination_is_recorded_by_a_person_shown_and_taken_back(oversight: Run) -> None:
    name = json.loads(oversight("scope", "--on", "2025-03-31", "--format", "json")[1])[0]["name"]
    person = ("--author", "A tester", "--reason", "invented for a test")
    given = ("determine", "--subject", name, "--notice", "TEST/1", *person)
    code, out, _ = oversight(*given, "--on", "2025-03-01", "--condition", "size", "--individual", "Zebedee Quince")
    assert (code, len(out.strip())) == (0, 16)
    _, shown, _ = oversight("scope", "--on", "2025-03-31", "--format", "json")
    first = json.loads(shown)[0]
    assert first["determination"] == "Determined on 1 March 2025, notice TEST/1, condition size: recorded by A tester"
    assert "Zebedee" not in shown
    assert json.loads(oversight("scope", "--on", "2020-03-31", "--format", "json")[1])[0]["determination"] is None
    assert oversight(*given, "--on", "2025-02-01", "--revoke")[0] == 3, "before it was made"
    assert oversight(*given, "--on", "2025-03-31", "--revoke")[0] == 0
    assert json.loads(oversight("scope", "--on", "2025-03-31", "--format", "json")[1])[0]["determination"] is None
    assert oversight(*given, "--on", "2025-03-31", "--revoke")[0] == 3, "nothing stands any more"
    kept = rows(oversight("determine", "--list", "--format", "csv")[1])
    assert [(row["named_individual"], row["revoked_on"], row["stands"]) for row in kept] == [
        ("Zebedee Quince", "", "false"), ("Zebedee Quince", "2025-03-31", "false"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"--author": "rule:scope-v1"}, "by a person"),
        ({"--author": " "}, "--author is empty"),
        ({"--reason": ""}, "--reason is empty"),
        ({"--notice": ""}, "--notice is empty"),
        ({"--condition": ""}, "--condition is empty"),
        ({"--on": "2099-01-01"}, "before its day"),
        ({"--on": "soon"}, "not a date"),
        ({"--subject": "Nobody That Ofsted Names"}, "neither"),
    ],
)
def test_a_determination_that_lacks_something_is_refused(oversight: Run, changes: dict[str, str], told: str) -> None:
    words = {
        "--subject": "00000001", "--on": "2025-03-01", "--notice": "TEST/2", "--condition": "size",
        "--author": "A tester", "--reason": "test",
    } | changes  # fmt: skip
    code, out, err = oversight("determine", *(part for pair in words.items() for part in pair))
    assert (code, out) == (3, "")
    assert told in err


def test_a_determination_needs_a_subject_and_a_day(oversight: Run) -> None:
    assert oversight("determine")[0] == 3
    assert oversight("determine", "--subject", "00000001")[0] == 3
