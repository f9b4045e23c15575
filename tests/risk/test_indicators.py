"""Signals of each family, both sides of what makes them."""

from datetime import date

import polars as pl
import pytest

from tests.risk.build import Builder
from tests.risk.indicating import END, NUMBER, SECOND, charge, judged, kinds, provider, row_of, signal


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


def test_only_the_newest_words_count_and_the_older_stay_events() -> None:
    made = provider()
    for year, value in ((2023, "material_uncertainty"), (2024, "none_stated")):
        doc = made.accounts(NUMBER, END.replace(year=year), {"cash": 1})
        made.add("statement", document_id=doc, kind="going_concern", company_number=None,
                 period_end=END.replace(year=year), value=value, quote=None, locator="", confidence=0.9)  # fmt: skip
    assert signal(made, "going_concern") == 0
    assert "going_concern" in kinds(made)


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
