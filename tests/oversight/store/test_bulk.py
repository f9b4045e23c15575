from datetime import date
from pathlib import Path

import polars as pl
import pytest

from oversight.store.bulk import BulkTables


def line(identifier: str, document: str, value: float) -> dict[str, object]:
    return {
        "line_id": identifier,
        "document_id": document,
        "company_number": "99000001",
        "period_end": date(2024, 3, 31),
        "consolidated": False,
        "comparative": False,
        "line": "turnover",
        "value": value,
        "unit": "GBP",
        "concept": "TurnoverRevenue",
        "locator": "c1/TurnoverRevenue/0",
        "method": "tagged",
        "confidence": 1.0,
    }


def readings(**versions: int) -> pl.DataFrame:
    return pl.DataFrame(
        {"document_id": list(versions), "version": list(versions.values())},
        schema={"document_id": pl.String, "version": pl.Int64},
    )


def test_nothing_written_is_an_empty_table(tmp_path: Path) -> None:
    frame = BulkTables(tmp_path).scan("line", readings(a=1)).collect()
    assert frame.is_empty()
    assert "value" in frame.columns


def test_only_the_current_reading_of_a_document_counts(tmp_path: Path) -> None:
    bulk = BulkTables(tmp_path)
    bulk.put("line", [line("1", "a", 10.0), line("2", "b", 5.0)], month="2024-12", version=1)
    bulk.put("line", [line("1", "a", 11.0)], month="2024-12", version=2)
    frame = bulk.scan("line", readings(a=2, b=1)).collect()
    assert dict(zip(frame["line_id"], frame["value"], strict=True)) == {"1": 11.0, "2": 5.0}


def test_a_batch_written_twice_after_a_crash_counts_once(tmp_path: Path) -> None:
    bulk = BulkTables(tmp_path)
    bulk.put("line", [line("1", "a", 10.0)], month="2024-12", version=1)
    bulk.put("line", [line("1", "a", 10.0), line("2", "b", 5.0)], month="2024-12", version=1)
    assert bulk.scan("line", readings(a=1, b=1)).collect().height == 2


def test_documents_nobody_marked_as_read_are_passed_over(tmp_path: Path) -> None:
    bulk = BulkTables(tmp_path)
    bulk.put("line", [line("1", "a", 10.0)], month="undated", version=1)
    assert bulk.scan("line", readings(b=1)).collect().is_empty()


def test_only_bulky_tables_are_taken(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        BulkTables(tmp_path).put("company", [], month="2024-12", version=1)
