import re
from pathlib import Path

import pytest
import yaml

from collectors.companies_house import describe
from collectors.companies_house.describe import (
    describe_charge,
    describe_constant,
    describe_control,
    describe_filing,
    describe_statement,
)

ENUMERATIONS = Path(describe.__file__).parent / "enumerations"
FILINGS = yaml.safe_load((ENUMERATIONS / "filing_history_descriptions.yml").read_text())["description"]


@pytest.mark.parametrize(
    ("key", "values", "category", "expected"),
    [
        ("accounts-with-accounts-type-group", {"made_up_date": "2023-03-31"}, "accounts",
         "Group of companies' accounts made up to 31 March 2023"),
        ("appoint-person-director-company-with-name-date",
         {"officer_name": "Ms A Smith", "appointment_date": "2023-01-02"}, "officers",
         "Appointment of an officer as a director on 2 January 2023"),
        ("change-registered-office-address-company-with-date-old-address-new-address",
         {"old_address": "1 Low St", "new_address": "2 High St", "change_date": "2016-06-15"}, "address",
         "Registered office address changed from one address to another on 15 June 2016"),
        ("mortgage-create-with-deed-with-charge-number-charge-creation-date",
         {"charge_number": "073103900009", "charge_creation_date": "2015-12-18"}, "mortgage",
         "Registration of charge 073103900009, created on 18 December 2015"),
        ("capital-allotment-shares", {"date": "2020-01-01", "capital": [{"currency": "GBP", "figure": "100"}]},
         "capital",
         "Statement of capital following an allotment of shares on 1 January 2020"),
        ("legacy", {"description": "Return made up to 31/12/95"}, "annual-return", "Return made up to 31/12/95"),
        ("legacy", {"description": "Director appointed mr john smith"}, "officers", None),
        ("a-key-of-tomorrow", {"description": "Something new"}, "miscellaneous", "Something new"),
        ("a-key-of-tomorrow", {}, "miscellaneous", None),
        (None, {}, None, None),
    ],
)  # fmt: skip
def test_filings_in_english(
    key: str | None, values: dict[str, object], category: str | None, expected: str | None
) -> None:
    assert describe_filing(key, values, category) == expected


def test_every_official_description_renders_without_markup_or_gaps() -> None:
    silent = []
    for key, template in FILINGS.items():
        names = [name.replace(" ", "_") for name in re.findall(r"\{([\w ]+)\}", template)]
        text = describe_filing(
            key, dict.fromkeys(names, "2020-01-31"), "officers" if "officer_name" in names else "other"
        )
        assert not re.search(r"[{}\\]|\*\*|  ", text or ""), key
        if text is None:
            silent.append(key)
    assert len(FILINGS) > 1000
    assert silent == [key for key in FILINGS if not FILINGS[key].strip("* ")]


def test_no_persons_value_is_ever_shown() -> None:
    personal = ("officer_name", "psc_name", "officer_address", "representative_details", "change_name", "new_address")
    for key in FILINGS:
        values = dict.fromkeys(personal, "SECRET") | {"description": "SECRET", "original_description": "SECRET"}
        assert "SECRET" not in (describe_filing(key, values, "officers") or "")


def test_charges_controls_statements_and_constants_in_english() -> None:
    assert describe_charge("status", "part-satisfied") == "Partially satisfied"
    assert describe_charge("filing_type", "create-charge-with-deed") == "Registration of a charge (MR01)"
    assert describe_control("ownership-of-shares-75-to-100-percent") == "Ownership of shares – 75% or more"  # noqa: RUF001
    assert "more than 75% of the shares" in str(describe_control("ownership-of-shares-75-to-100-percent", short=False))
    assert describe_statement("psc-exists-but-not-identified") is not None
    assert describe_constant("company_status", "liquidation") == "Liquidation"
    assert describe_constant("insolvency_case_type", "in-administration") is not None
    assert describe_constant("sic_descriptions", "87900") == (
        "Other residential care activities not elsewhere classified"
    )
    assert describe_charge("status", "no such") is None
    assert describe_constant("no such", "x") is None
