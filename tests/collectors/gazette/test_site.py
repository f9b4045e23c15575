import json
from datetime import date
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from collectors.courtesy import Unhurried
from collectors.gazette.site import Gazette
from collectors.recorder import Recorder
from tests.collectors.web import FakeTime, Web, reply

BASE = "https://gazette.example"


class Feed:
    """Answers any question for a day with so many notices."""

    def __init__(self, web: Web, totals: dict[str, int]) -> None:
        self.totals = totals
        self.asked: list[tuple[str, int]] = []
        web._pages = _Everything(self)  # type: ignore[assignment]

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query = parse_qs(urlsplit(str(request.url)).query)
        day, page = query["start-publish-date"][0], int(query["results-page"][0])
        assert query["categorycode"] == ["24"]
        assert query["end-publish-date"] == [day]
        self.asked.append((day, page))
        return reply(json.dumps({"f:total": str(self.totals.get(day, 0)), "entry": []}).encode())


class _Everything(dict[str, list[Feed]]):
    def __init__(self, feed: Feed) -> None:
        self.feed = feed

    def __contains__(self, _: object) -> bool:
        return True

    def __getitem__(self, _: str) -> list[Feed]:
        return [self.feed]


@pytest.fixture
def gazette(recorder: Recorder, fake_time: FakeTime) -> Gazette:
    pause = Unhurried(2.5, fake_time.seconds, fake_time.sleep)
    return Gazette(recorder, BASE, pause)


def test_every_page_of_a_day_and_no_more(gazette: Gazette, web: Web) -> None:
    feed = Feed(web, {"2026-10-30": 201, "2026-10-31": 0})
    assert len(gazette.day(date(2026, 10, 30))) == 3
    assert len(gazette.day(date(2026, 10, 31))) == 1
    assert feed.asked == [("2026-10-30", 1), ("2026-10-30", 2), ("2026-10-30", 3), ("2026-10-31", 1)]


def test_a_total_that_lies_does_not_go_on_for_ever(gazette: Gazette, web: Web) -> None:
    feed = Feed(web, {"2026-10-30": 10**8})
    gazette.day(date(2026, 10, 30))
    assert len(feed.asked) == 50


def test_no_more_than_the_fair_use_allows(gazette: Gazette, web: Web, fake_time: FakeTime) -> None:
    Feed(web, {"2026-10-30": 2_000})
    started = fake_time.now
    gazette.day(date(2026, 10, 30))
    assert (fake_time.now - started).total_seconds() >= 19 * 2.5


def test_days_that_are_over_are_asked_for_once_and_today_again(gazette: Gazette, web: Web, fake_time: FakeTime) -> None:
    feed = Feed(web, {})
    today = date(2026, 11, 2)
    assert gazette.missing(today, 3) == [date(2026, 10, 30), date(2026, 10, 31), date(2026, 11, 1), today]
    gazette.days(gazette.missing(today, 3), lambda _: None)
    assert gazette.missing(today, 3) == [today]
    fake_time.later(days=1)
    assert gazette.missing(date(2026, 11, 3), 3) == [today, date(2026, 11, 3)]
    assert len(feed.asked) == 4


def test_a_day_that_breaks_off_is_asked_for_again(gazette: Gazette, web: Web) -> None:
    feed = Feed(web, {"2026-10-30": 150})
    day = date(2026, 10, 30)
    gazette.day(day)
    feed.totals["2026-10-31"] = 150
    web._pages = {}  # nobody answers
    with pytest.raises(AssertionError):
        gazette.day(date(2026, 10, 31))
    assert gazette.missing(date(2026, 11, 1), 2) == [date(2026, 10, 31), date(2026, 11, 1)]
