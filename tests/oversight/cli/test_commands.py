"""Commands as a user types them, in this process: what goes to stdout, what to stderr, and the exit code."""

import csv
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from oversight.cli import main
from oversight.cli.app import app
from oversight.cli.families import FAMILIES, loaded

README = Path(__file__).resolve().parents[3] / "README.md"
Run = Callable[..., tuple[int, str, str]]
HOMES_HEADER = (
    "urn,name,provision_type,sector,status,registered_on,owner,places,local_authority,local_authority_code,region,"
    "overall,helped_and_protected,leaders_and_managers,inspected_on"
)


@pytest.fixture
def oversight(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in an empty home folder; gives exit code, stdout, stderr."""
    for name in ("CH_API_KEY", "OVERSIGHT_LEDGER_URL", "OVERSIGHT_RECIPIENTS", "OVERSIGHT_ALERTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OVERSIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["oversight", *words])
        with pytest.raises(SystemExit) as left:
            main()
        told = capsys.readouterr()
        return int(left.value.code or 0), told.out, told.err

    return run


def commands() -> list[tuple[str, ...]]:
    """Every command of the command line, by its words."""
    found: list[tuple[str, ...]] = []

    def walk(command: typer.core.TyperCommand | typer.core.TyperGroup, words: tuple[str, ...]) -> None:
        below = getattr(command, "commands", None)
        if below is None:
            found.append(words)
            return
        for name, inner in below.items():
            walk(inner, (*words, name))

    walk(get_command(app), ())  # type: ignore[arg-type]
    return found


def test_every_family_has_the_commands_it_is_said_to_have() -> None:
    for family, names in FAMILIES.items():
        assert set(loaded(family)) == set(names), family


def loaded_by(*statements: str) -> set[str]:
    """The modules that a process of its own holds after some statements."""
    told = "import atexit, sys; atexit.register(lambda: print(*sys.modules))"
    command = [sys.executable, "-c", "; ".join((told, *statements))]
    return set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())


def test_a_command_loads_no_other_family() -> None:
    held = loaded_by("sys.argv = ['oversight', 'audit', '--help']", "from oversight.cli import main", "main()")
    assert "oversight.cli.audit" in held
    assert not {"scipy.stats", "scipy.optimize", "sklearn", "lxml.etree", "oversight.pipeline.run"} & held


def test_a_worker_that_a_command_starts_loads_none() -> None:
    held = loaded_by("from oversight.cli import main", "import oversight.pipeline.accounts.block")
    assert "collectors.accounts.reader" in held
    assert not {"typer", "sqlalchemy", "dataframely", "pydantic", "numpy"} & held


def test_the_commands_that_others_rely_on_are_there() -> None:
    first = {words[0] for words in commands()}
    assert first >= {
        "collect",
        "read",
        "link",
        "run",
        "report",
        "alert",
        "trace",
        "status",
        "homes",
        "accounts",
        "example",
        "schedule",
    }


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_has_help_with_an_example(oversight: Run, words: tuple[str, ...]) -> None:
    code, out, _ = oversight(*words, "--help")
    assert code == 0
    assert "Example: " in out
    assert f"oversight {' '.join(words)}" in " ".join(re.sub(r"[│╭╰─╮╯]", " ", out).split())


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_is_in_the_readme(words: tuple[str, ...]) -> None:
    assert f"oversight {' '.join(words)}" in README.read_text(encoding="utf-8")


def test_real_registrations_on_a_fresh_machine(oversight: Run) -> None:
    code, out, _ = oversight("collect", "ofsted", "--bundled")
    assert code == 0
    assert "2025-03-31" in out
    code, out, err = oversight("homes", "--on", "2025-03-31", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, err) == (0, "")
    assert ",".join(rows[0]) == HOMES_HEADER
    assert len(rows) == 5_600
    homes = [row for row in rows if row["provision_type"] == "Children's home"]
    assert len(homes) == 3_946
    code, out, _ = oversight("homes", "--type", "children’s HOME", "--format", "json")  # noqa: RUF001
    assert len(json.loads(out)) == 3_946


def test_collecting_the_same_twice_adds_nothing(oversight: Run) -> None:
    oversight("collect", "ofsted", "--bundled")
    _, before, _ = oversight("status", "--format", "json")
    oversight("collect", "ofsted", "--bundled")
    oversight("read")
    _, after, _ = oversight("status", "--format", "json")
    assert json.loads(before) == json.loads(after)


def test_a_day_before_any_list_is_an_error_with_a_next_step(oversight: Run) -> None:
    oversight("collect", "ofsted", "--bundled")
    code, out, err = oversight("homes", "--on", "2001-01-01")
    assert (code, out) == (3, "")
    assert "Next:" in err


def test_an_unknown_type_names_the_known_ones(oversight: Run) -> None:
    oversight("collect", "ofsted", "--bundled")
    code, _, err = oversight("homes", "--type", "lighthouse")
    assert code == 3
    assert "Children's home" in err


def test_no_key_is_an_error_that_names_the_setting(oversight: Run) -> None:
    code, out, err = oversight("collect", "companies-house")
    assert (code, out) == (4, "")
    assert "CH_API_KEY" in err


def test_an_unreachable_server_is_named(oversight: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERSIGHT_GOVUK_URL", "http://127.0.0.1:9")
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    code, _, err = oversight("collect", "ofsted")
    assert code == 4
    assert "127.0.0.1:9" in err
    assert "OVERSIGHT_GOVUK_URL" in err


def test_a_file_that_is_no_publication_is_refused_and_nothing_recorded(oversight: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "notes.csv"
    wrong.write_text("colour,shape\nred,round\n", encoding="utf-8")
    code, _, err = oversight("collect", "ofsted", "--from", str(wrong))
    assert code == 3
    assert "notes" in err
    _, out, _ = oversight("status", "--format", "json")
    assert json.loads(out)["documents"] == 0


def test_an_absent_file_is_named(oversight: Run, tmp_path: Path) -> None:
    code, _, err = oversight("collect", "ofsted", "--from", str(tmp_path / "nothing.csv"))
    assert code == 3
    assert "nothing.csv" in err


@pytest.mark.parametrize("setting", [("OVERSIGHT_WORKERS", "0"), ("OVERSIGHT_SMTP_PORT", "mail")])
def test_a_setting_out_of_range_is_named(
    oversight: Run, monkeypatch: pytest.MonkeyPatch, setting: tuple[str, str]
) -> None:
    monkeypatch.setenv(*setting)
    code, _, err = oversight("status")
    assert code == 2
    assert setting[0].removeprefix("OVERSIGHT_").lower() in err


def test_an_unknown_key_in_the_settings_file_is_refused(oversight: Run, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "settings.toml").write_text('colour = "red"\n', encoding="utf-8")
    code, _, err = oversight("status")
    assert code == 2
    assert "colour" in err


def test_a_home_that_cannot_be_made_is_named(oversight: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("OVERSIGHT_HOME", str(tmp_path / "file" / "home"))
    code, _, err = oversight("status")
    assert code == 5
    assert "OVERSIGHT_HOME" in err


@pytest.mark.parametrize(
    "words", [("run", "--like", "20250331-0000000000"), ("run", "--like", "../x"), ("report",), ("trace", "x")]
)
def test_a_run_that_is_not_there(oversight: Run, words: tuple[str, ...]) -> None:
    code, _, err = oversight(*words)
    assert code == 3
    assert "Next:" in err


def test_alerts_are_off_until_somebody_is_named(oversight: Run) -> None:
    code, out, _ = oversight("alert")
    assert code == 0
    assert "off" in out


def test_usage_errors_leave_with_two(oversight: Run) -> None:
    assert oversight("homes", "--format", "papyrus")[0] == 2
    assert oversight("no-such-command")[0] == 2


def test_a_decision_needs_an_author_and_a_reason(oversight: Run) -> None:
    assert oversight("link", "--owner", "Example Care Ltd", "--company", "99000001")[0] == 3
    code, out, _ = oversight(
        "link", "--owner", "Example Care Ltd", "--company", "99000001", "--author", "A tester", "--reason", "test"
    )
    assert (code, len(out.strip())) == (0, 16)


def test_the_truth_of_the_example_says_that_it_is_invented(oversight: Run, tmp_path: Path) -> None:
    code, _, _ = oversight("example", "truth", "--out", str(tmp_path / "truth"), "--until", "2026-09-30")
    assert code == 0
    with (tmp_path / "truth" / "groups.csv").open(encoding="utf-8") as file:
        assert "invented" in file.readline() + file.readline()


def test_who_would_be_difficult_to_replace(oversight: Run) -> None:
    oversight("collect", "ofsted", "--bundled")
    code, out, err = oversight("replace", "--on", "2025-03-31", "--miles", "20", "--format", "csv")
    ranked = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert "Estimates, not counts" in err
    assert len(ranked) > 1_000
    without = [float(row["within_20"]) for row in ranked]
    assert without == sorted(without, reverse=True)
    assert not any("Council" in row["name"] for row in ranked[:20])
    first, second = (re.sub(r"[^a-zA-Z ]", "", row["name"]).lower() for row in ranked[:2])
    code, out, err = oversight("replace", "--group", first, "--owner", second, "--miles", "20", "--format", "json")
    both = json.loads(out)
    assert code == 0
    assert "Stopping: " in err
    total = next(row for row in both if row["local_authority"] == "All" and row["kind"] == "all")
    assert total["places_lost"] >= sum(int(row["places_lost"]) for row in ranked[:2])
    assert {"share_of_authority", "share_of_neighbourhood", "places_left", "unplaced_central"} <= total.keys()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--group", "no such group at all"), "no group of that day"),
        (("--owner", "no such owner at all"), "no owner of that day"),
        (("--miles", "near"), "not a list of distances"),
        (("--kind", "floating"), "The kinds are: ordinary"),
        (("--on", "2001-01-01"), "no list of registrations"),
    ],
)
def test_a_replacement_that_cannot_be_asked(oversight: Run, words: tuple[str, ...], said: str) -> None:
    oversight("collect", "ofsted", "--bundled")
    code, out, err = oversight("replace", *words)
    assert (code, out) == (3, "")
    assert re.search(said, err)
    assert "Next:" in err


def test_pictures_of_a_day_with_their_data_and_words(oversight: Run, tmp_path: Path) -> None:
    oversight("collect", "ofsted", "--bundled")
    code, out, err = oversight("picture", "concentration", "--on", "2025-03-31", "--out", "curve.svg")
    assert (code, out.split()) == (0, ["curve.svg", "curve.csv", "curve.txt"])
    assert "largest owners hold" in err
    assert "OFFICIAL-SENSITIVE" in (tmp_path / "curve.svg").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "curve.csv").read_text(encoding="utf-8"))))
    assert rows[0]["rank"] == "1"
    name = rows[0]["name"]
    code, out, _ = oversight("picture", "replacement", "--group", name, "--on", "2025-03-31", "--out", "lost.png")
    assert code == 0
    assert (tmp_path / "lost.png").read_bytes().startswith(b"\x89PNG")
    assert "might have no place" in (tmp_path / "lost.txt").read_text(encoding="utf-8")
    code, _, err = oversight("picture", "map", "--group", name, "--on", "2025-03-31", "--out", "map.pdf")
    assert code == 3
    assert ".svg or .png" in err
    code, _, err = oversight("picture", "tree", "--group", name, "--on", "2025-03-31", "--out", "tree.svg")
    assert code == 3
    assert "no company is linked" in err
    code, _, err = oversight("picture", "tree", "--group", name, "--on", "2025-03-31", "--run", "r", "--out", "t.svg")
    assert code == 3
    assert "exclude each other" in err
