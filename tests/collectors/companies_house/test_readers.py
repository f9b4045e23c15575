import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from collectors.companies_house import READERS
from collectors.reading import Origin, Rows
from oversight.errors import InputError
from oversight.model.tables import TABLES

FIXTURES = Path(__file__).parents[2] / "fixtures" / "companies_house"
NUMBER = "01234567"


def origin(source: str, subject: str = f"{NUMBER}/0") -> Origin:
    return Origin("0" * 64, f"companies_house.{source}", subject, f"https://api.example/{source}")


def read(source: str, answer: object, subject: str = f"{NUMBER}/0") -> Rows:
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    return READERS[f"companies_house.{source}"].read(content, origin(source, subject))


def recorded(source: str, name: str) -> Rows:
    return read(source, (FIXTURES / f"{name}.json").read_bytes())


def checked(rows: Rows) -> dict[str, pl.DataFrame]:
    """Each table as a frame that keeps its declaration."""
    frames: dict[str, pl.DataFrame] = {}
    for table, found in rows.tables.items():
        schema = TABLES[table]
        names = schema.column_names()
        assert all(set(row) <= set(names) for row in found)
        polars_types = {name: column.dtype for name, column in schema.columns().items()}
        frame = pl.DataFrame([{name: row.get(name) for name in names} for row in found], schema=polars_types)
        frames[table] = schema.validate(frame)
    return frames


def issues(rows: Rows) -> list[tuple[object, object]]:
    return [(row["kind"], row["locator"]) for row in rows.tables.get("issue", [])]


def test_a_profile_as_recorded() -> None:
    rows = recorded("profile", "profile_current")
    assert issues(rows) == []
    (row,) = checked(rows)["company"].to_dicts()
    assert row == {
        "document_id": "0" * 64,
        "company_number": "08957400",
        "locator": "",
        "name": "CANDOUR GROUP LIMITED",
        "status": "active",
        "company_type": "ltd",
        "jurisdiction": "england-wales",
        "incorporated_on": date(2014, 3, 25),
        "dissolved_on": None,
        "sic_codes": "68100",
        "previous_names": "LONDON & KENT ESTATES LIMITED",
        "accounts_next_due": date(2024, 12, 31),
        "accounts_next_made_up_to": date(2024, 3, 31),
        "accounts_overdue": False,
        "accounts_last_made_up_to": date(2023, 3, 31),
        "accounts_last_type": "total-exemption-full",
        "confirmation_next_due": date(2024, 4, 8),
        "confirmation_overdue": False,
        "has_charges": False,
        "has_insolvency_history": False,
    }


def test_a_dissolved_companys_profile_as_recorded() -> None:
    rows = recorded("profile", "profile")
    assert issues(rows) == []
    (row,) = checked(rows)["company"].to_dicts()
    assert (row["status"], row["dissolved_on"], row["accounts_overdue"]) == ("dissolved", date(2012, 4, 10), None)


def test_a_filing_history_as_recorded() -> None:
    rows = recorded("filing_history", "filing_history")
    assert issues(rows) == []
    filing = checked(rows)["filing"]
    assert filing.height == 27
    accounts = filing.filter(form="AA").sort("filed_on", descending=True)
    assert accounts["made_up_to"].to_list()[:2] == [date(2021, 7, 31), date(2020, 7, 31)]
    first = filing.filter(transaction_id="MzMxMzkwMTg4MWFkaXF6a2N4").to_dicts()[0]
    assert first["locator"] == "/items/0"
    assert first["text"] == "Total exemption full accounts made up to 31 July 2021"
    assert first["document_url"].endswith("/document/BKBYmejcW4K02Gn-Zku4FLgp2P10esnVBYxNAmIn3ng")
    assert (first["company_number"], first["pages"], first["paper_filed"]) == (NUMBER, 11, None)
    confirmation = filing.filter(form="CS01")
    assert confirmation["made_up_to"].null_count() == confirmation.height


def test_no_persons_name_reaches_a_row() -> None:
    for source, name in (("filing_history", "filing_history"), ("officers", "officers"), ("psc", "psc")):
        assert (
            "Example" in (FIXTURES / f"{name}.json").read_text() or "EXAMPLE" in (FIXTURES / f"{name}.json").read_text()
        )
        assert "example" not in str(recorded(source, name).tables).lower()


def test_charges_as_recorded() -> None:
    rows = recorded("charges", "charges")
    assert issues(rows) == []
    charge = checked(rows)["charge"]
    assert charge.height == 9
    newest = charge.filter(charge_id="073103900009").to_dicts()[0]
    assert newest["persons_entitled"] == "Art Share (Social Help Association for Reinvesting in Enterprise) Limited"
    assert (newest["created_on"], newest["delivered_on"]) == (date(2015, 12, 18), date(2015, 12, 21))
    assert (newest["fixed_charge"], newest["floating_charge"], newest["negative_pledge"]) == (True, True, None)
    assert charge["satisfied_on"].drop_nulls().len() == 1
    assert charge["charge_id"].n_unique() == 9
    assert charge.filter(pl.col("charge_id").str.contains("-"))["charge_id"].str.starts_with(NUMBER).all()


def test_officers_as_recorded() -> None:
    rows = recorded("officers", "officers")
    assert issues(rows) == []
    officer = checked(rows)["officer"]
    assert (officer.height, officer["resigned_on"].drop_nulls().len()) == (7, 4)
    assert officer["officer_id"].n_unique() == 6  # one person holds two posts


def test_persons_with_significant_control_as_recorded() -> None:
    rows = recorded("psc", "psc")
    assert issues(rows) == []
    owners = checked(rows)["ownership"]
    assert owners["owner_kind"].to_list() == ["individual"] * 4 + ["corporate"]
    assert owners["owner_key"].n_unique() == 5
    company = owners.filter(owner_kind="corporate").to_dicts()[0]
    assert (company["owner_name"], company["share_min"], company["share_max"]) == (
        "Yorkshire Air Ambulance Ltd",
        75,
        100,
    )
    assert owners.filter(owner_kind="individual")["owner_name"].null_count() == 4


def test_insolvency_as_recorded() -> None:
    rows = recorded("insolvency", "insolvency")
    assert issues(rows) == []
    assert checked(rows)["insolvency"].select("locator", "case_type", "event", "dated_on").rows() == [
        ("/cases/0/dates/0", "compulsory-liquidation", "wound-up-on", date(1995, 1, 18)),
        ("/cases/0/dates/1", "compulsory-liquidation", "petitioned-on", date(1994, 12, 12)),
    ]


def test_a_case_without_dates_still_gives_a_row() -> None:
    rows = checked(read("insolvency", {"cases": [{"type": "receivership", "number": 2, "dates": []}]}))
    assert rows["insolvency"].select("locator", "case_type", "event").rows() == [("/cases/0", "receivership", None)]


def test_a_search_as_recorded() -> None:
    rows = recorded("search", "search")
    assert issues(rows) == []
    assert checked(rows)["candidate"].select("company_number", "name", "status").rows()[:2] == [
        ("13233612", "HOKO LIMITED", "active"),
        ("09525857", "HOKO LTD", "dissolved"),
    ]


def test_document_metadata_give_no_rows_but_report_what_is_new() -> None:
    known = {"company_number": NUMBER, "pages": 3, "resources": {"application/pdf": {"content_length": 82803}}}
    assert read("document_metadata", known).tables == {}
    assert issues(read("document_metadata", known | {"colour": "blue"})) == [("unknown_field", "/colour")]


def test_a_statement() -> None:
    statement = "no-individual-or-entity-with-signficant-control"
    answer = {"items": [{"statement": statement, "notified_on": "2016-06-30", "kind": "x", "links": {"self": "/x"}}]}
    rows = read("psc_statements", answer)
    assert issues(rows) == []
    (row,) = checked(rows)["ownership"].to_dicts()
    assert (row["owner_kind"], row["natures"], row["notified_on"]) == ("statement", statement, date(2016, 6, 30))


def test_an_unknown_field_is_reported_once_a_document() -> None:
    filing = {"date": "2024-01-01", "links": {"new_link": "x"}, "x/y~z": 1}
    answer = {"items": [filing | {"transaction_id": str(place)} for place in range(3)], "fresh": 1}
    rows = read("filing_history", answer)
    assert issues(rows) == [
        ("unknown_field", "/items/0/x~1y~0z"),
        ("unknown_field", "/items/0/links/new_link"),
        ("unknown_field", "/fresh"),
    ]
    assert rows.tables["issue"][1]["value"] == "items.links.new_link"


@pytest.mark.parametrize(
    ("source", "answer", "expected"),
    [
        ("profile", {"company_number": NUMBER}, ("missing_field", "")),
        ("profile", {"company_name": "X", "date_of_creation": "31/12/2020"}, ("wrong_value", "/date_of_creation")),
        ("profile", {"company_name": "X", "date_of_creation": "2020-02-30"}, ("wrong_value", "/date_of_creation")),
        ("profile", {"company_name": "X", "sic_codes": [87900]}, ("wrong_value", "/sic_codes")),
        ("profile", {"company_name": "X", "has_charges": "yes"}, ("wrong_value", "/has_charges")),
        ("profile", {"company_name": "X", "accounts": [3]}, ("wrong_value", "/accounts/0")),
        ("filing_history", {"items": [{"date": "2024-01-01"}]}, ("missing_field", "/items/0")),
        ("filing_history", {"items": [{"transaction_id": "t"}]}, ("missing_field", "/items/0")),
        ("filing_history", {"items": {"0": 1}}, ("missing_field", "/items")),
        ("filing_history", {"items": "none"}, ("wrong_value", "/items")),
        ("filing_history", {"items": [{"transaction_id": "t", "date": "2024-01-01", "pages": -1}]},
         ("wrong_value", "/items/0/pages")),
        ("filing_history", {"items": [{"transaction_id": "t", "date": "2024-01-01", "pages": 10**30}]},
         ("wrong_value", "/items/0/pages")),
        ("filing_history", {"items": [{"transaction_id": "t", "date": "2024-01-01"}] * 2},
         ("repeated_entry", "/items/1")),
        ("insolvency", {"cases": [{"dates": []}]}, ("missing_field", "/cases/0")),
        ("psc", {"items": [{"kind": "alien", "name": "X"}]}, ("missing_field", "/items/0")),
        ("search", {"items": [{"title": "X", "company_number": "?"}]},
         ("bad_company_number", "/items/0/company_number")),
    ],
)  # fmt: skip
def test_odd_content_is_an_issue_row(source: str, answer: Any, expected: tuple[str, str]) -> None:
    rows = read(source, answer)
    assert expected in issues(rows)
    checked(rows)


@pytest.mark.parametrize("source", sorted(name.partition(".")[2] for name in READERS))
@pytest.mark.parametrize(
    "content",
    [
        b"<html>Sorry</html>",
        b'{"items": [',
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=["page", "half", "empty", "list", "null", "bytes", "deep", "long"],
)
def test_what_is_not_a_json_object_is_refused(source: str, content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read(source, content)
    assert caught.value.where.startswith("https://api.example")


def test_text_that_no_database_holds_is_cleaned() -> None:
    content = b'{"company_name": "A\\u0000\\ud800 B\\u001f LTD", "\\ud800": 1}'
    rows = read("profile", content)
    assert checked(rows)["company"]["name"].to_list() == ["A B LTD"]
    assert str(rows.tables).encode()


def test_the_number_comes_from_the_subject_where_the_answer_has_none_that_reads() -> None:
    for said in ({}, {"company_number": "???"}, {"company_number": None}):
        rows = read("profile", {"company_name": "X"} | said, "sc1234")
        assert checked(rows)["company"]["company_number"].to_list() == ["SC001234"]


RECORDED = {
    "charges_pfb_hire": "charges",
    "company_candour": "profile",
    "company_candour_last_account_type": "profile",
    "company_profile_02200605": "profile",
    "filing_history_02200605": "filing_history",
    "filing_history_09732193": "filing_history",
    "filing_history_empty_BR014831": "filing_history",
    "filing_pfb_hire": "filing_history",
    "filing_tell_aldi": "filing_history",
    "insolvency_london_airways": "insolvency",
    "officers_you_limited": "officers",
    "persons_yorkshire_air_ambulance": "psc",
    "search_hoko": "search",
}


@pytest.mark.shared
@pytest.mark.parametrize(("name", "source"), RECORDED.items())
def test_every_recorded_answer_reads_without_an_issue_and_entry_for_entry(
    shared_data: Path, name: str, source: str
) -> None:
    answer = json.loads((shared_data / "companies_house" / "api_responses" / f"{name}.json").read_bytes())
    body = answer.get("body", answer)
    rows = read(source, body)
    assert issues(rows) == []
    checked(rows)
    entries = {"profile": 2, "insolvency": 3}.get(source, len(body.get("items", [])))
    assert rows.count() == entries


def test_of_a_registered_office_the_town_and_country_are_kept_and_no_street() -> None:
    office = {
        "premises": "Flat 7", "address_line_1": "9 Secret Street", "care_of": "A Person", "po_box": "12",
        "locality": "Maidstone", "region": "Kent", "postal_code": "ME14 5DA", "country": "England",
    }  # fmt: skip
    answer = {"company_name": "X", "registered_office_address": office, "registered_office_is_in_dispute": True}
    rows = read("profile", answer, NUMBER)
    (row,) = checked(rows)["office"].to_dicts()
    assert (row["locality"], row["region"], row["postcode"]) == ("Maidstone", "Kent", "ME14 5DA")
    assert (row["country"], row["in_dispute"], row["undeliverable"]) == ("England", True, None)
    assert row["locator"] == "/registered_office_address"
    assert not any(hidden in str(rows.tables) for hidden in ("Secret", "Flat", "Person"))
    assert issues(rows) == []
    assert "office" not in read("profile", {"company_name": "X"}, NUMBER).tables


def test_of_a_practitioner_only_role_and_dates_are_kept() -> None:
    rows = recorded("insolvency", "insolvency")
    acting = checked(rows)["practitioner"]
    assert acting.height >= 1
    assert set(acting.columns) == {
        "document_id", "locator", "company_number", "case_number", "role", "appointed_on", "ceased_on",
    }  # fmt: skip
    assert acting["role"].drop_nulls().len() == acting.height


def test_exemptions_one_row_for_each_time() -> None:
    answer = {
        "kind": "exemptions",
        "exemptions": {
            "psc_exempt_as_trading_on_uk_regulated_market": {
                "exemption_type": "psc-exempt-as-trading-on-uk-regulated-market",
                "items": [{"exempt_from": "2021-01-01"}, {"exempt_from": "2016-06-30", "exempt_to": "2020-12-31"}],
            },
            "something_new": {},
        },
    }
    rows = read("exemptions", answer, NUMBER)
    times = checked(rows)["exemption"].sort("exempt_from").select("kind", "exempt_from", "exempt_to").rows()
    kind = "psc-exempt-as-trading-on-uk-regulated-market"
    assert times == [(kind, date(2016, 6, 30), date(2020, 12, 31)), (kind, date(2021, 1, 1), None)]
    assert issues(rows) == [("unknown_field", "/exemptions/something_new")]


def test_appointments_belong_to_the_officer_that_a_companys_officers_name() -> None:
    listed = read("officers", {"items": [{"links": {"officer": {"appointments": "/officers/aBc-1/appointments"}}}]})
    answer = {
        "is_corporate_officer": False,
        "name": "Somebody",
        "items": [
            {
                "appointed_to": {"company_number": "1234567", "company_status": "dissolved", "company_name": "X"},
                "officer_role": "director",
                "appointed_on": "2019-05-01",
                "resigned_on": "2020-02-02",
                "name": "Somebody",
            },
            {"appointed_to": {"company_number": "?"}},
        ],
    }
    rows = read("appointments", answer, "aBc-1/0")
    (row,) = checked(rows)["appointment"].to_dicts()
    assert row["officer_id"] == listed.tables["officer"][0]["officer_id"]
    assert (row["company_number"], row["company_status"], row["role"]) == ("01234567", "dissolved", "director")
    assert (row["appointed_on"], row["resigned_on"]) == (date(2019, 5, 1), date(2020, 2, 2))
    assert "Somebody" not in str(rows.tables)
    assert issues(rows) == [("missing_field", "/items/1")]
