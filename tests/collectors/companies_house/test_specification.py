"""The readers against the official Swagger: every field read or listed as ignored, and no answer crashes one."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oversight.errors import InputError
from tests.collectors.companies_house.swagger import ANSWERS, JUNK, Swagger, damaged
from tests.collectors.companies_house.test_readers import checked, issues, read

FEW = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="session")
def swagger(shared_data: Path) -> Swagger:
    return Swagger(shared_data / "companies_house" / "api_spec")


@pytest.mark.shared
@pytest.mark.parametrize("source", ANSWERS)
def test_every_field_of_the_specification_is_read_or_listed_as_ignored(swagger: Swagger, source: str) -> None:
    answer = swagger.whole(*swagger.answer(source))
    assert len(answer) >= 3
    rows = read(source, answer)
    assert issues(rows) == []
    assert rows.count() >= 1
    checked(rows)


@pytest.mark.shared
@pytest.mark.parametrize("source", ANSWERS)
@FEW
@given(data=st.data())
def test_any_answer_of_the_specification_gives_valid_rows(swagger: Swagger, source: str, data: st.DataObject) -> None:
    rows = read(source, data.draw(swagger.strategy(*swagger.answer(source))))
    assert {kind for kind, _ in issues(rows)} <= {"missing_field", "repeated_entry"}
    checked(rows)


@pytest.mark.shared
@pytest.mark.parametrize("source", ANSWERS)
@FEW
@given(data=st.data())
def test_a_damaged_answer_gives_valid_rows_and_issues(swagger: Swagger, source: str, data: st.DataObject) -> None:
    answer = data.draw(damaged(swagger.strategy(*swagger.answer(source))))
    try:
        rows = read(source, json.dumps(answer).encode())
    except InputError:
        return
    checked(rows)


@pytest.mark.parametrize("source", [*ANSWERS, "document_metadata"])
@FEW
@given(answer=st.dictionaries(st.sampled_from(["items", "cases", "resources", "accounts", "links", "x"]), JUNK))
def test_junk_gives_valid_rows_and_issues(source: str, answer: dict[str, object]) -> None:
    checked(read(source, json.dumps(answer).encode()))
