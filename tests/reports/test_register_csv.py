"""The register as tidy CSV."""

import csv
from io import StringIO
from pathlib import Path

import polars as pl
import pytest

from oversight.errors import StoreError
from oversight.model.evidence import schema_of
from reports import render
from reports.csv import csv_bytes, neutral_text
from reports.files import write_whole
from reports.frames import register
from tests.reports.invented_view import LABEL, NAMES, view


def test_the_csv_reads_back_to_the_register(tmp_path: Path) -> None:
    run = view()
    path = render(run, tmp_path)["register.csv"]
    expected = register(run)
    read = pl.read_csv(path, schema_overrides=expected.schema, try_parse_dates=True)
    assert read.select(expected.columns).equals(expected)
    assert read.columns[: len(expected.columns)] == schema_of("register_entry").column_names()
    assert read.get_column("as_at_on").dtype == pl.Date
    assert read.get_column("marking").unique().to_list() == ["OFFICIAL-SENSITIVE"]
    assert read.get_column("label").unique().to_list() == [LABEL]


def test_each_metric_without_a_value_says_why() -> None:
    read = pl.read_csv(csv_bytes(view()))
    reasons = dict(read.select("group_name", "missing_values").iter_rows())
    assert not reasons[NAMES[0]]
    assert reasons[NAMES[1]] == "net_debt_to_ebitda=not_applicable; altman_z2=not_reliable"
    assert reasons[NAMES[2]].startswith("turnover=not_available; operating_margin=not_filed; ")


def test_text_that_a_spreadsheet_would_run_is_neutralised_and_numbers_are_not() -> None:
    run = view("=cmd|' /C calc'!A0", '\t@SUM(A1)", and more', "Plain Example Limited")
    text = csv_bytes(run).decode()
    rows = list(csv.DictReader(StringIO(text)))
    assert {row["group_name"] for row in rows} == {
        "'=cmd|' /C calc'!A0",
        "'@SUM(A1)\", and more",
        "Plain Example Limited",
    }
    assert [row["net_assets"] for row in rows] == ["-4250000.0", "-4249999.0", ""]
    assert text.count("\n") == 4


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r\n=", "\u202e=", "\uff1d", "  ="])
def test_every_start_of_a_formula_gets_an_apostrophe(start: str) -> None:
    assert neutral_text(f"{start}1+1").startswith("'")
    assert neutral_text(f"a{start}1") == " ".join(f"a{start}1".replace("\u202e", "").split())


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(StoreError, match=r"(?s)cannot write register\.csv.*taken.*Next: "):
        render(view(), tmp_path / "taken")


def test_a_failed_write_leaves_the_earlier_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_whole(tmp_path / "a.txt", b"before")

    def full(descriptor: int) -> None:
        raise OSError(28, f"No space left on device {descriptor}")

    monkeypatch.setattr("reports.files.os.fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        write_whole(path, b"after")
    assert path.read_bytes() == b"before"
