"""What would change a band, by hand and against the scorecard itself; the statutory fields stay empty."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from reports.sheets.risks import MANUAL
from risk import turning
from risk.assess import assess
from risk.findings import empty
from risk.parameters import load
from risk.register import Raise
from risk.scorecard import judge
from tests.risk.build import Builder

ON = date(2025, 3, 31)
PARAMETERS = load()
VALUES = PARAMETERS.at(ON)
CODES = {
    "net_debt_to_ebitda": [0.0, 3.0, 5.0, 9.0], "interest_cover": [9.0, 4.0, 2.0, 0.5],
    "operating_margin": [20.0, 7.0, 2.0, -5.0], "acid_ratio": [2.0, 0.9, 0.2], "cash_days": [60.0, 20.0, 3.0],
    "net_assets": [5.0, -5.0], "altman_z2": [5.0, 2.0, 0.0], "homes_suspended": [0.0, 1.0],
    "homes_inadequate": [0.0, 5.0, 50.0], "accounts_age_months": [9.0, 24.0, 40.0], "insolvency_open": [0.0, 1.0],
    "free_cash_flow_to_net_debt": [20.0, 7.0, 1.0], "charges_new": [0.0, 1.0, 5.0],
}  # fmt: skip


def told(**values: float) -> tuple[dict[str, str], dict[str, object]]:
    rows = [
        {
            "indicator_id": f"g.{code}", "group_id": "g", "subject_kind": "group", "subject": "g", "code": code,
            "dated_on": ON, "value": value, "unit": "count", "status": "value", "reason": None, "latest": True,
        }
        for code, value in values.items()
    ]  # fmt: skip
    indicator = pl.DataFrame(rows, schema=empty("indicator").schema)
    card = judge(pl.DataFrame({"group_id": ["g"]}), indicator, PARAMETERS, VALUES)
    score = card.score.filter(pl.col("axis") == "likelihood")
    found = turning.points(card.contribution, card.score, PARAMETERS, VALUES)
    return found.row(0, named=True), score.row(0, named=True)


FINE = {code: values[0] for code, values in CODES.items()}


def test_points_to_the_next_band_and_the_smallest_steps_that_alone_would_do() -> None:
    found, score = told(**{**FINE, "net_debt_to_ebitda": 5.0, "net_assets": -5.0})
    assert (score["points"], score["band"]) == (14.0, 2)
    assert found["band_would_rise"].startswith("4 more points for 'Some indicators': ")
    assert "Net debt against EBITDA (+4)" in found["band_would_rise"]
    assert found["band_would_fall"] == "Over 6 points fewer for 'Very few indicators': Net debt against EBITDA (-8)"


def test_the_lowest_and_the_highest_band_and_too_little_evidence() -> None:
    low, _ = told(**FINE)
    assert low["band_would_fall"] == "None: this is the lowest band"
    high, _ = told(**{**FINE, "insolvency_open": 1.0})
    assert high["band_would_rise"] == "None: this is the highest band"
    assert "Insolvency case open" in high["to_consider"]
    assert low["to_consider"] == ""
    none, score = told(cash_days=60.0)
    assert score["band"] is None
    assert none["band_would_rise"].startswith("More evidence is needed first: Net debt against EBITDA, Interest cover")
    assert "Insolvency" not in none["band_would_rise"], "what most groups lack does not stand in the way of a band"
    assert none["band_would_fall"] == ""


def test_signs_stand_by_the_limb_they_bear_on() -> None:
    found, _ = told(**{**FINE, "homes_suspended": 1.0, "interest_cover": 0.5, "charges_new": 1.0})
    assert "suspended" in found["service_cessation_signs"]
    assert "interest" not in found["service_cessation_signs"]
    first, second = found["business_failure_signs"].split("; ")
    assert "interest" in first, "the weightier first"
    assert "harges" in second


@settings(max_examples=40, deadline=None)
@given(st.fixed_dictionaries({code: st.sampled_from(values) for code, values in CODES.items()}), st.data())
def test_what_is_named_for_a_fall_makes_it_fall(values: dict[str, float], data: st.DataObject) -> None:
    """Every rule named by its steps alone is checked by judging again with that rule at its other figures."""
    found, score = told(**values)
    named = found["band_would_fall"]
    code = data.draw(st.sampled_from(sorted(CODES)))
    band = score["band"]
    assert isinstance(band, int)
    lower = [told(**{**values, code: other})[1]["band"] for other in CODES[code]]
    if named.endswith("no rule alone"):
        assert all(isinstance(each, int) and each >= band for each in lower)


def test_the_statutory_tests_and_limbs_are_for_people_alone() -> None:
    fields = {"significant_risk", "real_possibility", "business_failure", "service_cessation", "decided_stage"}
    assert fields <= MANUAL.keys()
    assert not fields & set(empty("register_entry").columns)


def test_rules_that_do_not_exist_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turning, "rules", lambda *_: [])
    with pytest.raises(ValueError, match="names rules that do not exist"):
        told(**FINE)


@pytest.mark.parametrize(
    ("raised", "reached"), [({"above": 0}, [False, False, True]), ({"below": 0}, [True, False, False])]
)
def test_a_stage_is_raised_above_a_figure_or_below_one(raised: dict[str, float], reached: list[bool]) -> None:
    lift = Raise.model_validate({"indicator": "homes_change", "stage": 3, **raised})
    assert pl.DataFrame({"value": [-10.0, 0.0, 10.0]}).select(lift.reached()).to_series().to_list() == reached


@pytest.mark.parametrize("bounds", [{}, {"above": 1, "below": 2}])
def test_a_raise_has_one_bound(bounds: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Raise.model_validate({"indicator": "x", "stage": 3, **bounds})


@pytest.mark.parametrize(("left", "stage"), [(9, 1), (8, 3)])
def test_a_fall_of_homes_by_more_than_a_tenth_raises_the_stage_however_sound_the_accounts(
    left: int, stage: int
) -> None:
    made = Builder()
    made.company("00000001", "ALPHA CARE LTD")
    made.link("Alpha Care Ltd", "00000001")
    for as_at, homes in ((date(2024, 3, 31), 10), (date(2025, 3, 31), left)):
        for number in range(homes):
            made.homes("Alpha Care Ltd", 1, as_at=as_at, urn=f"SC{number:06d}")
    assert assess(made.evidence(), PARAMETERS).register_entry["proposed_stage"].to_list() == [stage]
