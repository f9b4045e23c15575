"""Stress: the projection against cases worked by hand, scenarios and draws on a small invented market."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from oversight.errors import InputError
from oversight.pipeline.stress import with_scenarios
from risk.assess import assess
from risk.parameters import Parameters, load
from risk.stress.project import BASE, Year, project
from risk.stress.scenarios import change_of
from risk.stress.shocks import Assumptions, Shock
from tests.risk.build import Builder

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "stress.yaml").read_text(encoding="utf-8"))
ASSUMED = Assumptions.model_validate(CASES["assumed"])
END = date(2025, 3, 31)
NUMBER = "99000001"
FIGURES = {
    "turnover": 10_000, "operating_profit": 1_000, "depreciation": -500, "amortisation": 0, "impairment": 0,
    "staff_costs": -6_000, "interest_payable": -500, "interest_receivable": 0, "profit_before_tax": 500,
    "cash": 400, "current_assets": 1_400, "debtors": 1_000, "stocks": 0, "creditors_within_one_year": -1_800,
    "bank_loans_within_one_year": -1_000, "overdrafts": 0, "other_loans_within_one_year": 0,
    "finance_leases_within_one_year": 0, "loan_notes_within_one_year": 0, "bank_loans_after_one_year": -7_000,
    "other_loans_after_one_year": 0, "finance_leases_after_one_year": 0, "loan_notes_after_one_year": 0,
    "owed_to_group_within_one_year": 0, "owed_to_group_after_one_year": 0, "fixed_assets": 9_000, "net_assets": 1_600,
}  # fmt: skip


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_a_year_worked_by_hand(case: dict[str, Any]) -> None:
    found = project(Year(**CASES["base"]), change_of(Shock.model_validate(case["shock"])), ASSUMED)
    assert asdict(found) == pytest.approx(case["expect"])


@given(st.floats(-80, 0), st.floats(-80, 0))
def test_fewer_children_never_leave_more_cash_where_fees_exceed_what_follows_them(one: float, other: float) -> None:
    low, high = sorted((one, other))
    worse, better = (
        project(Year(**CASES["base"]), change_of(Shock(occupancy_points=points)), ASSUMED).cash
        for points in (low, high)
    )
    assert worse <= better + 1e-9


def test_columns_and_numbers_give_the_same() -> None:
    frame = pl.DataFrame(CASES["base"])
    change = change_of(Shock(occupancy_points=-4, rate_points=2, largest_home_lost=True))
    outcome = asdict(project(Year(*(pl.col(name) for name in BASE)), change, ASSUMED))
    figures = frame.select(**outcome).row(0, named=True)
    assert figures == pytest.approx(asdict(project(Year(**CASES["base"]), change, ASSUMED)))


def builder(changes: Mapping[str, float | None] | None = None) -> Builder:
    """One owner with twelve homes and one set of accounts."""
    made = Builder()
    made.homes("Example Harbour Care Ltd", 12, places=4, local_authority="Kent")
    made.link("Example Harbour Care Ltd", NUMBER)
    made.company(NUMBER, "EXAMPLE HARBOUR CARE LIMITED")
    figures = {line: value for line, value in {**FIGURES, **(changes or {})}.items() if value is not None}
    made.accounts(NUMBER, END, figures)
    return made


def stressed(
    changes: Mapping[str, float | None] | None = None, parameters: Parameters | None = None
) -> dict[str, dict[str, Any]]:
    table = assess(builder(changes).evidence(), parameters or load()).tables()["stress"]
    return {row["scenario"]: row for row in table.iter_rows(named=True)}


def test_every_scenario_is_judged_for_a_group_with_accounts() -> None:
    rows = stressed()
    assert set(rows) == set(load().at(END).get("stress.scenarios"))
    assert all(row["status"] == "value" for row in rows.values())
    debt = rows["dearer_debt"]
    assert debt["ebitda"] == pytest.approx(1_500)
    assert debt["ebitda_interest_cover"] == pytest.approx(1_500 / (500 + 8_000 * 0.7 * 0.02))
    assert rows["no_refinancing"]["cash_after"] == pytest.approx(400)
    assert rows["no_refinancing"]["runway_months"] is None
    assert not rows["no_refinancing"]["out_of_cash"]


def test_a_hard_year_moves_the_band() -> None:
    sound: dict[str, float | None] = {
        "bank_loans_after_one_year": -2_000, "interest_payable": -200, "current_assets": 4_000, "debtors": 3_000,
        "cash": 1_000, "net_assets": 8_600,
    }  # fmt: skip
    row = stressed(sound)["all_together"]
    assert row["band_after"] > row["band_before"]


def test_cash_that_does_not_last_says_for_how_long() -> None:
    row = stressed({"cash": 100})["all_together"]
    assert row["out_of_cash"]
    assert row["runway_months"] == pytest.approx(12 * 100 / (100 - row["cash_after"]))


def test_staff_costs_that_are_not_filed_are_assumed_and_that_is_said() -> None:
    assert stressed({"staff_costs": None})["lower_occupancy"]["reason"] == "staff costs are not filed and assumed"


def test_without_turnover_nothing_is_projected() -> None:
    row = stressed({"turnover": None})["lower_occupancy"]
    assert (row["status"], row["reason"], row["ebitda"], row["band_after"]) == (
        "not_filed", "not filed: turnover", None, None,
    )  # fmt: skip


def test_the_largest_home_is_that_with_most_places() -> None:
    made = builder()
    made.homes("Example Harbour Care Ltd", 1, places=12, local_authority="Kent")
    row = {r["scenario"]: r for r in assess(made.evidence(), load()).tables()["stress"].iter_rows(named=True)}
    assert row["largest_home_lost"]["turnover"] == pytest.approx(10_000 * (1 - 12 / 60))


def test_draws_repeat_and_shared_shocks_put_more_places_at_once() -> None:
    evidence = market_of_many().evidence()
    first, second = assess(evidence, load()).tables(), assess(evidence, load()).tables()
    assert first["stress_draw"].equals(second["stress_draw"])
    assert first["stress_draw"].height == 8
    assert first["stress_draw"]["out_of_cash"].is_between(0, 100, closed="none").all()
    figures = dict(first["stress_market"].select("measure", "value").iter_rows())
    assert figures["places_in_one_of_twenty"] > figures["places_in_one_of_twenty_if_independent"]
    assert figures["places_drawn"] == 8 * 48


def market_of_many() -> Builder:
    """Eight owners with the same accounts, each of its own."""
    made = Builder()
    for number in range(8):
        owner, company = f"Example Harbour {number} Care Ltd", f"9900000{number + 1}"
        made.homes(owner, 12, places=4, local_authority="Kent")
        made.link(owner, company)
        made.company(company, owner.upper())
        made.accounts(company, END, FIGURES | {"cash": 100, "interest_payable": -1_000})
    return made


@pytest.mark.parametrize(
    ("text", "said"),
    [("- a list", "mapping"), ("worse: {occupancy: -5}", "occupancy"), ("a: [b", "cannot be read"), ("{}", "stress")],
)
def test_a_file_that_is_no_scenarios_is_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said) as caught:
        stressed(parameters=with_scenarios(load(), path))
    assert str(path) in str(caught.value)


def test_an_analysts_own_scenario_is_used(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text("winter: {occupancy_points: -10}", encoding="utf-8")
    rows = stressed(parameters=with_scenarios(load(), path))
    assert list(rows) == ["winter"]
    assert rows["winter"]["turnover"] == pytest.approx(10_000 * 75 / 85)
