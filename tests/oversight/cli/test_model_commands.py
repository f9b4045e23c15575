"""`train` and `evaluate` as a user meets them, on an invented panel and on a sample of a real one."""

import json
from pathlib import Path

import polars as pl
import pytest

from risk.failure import validate
from risk.failure.train import Settings
from tests.oversight.cli.test_commands import Run, oversight
from tests.risk.failure.invented import QUICK, panel

SAMPLE = Path(__file__).parents[2] / "fixtures" / "failure" / "polish_sample.arff.gz"
__all__ = ["oversight"]  # a fixture
NAMES = ("--target", "failed", "--entity", "company", "--period", "year")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    def quick(repeats: int | None, seed: int) -> Settings:
        return Settings(**{name: getattr(QUICK, name) for name in QUICK.__slots__} | {"repeats": repeats, "seed": seed})

    monkeypatch.setattr("oversight.pipeline.models.Settings", quick)
    monkeypatch.setattr(validate, "_DRAWS", 20)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "panel.csv"
    panel().with_columns(status=pl.col("failed")).write_csv(path)
    return str(path)


def test_train_then_evaluate(oversight: Run, file: str, tmp_path: Path) -> None:
    out = str(tmp_path / "model")
    code, text, err = oversight("train", "--panel", file, *NAMES, "--split", "entity", "--out", out)
    assert code == 0, err
    assert "status: left out: it says the same as the outcome" in err
    held = json.loads(text)["held_back_by_entity"]
    assert 140 < held["model_of_record"]["rows"] < 160
    wanted = {"auc", "average_precision", "precision_at_1_percent", "recall_at_5_percent", "brier"}
    assert set(held["challenger"]) >= wanted | {"expected_calibration_error"}
    assert {path.name for path in Path(out).iterdir()} == {"model.json", "challenger.npz", "card.md", "figures.json"}

    later = tmp_path / "later.parquet"
    panel(seed=1).write_parquet(later)
    chances = tmp_path / "chances.csv"
    code, text, err = oversight("evaluate", "--model", out, "--panel", str(later), "--predictions", str(chances))
    assert code == 0, err
    assert json.loads(text)["model_of_record"]["auc"]["value"] > 0.7
    rows = pl.read_csv(chances)
    assert len(rows) == 750
    assert (rows["model_of_record_low"] <= rows["model_of_record_high"]).all()


def test_the_same_training_writes_the_same_bytes(oversight: Run, file: str, tmp_path: Path) -> None:
    written = []
    for name in ("first", "second"):
        out = tmp_path / name
        assert oversight("train", "--panel", file, *NAMES, "--out", str(out))[0] == 0
        written.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert written[0] == written[1]


def test_figures_out_of_fold_of_a_panel_without_ids(oversight: Run) -> None:
    code, text, err = oversight("train", "--panel", str(SAMPLE), "--target", "class", "--cross-validate", "3")
    assert code == 0, err
    found = json.loads(text)["out_of_fold"]
    assert found["challenger"]["rows"] == found["challenger"]["clusters"] == 706
    assert found["model_of_record"]["auc"]["value"] > 0.6
    assert found["challenger"]["auc"]["value"] > 0.7


@pytest.mark.parametrize("split", ["time", "file"])
def test_other_splits(oversight: Run, file: str, tmp_path: Path, split: str) -> None:
    other = tmp_path / "other.csv"
    frame = panel(60, seed=9, only_last=False).with_columns(pl.col("company").cast(pl.Int64) + 1000)
    panel(only_last=False).write_csv(file)
    frame.write_csv(other)
    args = ("train", "--panel", file, "--panel", str(other), *NAMES, "--split", split)
    code, text, err = oversight(*args)
    assert code == 0, err
    figures = json.loads(text)
    if split == "file":
        assert figures["held_back_by_file"]["model_of_record"]["clusters"] == 60
    else:
        assert figures["held_back_by_time"]["model_of_record"]["clusters"] <= 310
        assert "held_back_by_time_and_entity" in figures


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--target", "nothing", "--split", "entity"), "no column 'nothing'"),
        (("--target", "failed"), "nothing is asked for"),
        (("--target", "failed", "--split", "time"), "no periods to split by"),
        (("--target", "failed", "--split", "file"), "one file cannot be split by file"),
    ],
)
def test_what_cannot_be_trained_says_why(oversight: Run, file: str, args: tuple[str, ...], message: str) -> None:
    code, out, err = oversight("train", "--panel", file, *args)
    assert (code, out) == (3, "")
    assert message in " ".join(err.split())


@pytest.mark.parametrize("damage", ["none", "json", "npz", "cut", "other"])
def test_a_damaged_model_is_refused(oversight: Run, file: str, tmp_path: Path, damage: str) -> None:
    out = tmp_path / "model"
    oversight("train", "--panel", file, *NAMES, "--out", str(out))
    if damage == "none":
        out = tmp_path / "elsewhere"
    elif damage == "json":
        (out / "model.json").write_text('{"version": 1}')
    elif damage == "npz":
        (out / "challenger.npz").write_bytes(b"not a zip")
    elif damage == "cut":
        (out / "challenger.npz").write_bytes((out / "challenger.npz").read_bytes()[:200])
    else:
        (out / "challenger.npz").unlink()
    code, text, err = oversight("evaluate", "--model", str(out), "--panel", file)
    assert (code, text) == (3, "")
    assert "Next:" in err


def test_signs_are_read_and_used(oversight: Run, file: str, tmp_path: Path) -> None:
    signs = tmp_path / "signs.yaml"
    signs.write_text("debt: 1\nmargin: -1\nnothing: 1\n")
    out = tmp_path / "model"
    code, _, err = oversight("train", "--panel", file, *NAMES, "--out", str(out), "--signs", str(signs))
    assert code == 0
    assert "nothing: its sign is not used" in err
    assert "| debt | " in (out / "card.md").read_text()
    signs.write_text("debt: up\n")
    assert oversight("train", "--panel", file, *NAMES, "--out", str(out), "--signs", str(signs))[0] == 3
