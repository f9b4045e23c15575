"""Known cases put to the rules: points, days and verdicts by hand, and the shipped cases hold together."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from risk.backtest.scenarios import Case, cases, played
from risk.parameters import load

PARAMETERS = load()
VALUES = PARAMETERS.at(date(2025, 3, 31))
PLACE = {"read": "yes", "source": "https://example.org/"}
CASE: dict[str, Any] = {
    "case": "Invented", "market": "children's homes", "outcome": "administration", "kind": "business failure",
    "from": date(2020, 6, 1), "to": date(2020, 6, 30), "lesson": "none", **PLACE,
}  # fmt: skip


def play(*facts: dict[str, Any]) -> dict[str, Any]:
    (found,) = played(PARAMETERS, VALUES, [Case.model_validate({**CASE, "facts": [{**PLACE, **f} for f in facts]})])
    return found


def fact(indicator: str, value: float, **more: Any) -> dict[str, Any]:
    return {"what": "x", "indicator": indicator, "value": value, **more}


def test_days_are_bounded_by_what_is_known() -> None:
    found = play(fact("charges_new", 1, **{"from": date(2020, 1, 1), "to": date(2020, 1, 31)}))
    assert (found["sign_days_at_least"], found["sign_days_at_most"]) == (122, 181)
    assert found["points"] == 2
    assert found["found"] == "signs too weak"


def test_a_grave_sign_is_found_and_one_rule_counts_once() -> None:
    assert play(fact("insolvency_open", 1))["found"] == "by a grave sign"
    twice = play(fact("charges_new", 1), fact("charges_new", 2))
    assert twice["points"] == 2
    assert twice["sign_days_at_least"] is None, "no fact is dated"


@pytest.mark.parametrize(
    ("values", "found"), [(((12.0, "leverage"),), "signs too weak"), (((12.0, "leverage"), (0, "cover")), "by points")]
)
def test_points_make_the_third_band_or_do_not(values: tuple[tuple[float, str], ...], found: str) -> None:
    codes = {"leverage": "net_debt_to_ebitda", "cover": "interest_cover"}
    assert play(*(fact(codes[name], value) for value, name in values))["found"] == found


def test_what_no_rule_reads_adds_nothing() -> None:
    found = play({"what": "x", "lacks": "announced, not filed"})
    assert (found["points"], found["found"]) == (0, "nothing to read")
    with pytest.raises(ValidationError):
        play({"what": "neither a value nor why there is none"})


def test_the_cases_that_come_with_the_product_name_rules_that_exist() -> None:
    found = {each["case"]: each for each in played(PARAMETERS, VALUES)}
    assert len(found) == len(cases()) == 7
    for case, each in zip(cases(), found.values(), strict=True):
        for fact, told in zip(case.facts, each["facts"], strict=True):
            assert (told["rule"] is not None) == (fact.indicator is not None), f"{case.case}: {fact.what}"
            assert fact.to is None or case.to is None or fact.to <= case.to
    assert found["Allied Healthcare"]["found"] == "by a grave sign"
    assert found["Allied Healthcare"]["sign_days_at_least"] == 158
    assert found["Sedgemoor Group"]["found"] == "nothing to read"
