"""`oversight exits` as a user types it, on the list that comes with the product."""

import csv
import io
import json
from pathlib import Path

import pytest

from oversight.model.times import utc_now
from oversight.pipeline.collect import collect_bundled, collect_files
from oversight.pipeline.read import read_documents
from oversight.pipeline.workspace import open_workspace
from oversight.settings import load_settings
from tests.oversight.cli.test_commands import Run, oversight

__all__ = ["oversight"]
LEAVERS = """URN,Provision type,Local authority,Sector,Places,Registration date,Date closed,Joiner status,Leaver status
{rows}
"""


@pytest.fixture
def held(oversight: Run) -> Run:
    """The command line over a ledger that holds the list of 31 March 2025."""
    with open_workspace(load_settings(), utc_now) as opened:
        collect_bundled(opened)
        read_documents(opened)
    return oversight


def test_a_forecast_a_measurement_and_what_is_missing(held: Run, tmp_path: Path) -> None:
    code, out, told = held("exits", "--on", "2025-06-30", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert list(rows[0]) == ["urn", "probability", "rank", "top_reasons"]
    assert len(rows) == 4_009
    assert rows[0]["rank"] == "1"
    assert 0 < float(rows[-1]["probability"]) < float(rows[0]["probability"]) < 1
    assert "4,009 homes on the register of 2025-03-31" in told
    assert "Only one list is held" in told
    assert "Inspections and visits in the last year" in told

    file = tmp_path / "leavers_2026-03-31.csv"
    gone = [*(row["urn"] for row in rows[:30]), *(row["urn"] for row in rows[-20:])]
    lines = [f"{urn},Children's home,Kent,Private,4,01/01/2020,01/06/2025,,Leaver" for urn in gone]
    file.write_text(LEAVERS.format(rows="\n".join(lines)), encoding="utf-8")
    code, out, _ = held("exits", "--evaluate", "--on", "2025-03-31", "--outcomes", str(file))
    found = json.loads(out)
    assert code == 0
    assert found["days"] == 365
    assert found["figures"]["positives"] == 50
    assert found["figures"]["precision_at_1_percent"]["value"] == pytest.approx(30 / 40.1, abs=0.01)
    assert set(found["figures"]) >= {"auc", "average_precision", "brier", "expected_calibration_error"}
    assert found["owners"]["all"]["rows"] > 1_000

    code, out, _ = held("exits", "--by", "owner", "--top", "5", "--format", "json")
    owners = json.loads(out)
    assert code == 0
    assert [row["rank"] for row in owners] == [1, 2, 3, 4, 5]
    assert all(row["probability"] <= 1 and row["places"] >= 0 for row in owners)


def test_without_evidence_the_command_says_what_to_do(oversight: Run) -> None:
    code, out, told = oversight("exits", "--on", "2024-01-01")
    assert (code, out) == (3, "")
    assert "no list of homes" in told
    assert "oversight collect ofsted" in told


def test_a_list_that_came_out_later_is_left_out_where_that_is_asked(held: Run) -> None:
    code, _, told = held("exits", "--on", "2025-06-30", "--public")
    assert code == 3
    assert "public" in told


@pytest.mark.parametrize(
    "words",
    [
        ["--evaluate"],
        ["--evaluate", "--on", "2025-03-31"],
        ["--outcomes", "file.csv"],
        ["--train", "models", "--on", "2025-03-31"],
        ["--train", "models", "--evaluate"],
    ],
)
def test_options_that_contradict_each_other_are_refused(oversight: Run, words: list[str]) -> None:
    code, out, told = oversight("exits", *words)
    assert (code, out) == (2, "")
    assert "Next:" in told


def test_too_little_to_learn_from_is_an_error(held: Run, tmp_path: Path) -> None:
    code, _, told = held("exits", "--train", str(tmp_path / "models"))
    assert code == 3
    assert "too little to learn from" in told
    assert not (tmp_path / "models").exists()


@pytest.mark.shared
def test_training_on_the_real_publications_gives_the_models_that_come_with_the_product(
    oversight: Run, shared_data: Path, tmp_path: Path
) -> None:
    """The oldest of them: `oversight exits --train` over every publication makes them all, and takes a minute."""
    folder = shared_data / "ofsted"
    lists = [f"provider_level/provider*_at_{day}.csv.gz" for day in ("*2014", "*2015", "*2017", "*2018")]
    moves = [f"leavers_joiners/leavers_joiners_{year}.csv.gz" for year in (2017, 2018)]
    with open_workspace(load_settings(), utc_now) as opened:
        collect_files(opened, sorted(p for kind in (*lists, *moves, "inspections/*.gz") for p in folder.glob(kind)))
        read_documents(opened)
    assert oversight("exits", "--train", str(tmp_path / "models"))[0] == 0
    (made,) = (tmp_path / "models").glob("2*.json")
    bundled = Path(__file__).parents[3] / "risk" / "exits" / "models" / made.name
    assert made.read_text(encoding="utf-8") == bundled.read_text(encoding="utf-8")
