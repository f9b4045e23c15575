"""A filing history is asked for once; afterwards only what is new. The server here has a real list behind it."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from collectors.budget import Limit
from collectors.companies_house import READERS, CompaniesHouse
from collectors.fetch import HttpClient
from collectors.pacing import Pace, Retries
from collectors.reading import Origin
from collectors.recorder import Fetched, Recorder
from oversight.store.archive import Archive
from oversight.store.ledger import Ledger
from tests.collectors.web import FakeTime, reply

NUMBER = "01234567"
BASE = "https://api.example"


class Shelf:
    """A server with a filing history, newest first, that may change between any two requests."""

    def __init__(self, count: int, size: int = 100) -> None:
        self.filings = [f"t{place}" for place in reversed(range(count))]
        self.size = size
        self.asked: list[int] = []
        self.before: dict[int, list[str]] = {}

    def file(self, count: int = 1) -> None:
        for _ in range(count):
            self.filings.insert(0, f"n{len(self.filings)}")

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params)
        start, size = int(query["start_index"]), min(int(query["items_per_page"]), self.size)
        self.filings[:0] = self.before.pop(len(self.asked), [])
        self.asked.append(start)
        items = [
            {"transaction_id": name, "date": "2024-01-01", "type": "AA", "description": "x", "category": "accounts"}
            for name in self.filings[start : start + size]
        ]
        told = {"total_count": len(self.filings), "start_index": start, "items_per_page": size, "items": items}
        return reply(json.dumps(told).encode())


@pytest.fixture
def shelf() -> Shelf:
    return Shelf(0)


@pytest.fixture
def http(shelf: Shelf, fake_time: FakeTime) -> Iterator[HttpClient]:
    pace = Pace({}, {"api.example": Limit(600, 300.0)}, clock=fake_time.clock, sleep=fake_time.sleep)
    with HttpClient(
        pace=pace, retries=Retries(), sleep=fake_time.sleep, transport=httpx.MockTransport(shelf)
    ) as client:
        yield client


@pytest.fixture
def register(recorder: Recorder) -> CompaniesHouse:
    return CompaniesHouse(recorder, SecretStr("key"), BASE, BASE)


def held(recorder: Recorder, ledger: Ledger) -> set[str]:
    """What the newest documents of all subjects give."""
    newest = ledger.frame("fetch").filter(status="failed").height
    assert newest == 0 or newest > 0
    found: set[str] = set()
    rows = ledger.frame("fetch").sort("requested_at").unique(["source", "subject"], keep="last")
    for source, subject in rows.select("source", "subject").iter_rows():
        last = recorder.last(source, subject)
        content = recorder.content(last) if last else None
        if content:
            read = READERS[source].read(content, Origin("0" * 64, source, subject, "x"))
            found |= {str(row["transaction_id"]) for row in read.tables.get("filing", [])}
    return found


def days_later(fake_time: FakeTime, register: CompaniesHouse) -> list[Fetched]:
    fake_time.later(days=1)
    return register.filing_history(NUMBER)


@pytest.mark.parametrize(("count", "requests"), [(0, 1), (1, 1), (99, 1), (100, 2), (101, 2), (250, 3), (300, 4)])
def test_the_whole_history_is_held_after_the_first_time(
    register: CompaniesHouse, recorder: Recorder, ledger: Ledger, shelf: Shelf, count: int, requests: int
) -> None:
    shelf.filings = Shelf(count).filings
    register.filing_history(NUMBER)
    assert held(recorder, ledger) == set(shelf.filings)
    assert len(shelf.asked) == requests


def test_what_is_new_costs_one_request(
    register: CompaniesHouse, recorder: Recorder, ledger: Ledger, shelf: Shelf, fake_time: FakeTime
) -> None:
    shelf.filings = Shelf(730).filings
    first = register.filing_history(NUMBER)
    assert len(shelf.asked) == 1 + 7
    assert len(register.filing_history(NUMBER)) == len(first)
    assert len(shelf.asked) == 8
    for filed in (0, 1, 5):
        shelf.file(filed)
        before = len(shelf.asked)
        days_later(fake_time, register)
        assert len(shelf.asked) == before + 1
        assert held(recorder, ledger) == set(shelf.filings)


def test_a_block_is_asked_for_when_it_is_full(
    register: CompaniesHouse, recorder: Recorder, ledger: Ledger, shelf: Shelf, fake_time: FakeTime
) -> None:
    shelf.filings = Shelf(230).filings
    register.filing_history(NUMBER)
    shelf.file(80)
    before = len(shelf.asked)
    days_later(fake_time, register)
    assert len(shelf.asked) == before + 2
    assert held(recorder, ledger) == set(shelf.filings)


@pytest.mark.parametrize("place", [3, 120, 249])
def test_a_filing_put_in_or_taken_out_further_down_is_noticed(
    register: CompaniesHouse, recorder: Recorder, ledger: Ledger, shelf: Shelf, fake_time: FakeTime, place: int
) -> None:
    shelf.filings = Shelf(250).filings
    register.filing_history(NUMBER)
    shelf.filings.insert(place, "late")
    days_later(fake_time, register)
    assert held(recorder, ledger) == set(shelf.filings)
    gone = shelf.filings.pop(place + 1)
    days_later(fake_time, register)
    assert held(recorder, ledger) | {gone} == set(shelf.filings) | {gone}


def test_a_history_that_grows_while_it_is_read_is_read_again(
    register: CompaniesHouse, recorder: Recorder, ledger: Ledger, shelf: Shelf
) -> None:
    shelf.filings = Shelf(350).filings
    shelf.before = {2: ["meanwhile"]}
    register.filing_history(NUMBER)
    assert held(recorder, ledger) == set(shelf.filings)


def test_a_server_of_small_pages(
    register: CompaniesHouse, recorder: Recorder, ledger: Ledger, shelf: Shelf, fake_time: FakeTime
) -> None:
    shelf.filings, shelf.size = Shelf(130).filings, 25
    register.filing_history(NUMBER)
    assert held(recorder, ledger) == set(shelf.filings)
    shelf.file(30)
    days_later(fake_time, register)
    assert held(recorder, ledger) == set(shelf.filings)


def test_a_history_that_breaks_off_is_taken_up(
    register: CompaniesHouse, recorder: Recorder, ledger: Ledger, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.filings = Shelf(450).filings
    ask = recorder.ensure

    def breaks(*given: object, **named: object) -> Fetched:
        if re.search(r"/200-299$", str(given[1])):
            raise KeyboardInterrupt
        return ask(*given, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(recorder, "ensure", breaks)
        with pytest.raises(KeyboardInterrupt):
            register.filing_history(NUMBER)
    register.filing_history(NUMBER)
    assert held(recorder, ledger) == set(shelf.filings)
    assert len(shelf.asked) == len(set(shelf.asked))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.integers(0, 320), changes=st.lists(st.integers(0, 130), max_size=4), size=st.sampled_from([7, 25, 100]))
def test_nothing_is_ever_missing(
    tmp_path_factory: pytest.TempPathFactory, first: int, changes: list[int], size: int
) -> None:
    shelf, fake_time = Shelf(first, size), FakeTime()
    folder = tmp_path_factory.mktemp("history")
    pace = Pace({}, {"api.example": Limit(10**6, 1.0)}, clock=fake_time.clock, sleep=fake_time.sleep)
    transport = httpx.MockTransport(shelf)
    with (
        HttpClient(pace=pace, sleep=fake_time.sleep, transport=transport) as http,
        Ledger(f"sqlite:///{folder / 'l.sqlite'}") as ledger,
    ):
        recorder = Recorder(http, Archive(folder), ledger, fake_time.clock)
        register = CompaniesHouse(recorder, SecretStr("key"), BASE, BASE)
        register.filing_history(NUMBER)
        for filed in changes:
            shelf.file(filed)
            days_later(fake_time, register)
        assert held(recorder, ledger) == set(shelf.filings)
