import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.budget import Limit
from collectors.pacing import Pace, Retries, retry_after
from tests.collectors.web import START, FakeTime

HOST = "api.example"


def pace_for(time: FakeTime, limit: Limit) -> Pace:
    return Pace({HOST: "ch", "documents.example": "ch"}, {"ch": limit}, clock=time.clock, sleep=time.sleep)


def most_in_a_window(moments: list[datetime], seconds: float) -> int:
    span = timedelta(seconds=seconds)
    return max(sum(start <= moment < start + span for moment in moments) for start in moments)


def test_never_more_than_the_limit_in_any_window_and_none_of_it_wasted() -> None:
    time = FakeTime()
    pace = pace_for(time, Limit(600, 300.0))
    counted: list[datetime] = []
    for _ in range(2_400):
        lease = pace.start(HOST)
        counted.append(time.now)
        pace.finish(lease, 200, {})
    assert 590 <= most_in_a_window(counted[:1300], 300) <= 600
    assert (counted[-1] - counted[0]).total_seconds() == pytest.approx(1_200, rel=0.01)


@given(latencies=st.lists(st.floats(0, 20), min_size=30, max_size=60))
@settings(max_examples=25, deadline=None)
def test_the_server_never_counts_more_than_the_limit_whenever_within_a_request_it_counts(
    latencies: list[float],
) -> None:
    time = FakeTime()
    pace = pace_for(time, Limit(7, 60.0))
    counted: list[datetime] = []
    for place, latency in enumerate(latencies):
        lease = pace.start(HOST)
        counted.append(time.now + timedelta(seconds=latency * (place % 3) / 2))
        time.later(seconds=latency)
        pace.finish(lease, 200, {})
    assert most_in_a_window(counted, 60) <= 7


def test_two_hosts_share_the_budget_of_one_key() -> None:
    time = FakeTime()
    pace = pace_for(time, Limit(2, 60.0))
    for host in (HOST, "documents.example", HOST):
        lease = pace.start(host)
        pace.finish(lease, 200, {})
    assert sum(time.slept) == pytest.approx(60)


def test_a_host_nobody_named_is_asked_politely() -> None:
    time = FakeTime()
    pace = pace_for(time, Limit(2, 60.0))
    for _ in range(31):
        lease = pace.start("www.gov.example")
        pace.finish(lease, 200, {})
    assert sum(time.slept) == pytest.approx(3, abs=0.5)


def headers(left: int, reset_in: float, *, limit: int = 600, skew: float = 0.0) -> Mapping[str, str]:
    server = START + timedelta(seconds=skew)
    return {
        "x-ratelimit-limit": str(limit),
        "x-ratelimit-remain": str(left),
        "x-ratelimit-reset": str(int(server.timestamp() + reset_in)),
        "x-ratelimit-window": "5m",
        "date": format_datetime(server.astimezone(UTC), usegmt=True),
    }


@pytest.mark.parametrize("skew", [0.0, 1800.0, -1800.0])
def test_the_servers_own_count_holds_requests_back_even_if_its_clock_differs(skew: float) -> None:
    time = FakeTime()
    pace = pace_for(time, Limit(600, 300.0))
    lease = pace.start(HOST)
    pace.finish(lease, 200, headers(2, 120, skew=skew))  # others use the same key
    for _ in range(2):
        lease = pace.start(HOST)
        pace.finish(lease, 200, {})
    assert time.slept == []
    pace.start(HOST)
    assert sum(time.slept) == pytest.approx(120, abs=1)


def test_a_higher_limit_told_by_the_server_is_used() -> None:
    time = FakeTime()
    pace = pace_for(time, Limit(2, 300.0))
    for left in range(1_000, 900, -1):
        lease = pace.start(HOST)
        pace.finish(lease, 200, headers(left, 300, limit=100_000))
    assert time.slept == []


@pytest.mark.parametrize(
    "odd", [{"x-ratelimit-limit": "many"}, {"x-ratelimit-remain": "-5", "x-ratelimit-reset": ""}, {"date": "yesterday"}]
)
def test_odd_headers_change_nothing(odd: dict[str, str]) -> None:
    time = FakeTime()
    pace = pace_for(time, Limit(3, 60.0))
    for _ in range(3):
        lease = pace.start(HOST)
        pace.finish(lease, 200, odd)
    assert time.slept == []
    pace.start(HOST)
    assert sum(time.slept) == pytest.approx(60)


@pytest.mark.parametrize("status", [429, 503])
def test_the_server_says_when_to_come_back(status: int) -> None:
    time = FakeTime()
    pace = pace_for(time, Limit(600, 300.0))
    lease = pace.start(HOST)
    pace.finish(lease, status, {"retry-after": "42"})
    pace.start(HOST)
    assert sum(time.slept) == pytest.approx(42)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30", 30.0),
        ("0", 0.0),
        ("99999999", 3600.0),
        ("Mon, 02 Nov 2026 09:01:00 GMT", 60.0),
        ("Mon, 02 Nov 2026 08:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("-3", None),
    ],
)
def test_retry_after_as_seconds_or_as_a_date(text: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": text}, START) == seconds


def test_waits_double_are_spread_and_bounded() -> None:
    retries = Retries(base=1.0, longest=10.0, dice=random.Random(3))  # noqa: S311
    waits = [retries.delay(attempt) for attempt in range(1, 9)]
    for attempt, wait in enumerate(waits, start=1):
        assert min(10, 2 ** (attempt - 1)) / 2 <= wait <= min(10, 2 ** (attempt - 1))
    assert len(set(waits)) == len(waits)
