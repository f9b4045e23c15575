"""`oversight backtest` and the papers with it, on an installation that holds nothing but a run."""

import csv
import json
from pathlib import Path

import pytest

from oversight.model.times import utc_now
from oversight.pipeline.run import run
from oversight.pipeline.workspace import open_workspace
from oversight.settings import load_settings
from tests.oversight.cli.test_commands import Run, oversight

__all__ = ["oversight"]
MINE = {
    "figures": {
        "out_of_fold": {
            "model_of_record": {
                "operating_points": [
                    {"share": 0.05, "picked": 50, "hits": 5, "false_alarms": 45, "missed": 5, "precision": 0.1,
                     "recall": 0.5, "false_alarms_a_hit": 9.0}
                ]
            }
        }
    }
}  # fmt: skip


@pytest.fixture
def judged(oversight: Run) -> Run:
    """The command line over a run on nothing at all."""
    with open_workspace(load_settings(), utc_now) as opened:
        run(opened)
    return oversight


def test_a_back_test_with_figures_of_ones_own_and_the_papers(judged: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine.json"
    mine.write_text(json.dumps(MINE))
    code, out, _ = judged("backtest", "--out", str(tmp_path / "out"), "--figures", str(mine))
    assert code == 0
    assert [Path(line).name for line in out.split()] == ["back-test.csv", "back-test.json", "back-test.md"]
    rows = list(csv.DictReader((tmp_path / "out" / "back-test.csv").read_text().splitlines()))
    own = [row for row in rows if row["test"].startswith("mine")]
    assert [(row["hits"], row["false_alarms"], row["missed"]) for row in own] == [("5", "45", "5")]
    told = json.loads((tmp_path / "out" / "back-test.json").read_text())
    years = {year["register_of"]: year for year in told["exits"]["years"]}
    top = next(point for point in years["2023-03-31"]["operating_points"] if point["share"] == 0.05)
    shown = next(r for r in rows if r["test"] == "register of 2023-03-31" and r["picked_by"] == "top 5%")
    assert int(shown["hits"]) == top["hits"]
    assert top["hits"] + top["missed"] == years["2023-03-31"]["positives"]
    assert "As measured when the models were trained" in (tmp_path / "out" / "back-test.md").read_text()

    assert judged("papers", "--out", str(tmp_path / "papers"))[0] == 0
    names = {path.name for path in (tmp_path / "papers").iterdir()}
    assert {"back-test.md", "model-card-exit-of-homes.md", "model-card-company-failure-starter.md"} <= names
    record = (tmp_path / "papers" / "transparency-record.md").read_text()
    assert "| Exit of homes | Rank children" in record
    assert "see its card" not in record
    entry = (tmp_path / "papers" / "register-of-models-entry.md").read_text()
    assert "Company failure, starter" in entry


@pytest.mark.parametrize("content", ["[]", "{", '{"figures": {"a": {"b": {"operating_points": [1]}}}}'])
def test_figures_of_another_kind_are_refused(judged: Run, tmp_path: Path, content: str) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(content)
    code, _, told = judged("backtest", "--out", str(tmp_path / "out"), "--figures", str(bad))
    assert code == 3
    assert "not figures of a training" in told
    assert not (tmp_path / "out").exists()
