"""Files, archives and folders an analyst gives; and the table that is printed."""

import gzip
import zipfile
from pathlib import Path

import polars as pl
import pytest

from collectors.accounts.files import COLUMNS, placed, read_path, table
from oversight.errors import InputError
from oversight.model.ids import document_id
from tests.collectors.accounts.documents import NOW, THEN, YEAR, document, figure, lines

ACCOUNTS = document(figure("Equity", NOW, "5"), figure("Equity", THEN, "4"), figure("TurnoverRevenue", YEAR, "9"))


def test_a_document_a_gzip_and_a_zip_give_the_same_lines(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(ACCOUNTS)
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(ACCOUNTS))
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("inside/a.html", ACCOUNTS)
    for name in ("a.html", "a.html.gz", "a.zip"):
        ((origin, rows),) = read_path(tmp_path / name)
        assert origin.document_id == document_id(ACCOUNTS)
        assert lines(rows)["net_assets"] == 5


def test_a_folder_gives_every_document_in_order(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.xhtml").write_bytes(ACCOUNTS)
    (tmp_path / "a.html").write_bytes(ACCOUNTS)
    (tmp_path / "notes.txt").write_text("not accounts")
    assert [Path(origin.url).name for origin, _ in read_path(tmp_path)] == ["a.html", "b.xhtml"]


def test_one_bad_document_does_not_stop_the_rest(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.html", b"")
        archive.writestr("b.html", b"<html/>")
        archive.writestr("c.html", ACCOUNTS)
    read = list(read_path(tmp_path / "a.zip"))
    assert [rows.count() > 0 for _, rows in read] == [False, False, True]
    assert [len(rows.tables["issue"]) for _, rows in read] == [1, 1, 0]


@pytest.mark.parametrize("name", ["missing.html", "empty"])
def test_a_missing_file_and_an_empty_folder_say_so(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError) as caught:
        list(read_path(tmp_path / name))
    assert name in caught.value.where
    assert caught.value.next_step


def test_a_truncated_zip_is_an_issue(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.html", ACCOUNTS)
    path.write_bytes(path.read_bytes()[:200])
    ((_, rows),) = read_path(path)
    assert rows.tables["issue"][0]["kind"] == "archive_unreadable"


def test_the_table_has_the_columns_and_both_periods(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(ACCOUNTS)
    frame = table(read_path(tmp_path / "a.html"))
    assert frame.columns == [
        *("company_number", "period_start", "period_end", "consolidated", "line", "value"),
        *("unit", "concept", "document", "locator", "method", "confidence"),
    ]
    assert frame.columns == list(COLUMNS)
    assert frame.filter(pl.col("line") == "net_assets")["value"].to_list() == [5.0, 4.0]
    assert frame["document"].unique().to_list() == [str(tmp_path / "a.html")]


def test_the_table_of_nothing_is_empty_with_its_columns() -> None:
    assert table([]).columns == list(COLUMNS)


def test_placed_counts_the_figures_that_stand_in_a_line(tmp_path: Path) -> None:
    body = (figure("Equity", NOW, "5"), figure("Equity", NOW, "5"), figure("TaxRate", YEAR, "19"))
    (tmp_path / "a.html").write_bytes(document(*body))
    ((_, rows),) = read_path(tmp_path / "a.html")
    assert len(rows.tables["fact"]) == 3
    assert placed(rows) == 2
