"""Answers against the official specification, and against the recorded answers where those differ from it.

The specification and the real service disagree in a few places. For each the recorded answer is shown to
disagree as well; the example server follows the service.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

from oversight.example.registrar import filings, people, profile, search
from oversight.example.shapes import Market

pytestmark = pytest.mark.shared

Body = dict[str, Any]

_KINDS = {
    "individual-person-with-significant-control": "individual",
    "corporate-entity-person-with-significant-control": "corporateEntity",
}
_CATEGORIES = [
    "accounts", "address", "annual-return", "auditors", "capital", "change-of-name", "confirmation-statement",
    "dissolution", "gazette", "incorporation", "insolvency", "liquidation", "miscellaneous", "mortgage", "officers",
    "persons-with-significant-control", "resolution",
]  # fmt: skip


def _profile(told: Body) -> None:
    told["accountingReferenceDate"]["properties"] = {"day": {"type": "string"}, "month": {"type": "string"}}
    told["accountsInformation"]["required"] = ["accounting_reference_date"]


def _filings(told: Body) -> None:
    item = told["filingHistoryItem"]["properties"]
    item["category"]["enum"] = _CATEGORIES
    item["subcategory"].pop("enum")


def _charges(told: Body) -> None:
    item = told["chargeDetails"]["properties"]
    for key in ("classification", "particulars", "links"):
        item[key] = item[key]["items"]
    links = told["transactions"]["properties"]["links"]
    told["transactions"]["properties"]["links"] = links.get("items", links)


def _insolvency(told: Body) -> None:
    address = told["practitioners"]["properties"]["address"]
    told["practitioners"]["properties"]["address"] = address["items"]


_SLIPS: dict[str, Callable[[Body], None]] = {
    "companyProfile.json": _profile,
    "filingHistory.json": _filings,
    "charges.json": _charges,
    "insolvency.json": _insolvency,
}


def _mend(name: str, definitions: Body) -> Body:
    """The definitions as the service keeps them, see the module."""
    told = copy.deepcopy(definitions)
    for definition in told.values():
        if definition.get("type") == "string":
            del definition["type"]  # said of objects: plainly a slip
        for key, value in definition.get("properties", {}).items():
            if value.get("type") == "object" and isinstance(value.get("items"), dict) and "$ref" in value["items"]:
                definition["properties"][key] = {"$ref": value["items"]["$ref"]}
    if name in _SLIPS:
        _SLIPS[name](told)
    return told


@pytest.fixture(scope="module")
def check(shared_data: Path) -> Callable[[str, str, Body], list[str]]:
    folder = shared_data / "companies_house" / "api_spec" / "spec"
    resources = []
    for path in sorted(folder.glob("*.json")):
        document = json.loads(path.read_text(encoding="utf-8"))
        if "definitions" in document:
            document["definitions"] = _mend(path.name, document["definitions"])
            kept = {"definitions": document["definitions"]}
            resources.append((path.name, Resource.from_contents(kept, default_specification=DRAFT4)))
    registry: Any = Registry().with_resources(resources)

    def errors(name: str, definition: str, body: Body) -> list[str]:
        validator = jsonschema.Draft4Validator(
            {"$ref": f"{name}#/definitions/{definition}"}, registry=registry, format_checker=jsonschema.FormatChecker()
        )
        return [f"{list(error.absolute_path)}: {error.message[:160]}" for error in validator.iter_errors(body)]

    return errors


def test_every_answer_conforms(market: Market, check: Callable[[str, str, Body], list[str]]) -> None:
    index = search.Index(market.companies)
    for company in market.companies:
        history = filings.filing_history(company, "http://x", start=0, count=100)
        controls = people.controls(company, start=0, count=100)
        statements = people.statements(company, start=0, count=100)
        answers: list[tuple[str, str, Body]] = [
            ("companyProfile.json", "companyProfile", profile.profile(company, market.until)),
            ("filingHistory.json", "filingHistoryList", history),
            ("charges.json", "chargeList", filings.charges(company, start=0, count=100)),
            ("companyOfficerList.json", "officerList", people.officers(company, start=0, count=100)),
            ("pscModels.json", "list", controls),
            ("insolvency.json", "companyInsolvency", profile.insolvency(company)),
            *(("pscModels.json", "statement", item) for item in statements["items"]),
            *(("pscModels.json", _KINDS[item["kind"]], item) for item in controls["items"]),
        ]
        for name, definition, body in answers:
            assert check(name, definition, body) == [], (company.number, definition)
        for each in company.officers[:1]:
            body = people.appointments([(company, each)], start=0, count=100)
            assert check("officerAppointmentList.json", "appointmentList", body) == []
    for company in market.companies[::10]:
        body = search.answer(index, company.name, start=0, count=20)
        assert body["items"]
        assert check("search.json", "CompanySearch", body) == []


def test_the_checks_notice_a_wrong_answer(market: Market, check: Callable[[str, str, Body], list[str]]) -> None:
    body = profile.profile(market.companies[0], market.until)
    assert check("companyProfile.json", "companyProfile", body | {"company_status": "thriving"})
    assert check("companyProfile.json", "companyProfile", body | {"date_of_creation": "long ago"})
    del body["links"]
    assert check("companyProfile.json", "companyProfile", body)
    charged = next(company for company in market.companies if company.charges)
    listed = filings.charges(charged, start=0, count=5)
    del listed["items"][0]["charge_number"]
    assert check("charges.json", "chargeList", listed)


def test_recorded_answers_differ_from_the_specification_where_ours_do(shared_data: Path) -> None:
    folder = shared_data / "companies_house" / "api_responses"

    def load(name: str) -> Body:
        told: Body = json.loads((folder / name).read_text(encoding="utf-8"))
        body: Body = told.get("body", told)
        return body

    company = load("company_candour.json")
    assert isinstance(company["accounts"]["accounting_reference_date"]["day"], str)
    charge = load("charges_pfb_hire.json")["items"][0]
    assert isinstance(charge["classification"], dict)
    assert isinstance(charge["particulars"], dict)
    assert isinstance(charge["transactions"][0]["links"], dict)
    categories = {
        item["category"]
        for name in ("filing_pfb_hire.json", "filing_history_09732193.json")
        for item in load(name)["items"]
    }
    assert {"confirmation-statement", "persons-with-significant-control", "gazette", "insolvency"} <= categories
    insolvency = load("insolvency_london_airways.json")
    assert isinstance(insolvency["cases"][0]["practitioners"][0]["address"], dict)
