"""The read interface as pure functions: queries, pages, formats, units and the description."""

import io
import json
from datetime import UTC, date, datetime

import polars as pl
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from oversight.errors import InputError
from reports.api.answer import About, Answer, answer
from reports.api.openapi import BASE, description
from reports.api.query import MOST_ROWS, read_query
from reports.api.resources import BY_NAME, RESOURCES, Resource
from reports.api.units import unit_of

ABOUT = About("OFFICIAL", "EXAMPLE DATA", "20260701-0000000001", date(2026, 7, 1), datetime(2026, 7, 1, 9, tzinfo=UTC))
INDICATORS = BY_NAME["indicators"]


def rows(count: int) -> pl.DataFrame:
    """Invented indicators."""
    made = [
        {
            "indicator_id": f"i{number:03}", "group_id": f"g{number % 3}", "subject_kind": "group", "subject": "=cmd()",
            "code": "operating_margin", "dated_on": date(2020 + number % 5, 3, 31),
            "value": None if number % 4 == 0 else float(number), "unit": "percent",
            "status": "not_filed" if number % 4 == 0 else "value", "reason": None, "latest": number % 2 == 0,
        }
        for number in range(count)
    ]  # fmt: skip
    return pl.DataFrame(made, schema=INDICATORS.schema.create_empty().schema)


def ask(query: str, count: int = 20, accept: str = "") -> Answer:
    given = [(name, value) for name, _, value in (part.partition("=") for part in query.split("&") if part)]
    return answer(INDICATORS, rows(count), read_query(INDICATORS, given, accept), ABOUT, f"{BASE}/indicators?{query}")


def body(query: str, count: int = 20) -> dict[str, object]:
    read: dict[str, object] = json.loads(ask(query, count).content)
    return read


def listed(query: str, count: int = 20) -> list[dict[str, object]]:
    found = body(query, count)["rows"]
    assert isinstance(found, list)
    return found


def test_an_answer_says_what_run_and_marking_it_is_of() -> None:
    said = body("limit=2")
    assert {key: said[key] for key in ("resource", "run_id", "as_at_on", "marking", "label", "total")} == {
        "resource": "indicators", "run_id": ABOUT.run_id, "as_at_on": "2026-07-01", "marking": "OFFICIAL",
        "label": "EXAMPLE DATA", "total": 20,
    }  # fmt: skip
    headers = ask("limit=2").headers
    assert headers["x-total-count"] == "20"
    assert headers["x-run-id"] == ABOUT.run_id
    assert headers["x-protective-marking"] == "OFFICIAL"


def test_pages_follow_each_other_without_gap_or_repeat() -> None:
    seen: list[object] = []
    address: object = "limit=7"
    while isinstance(address, str):
        said = body(address.partition("?")[2] if "?" in address else address, 20)
        page = said["rows"]
        assert isinstance(page, list)
        seen += [row["indicator_id"] for row in page]
        address = said["next"]
    assert seen == [f"i{number:03}" for number in range(20)]
    assert 'rel="next"' in ask("limit=7").headers["link"]
    assert "link" not in ask("limit=20").headers


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("group_id=g1", 7),
        ("group_id=g1&group_id=g2", 13),
        ("latest=true", 10),
        ("dated_on=2022-03-31", 4),
        ("dated_on.from=2022-03-31&dated_on.to=2023-12-31", 8),
        ("value.from=10", 8),
        ("value.from=10&latest=false", 5),
        ("code=nothing", 0),
        ("offset=18", 2),
        ("offset=99", 0),
    ],
)
def test_filters_keep_the_rows_they_name(query: str, count: int) -> None:
    assert len(listed(query)) == count


def test_chosen_columns_come_in_the_order_asked() -> None:
    assert list(listed("columns=value,code")[0]) == ["value", "code"]
    assert ask("columns=value,code&format=csv").content.splitlines()[0] == b"value,code"


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("nonsense=1", "nonsense"),
        ("group_idx.from=1", "group_idx.from"),
        ("latest=perhaps", "latest=perhaps"),
        ("dated_on=yesterday", "dated_on=yesterday"),
        ("value.from=much", "value.from=much"),
        ("limit=0", "limit=0"),
        (f"limit={MOST_ROWS + 1}", "limit="),
        ("limit=-1", "limit=-1"),
        ("offset=x", "offset=x"),
        ("columns=value,nothing", "columns=nothing"),
        ("format=xml", "format=xml"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(query: str, where: str) -> None:
    with pytest.raises(InputError) as refused:
        ask(query)
    assert where in refused.value.where
    assert refused.value.next_step


def test_what_is_too_much_at_once_must_be_narrowed() -> None:
    with pytest.raises(InputError, match="too much"):
        read_query(BY_NAME["facts"], [])
    assert read_query(BY_NAME["facts"], [("company_number", "01234567")]).limit == 1_000


def test_formats_hold_the_same_rows() -> None:
    from_csv = pl.read_csv(ask("format=csv").content, try_parse_dates=True)
    from_parquet = pl.read_parquet(io.BytesIO(ask("format=parquet").content))
    assert from_parquet.equals(rows(20))
    assert from_csv.columns == from_parquet.columns == list(listed("")[0])
    assert from_csv["value"].to_list() == from_parquet["value"].to_list() == [row["value"] for row in listed("")]
    assert [str(day) for day in from_parquet["dated_on"]] == [row["dated_on"] for row in listed("")]


def test_accept_chooses_the_format_unless_the_query_does() -> None:
    assert ask("", accept="text/csv").media_type == "text/csv"
    assert ask("", accept="application/vnd.apache.parquet").media_type == "application/vnd.apache.parquet"
    assert ask("format=json", accept="text/csv").media_type == "application/json"
    assert ask("", accept="*/*").media_type == "application/json"


def test_no_cell_of_a_csv_is_a_formula() -> None:
    frame = pl.read_csv(ask("format=csv").content, infer_schema=False)
    assert set(frame["subject"]) == {"'=cmd()"}


def test_a_parquet_file_says_its_run_marking_and_units() -> None:
    held = pl.read_parquet_metadata(io.BytesIO(ask("format=parquet").content))
    assert held["run_id"] == ABOUT.run_id
    assert held["marking"] == "OFFICIAL"
    assert json.loads(held["units"]) == {"value": "see the column unit"}


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
def test_every_number_has_a_unit(resource: Resource) -> None:
    for name, column in resource.columns.items():
        assert (unit_of(name, column) is not None) == column.dtype.is_numeric(), name
        if unit_of(name, column) == "see the column unit":
            assert "unit" in resource.columns


def test_units_are_those_of_the_declarations() -> None:
    register = BY_NAME["register"]
    units = {
        name: unit_of(name, register.columns[name]) for name in ("turnover", "operating_margin", "homes", "impact")
    }
    assert units == {"turnover": "pounds", "operating_margin": "percent", "homes": "count", "impact": "band, 1 to 5"}


def test_the_description_is_valid_openapi() -> None:
    said = description("Example")
    OpenAPIV31SpecValidator(said).validate()
    assert set(said["paths"]) == {f"/{resource.name}" for resource in RESOURCES}
    turnover = said["components"]["schemas"]["RegisterRow"]["properties"]["turnover"]
    assert turnover == {"type": ["number", "null"], "format": "double", "description": "pounds", "x-unit": "pounds"}


def test_answers_keep_to_the_description() -> None:
    said = description("Example")
    operation = said["paths"]["/indicators"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator({**schema, "components": said["components"]})
    validator.validate(body(""))
    with pytest.raises(Exception, match="is not of type"):
        validator.validate({**body(""), "rows": [{"value": "much"}]})
    names = {each["name"] for each in operation["parameters"] if "name" in each}
    assert {"group_id", "dated_on.from", "value.to", "latest"} <= names
    for name in names:
        read_query(INDICATORS, [(name, {"latest": "true"}.get(name, "2020-01-01" if "dated" in name else "1"))])
