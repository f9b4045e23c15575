"""Notices and companies: by number, else by exact name; a namesake with another number is nobody's."""

from datetime import date

import polars as pl

from oversight.model.evidence import schema_of
from oversight.pipeline.notices import match


def frame(table: str, *rows: dict[str, object]) -> pl.DataFrame:
    schema = schema_of(table)
    names = {name: column.dtype for name, column in schema.columns().items()}
    return pl.DataFrame([dict.fromkeys(names) | row for row in rows], schema=names)


def notice(identifier: str, name: str, number: str | None = None) -> dict[str, object]:
    return {
        "document_id": "d", "locator": identifier, "notice_id": identifier, "notice_code": "2450",
        "company_name": name, "company_number": number, "published_on": date(2026, 11, 20),
    }  # fmt: skip


COMPANIES = frame(
    "company",
    {"document_id": "c", "locator": "", "company_number": "99000001", "name": "EXAMPLE CARE LIMITED"},
    {
        "document_id": "e",
        "locator": "",
        "company_number": "99000002",
        "name": "EXAMPLE HOMES LIMITED",
        "previous_names": "EXAMPLE LODGE LTD | OLD EXAMPLE LIMITED",
    },
)


def matched(*notices: dict[str, object]) -> list[tuple[str, str, str]]:
    return match(frame("notice", *notices), COMPANIES).rows()


def test_by_number_whatever_the_name() -> None:
    assert matched(notice("1", "Something Else Ltd", "99000001")) == [("1", "99000001", "number")]


def test_by_exact_name_where_no_number_is_given() -> None:
    assert matched(notice("1", "Example Care Ltd.")) == [("1", "99000001", "name")]
    assert matched(notice("1", "EXAMPLE LODGE LIMITED")) == [("1", "99000002", "name")]


def test_a_namesake_with_another_number_is_not_ours() -> None:
    assert matched(notice("1", "EXAMPLE CARE LIMITED", "88000001")) == []


def test_a_similar_name_is_not_the_same_name() -> None:
    assert matched(notice("1", "EXAMPLE CARE (UK) LIMITED"), notice("2", "EXAMPLE CARES LIMITED")) == []


def test_nothing_to_match() -> None:
    assert match(frame("notice"), COMPANIES).is_empty()
    assert match(frame("notice", notice("1", "EXAMPLE CARE LIMITED")), frame("company")).is_empty()
