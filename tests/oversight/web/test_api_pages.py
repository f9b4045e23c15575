"""The read interface over HTTP."""

import io
import json

import polars as pl
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.testclient import TestClient

from reports.api.resources import RESOURCES
from tests.oversight.web.conftest import EARLIER, HOSTILE, NEWEST


@pytest.mark.parametrize("resource", [each for each in RESOURCES if not each.needs], ids=lambda each: each.name)
def test_every_resource_answers_in_every_format(local: TestClient, resource: object) -> None:
    name = resource.name  # type: ignore[attr-defined]
    as_json = local.get(f"/api/v1/{name}")
    assert as_json.status_code == 200
    said = as_json.json()
    assert said["total"] == len(said["rows"]) == int(as_json.headers["x-total-count"])
    assert said["marking"] == "OFFICIAL-SENSITIVE"
    as_csv = local.get(f"/api/v1/{name}", params={"format": "csv"})
    as_parquet = local.get(f"/api/v1/{name}", headers={"accept": "application/vnd.apache.parquet"})
    frame = pl.read_parquet(io.BytesIO(as_parquet.content))
    assert frame.height == said["total"]
    assert as_csv.text.splitlines()[0].split(",") == frame.columns == list(resource.columns)  # type: ignore[attr-defined]


def test_the_register_is_of_the_run_asked_for(local: TestClient) -> None:
    newest = local.get("/api/v1/register").json()
    earlier = local.get("/api/v1/register", params={"run": EARLIER}).json()
    assert (newest["run_id"], earlier["run_id"]) == (NEWEST, EARLIER)
    assert newest["total"] == earlier["total"] + 1
    assert HOSTILE in {row["group_name"] for row in newest["rows"]}
    assert [row["run_id"] for row in local.get("/api/v1/runs").json()["rows"]] == [NEWEST, EARLIER]


def test_problems_are_told_to_programs(local: TestClient) -> None:
    for address, status in (
        ("/api/v1/nothing", 404),
        ("/api/v1/register?run=20200101-0000000000", 404),
        ("/api/v1/register?colour=red", 400),
        ("/api/v1/facts", 400),
    ):
        answer = local.get(address)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["status"] == status
        assert answer.json()["next_step"]


def test_the_description_and_the_list_lead_to_what_there_is(local: TestClient) -> None:
    listed = local.get("/api/v1").json()
    assert [each["name"] for each in listed["resources"]] == [each.name for each in RESOURCES]
    said = json.loads(local.get(listed["description"]).text)
    OpenAPIV31SpecValidator(said).validate()


def test_next_leads_to_the_following_page(local: TestClient) -> None:
    first = local.get("/api/v1/register", params={"limit": 1, "columns": "entry_id"}).json()
    second = local.get(first["next"]).json()
    assert second["offset"] == 1
    assert f"run={NEWEST}" in first["next"]
    assert first["rows"] != second["rows"]
