"""The market as a whole: the same each time, plainly invented, and with every story in it."""

import re
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from oversight.errors import SettingsError
from oversight.example.market import DEFAULT_UNTIL, generate
from oversight.example.shapes import Market

HOME = "Children's home"


def test_the_same_seed_gives_the_same_market(market: Market) -> None:
    assert generate() == market


def test_another_seed_gives_another_market_with_the_same_cast(market: Market) -> None:
    other = generate(seed=7)
    assert other.companies != market.companies
    assert [group.key for group in other.groups] == [group.key for group in market.groups]


@pytest.mark.parametrize("until", [date(2019, 12, 31), date(2024, 2, 29), date(2026, 11, 22), date(2031, 7, 1)])
def test_any_last_day_gives_a_whole_market(until: date) -> None:
    made = generate(until=until)
    assert len(made.publications) == 8
    newest = made.publications[-1].as_at
    assert sum(home.open_on(newest) for home in made.homes if home.kind == HOME) == 400
    assert all(each.published_on <= until for each in made.publications)
    assert all(filing.on <= until for company in made.companies for filing in company.filings)
    assert all(event.on <= until for event in made.events)
    assert {"administration", "liquidation", "dissolved", "restated"} <= {event.kind for event in made.events}
    overdue = {event.company_number for event in made.events if event.kind == "accounts_overdue"}
    assert overdue == {c.number for c in made.companies if c.deadlines and c.deadlines.next_due < until}


def test_sixty_owners_in_25_groups_with_400_homes(market: Market) -> None:
    newest = market.publications[-1].as_at
    kinds = Counter(home.kind for home in market.homes if home.open_on(newest))
    assert (len(market.groups), len(market.owners)) == (25, 60)
    assert kinds == {HOME: 400, "Supported Accommodation": 10, "Independent Fostering Agency": 6}
    assert len({home.authority for home in market.homes}) >= 25
    assert len({home.authority.region for home in market.homes}) == 9


def test_scale_multiplies_the_market(market: Market) -> None:
    larger = generate(scale=3)
    newest = larger.publications[-1].as_at
    assert len(larger.groups) == 75
    assert len(larger.owners) == 180
    assert sum(home.open_on(newest) for home in larger.homes if home.kind == HOME) == 1200
    assert len({company.name for company in larger.companies}) == len(larger.companies) == 3 * len(market.companies)
    assert len({text for owner in larger.owners for text in owner.texts}) > 200


@pytest.mark.parametrize(("scale", "until"), [(0, DEFAULT_UNTIL), (1, date(2010, 1, 1))])
def test_a_market_that_cannot_be_made_says_so(scale: int, until: date) -> None:
    with pytest.raises(SettingsError, match="cannot be made"):
        generate(until=until, scale=scale)


def test_everything_is_plainly_invented(market: Market) -> None:
    assert all("EXAMPLE" in company.name for company in market.companies)
    assert all(re.fullmatch(r"99\d{6}|OC99\d{4}", company.number) for company in market.companies)
    assert all(re.fullmatch(r"99\d{5}", home.urn) for home in market.homes)
    assert all("xample" in owner.name or "EXAMPLE" in owner.name for owner in market.owners)
    people = [officer.person.name for company in market.companies for officer in company.officers]
    people += [control.person.name for company in market.companies for control in company.controls if control.person]
    assert all(re.fullmatch(r"Example Person \d+", name) for name in people)
    assert all(company.address.postcode.startswith("ZZ99") for company in market.companies)


def test_no_number_is_given_twice(market: Market) -> None:
    for ids in (
        [company.number for company in market.companies],
        [home.urn for home in market.homes],
        [filing.transaction_id for company in market.companies for filing in company.filings],
        [filing.document_id for company in market.companies for filing in company.filings if filing.document_id],
        [charge.code for company in market.companies for charge in company.charges],
    ):
        assert len(ids) == len(set(ids))


def test_every_story_is_told(market: Market) -> None:
    told = Counter(event.kind for event in market.events)
    assert set(told) == {
        "accounts_filed_late",
        "accounts_overdue",
        "administration",
        "auditor_resigned",
        "charge_created",
        "charge_satisfied",
        "dissolved",
        "going_concern_uncertainty",
        "homes_halved",
        "liquidation",
        "name_changed",
        "reference_date_extended",
        "restated",
    }
    assert told["liquidation"] == told["dissolved"] == told["name_changed"] == told["homes_halved"] == 1
    assert {group.top_kind for group in market.groups} == {
        "charity",
        "company",
        "council",
        "individual",
        "joint",
        "overseas",
    }


def test_subsidiaries_of_the_group_in_administration_trade_on(market: Market) -> None:
    fallen = [company for company in market.companies if company.status == "administration"]
    assert {company.role for company in fallen} == {"parent", "holding"}
    group = next(
        group for group in market.groups if group.uk_parent == next(c.number for c in fallen if c.role == "parent")
    )
    trading = [
        company for company in market.companies if company.number in group.companies and company.role == "operating"
    ]
    assert all(company.status == "active" for company in trading)
    newest = market.publications[-1].as_at
    assert sum(home.open_on(newest) for home in market.homes if home.owner in {c.number for c in trading}) > 40


def test_one_owner_closes_half_its_homes_while_solvent(market: Market) -> None:
    parent = next(event.company_number for event in market.events if event.kind == "homes_halved")
    group = next(group for group in market.groups if group.uk_parent == parent)
    earlier, newest = (publication.as_at for publication in market.publications[-2:])
    own = [home for home in market.homes if home.owner in group.companies and home.kind == HOME]
    before, after = (sum(home.open_on(day) for home in own) for day in (earlier, newest))
    assert after == before - 16
    company = next(company for company in market.companies if company.number == parent)
    last = company.accounts[-1]
    assert last.group is not None
    assert last.group["net_assets"] > 0
    assert company.status == "active"


def test_siblings_are_owned_by_one_person_and_a_minority_is_no_group(market: Market) -> None:
    by_number = {company.number: company for company in market.companies}
    siblings = [group for group in market.groups if group.top_kind == "individual" and len(group.companies) == 2]
    pairs = [group for group in siblings if group.uk_parent is None]
    assert len(pairs) == 2
    for group in pairs:
        owners = {control.person for number in group.companies for control in by_number[number].controls}
        assert len(owners) == 1
    fund = next(company for company in market.companies if company.role == "fund")
    held = [c for c in market.companies if any(control.registered_number == fund.number for control in c.controls)]
    assert len(held) == 2
    assert len({company.group for company in held}) == 2


def test_hostile_names_and_a_former_name_are_in_it(market: Market) -> None:
    names = {company.name for company in market.companies}
    assert "=CMD()|'X'!A1 EXAMPLE CARE LIMITED" in names
    assert any("<SCRIPT>" in name for name in names)
    renamed = next(company for company in market.companies if company.former_names and company.role == "operating")
    owner = next(owner for owner in market.owners if owner.company_number == renamed.number)
    assert owner.texts[0].upper() == renamed.former_names[0].name


def test_overdue_accounts_are_overdue_by_the_profile_too(market: Market) -> None:
    told = {event.company_number for event in market.events if event.kind == "accounts_overdue"}
    shown = {c.number for c in market.companies if c.deadlines and c.deadlines.next_due < market.until}
    assert told == shown
    assert len(told) == 1


def test_late_is_what_was_filed_after_the_deadline(market: Market) -> None:
    told = {(event.company_number, event.on) for event in market.events if event.kind == "accounts_filed_late"}
    filed = {(a.company_number, a.filed_on) for c in market.companies for a in c.accounts if a.filed_on > a.due_on}
    assert told == filed
    assert told


def test_a_market_is_frozen(market: Market) -> None:
    with pytest.raises(AttributeError):
        market.seed = 1  # type: ignore[misc]
    assert replace(market, seed=1).seed == 1
