"""Names and decisions: worked cases that an analyst can read, and properties of every text."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from oversight.identity.kinds import kind_of_owner
from oversight.identity.match import Candidate, decide, rank
from oversight.identity.names import normal_form, parse_name
from oversight.identity.similarity import likeness

CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[2] / "cases" / "owner_names.yaml").read_text(encoding="utf-8")
)

TYPED = (
    "The t/a Sunny & Example Care Home(s) Children's UK (UK) 2 01234567 company number no CIC Ltd. Limited ltd LLP "
    "c.i.c. trading as formerly - , charity 1234567 supportltd limted Ž ß ﬁ İ _ ' . + @ Société"
)
WORDS = st.sampled_from(TYPED.split())
NAMES = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=8).map(" ".join))


@pytest.mark.parametrize("spellings", CASES["one_name"], ids=lambda group: group[0])
def test_spellings_of_one_name_have_one_normal_form(spellings: list[str]) -> None:
    assert {normal_form(spelling) for spelling in spellings} == {normal_form(spellings[0])}


@pytest.mark.parametrize("pair", CASES["two_names"], ids=" | ".join)
def test_names_of_two_companies_stay_apart(pair: list[str]) -> None:
    assert normal_form(pair[0]) != normal_form(pair[1])


@pytest.mark.parametrize(("text", "number"), CASES["stated_numbers"].items())
def test_a_company_number_typed_into_a_name_is_read(text: str, number: str | None) -> None:
    assert parse_name(text).stated_number == number


@pytest.mark.parametrize(("text", "sector", "kind"), CASES["kinds"])
def test_kind_of_owner(text: str, sector: str | None, kind: str) -> None:
    assert kind_of_owner(text, sector) == kind


def candidate(number: str, given_as: str | dict[str, Any]) -> Candidate:
    if isinstance(given_as, str):
        return Candidate(number, given_as)
    return Candidate(number, given_as["name"], tuple(given_as.get("previous", ())), given_as.get("status"))


@pytest.mark.parametrize("case", CASES["decisions"], ids=lambda case: case["why"])
def test_decisions(case: dict[str, Any]) -> None:
    candidates = [candidate(number, given_as) for number, given_as in case["companies"].items()]
    decided = decide(case["owner"], candidates, case.get("sector"))
    assert (decided.decision, decided.company_number) == (case["decision"], case["company"])
    assert decided.reasons
    assert decide(case["owner"], candidates[::-1], case.get("sector")) == decided


def test_the_trading_name_is_kept_beside_the_legal_one() -> None:
    name = parse_name("Sunny Example Care Ltd t/a The Rainbow House Limited")
    assert (name.core, name.suffix, name.trading_as) == ("sunny example care", "ltd", "rainbow house ltd")


def test_a_company_younger_than_the_owner_is_not_linked() -> None:
    young = Candidate("01234567", "SUNNY EXAMPLE CARE LIMITED", incorporated_on=date(2020, 1, 2))
    assert rank("Sunny Example Care Ltd", [young], seen_on=date(2020, 1, 2))[0].decision == "automatic"
    late = rank("Sunny Example Care Ltd", [young], seen_on=date(2020, 1, 1))[0]
    assert late.decision != "automatic"
    assert "incorporated on 02 January 2020, after the owner was seen" in late.reasons


def test_the_best_three_are_given_and_at_most_one_is_automatic() -> None:
    names = ["SUNNY CARE", "SUNNY CARE GROUP", "SUNNY CARE HOMES", "SUNNY CARE NORTH", "SUNNY DAYS CARE"]
    companies = [Candidate(f"0000000{at}", f"{name} LIMITED") for at, name in enumerate(names)]
    decided = decide("Sunny Care Limited", companies)
    assert decided.company_number == "00000000"
    assert len(decided.alternatives) == 3
    assert [match.decision for match in rank("Sunny Care Limited", companies)].count("automatic") == 1


@given(NAMES)
def test_the_normal_form_of_a_normal_form_is_itself(text: str) -> None:
    assert normal_form(normal_form(text)) == normal_form(text)


@given(st.text(max_size=5000))
def test_any_text_has_a_short_normal_form_and_a_kind(text: str) -> None:
    assert len(normal_form(text)) < 400
    assert kind_of_owner(text) in {"company", "council", "charity", "individual", "unknown"}


@given(st.lists(st.sampled_from(["Sunny", "Example", "Care", "&", "Homes", "UK", "2"]), min_size=1, max_size=5))
def test_the_spelling_of_a_legal_form_makes_no_difference(words: list[str]) -> None:
    core = " ".join(words)
    companies = [Candidate("01234567", "SUNNY EXAMPLE CARE LIMITED"), Candidate("07654321", "EXAMPLE HOMES UK LTD")]
    decisions = [decide(f"{core} {form}", companies) for form in ("Ltd", "LIMITED", "ltd.", "limted")]
    assert all(decision == decisions[0] for decision in decisions)


@given(NAMES, NAMES)
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    there, back = likeness(parse_name(one), parse_name(other)), likeness(parse_name(other), parse_name(one))
    assert there.score == pytest.approx(back.score)
    assert (there.whole, 0 <= there.score <= 100) == (back.whole, True)


@given(NAMES)
def test_a_name_is_itself(text: str) -> None:
    name = parse_name(text)
    assert not name.core or likeness(name, name).score == 100
