"""Signals of homes: judged, suspended, opened and closed, both sides of what makes them."""

from datetime import date
from typing import Any

import polars as pl
import pytest

from tests.risk.build import Builder
from tests.risk.indicating import NUMBER, SECOND, judged, kinds, provider, row_of, signal


def suspended(made: Builder, *days: date, urn: str = "SC900001", status: str = "Suspended", **values: Any) -> None:
    for day in days:
        made.homes("Alpha Care Ltd", 1, as_at=day, urn=urn, status=status, **values)


def spells(made: Builder) -> list[tuple[date, str]]:
    events = judged(made).event.filter(pl.col("kind") == "home_suspended")
    visible = dict(made.evidence().visible.select("document_id", "subject").rows())
    return [(day, visible[doc]) for day, doc in events.select("dated_on", "document_id").sort("dated_on").rows()]


def test_a_home_that_stays_suspended_is_one_event_dated_by_the_first_publication() -> None:
    made = Builder()
    suspended(made, date(2024, 3, 31), status="Active")
    suspended(made, date(2024, 9, 30), date(2025, 3, 31))
    assert spells(made) == [(date(2024, 9, 30), "2024-09-30")]


def test_a_home_suspended_again_is_a_second_event() -> None:
    made = Builder()
    suspended(made, date(2023, 9, 30), date(2024, 9, 30))
    suspended(made, date(2024, 3, 31), status="Active")
    assert [day for day, _ in spells(made)] == [date(2023, 9, 30), date(2024, 9, 30)]
    suspended(made, date(2025, 3, 31))
    assert [day for day, _ in spells(made)] == [date(2023, 9, 30), date(2024, 9, 30)]


def test_a_home_judged_inadequate_is_one_event_for_each_inspection() -> None:
    made = Builder()
    for day, inspected in ((date(2024, 3, 31), date(2024, 2, 1)), (date(2024, 9, 30), date(2024, 2, 1)),
                           (date(2025, 3, 31), date(2025, 1, 9))):  # fmt: skip
        suspended(made, day, status="Active", overall="Inadequate", inspected_on=inspected)
    events = judged(made).event.filter(pl.col("kind") == "home_inadequate").sort("dated_on")
    visible = dict(made.evidence().visible.select("document_id", "subject").rows())
    assert [(day, visible[doc]) for day, doc in events.select("dated_on", "document_id").rows()] == [
        (date(2024, 2, 1), "2024-03-31"),
        (date(2025, 1, 9), "2025-03-31"),
    ]


@pytest.mark.parametrize(
    ("bad", "good", "said"),
    [
        (1, 3, "1 of 4 judged homes is inadequate"),
        (2, 3, "2 of 5 judged homes are inadequate"),
        (1, 0, "the only judged home is inadequate"),
        (0, 2, "no judged home is inadequate"),
    ],
)
def test_shares_of_homes_say_their_counts(bad: int, good: int, said: str) -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", bad, overall="Inadequate")
    made.homes("Alpha Care Ltd", good, overall="Good")
    assert row_of(made, "homes_inadequate")["reason"] == said


def test_shares_are_of_judged_homes() -> None:
    made = provider()
    made.homes("Alpha Care Ltd", 1, overall="Inadequate")
    made.homes("Alpha Care Ltd", 1, overall="Requires Improvement to be good")
    made.homes("Alpha Care Ltd", 1, overall="Outstanding")
    made.homes("Alpha Care Ltd", 4, overall=None, status="Suspended")
    assert signal(made, "homes_inadequate") == 25
    assert signal(made, "homes_below_good") == 50
    assert signal(made, "homes_suspended") == 4


def test_unjudged_homes_have_no_share() -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 2, overall=None)
    assert signal(made, "homes_inadequate") is None
    assert signal(made, "homes_suspended") == 0


@pytest.mark.parametrize(
    ("as_at", "then", "change"),
    [
        (date(2024, 3, 31), 4, 0.0),
        (date(2024, 3, 31), 8, -50.0),
        (date(2023, 3, 31), 16, -50.0),
        (date(2025, 1, 31), 8, None),
        (date(2022, 3, 31), 8, None),
    ],
)
def test_change_in_homes_is_put_on_twelve_months(as_at: date, then: int, change: float | None) -> None:
    made = Builder()
    made.homes("Alpha Care Ltd", 4)
    made.homes("Alpha Care Ltd", then, as_at=as_at)
    found = signal(made, "homes_change")
    assert found == (None if change is None else pytest.approx(change, abs=0.2))


@pytest.mark.parametrize(("now", "fell"), [(18, False), (17, True)])
def test_a_fall_of_over_a_tenth_is_an_event(now: int, fell: bool) -> None:  # noqa: FBT001
    made = Builder()
    made.homes("Alpha Care Ltd", now)
    made.homes("Alpha Care Ltd", 20, as_at=date(2024, 3, 31))
    assert ("homes_fall" in kinds(made)) == fell


def test_a_fall_in_homes_names_the_groups_highest_company() -> None:
    made = provider()
    made.company(SECOND, "ALPHA HOLDINGS LTD")
    made.owns(SECOND, NUMBER)
    made.homes("Alpha Care Ltd", 4, as_at=date(2024, 3, 31))
    fell = judged(made).event.filter(pl.col("kind") == "homes_fall")
    assert fell["company_number"].to_list() == [SECOND]
    assert fell["detail"].to_list() == ["Registered homes of the group fell from 4 to 1 since 31 March 2024"]
