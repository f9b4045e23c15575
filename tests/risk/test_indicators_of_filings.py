"""Signals of what companies file and what is registered against them, both sides of what makes them."""

from datetime import date

import pytest

from tests.risk.build import Builder, document
from tests.risk.indicating import END, NUMBER, charge, kinds, provider, signal


@pytest.mark.parametrize(
    ("filed_on", "days"),
    [(date(2024, 12, 31), 0), (date(2025, 1, 1), 1), (date(2025, 3, 1), 60)],
)
def test_accounts_of_a_private_company_are_due_after_nine_months(filed_on: date, days: float) -> None:
    made = provider()
    made.filing(NUMBER, date(2023, 12, 1), category="accounts", form="AA", made_up_to=date(2023, 3, 31))
    made.filing(NUMBER, filed_on, category="accounts", form="AA", made_up_to=END)
    assert signal(made, "accounts_late_days") == days
    assert ("accounts_filed_late" in kinds(made)) == (days > 0)
    assert signal(made, "accounts_late_count") == (1 if days else 0)


def test_accounts_of_a_public_company_are_due_after_six_months() -> None:
    made = provider(company_type="plc")
    made.filing(NUMBER, date(2023, 9, 1), category="accounts", form="AA", made_up_to=date(2023, 3, 31))
    made.filing(NUMBER, date(2024, 10, 10), category="accounts", form="AA", made_up_to=END)
    assert signal(made, "accounts_late_days") == 10


@pytest.mark.parametrize(("filed_on", "days"), [(date(2024, 12, 6), 0), (date(2024, 12, 7), 1)])
def test_first_accounts_have_twenty_one_months_from_incorporation(filed_on: date, days: float) -> None:
    made = provider(incorporated_on=date(2023, 3, 6))
    made.filing(NUMBER, filed_on, category="accounts", form="AA", made_up_to=date(2024, 2, 29))
    assert signal(made, "accounts_late_days") == days


def test_amended_accounts_are_not_late() -> None:
    made = provider()
    made.filing(NUMBER, date(2023, 12, 1), category="accounts", form="AA", made_up_to=date(2023, 3, 31))
    made.filing(NUMBER, date(2024, 12, 1), category="accounts", form="AA", made_up_to=END)
    made.filing(NUMBER, date(2025, 4, 1), category="accounts", form="AAMD", made_up_to=END)
    assert signal(made, "accounts_late_days") == 0


@pytest.mark.parametrize(("due", "days"), [(date(2025, 6, 30), 0), (date(2025, 6, 29), 1), (date(2025, 4, 30), 61)])
def test_accounts_are_overdue_after_the_registers_due_date(due: date, days: float) -> None:
    made = provider(accounts_next_due=due, accounts_next_made_up_to=date(2024, 9, 30))
    assert signal(made, "accounts_overdue_days") == days
    assert ("accounts_overdue" in kinds(made)) == (days > 0)


def test_a_profile_older_than_the_filing_does_not_make_accounts_overdue() -> None:
    made = provider(accounts_next_due=date(2025, 4, 30), accounts_next_made_up_to=date(2024, 7, 31))
    made.filing(NUMBER, date(2025, 4, 20), category="accounts", form="AA", made_up_to=date(2024, 7, 31))
    assert signal(made, "accounts_overdue_days") == 0


def test_without_a_due_date_the_last_period_tells() -> None:
    made = provider()
    made.filing(NUMBER, date(2024, 5, 1), category="accounts", form="AA", made_up_to=date(2023, 8, 31))
    assert signal(made, "accounts_overdue_days") == 30, "due by 31 May 2025"


def test_without_any_history_nothing_is_known() -> None:
    assert signal(provider(), "accounts_overdue_days") is None
    assert signal(provider(), "accounts_late_days") is None


@pytest.mark.parametrize(
    ("description", "count"),
    [
        ("change-account-reference-date-company-previous-extended", 1),
        ("change-account-reference-date-company-current-extended", 1),
        ("change-account-reference-date-company-previous-shortened", 0),
    ],
)
def test_only_extensions_of_the_period_count(description: str, count: float) -> None:
    made = provider()
    made.filing(NUMBER, date(2025, 1, 5), category="accounts", form="AA01", description=description)
    assert signal(made, "reference_date_extended") == count


@pytest.mark.parametrize(("filed_on", "count"), [(date(2024, 7, 1), 1), (date(2024, 6, 29), 0)])
def test_an_auditors_filing_counts_for_twelve_months(filed_on: date, count: float) -> None:
    made = provider()
    made.filing(NUMBER, filed_on, category="auditors", form="AUD", description="auditors-resignation-company")
    assert signal(made, "auditor_resignations") == count
    assert "auditor_resigned" in kinds(made)


def test_charges_are_counted_new_outstanding_and_over_everything() -> None:
    made = provider(has_charges=True)
    for number in range(3):
        charge(made, number, date(2025, 2, 1), floating_charge_covers_all=number == 0)
    charge(made, 3, date(2015, 1, 1), satisfied_on=date(2020, 1, 1))
    assert signal(made, "charges_new") == 3
    assert signal(made, "charges_outstanding") == 3
    assert signal(made, "charges_all_assets") == 1
    assert kinds(made) == ["charge_created"] * 4 + ["charge_satisfied"]


@pytest.mark.parametrize(("said", "count"), [(False, 0.0), (None, None), (True, None)])
def test_no_charges_is_known_only_where_the_register_says_so(said: bool | None, count: float | None) -> None:  # noqa: FBT001
    assert signal(provider(has_charges=said), "charges_outstanding") == count


def case(made: Builder, kind: str, *dates: tuple[str, date]) -> None:
    page = made.page("companies_house.insolvency", NUMBER)
    for place, (event, day) in enumerate(dates):
        made.add(
            "insolvency", document_id=page, locator=f"/cases/0/dates/{place}", company_number=NUMBER, case_number="1",
            case_type=kind, event=event, dated_on=day,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "dates", "count"),
    [
        ("in-administration", [("administration-started-on", date(2025, 1, 2))], 1),
        (
            "in-administration",
            [("administration-started-on", date(2023, 1, 2)), ("administration-ended-on", date(2024, 1, 2))],
            0,
        ),
        ("members-voluntary-liquidation", [("wound-up-on", date(2025, 1, 2))], 0),
        ("in-administration", [("administration-started-on", date(2025, 7, 1))], 0),
    ],
)
def test_an_insolvency_case_is_open_until_it_ends(kind: str, dates: list[tuple[str, date]], count: float) -> None:
    made = provider(has_insolvency_history=True)
    case(made, kind, *dates)
    assert signal(made, "insolvency_open") == count


@pytest.mark.parametrize(
    ("descriptions", "count"),
    [
        (["gazette-notice-compulsory"], 1),
        (["gazette-notice-compulsory", "gazette-filings-brought-up-to-date"], 0),
        (["gazette-filings-brought-up-to-date", "gazette-notice-compulsory"], 1),
        (["gazette-notice-voluntary", "gazette-dissolved-voluntary"], 0),
        (["confirmation-statement-with-updates"], 0),
    ],
)
def test_a_strike_off_is_open_until_something_stops_it(descriptions: list[str], count: float) -> None:
    made = provider()
    for month, description in enumerate(descriptions, start=1):
        made.filing(NUMBER, date(2025, month, 7), category="gazette", description=description)
    assert signal(made, "strike_off_open") == count


def test_officers_are_counted() -> None:
    made = provider()
    page = document(f"companies_house.officers/{NUMBER}/None")
    for place, (appointed, resigned) in enumerate(
        [(date(2015, 1, 1), None), (date(2025, 1, 1), None), (date(2015, 1, 1), date(2025, 2, 1))]
    ):
        made.add("officer", document_id=page, locator=f"/items/{place}", company_number=NUMBER, officer_id=str(place),
                 role="director", corporate=False, appointed_on=appointed, resigned_on=resigned)  # fmt: skip
    assert signal(made, "officers_serving") == 2
    assert signal(made, "officers_left") == 1
    assert signal(made, "officers_joined") == 1


def test_a_certificate_of_a_new_name_counts_once() -> None:
    made = provider()
    made.filing(NUMBER, date(2024, 1, 20), category="change-of-name", form="CERTNM",
                description="certificate-change-of-name-company")  # fmt: skip
    made.filing(NUMBER, date(2024, 1, 20), category="change-of-name", form="NM01",
                description="change-of-name-by-resolution")  # fmt: skip
    assert signal(made, "name_changes") == 1
