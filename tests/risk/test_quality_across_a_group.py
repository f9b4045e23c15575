"""Signs across a group's settings, through time, and the forecast shown beside them."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from oversight.model.assessment import Assessment
from risk.assess import assess
from risk.exits import vintages
from risk.models import Models
from risk.parameters import load
from tests.risk.build import Builder, document

PARAMETERS = load()
TOP, FIRST, SECOND = "00000009", "00000001", "00000002"
EARLIER, NEWEST = date(2024, 3, 31), date(2025, 3, 31)


def group_of_two() -> Builder:
    """A parent with two registered providers beneath it."""
    made = Builder()
    for number, name in ((TOP, "TOP LTD"), (FIRST, "ALPHA CARE LTD"), (SECOND, "BETA CARE LTD")):
        made.company(number, name)
    made.owns(TOP, FIRST)
    made.owns(TOP, SECOND)
    made.link("Alpha Care Ltd", FIRST)
    made.link("Beta Care Ltd", SECOND)
    return made


def judged(made: Builder) -> Assessment:
    return assess(made.evidence(), PARAMETERS, Models(exits=vintages.load()))


def value(found: Assessment, code: str) -> float | None:
    rows = found.indicator.filter(pl.col("code") == code, pl.col("latest"))
    assert rows.height == 1, code
    return None if rows["value"][0] is None else float(rows["value"][0])


@pytest.mark.parametrize(
    ("alpha", "beta", "gathered"),
    [
        ([{}, {}], [{}], False),
        ([{"overall": "Inadequate"}, {}], [{}], False),
        ([{"overall": "Inadequate"}, {"overall": "Inadequate"}], [{}], True),
        ([{"overall": "Inadequate"}, {}], [{"status": "Suspended"}], True),
        ([{"helped_and_protected": "Inadequate"}, {"status": "Suspended"}], [{}], True),
        ([{"overall": "Requires Improvement to be good"}] * 2, [{}], False),
        (
            [{"overall": "Inadequate", "provision_type": "Independent Fostering Agency"}, {"status": "Suspended"}],
            [],
            True,
        ),
        ([{"overall": "Inadequate", "provision_type": "Boarding School"}, {"status": "Suspended"}], [{}], False),
    ],
)
def test_signs_gather_in_two_settings_of_one_provider_or_in_two_providers(
    alpha: list[dict[str, Any]], beta: list[dict[str, Any]], *, gathered: bool
) -> None:
    made = group_of_two()
    for values in alpha:
        made.homes("Alpha Care Ltd", 1, **values)
    for values in beta:
        made.homes("Beta Care Ltd", 1, **values)
    found = judged(made)
    signs = value(found, "settings_with_signs")
    assert value(found, "settings_in_pattern") == (signs if gathered else 0)
    assert found.event.filter(pl.col("kind") == "quality_pattern").height == int(gathered)
    assert found.group_quality["gathered"].to_list() == [gathered]


def test_the_event_never_says_what_ofsted_suspects_and_is_dated_by_the_first_list_that_shows_it() -> None:
    made = group_of_two()
    for as_at in (EARLIER, NEWEST):
        made.homes("Alpha Care Ltd", 1, as_at=as_at, urn="SC900001", overall="Inadequate")
        made.homes("Beta Care Ltd", 1, as_at=as_at, urn="SC900002", status="Suspended")
    (event,) = judged(made).event.filter(pl.col("kind") == "quality_pattern").rows(named=True)
    assert event["dated_on"] == EARLIER
    assert event["detail"].startswith("2 settings under 2 registered providers of one group")
    assert "for Ofsted to judge" in event["detail"]
    assert event["document_id"] == document(f"ofsted.provider_level/{EARLIER}/{EARLIER}")


def test_each_publication_has_a_line_of_its_own() -> None:
    made = group_of_two()
    urns = [f"SC90000{number}" for number in range(4)]
    for urn in urns:
        made.homes("Alpha Care Ltd", 1, as_at=EARLIER, urn=urn, inspected_on=date(2023, 10, 1))
    for urn in urns[:2]:
        made.homes("Alpha Care Ltd", 1, as_at=NEWEST, urn=urn, inspected_on=date(2023, 10, 1), overall="Inadequate")
    leavers = made.page("ofsted.movements", NEWEST.isoformat(), NEWEST)
    made.add("movement", document_id=leavers, locator="row 1", urn=urns[2], kind="leaver", status="Cancelled",
             provision_type="Children's home", left_on=date(2024, 9, 1))  # fmt: skip
    found = judged(made)
    columns = ["as_at", "homes", "inadequate", "uninspected", "gathered", "left", "cancelled"]
    assert found.group_quality.sort("as_at").select(columns).rows() == [
        (EARLIER, 4, 0, 0, False, 0, 0),
        (NEWEST, 2, 2, 2, True, 2, 1),
    ]
    assert value(found, "homes_uninspected") == 2


@pytest.mark.parametrize(("registered_on", "long"), [(date(2023, 12, 1), 1), (date(2024, 3, 1), 0), (None, 0)])
def test_a_home_never_inspected_counts_from_its_registration(registered_on: date | None, long: int) -> None:
    made = group_of_two()
    made.homes("Alpha Care Ltd", 1, overall=None, registered_on=registered_on)
    assert value(judged(made), "homes_uninspected") == long


def test_the_forecast_of_a_group_adds_up_its_homes_and_rests_on_them() -> None:
    made = group_of_two()
    made.homes("Alpha Care Ltd", 3, overall="Inadequate", helped_and_protected="Inadequate",
               leaders_and_managers="Inadequate", inspected_on=date(2024, 12, 1))  # fmt: skip
    made.homes("Beta Care Ltd", 2, inspected_on=date(2024, 12, 1))
    found = judged(made)
    homes = found.exit_forecast
    assert homes.height == 5
    assert value(found, "expected_homes_leaving") == pytest.approx(homes["probability"].sum(), abs=1e-5)
    assert value(found, "expected_exit_share") == pytest.approx(homes["probability"].mean() * 100, abs=1e-4)  # type: ignore[operator]
    assert 0 < (value(found, "quarter_loss_chance") or 0) < 100
    worst = homes.sort("rank")["urn"].to_list()[:3]
    assert worst == ["SC000001", "SC000002", "SC000003"]
    row = found.indicator.filter(pl.col("code") == "expected_homes_leaving").row(0, named=True)
    assert "SC000001" in row["reason"]
    rests = found.lineage.filter(pl.col("item_id") == row["indicator_id"])
    assert rests.height == 5
    assert row["indicator_id"] not in found.contribution["evidence_id"].to_list(), "shown, not weighed"


def test_without_a_model_or_a_list_there_is_no_forecast() -> None:
    made = group_of_two()
    made.homes("Alpha Care Ltd", 1)
    assert assess(made.evidence(), PARAMETERS).exit_forecast.is_empty()
    assert judged(group_of_two()).exit_forecast.is_empty()
