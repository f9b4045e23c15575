"""Homes that may leave, and quality of groups through time: order, reasons, and what a reader has to be told."""

import polars as pl
import pytest

from tests.reports.invented_view import view
from tests.reports.test_register_workbook import column, sheet


def test_homes_stand_by_rank_with_their_chance_and_why() -> None:
    shown = sheet("Homes that may leave")
    ranks = column(shown, "Rank")
    assert ranks == sorted(ranks, key=float)  # type: ignore[arg-type]
    assert column(shown, "Chance of leaving within a year (%)")[0] == pytest.approx(0.5)
    reasons = column(shown, "What raises it most")
    assert reasons[0] == "Nothing above the average home"
    assert reasons[1] == "its registration is suspended"
    assert any("no rating rests on it" in note for note in shown.notes)
    assert not any("later than the day looked at" in note for note in shown.notes)


def test_a_model_that_saw_later_outcomes_is_announced() -> None:
    tables = view().tables
    late = tables["exit_forecast"].with_columns(pl.lit(value=False).alias("in_time"))
    shown = sheet("Homes that may leave", view(tables={**tables, "exit_forecast": late}))
    assert any("later than the day looked at" in note for note in shown.notes)


def test_quality_stands_by_group_newest_publication_first_and_leaves_the_judgement_to_ofsted() -> None:
    shown = sheet("Quality by group")
    days = column(shown, "Publication of")
    assert days[0] > days[1]  # type: ignore[operator]
    assert column(shown, "Signs gather")[:2] == ["Yes", "No"]
    assert any("for Ofsted\u2019s Chief Inspector to judge" in note for note in shown.notes)
