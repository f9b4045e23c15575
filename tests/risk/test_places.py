"""Figures a place and an occupied place: by hand, with what was assumed said."""

from datetime import date

import polars as pl
import pytest

from risk.assess import assess
from risk.parameters import load
from risk.ratios import places
from tests.risk.build import Builder

PARAMETERS = load()
VALUES = PARAMETERS.at(date(2025, 3, 31))


def test_turnover_and_profit_by_hand_at_full_and_at_assumed_occupancy() -> None:
    """10 homes of 4 places; 5,200,000 a year over 40 places is 2,491.38 a place and week, over 83% of them 3,001.66."""
    made = Builder()
    made.company("00000001", "ALPHA CARE LTD")
    made.link("Alpha Care Ltd", "00000001")
    made.homes("Alpha Care Ltd", 10)
    made.accounts("00000001", date(2024, 12, 31), {"turnover": 5_200_000.0, "operating_profit": 520_000.0})
    found = assess(made.evidence(), PARAMETERS).indicator.filter(pl.col("latest"))
    value = dict(found.filter(pl.col("status") == "value").select("code", "value").iter_rows())
    assert value["revenue_per_place_week"] == pytest.approx(5_200_000 / 40 / 52.18)
    assert value["revenue_per_occupied_place_week"] == pytest.approx(5_200_000 / 40 / 52.18 / 0.83)
    assert value["operating_profit_per_occupied_place_week"] == pytest.approx(520_000 / 40 / 52.18 / 0.83)
    assert value["operating_profit_per_place"] == pytest.approx(13_000)


def test_the_assumed_occupancy_is_said_in_formula_and_caveat() -> None:
    told = {ratio.code: ratio for ratio in places.ratios(VALUES)}
    for code in ("revenue_per_occupied_place_week", "operating_profit_per_occupied_place_week"):
        assert "x 0.83" in told[code].formula
        assert "83% is assumed" in told[code].caveat
