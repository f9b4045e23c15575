from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from oversight.errors import InputError, StoreError
from oversight.store.runs import Manifest, Runs, new_run_id

MANIFEST = Manifest(
    run_id=new_run_id(date(2025, 3, 31), "x"),
    on=date(2025, 3, 31),
    known_by=datetime(2025, 7, 1, tzinfo=UTC),
    code_version="0.1.0+abc",
    parameters_fingerprint="p",
    evidence_fingerprint="e",
    label="",
    marking="OFFICIAL",
    roles={"analyst": ""},
)
TABLES = {"group": pl.DataFrame({"group_id": ["g1", "g2"]})}


def render(folder: Path) -> None:
    (folder / "register.csv").write_text("group\n", encoding="utf-8")


def test_a_run_is_written_whole_and_sealed(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    sealed = runs.write(MANIFEST, TABLES, render)
    assert set(sealed.outputs) == {"group.parquet", "register.csv"}
    assert runs.manifest(MANIFEST.run_id) == sealed
    assert runs.tables(MANIFEST.run_id)["group"].equals(TABLES["group"])
    assert runs.ids() == [MANIFEST.run_id]
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST.run_id], "no temporary folder is left"


def test_writing_the_same_run_again_changes_nothing(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    first = runs.write(MANIFEST, TABLES, render)
    again = runs.write(MANIFEST, {"group": pl.DataFrame({"group_id": ["other"]})}, render)
    assert first == again


def test_a_rendering_that_fails_leaves_no_run(tmp_path: Path) -> None:
    def fail(_folder: Path) -> None:
        raise OSError(28, "No space left on device")

    runs = Runs(tmp_path)
    with pytest.raises(StoreError, match="No space left"):
        runs.write(MANIFEST, TABLES, fail)
    assert list(tmp_path.iterdir()) == []


def test_the_same_tables_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    assert Runs.fill(one, MANIFEST, TABLES, render).outputs == Runs.fill(other, MANIFEST, TABLES, render).outputs


@pytest.mark.parametrize("run_id", ["../x", "20250331", "", "20250331-zzzzzzzzzz"])
def test_only_run_ids_reach_the_disk(tmp_path: Path, run_id: str) -> None:
    with pytest.raises(InputError, match="not a run id"):
        Runs(tmp_path).folder(run_id)


def test_an_unknown_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such run"):
        Runs(tmp_path).manifest("20250331-0000000000")


def test_a_damaged_manifest_is_an_error_with_its_place(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.write(MANIFEST, TABLES, render)
    (tmp_path / MANIFEST.run_id / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(StoreError, match=r"manifest"):
        runs.manifest(MANIFEST.run_id)


def test_the_run_before_is_of_an_earlier_day(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    assert runs.before(date(2025, 3, 31)) == ""
    days = [date(2025, 1, 31), date(2025, 2, 28), date(2025, 2, 28), date(2025, 3, 31)]
    for number, on in enumerate(days):
        known = datetime(2025, 7, 1 + number, tzinfo=UTC)
        runs.write(replace(MANIFEST, run_id=new_run_id(on, str(number)), on=on, known_by=known), TABLES, render)
    assert runs.before(date(2025, 3, 31)) == new_run_id(date(2025, 2, 28), "2")
    assert runs.before(date(2025, 2, 28)) == new_run_id(date(2025, 1, 31), "0")
    assert runs.before(date(2025, 1, 31)) == ""
