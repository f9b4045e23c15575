import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from hypothesis import given
from pydantic import SecretStr

from collectors.companies_house.followed import STREAMS, STREAMS_OF, load_followed
from collectors.companies_house.stream import StreamBusyError, Streams, Visit, parse_event
from collectors.fetch import HttpClient
from collectors.source import load_sources
from oversight.errors import InputError, NotAuthorisedError, RefusedError, UnreachableError
from oversight.store.ledger import Ledger
from tests.collectors.companies_house.swagger import JUNK
from tests.collectors.web import START, FakeTime, Web, reply

BASE = "https://stream.example"
NUMBER = "01234567"
KEY = SecretStr("the-stream-key")


def line(timepoint: int, number: str = NUMBER, at: datetime = START) -> bytes:
    return json.dumps(
        {
            "resource_kind": "filing-history",
            "resource_uri": f"/company/{number}/filing-history/t{timepoint}",
            "resource_id": f"t{timepoint}",
            "data": {"transaction_id": f"t{timepoint}"},
            "event": {"timepoint": timepoint, "published_at": at.isoformat(), "type": "changed"},
        }
    ).encode()


def lines(*parts: bytes) -> bytes:
    return b"".join(part + b"\n" for part in parts)


@pytest.fixture
def streams(http: HttpClient, ledger: Ledger, fake_time: FakeTime) -> Streams:
    ledger.add("watch", [{"company_number": NUMBER, "watched_from": fake_time.now - timedelta(days=1)}])
    return Streams(http, ledger, fake_time.clock, KEY, BASE + "/")


def never(_visit: Visit) -> bool:
    return False


def follow(streams: Streams, stream: str = "filings", enough: Callable[[Visit], bool] = never) -> Visit:
    """Visit a stream until its line ends."""
    visit = Visit(stream)
    with suppress(UnreachableError):
        streams.visit(visit, enough)
    return visit


def timepoints(ledger: Ledger) -> list[int]:
    return sorted(ledger.frame("stream_event")["timepoint"])


def answered(source: str, asked: datetime, subject: str = NUMBER) -> dict[str, object]:
    return {"source": source, "subject": subject, "requested_at": asked, "retrieved_at": asked, "status": "ok"}


def test_events_of_watched_companies_are_kept_once_and_the_stream_is_taken_up_where_it_was_left(
    streams: Streams, web: Web, ledger: Ledger
) -> None:
    web.serve(f"{BASE}/filings", lines(line(7), line(8, "SC999999"), line(8), b"", b""))
    visit = follow(streams)
    assert (visit.events, visit.kept, visit.read_up) == (3, 2, True)
    row = ledger.frame("stream_event").sort("timepoint").row(0, named=True)
    assert (row["stream"], row["company_number"], row["kind"]) == ("filings", NUMBER, "changed")
    assert row["resource"] == "filing-history"
    web.serve(f"{BASE}/filings?timepoint=7", lines(line(8), line(9)))
    again = follow(streams)
    assert (again.events, again.kept) == (2, 1)
    assert timepoints(ledger) == [7, 8, 9]
    assert web.requests[0].headers["authorization"].startswith("Basic ")


def test_half_a_line_is_not_an_event_and_is_asked_for_again(streams: Streams, web: Web, ledger: Ledger) -> None:
    web.serve(f"{BASE}/filings", lines(line(7)) + line(8)[:40])
    follow(streams)
    assert timepoints(ledger) == [7]
    web.serve(f"{BASE}/filings?timepoint=7", lines(line(8)))
    follow(streams)
    assert timepoints(ledger) == [7, 8]


def test_events_out_of_order_are_asked_for_again(streams: Streams, web: Web, ledger: Ledger) -> None:
    web.serve(f"{BASE}/filings", lines(line(7), line(9)))
    follow(streams)
    web.serve(f"{BASE}/filings?timepoint=7", lines(line(8), line(9), line(10)))
    follow(streams)
    assert timepoints(ledger) == [7, 8, 9, 10]


def test_only_the_last_events_are_asked_for_again(streams: Streams, web: Web) -> None:
    web.serve(f"{BASE}/filings", lines(*(line(place) for place in range(100, 400))))
    follow(streams)
    web.serve(f"{BASE}/filings?timepoint=380", b"")
    follow(streams)


def test_a_timepoint_too_old_is_a_gap_that_is_told(streams: Streams, web: Web, ledger: Ledger) -> None:
    web.serve(f"{BASE}/filings", lines(line(7), b"", b""))
    follow(streams)
    web.serve(f"{BASE}/filings?timepoint=7", lambda _: reply(status=416))
    with pytest.raises(RefusedError, match="no longer reaches back to 2026-11-02"):
        follow(streams)
    failed = ledger.frame("fetch").filter(status="failed")
    assert "no longer reaches back" in failed.sort("requested_at")["error"].to_list()[-1]
    web.serve(f"{BASE}/filings", lines(line(5000), b"", b""))
    follow(streams)
    assert timepoints(ledger) == [7, 5000]


@pytest.mark.parametrize(("status", "error"), [(401, NotAuthorisedError), (403, NotAuthorisedError)])
def test_a_refused_key_names_its_setting(
    streams: Streams, web: Web, ledger: Ledger, status: int, error: type[Exception]
) -> None:
    web.serve(f"{BASE}/charges", lambda _: reply(status=status))
    with pytest.raises(error, match="CH_STREAM_KEY"):
        follow(streams, "charges")
    (row,) = ledger.frame("fetch").to_dicts()
    assert (row["source"], row["subject"], row["status"]) == ("companies_house.stream", "charges", "failed")
    assert "the-stream-key" not in str(row)


def test_no_key_is_told_before_anything_is_asked(http: HttpClient, ledger: Ledger, fake_time: FakeTime) -> None:
    with pytest.raises(NotAuthorisedError, match="CH_STREAM_KEY"):
        Streams(http, ledger, fake_time.clock, SecretStr(" "), BASE)


def test_a_full_stream_says_how_long_to_wait(streams: Streams, web: Web) -> None:
    web.serve(f"{BASE}/filings", lambda _: reply(status=429, headers={"retry-after": "77"}))
    with pytest.raises(StreamBusyError) as caught:
        follow(streams)
    assert caught.value.wait == 77


@pytest.mark.parametrize("status", [404, 500, 503])
def test_any_other_answer_is_no_stream(streams: Streams, web: Web, status: int) -> None:
    web.serve(f"{BASE}/filings", lambda _: reply(b"<html>", status=status))
    with pytest.raises(RefusedError, match=str(status)):
        follow(streams)


def test_a_line_that_is_no_event_is_an_issue_and_the_rest_goes_on(streams: Streams, web: Web, ledger: Ledger) -> None:
    web.serve(f"{BASE}/filings", lines(line(7), b"{not json", b'{"event": {}}', line(8)))
    visit = follow(streams)
    assert (visit.unreadable, visit.kept) == (2, 2)
    assert set(ledger.frame("issue")["kind"]) == {"unreadable_stream_event"}


def test_a_line_that_never_ends_is_left(streams: Streams, web: Web) -> None:
    web.serve(f"{BASE}/filings", lambda _: httpx.Response(200, content=iter([b"x" * 1_000_000] * 20)))
    with pytest.raises(RefusedError, match="never ends"):
        follow(streams)


@given(JUNK)
def test_junk_is_refused_or_read(value: object) -> None:
    for told in (value, {"event": value}, {"event": {"timepoint": value}, "resource_uri": value, "data": value}):
        try:
            event = parse_event(json.dumps(told).encode())
        except InputError:
            continue
        assert event.timepoint >= 0


@pytest.mark.parametrize(
    ("told", "company"),
    [
        ({"resource_uri": "/company/1234567/charges/x"}, "01234567"),
        ({"resource_uri": "company/SC123456"}, "SC123456"),
        ({"resource_uri": "/officers/x", "data": {"company_number": "1234567"}}, "01234567"),
        ({"resource_uri": "/company/../../etc"}, None),
        ({}, None),
    ],
)
def test_the_company_of_an_event(told: dict[str, object], company: str | None) -> None:
    assert parse_event(json.dumps({"event": {"timepoint": 1}, **told}).encode()).company == company


def test_every_stream_belongs_to_sources_there_are() -> None:
    assert set(STREAMS_OF) <= set(load_sources())
    assert len(STREAMS) == 6


# What the streams say of an answer that is held


def read_up(streams: Streams, web: Web, stream: str, *events: bytes) -> None:
    """A visit that hears of a company elsewhere and of these events, and then two heartbeats."""
    body = lines(line(1, "SC999999"), *events, b"", b"")
    web.serve(f"{BASE}/{stream}", body)
    web.serve(f"{BASE}/{stream}?timepoint=1", body)
    follow(streams, stream)


def test_an_answer_is_confirmed_while_its_stream_is_followed(
    streams: Streams, web: Web, ledger: Ledger, fake_time: FakeTime
) -> None:
    read_up(streams, web, "charges")
    fake_time.later(hours=1)
    row = answered("companies_house.charges", fake_time.now, f"{NUMBER}/0")
    fake_time.later(days=30)
    assert load_followed(ledger).seen(row) == row  # not followed since
    read_up(streams, web, "charges")
    seen = load_followed(ledger).seen(row)
    assert seen is not None
    assert seen["retrieved_at"] == fake_time.now


def test_an_event_makes_an_answer_due_at_once(streams: Streams, web: Web, ledger: Ledger, fake_time: FakeTime) -> None:
    read_up(streams, web, "charges")
    fake_time.later(hours=1)
    row = answered("companies_house.charges", fake_time.now)
    other = answered("companies_house.charges", fake_time.now, "SC999999/0")
    fake_time.later(hours=1)
    read_up(streams, web, "charges", line(7))
    followed = load_followed(ledger)
    assert followed.seen(row) is None
    assert followed.seen(other) == other
    assert followed.seen(answered("companies_house.charges", fake_time.now + timedelta(hours=1))) is not None
    assert followed.seen(answered("companies_house.officers", fake_time.now - timedelta(hours=1))) is not None


def test_an_answer_from_before_the_stream_or_the_watch_is_not_confirmed(
    streams: Streams, web: Web, ledger: Ledger, fake_time: FakeTime
) -> None:
    before = answered("companies_house.charges", fake_time.now - timedelta(minutes=1))
    read_up(streams, web, "charges")
    unwatched = answered("companies_house.charges", fake_time.now, "SC999999/0")
    fake_time.later(days=1)
    read_up(streams, web, "charges")
    followed = load_followed(ledger)
    assert followed.seen(before) == before
    assert followed.seen(unwatched) == unwatched


def test_a_gap_ends_what_was_confirmed(streams: Streams, web: Web, ledger: Ledger, fake_time: FakeTime) -> None:
    read_up(streams, web, "charges", line(7))
    row = answered("companies_house.charges", fake_time.now + timedelta(hours=1))
    fake_time.later(days=9)
    web.serve(f"{BASE}/charges?timepoint=1", lambda _: reply(status=416))
    with pytest.raises(RefusedError):
        follow(streams, "charges")
    assert load_followed(ledger).seen(row) == row
    read_up(streams, web, "charges")
    assert load_followed(ledger).seen(row) == row


def test_a_stream_without_any_event_is_followed_anew_at_each_visit(
    streams: Streams, web: Web, ledger: Ledger, fake_time: FakeTime
) -> None:
    web.serve(f"{BASE}/charges", lines(b"", b""))
    visit = follow(streams, "charges")
    assert (visit.read_up, visit.placed) == (True, False)
    row = answered("companies_house.charges", fake_time.now)
    fake_time.later(hours=1)
    follow(streams, "charges")
    assert load_followed(ledger).seen(row) == row


def test_a_source_of_two_streams_needs_both(streams: Streams, web: Web, ledger: Ledger, fake_time: FakeTime) -> None:
    read_up(streams, web, "companies")
    row = answered("companies_house.profile", fake_time.now)
    fake_time.later(days=1)
    read_up(streams, web, "companies")
    assert load_followed(ledger).seen(row) == row
    read_up(streams, web, "filings")
    fresh = answered("companies_house.profile", fake_time.now)
    fake_time.later(days=1)
    read_up(streams, web, "filings")
    seen = load_followed(ledger).seen(fresh)
    assert seen is not None
    assert seen["retrieved_at"] == fake_time.now - timedelta(days=1)
    read_up(streams, web, "companies")
    seen = load_followed(ledger).seen(fresh)
    assert seen is not None
    assert seen["retrieved_at"] == fake_time.now


def test_old_events_that_come_late_do_not_count_as_read_up(
    streams: Streams, web: Web, ledger: Ledger, fake_time: FakeTime
) -> None:
    read_up(streams, web, "charges")
    row = answered("companies_house.charges", fake_time.now)
    told = fake_time.now + timedelta(hours=5)
    fake_time.later(days=2)
    web.serve(f"{BASE}/charges?timepoint=1", lines(line(7, "SC999999", told)))
    visit = follow(streams, "charges")
    assert not visit.read_up
    assert not visit.live
    seen = load_followed(ledger).seen(row)
    assert seen is not None
    assert seen["retrieved_at"] == told


def test_moments_without_a_zone_are_utc(streams: Streams, web: Web, ledger: Ledger) -> None:
    web.serve(f"{BASE}/charges", lines(line(7, at=datetime(2026, 11, 2, 8, 59))))  # noqa: DTZ001 - as the stream writes
    follow(streams, "charges")
    assert ledger.frame("stream_event")["received_at"].to_list() == [datetime(2026, 11, 2, 9, tzinfo=UTC)]
