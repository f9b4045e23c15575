"""Alerts from events, moves of bands, and what differs between two runs."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from risk.alerts import band_changes
from risk.assess import assess
from risk.changes import changes
from risk.parameters import load
from tests.risk import market
from tests.risk.build import Builder

LATER = assess(market.evidence(), load()).tables()


def earlier() -> dict[str, pl.DataFrame]:
    """The market before Gamma's troubles and without Delta."""
    made = market.builder()
    made.tables["home"] = [row for row in made.tables["home"] if row["owner"] != "Delta Kids Limited"]
    for table in ("insolvency", "statement", "officer", "filing", "line"):
        made.tables[table] = [row for row in made.tables[table] if row["company_number"] != market.GAMMA]
    return assess(made.evidence(), load()).tables()


def test_events_in_the_window_raise_alerts_of_their_urgency() -> None:
    alerts = {(row["kind"], row["group_name"]): row for row in LATER["alert"].iter_rows(named=True)}
    assert alerts["insolvency", "GAMMA HOUSE LTD"]["urgency"] == "immediate"
    assert alerts["charge_created", "ALPHA HOLDINGS LTD"]["urgency"] == "digest"
    assert ("accounts_filed_late", "GAMMA HOUSE LTD") in alerts, "filed in March, inside the window"
    assert ("ownership_changed", "BETA HOMES LIMITED") not in alerts, "notified in 2016"
    assert ("ownership_changed", "ALPHA HOLDINGS LTD") not in alerts


def test_alert_titles_carry_no_score() -> None:
    for title in LATER["alert"]["title"]:
        assert "band" not in title.lower()
        assert "point" not in title.lower()


def test_an_alert_has_the_same_id_whatever_page_shows_it() -> None:
    made = market.builder()
    for row in made.tables["insolvency"]:
        row["document_id"] = made.page("companies_house.insolvency", f"{market.GAMMA}/again")
    again = assess(made.evidence(), load()).tables()["alert"]
    assert again["alert_id"].to_list() == LATER["alert"]["alert_id"].to_list()


def test_a_moved_band_is_an_alert_without_the_band() -> None:
    moved = band_changes(earlier(), LATER)
    assert moved["group_name"].to_list() == ["GAMMA HOUSE LTD"]
    row = moved.row(0, named=True)
    assert (row["kind"], row["dated_on"]) == ("band_change", date(2025, 6, 30))
    assert row["evidence_id"] == row["entry_id"]
    assert not any(character.isdigit() for character in row["title"])


def test_runs_that_are_alike_differ_in_nothing() -> None:
    assert band_changes(LATER, LATER).is_empty()
    assert changes(LATER, LATER).is_empty()


def test_changes_name_what_is_new_gone_and_moved() -> None:
    before = earlier()
    there = changes(before, LATER)
    assert there.filter(pl.col("change") == "new")["group_name"].to_list() == ["Delta Kids Limited"]
    moved = there.filter(pl.col("field") == "likelihood").row(0, named=True)
    assert (moved["group_name"], moved["after"]) == ("GAMMA HOUSE LTD", "5")
    back = changes(LATER, before)
    assert back.filter(pl.col("change") == "gone")["group_name"].to_list() == ["Delta Kids Limited"]


@pytest.mark.parametrize(
    ("first", "published", "urgency"),
    [
        (date(2025, 3, 31), date(2025, 5, 1), "immediate"),
        (date(2024, 10, 1), date(2025, 5, 1), "digest"),
        (date(2024, 10, 1), date(2024, 11, 1), None),
        (date(2024, 6, 1), date(2025, 6, 1), None),
    ],
)
def test_only_what_is_new_by_its_own_day_is_sent_at_once(first: date, published: date, urgency: str | None) -> None:
    made = Builder()
    for day in {first, date(2025, 3, 31)}:
        made.homes("Alpha Care Ltd", 1, as_at=day, urn="SC900001", status="Suspended")
    for row in made.visible:
        row["published_on"] = published if row["subject"] == first.isoformat() else date(2025, 6, 15)
    alert = assess(made.evidence(), load()).tables()["alert"].filter(pl.col("kind") == "home_suspended")
    assert alert["urgency"].to_list() == ([urgency] if urgency else [])


def likelihood(tables: dict[str, pl.DataFrame], **values: Any) -> dict[str, pl.DataFrame]:
    """The tables with other values in Gamma's entry."""
    gamma = pl.col("group_name") == "GAMMA HOUSE LTD"
    changed = [
        pl.when(gamma).then(pl.lit(value, dtype=tables["register_entry"].schema[name])).otherwise(name).alias(name)
        for name, value in values.items()
    ]
    return tables | {"register_entry": tables["register_entry"].with_columns(changed)}


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        ({"likelihood": None, "proposed_stage": 1}, {"likelihood": 1, "proposed_stage": 1}, False),
        ({"likelihood": None, "proposed_stage": 1}, {"likelihood": 4, "proposed_stage": 4}, True),
        ({"likelihood": 2, "proposed_stage": 1}, {"likelihood": None, "proposed_stage": 1}, True),
        ({"likelihood": None, "proposed_stage": 1}, {"likelihood": None, "proposed_stage": 1}, False),
        ({"likelihood": None, "impact": 1}, {"likelihood": None, "impact": 2}, True),
    ],
)
def test_a_first_likelihood_is_news_only_if_it_raises_the_stage(
    before: dict[str, Any],
    after: dict[str, Any],
    moved: bool,  # noqa: FBT001
) -> None:
    found = band_changes(likelihood(LATER, **before), likelihood(LATER, **after))
    assert found["group_name"].to_list() == (["GAMMA HOUSE LTD"] if moved else [])


def test_changes_say_that_a_likelihood_was_not_assessed() -> None:
    there = changes(likelihood(LATER, likelihood=None), LATER).filter(pl.col("field") == "likelihood")
    assert there.select("before", "after").rows() == [("not assessed", "5")]


def test_an_alert_about_a_home_says_which() -> None:
    titles = LATER["alert"].filter(pl.col("kind") == "home_suspended")["title"].to_list()
    assert len(titles) == 1
    assert titles[0].startswith("Registration of a home in Testshire (URN SC")
    assert titles[0].endswith(") is suspended: GAMMA HOUSE LTD")
