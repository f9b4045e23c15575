"""Signals of each family, both sides of what makes them."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from oversight.model.assessment import Assessment
from risk.assess import assess
from risk.parameters import load
from tests.risk.build import Builder, document

NUMBER, SECOND = "00000001", "00000002"
END = date(2024, 3, 31)
PARAMETERS = load()


def provider(**values: Any) -> Builder:
    """One owner with one home and one company."""
    made = Builder()
    made.homes("Alpha Care Ltd", 1)
    made.company(NUMBER, "ALPHA CARE LTD", **values)
    made.link("Alpha Care Ltd", NUMBER)
    return made


def judged(made: Builder) -> Assessment:
    return assess(made.evidence(), PARAMETERS)


def signal(made: Builder, code: str) -> float | None:
    found = judged(made).indicator.filter(pl.col("code") == code, pl.col("latest"))
    assert found.height == 1, code
    row = found.row(0, named=True)
    assert (row["value"] is None) == (row["status"] != "value")
    return None if row["value"] is None else float(row["value"])


def kinds(made: Builder) -> list[str]:
    return sorted(judged(made).event["kind"].to_list())


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


def charge(made: Builder, number: int, created: date, **values: Any) -> None:
    page = document(f"companies_house.charges/{NUMBER}/None")
    if all(row["document_id"] != page for row in made.visible):
        made.page("companies_house.charges", NUMBER)
    made.add(
        "charge", document_id=page, locator=f"/items/{number}", company_number=NUMBER, charge_id=f"c{number}",
        created_on=created, delivered_on=created, status="outstanding", **values,
    )  # fmt: skip


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


@pytest.mark.parametrize(
    ("kind", "value", "level"),
    [
        ("going_concern", "none_stated", 0), ("going_concern", "material_uncertainty", 1),
        ("going_concern", "other_basis", 2), ("audit_opinion", "clean", 0), ("audit_opinion", "unaudited", 0),
        ("audit_opinion", "emphasis_of_matter", 1), ("audit_opinion", "qualified", 2), ("audit_opinion", "adverse", 3),
        ("audit_opinion", "disclaimer", 3),
    ],
)  # fmt: skip
def test_gravity_of_what_the_words_say(kind: str, value: str, level: float) -> None:
    made = provider()
    doc = made.accounts(NUMBER, END, {"cash": 1})
    made.add("statement", document_id=doc, kind=kind, company_number=NUMBER, period_end=END, value=value,
             quote="As printed.", locator="text line 4", confidence=0.9)  # fmt: skip
    assert signal(made, kind) == level
    assert (kind in kinds(made)) == (level > 0)


def stated(made: Builder, value: str, number: str = NUMBER, end: date = END) -> None:
    doc = made.accounts(number, end, {"cash": 1}, filed_on=date(2025, 1, 13))
    made.add("statement", document_id=doc, kind="going_concern", company_number=number, period_end=end, value=value,
             quote="As printed.", locator="text line 4", confidence=0.9)  # fmt: skip


def row_of(made: Builder, code: str) -> dict[str, Any]:
    return judged(made).indicator.filter(pl.col("code") == code, pl.col("latest")).row(0, named=True)


def test_a_class_that_is_not_known_adds_no_points_and_is_named() -> None:
    made = provider()
    stated(made, "a class never seen")
    row = row_of(made, "going_concern")
    assert (row["value"], row["status"]) == (None, "not_reliable")
    assert row["reason"] == "class not known: 'a class never seen'"
    assert "going_concern" not in kinds(made)
    rule = judged(made).contribution.filter(pl.col("rule") == "going_concern").row(0, named=True)
    assert (rule["points"], rule["missing"]) == (0.0, True)
    assert rule["reason"] == "Going-concern wording: no input (class not known: 'a class never seen')."
    assert "Going-concern wording" in judged(made).register_entry["missing_inputs"][0]


def test_a_class_that_is_not_known_beside_one_that_is_leaves_a_note() -> None:
    made = provider()
    made.company(SECOND, "ALPHA HOLDINGS LTD")
    made.owns(SECOND, NUMBER)
    stated(made, "material_uncertainty")
    stated(made, "strange", SECOND)
    row = row_of(made, "going_concern")
    assert row["value"] == 1
    assert row["reason"] == (
        "accounts to 31 March 2024, filed 13 January 2025, known for 1 of 2 companies, class not known: 'strange'"
    )


def test_words_are_dated_by_their_accounts_the_gravest_counting() -> None:
    made = provider()
    made.company(SECOND, "ALPHA HOLDINGS LTD")
    made.owns(SECOND, NUMBER)
    stated(made, "material_uncertainty", end=date(2023, 3, 31))
    stated(made, "none_stated", SECOND)
    row = row_of(made, "going_concern")
    assert (row["value"], row["dated_on"]) == (1, date(2023, 3, 31))
    assert row["reason"] == "accounts to 31 March 2023, filed 13 January 2025"


def test_indicators_have_the_day_of_their_evidence() -> None:
    made = provider(has_charges=True, accounts_next_due=date(2025, 6, 1), accounts_next_made_up_to=date(2024, 9, 30))
    made.homes("Alpha Care Ltd", 1, status="Suspended", overall="Inadequate")
    made.homes("Alpha Care Ltd", 4, as_at=date(2024, 3, 31))
    charge(made, 0, date(2025, 2, 1))
    charge(made, 1, date(2024, 9, 1))
    made.filing(NUMBER, date(2025, 1, 5), category="accounts", form="AA", made_up_to=END)
    made.filing(NUMBER, date(2025, 3, 7), category="gazette", description="gazette-notice-compulsory")
    found = judged(made).indicator.filter("latest")
    days = dict(found.select("code", "dated_on").rows())
    assert {days[code] for code in ("homes", "places", "largest_share_of_places", "homes_suspended")} == {
        date(2025, 3, 31)
    }
    assert days["homes_inadequate"] == days["homes_change"] == date(2025, 3, 31)
    assert days["charges_new"] == date(2025, 2, 1)
    assert days["accounts_late_days"] == date(2025, 1, 5)
    assert days["strike_off_open"] == date(2025, 3, 7)
    assert days["accounts_overdue_days"] == days["accounts_age_months"] == date(2025, 6, 30), "time up to the day"
    assert days["auditor_resignations"] == date(2025, 6, 30), "nothing up to the day"


def suspended(made: Builder, *days: date, urn: str = "SC900001", status: str = "Suspended", **values: Any) -> None:
    for day in days:
        made.homes("Alpha Care Ltd", 1, as_at=day, urn=urn, status=status, **values)


def spells(made: Builder) -> list[tuple[date, str]]:
    events = judged(made).event.filter(pl.col("kind") == "home_suspended")
    visible = dict(made.evidence().visible.select("document_id", "subject").rows())
    return [(day, visible[doc]) for day, doc in events.select("dated_on", "document_id").sort("dated_on").rows()]


def test_a_home_that_stays_suspended_is_one_event_dated_by_the_first_publication() -> None:
    made = Builder()
    suspended(made, date(2024, 3, 31), status="Active")
    suspended(made, date(2024, 9, 30), date(2025, 3, 31))
    assert spells(made) == [(date(2024, 9, 30), "2024-09-30")]


def test_a_home_suspended_again_is_a_second_event() -> None:
    made = Builder()
    suspended(made, date(2023, 9, 30), date(2024, 9, 30))
    suspended(made, date(2024, 3, 31), status="Active")
    assert [day for day, _ in spells(made)] == [date(2023, 9, 30), date(2024, 9, 30)]
    suspended(made, date(2025, 3, 31))
    assert [day for day, _ in spells(made)] == [date(2023, 9, 30), date(2024, 9, 30)]


def test_a_home_judged_inadequate_is_one_event_for_each_inspection() -> None:
    made = Builder()
    for day, inspected in ((date(2024, 3, 31), date(2024, 2, 1)), (date(2024, 9, 30), date(2024, 2, 1)),
                           (date(2025, 3, 31), date(2025, 1, 9))):  # fmt: skip
        suspended(made, day, status="Active", overall="Inadequate", inspected_on=inspected)
    events = judged(made).event.filter(pl.col("kind") == "home_inadequate").sort("dated_on")
    visible = dict(made.evidence().visible.select("document_id", "subject").rows())
    assert [(day, visible[doc]) for day, doc in events.select("dated_on", "document_id").rows()] == [
        (date(2024, 2, 1), "2024-03-31"),
        (date(2025, 1, 9), "2025-03-31"),
    ]


@pytest.mark.parametrize(
    ("bad", "good", "said"),
    [
        (1, 3, "1 of 4 judged homes is inadequate"),
        (2, 3, "2 of 5 judged homes are inadequate"),
        (1, 0, "the only judged home is inadequate"),
        (0, 2, "no judged home is inadequate"),
    ],
)
def test_shares_of_homes_say_their_counts(bad: int, good: int, said: str) -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", bad, overall="Inadequate")
    made.homes("Alpha Care Ltd", good, overall="Good")
    assert row_of(made, "homes_inadequate")["reason"] == said


def test_only_the_newest_words_count_and_the_older_stay_events() -> None:
    made = provider()
    for year, value in ((2023, "material_uncertainty"), (2024, "none_stated")):
        doc = made.accounts(NUMBER, END.replace(year=year), {"cash": 1})
        made.add("statement", document_id=doc, kind="going_concern", company_number=None,
                 period_end=END.replace(year=year), value=value, quote=None, locator="", confidence=0.9)  # fmt: skip
    assert signal(made, "going_concern") == 0
    assert "going_concern" in kinds(made)


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


def test_shares_are_of_judged_homes() -> None:
    made = provider()
    made.homes("Alpha Care Ltd", 1, overall="Inadequate")
    made.homes("Alpha Care Ltd", 1, overall="Requires Improvement to be good")
    made.homes("Alpha Care Ltd", 1, overall="Outstanding")
    made.homes("Alpha Care Ltd", 4, overall=None, status="Suspended")
    assert signal(made, "homes_inadequate") == 25
    assert signal(made, "homes_below_good") == 50
    assert signal(made, "homes_suspended") == 4


def test_unjudged_homes_have_no_share() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 2, overall=None)
    assert signal(made, "homes_inadequate") is None
    assert signal(made, "homes_suspended") == 0


@pytest.mark.parametrize(
    ("as_at", "then", "change"),
    [
        (date(2024, 3, 31), 4, 0.0),
        (date(2024, 3, 31), 8, -50.0),
        (date(2023, 3, 31), 16, -50.0),
        (date(2025, 1, 31), 8, None),
        (date(2022, 3, 31), 8, None),
    ],
)
def test_change_in_homes_is_put_on_twelve_months(as_at: date, then: int, change: float | None) -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 4)
    made.homes("Alpha Care Ltd", then, as_at=as_at)
    found = signal(made, "homes_change")
    assert found == (None if change is None else pytest.approx(change, abs=0.2))


@pytest.mark.parametrize(("now", "fell"), [(18, False), (17, True)])
def test_a_fall_of_over_a_tenth_is_an_event(now: int, fell: bool) -> None:  # noqa: FBT001
    made = Builder()
    made.homes("Alpha Care Ltd", now)
    made.homes("Alpha Care Ltd", 20, as_at=date(2024, 3, 31))
    assert ("homes_fall" in kinds(made)) == fell


def test_a_restatement_of_the_accounts_of_record_counts() -> None:
    made = provider()
    made.accounts(NUMBER, date(2023, 3, 31), {"turnover": 700_000})
    made.accounts(NUMBER, END, {"turnover": 900_000}, before={"turnover": 600_000})
    assert signal(made, "accounts_restated") == 1


def test_a_restatement_below_the_accounts_of_record_is_an_event_that_adds_no_points() -> None:
    made = provider()
    made.company(SECOND, "ALPHA HOLDINGS LTD")
    made.owns(SECOND, NUMBER)
    for year in (2023, 2024):
        made.accounts(SECOND, END.replace(year=year), {"turnover": 5e6}, consolidated=True)
    made.accounts(NUMBER, date(2023, 3, 31), {"turnover": 700_000})
    made.accounts(NUMBER, END, {"turnover": 900_000}, before={"turnover": 600_000})
    assert "accounts_restated" in kinds(made)
    assert signal(made, "accounts_restated") == 0


def test_an_owner_is_followed_through_its_links() -> None:
    made = provider()
    made.link("Alpha Old Name Ltd", NUMBER)
    made.homes("Alpha Old Name Ltd", 4, as_at=date(2024, 3, 31))
    assert signal(made, "homes_change") == -75


def test_newest_accounts_that_could_not_be_read_are_shown_as_missing() -> None:
    made = provider()
    made.accounts(NUMBER, date(2023, 3, 31), {"cash": 1})
    doc = made.accounts(NUMBER, END, {})
    made.add("issue", issue_id="i", document_id=doc, locator="", kind="image_only_accounts", message="an image",
             severity="error")  # fmt: skip
    assert signal(made, "accounts_unread") == 1
    missing = judged(made).register_entry["missing_inputs"][0]
    assert missing.startswith("Newest accounts, not read")


def test_an_owner_without_a_company_has_no_filing_signal() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 1)
    assert signal(made, "charges_new") is None
    found = judged(made).indicator.filter(pl.col("code") == "charges_new")
    assert found["reason"].to_list() == ["no company is linked to this owner"]


def test_a_signal_known_for_some_companies_says_so() -> None:
    made = provider()
    made.company(SECOND, "ALPHA HOLDINGS LTD", has_charges=None)
    made.owns(SECOND, NUMBER)
    found = judged(made).indicator.filter(pl.col("code") == "charges_new")
    assert found["reason"].to_list() == ["known for 1 of 2 companies"]


def test_a_fall_in_homes_names_the_groups_highest_company() -> None:
    made = provider()
    made.company(SECOND, "ALPHA HOLDINGS LTD")
    made.owns(SECOND, NUMBER)
    made.homes("Alpha Care Ltd", 4, as_at=date(2024, 3, 31))
    fell = judged(made).event.filter(pl.col("kind") == "homes_fall")
    assert fell["company_number"].to_list() == [SECOND]
    assert fell["detail"].to_list() == ["Registered homes of the group fell from 4 to 1 since 31 March 2024"]
