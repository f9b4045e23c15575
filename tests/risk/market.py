"""A small invented market: a group with debt, a family of companies, a failing owner, a council, an unlinked owner."""

from datetime import date
from typing import Any

from oversight.model.evidence import Evidence
from tests.risk.build import FULL_YEAR, Builder, document

END = date(2024, 3, 31)
ALPHA, ALPHA_TOP, BETA, BETA_CHILD, GAMMA = "00000001", "00000002", "00000003", "00000004", "00000005"


def builder() -> Builder:
    """The market, so that a test can add to it."""
    made = Builder()
    _homes(made)
    _alpha(made)
    _beta(made)
    _gamma(made)
    return made


def evidence() -> Evidence:
    """The market's evidence."""
    return builder().evidence()


def _homes(made: Builder) -> None:
    other: dict[str, Any] = {
        "local_authority": "Otherton",
        "local_authority_code": "E06000032",
        "region": "London",
    }
    made.homes("Alpha Care Ltd", 12)
    made.homes("ALPHA CARE LIMITED", 4, **other)
    made.homes("Beta Homes Limited", 3, **other)
    made.homes("Gamma House Ltd", 2, overall="Inadequate", inspected_on=date(2025, 6, 10))
    made.homes("Gamma House Ltd", 1, status="Suspended", overall=None)
    made.homes("Testshire County Council", 5, sector="Local authority")
    made.homes("Delta Kids Limited", 1)
    made.homes("Alpha Care Ltd", 1, provision_type="Independent Fostering Agency", places=None)
    made.homes("Alpha Care Ltd", 1, status="Resigned")
    made.homes("Alpha Care Ltd", 15, as_at=date(2024, 3, 31))
    made.homes("Gamma House Ltd", 6, as_at=date(2024, 3, 31))


def _alpha(made: Builder) -> None:
    """A leveraged group with consolidated accounts for four years and a charge."""
    made.company(ALPHA, "ALPHA CARE LTD", has_charges=True)
    made.company(ALPHA_TOP, "ALPHA HOLDINGS LTD")
    made.owns(ALPHA_TOP, ALPHA)
    made.link("Alpha Care Ltd", ALPHA)
    for year, turnover in ((2021, 8e6), (2022, 8.5e6), (2023, 9e6), (2024, 10e6)):
        lines = {**FULL_YEAR, "turnover": turnover, "operating_profit": turnover * 0.15}
        made.accounts(ALPHA_TOP, END.replace(year=year), lines, consolidated=True, filed_on=date(year, 12, 20))
    charges = made.page("companies_house.charges", ALPHA)
    made.add(
        "charge", document_id=charges, locator="/items/0", company_number=ALPHA, charge_id="000000010001",
        status="outstanding", created_on=date(2025, 6, 1), delivered_on=date(2025, 6, 11),
        persons_entitled="Example Bank plc", floating_charge_covers_all=True,
    )  # fmt: skip
    made.add(
        "statement", document_id=document_of_newest(made), kind="going_concern", company_number=ALPHA_TOP,
        period_end=END, value="none_stated", quote="The accounts are prepared on a going concern basis.",
        locator="page 12", confidence=0.9,
    )  # fmt: skip


def _beta(made: Builder) -> None:
    """Two companies of one person without consolidated accounts."""
    made.company(BETA, "BETA HOMES LIMITED")
    made.company(BETA_CHILD, "BETA PROPERTY LIMITED")
    made.owns(BETA, BETA_CHILD)
    made.link("Beta Homes Limited", BETA, "automatic")
    trading = {
        "turnover": 1_500_000, "operating_profit": 90_000, "cash": 20_000, "current_assets": 120_000,
        "creditors_within_one_year": -100_000, "net_assets": 80_000,
    }  # fmt: skip
    property_ = {"cash": 5_000, "current_assets": 5_000, "creditors_within_one_year": -40_000, "net_assets": 10_000}
    made.accounts(BETA, END, trading, filed_on=date(2024, 11, 1))
    made.accounts(BETA_CHILD, END, property_, filed_on=date(2024, 11, 1))


def _gamma(made: Builder) -> None:
    """An owner in distress: late accounts, material uncertainty, an administration, an auditor gone."""
    made.company(GAMMA, "GAMMA HOUSE LTD", has_insolvency_history=True, status="administration")
    made.link("Gamma House Ltd", GAMMA)
    loss = {"turnover": 2_000_000, "operating_profit": -300_000, "depreciation": -50_000, "intangible_assets": 0,
            "goodwill": 0, "fixed_assets": 400_000, "tangible_assets": 400_000, "current_assets": 150_000,
            "creditors_within_one_year": -900_000, "net_assets": -350_000, "profit_and_loss_reserve": -360_000,
            "bank_loans_within_one_year": -500_000, "creditors_after_one_year": 0, "cash": 10_000}  # fmt: skip
    doc = made.accounts(GAMMA, END, loss, filed_on=date(2025, 3, 1))
    made.add(
        "statement", document_id=doc, kind="going_concern", company_number=GAMMA, period_end=END,
        value="material_uncertainty", quote="A material uncertainty exists.", locator="page 9", confidence=0.8,
    )  # fmt: skip
    made.filing(GAMMA, date(2025, 5, 2), category="auditors", form="AUD", description="auditors-resignation-company")
    made.filing(GAMMA, date(2025, 1, 5), category="accounts", form="AA01",
                description="change-account-reference-date-company-previous-extended")  # fmt: skip
    cases = made.page("companies_house.insolvency", GAMMA)
    made.add(
        "insolvency", document_id=cases, locator="/cases/0/dates/0", company_number=GAMMA, case_number="1",
        case_type="in-administration", event="administration-started-on", dated_on=date(2025, 6, 20),
    )  # fmt: skip
    officers = document(f"companies_house.officers/{GAMMA}/None")
    made.add(
        "officer", document_id=officers, locator="/items/0", company_number=GAMMA, officer_id="x", role="director",
        corporate=False, appointed_on=date(2015, 1, 1), resigned_on=date(2025, 5, 20),
    )  # fmt: skip


def document_of_newest(made: Builder) -> str:
    """The document of the newest line added."""
    return str(made.tables["line"][-1]["document_id"])
