"""Servers that repeat a page, lie about how much there is, or cut a document short."""

import json
from datetime import date, datetime

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collectors.companies_house import CompaniesHouse
from collectors.fetch import HttpClient
from collectors.recorder import Recorder
from oversight.errors import CollectError, RefusedError
from oversight.store.archive import Archive
from oversight.store.ledger import Ledger
from tests.collectors.companies_house.swagger import ANSWERS, Swagger, damaged
from tests.collectors.companies_house.test_api import (
    BASE,
    DOCUMENTS,
    FILING,
    KEY,
    METADATA,
    NUMBER,
    entries,
    page,
    subjects,
)
from tests.collectors.web import FakeTime, Handler, Web, reply

LISTINGS = {
    "charges": "total_count",
    "officers": "total_results",
    "persons-with-significant-control": "total_results",
}


@pytest.fixture
def recorder(http: HttpClient, archive: Archive, ledger: Ledger, fake_time: FakeTime) -> Recorder:
    """A recorder whose clock moves whenever it is looked at."""

    def clock() -> datetime:
        fake_time.later(milliseconds=1)
        return fake_time.now

    return Recorder(http, archive, ledger, clock)


@pytest.fixture
def register(recorder: Recorder) -> CompaniesHouse:
    return CompaniesHouse(recorder, KEY, BASE, DOCUMENTS)


def held(recorder: Recorder, source: str, subject: str) -> bytes | None:
    last = recorder.last(f"companies_house.{source}", subject)
    return recorder.content(last) if last else None


def silent(content: bytes) -> bytes:
    """A page that does not say where it starts, as those of charges do not."""
    told = json.loads(content)
    del told["start_index"], told["items_per_page"]
    return json.dumps(told).encode()


@pytest.mark.parametrize("lie", [0, 1, 149, 151, 1_000_000])
@pytest.mark.parametrize("lying", [0, 100])
def test_a_passing_lie_about_the_total_loses_nothing_and_is_not_kept(
    register: CompaniesHouse, recorder: Recorder, web: Web, lie: int, lying: int
) -> None:
    true = {0: entries(0, 100, 150), 100: entries(100, 50, 150)}
    web.serve(page("charges", 150), entries(150, 0, 150))
    for start, whole in true.items():
        count = 100 if start == 0 else 50
        web.serve(page("charges", start), *([entries(start, count, lie)] if start == lying else []), whole)
    register.charges(NUMBER)
    assert held(recorder, "charges", f"{NUMBER}/0") == true[0]
    assert held(recorder, "charges", f"{NUMBER}/100") == true[100]


def test_a_total_that_ends_at_a_full_page_does_not_hide_the_next(register: CompaniesHouse, web: Web) -> None:
    web.serve(page("charges", 0), entries(0, 100, 100))
    web.serve(page("charges", 100), entries(100, 50, 150))
    assert subjects(register.charges(NUMBER)) == [f"{NUMBER}/0", f"{NUMBER}/100"]


def test_a_page_that_repeats_is_asked_for_again(register: CompaniesHouse, recorder: Recorder, web: Web) -> None:
    first, second = entries(0, 100, 150), entries(100, 50, 150)
    web.serve(page("charges", 0), first)
    web.serve(page("charges", 100), first, first[:-1] + b" }", second)
    register.charges(NUMBER)
    assert held(recorder, "charges", f"{NUMBER}/100") == second


def test_a_page_that_repeats_without_saying_where_it_starts(
    register: CompaniesHouse, recorder: Recorder, web: Web
) -> None:
    first, second = silent(entries(0, 100, 150)), silent(entries(100, 50, 150))
    web.serve(page("charges", 0), first)
    web.serve(page("charges", 100), first, second)
    register.charges(NUMBER)
    assert held(recorder, "charges", f"{NUMBER}/100") == second


@pytest.mark.parametrize(("path", "total"), LISTINGS.items())
def test_a_lie_that_stands_is_believed_after_asking_three_times(
    register: CompaniesHouse, web: Web, path: str, total: str
) -> None:
    web.serve(page(path, 0), entries(0, 3, 9, total))
    web.serve(page(path, 3), entries(3, 0, 9, total))
    ask = {
        "charges": register.charges,
        "officers": register.officers,
        "persons-with-significant-control": register.persons_with_significant_control,
    }[path]
    assert len(ask(NUMBER)) == 2
    assert len(web.requests) == 6


def test_a_server_that_never_says_the_same_twice_is_refused(register: CompaniesHouse, web: Web) -> None:
    lies = [entries(0, 3, 10 + lie) for lie in range(9)]
    web.serve(page("charges", 0), *lies)
    with pytest.raises(RefusedError, match="says that there are"):
        register.charges(NUMBER)


def test_a_list_that_changes_while_it_is_read_is_read_again(
    register: CompaniesHouse, recorder: Recorder, web: Web
) -> None:
    web.serve(page("charges", 0), entries(0, 100, 150), entries(0, 100, 151))
    web.serve(page("charges", 100), entries(100, 51, 151))
    register.charges(NUMBER)
    assert held(recorder, "charges", f"{NUMBER}/0") == entries(0, 100, 151)
    asked = len(web.requests)
    register.charges(NUMBER)
    assert len(web.requests) == asked


def test_pages_that_always_disagree_are_not_asked_for_for_ever(
    register: CompaniesHouse, web: Web, fake_time: FakeTime
) -> None:
    answers: dict[int, Handler] = {
        start: (
            lambda request, start=start, count=count, total=total: (  # type: ignore[misc]
                reply(status=304)
                if "if-none-match" in request.headers
                else reply(entries(start, count, total), headers={"etag": f'"{start}"'})
            )
        )
        for start, count, total in ((0, 100, 151), (100, 50, 150))
    }
    for start, answer in answers.items():
        web.serve(page("charges", start), answer)
    register.charges(NUMBER)
    asked = len(web.requests)
    fake_time.later(days=8)
    register.charges(NUMBER)
    assert len(web.requests) == asked + 2


XBRL = b'<html xmlns:ix="http://www.xbrl.org/2013/inlineXBRL">' + b"x" * 500 + b"</html>"


@pytest.mark.parametrize("said", [len(XBRL), None, "5", -1])
def test_a_document_cut_short_is_asked_for_again(
    register: CompaniesHouse, recorder: Recorder, web: Web, said: object
) -> None:
    resources = {"application/xhtml+xml": {"content_length": said} if said is not None else {}}
    web.serve(METADATA, json.dumps({"resources": resources}).encode())
    web.serve(f"{METADATA}/content", XBRL[:100], XBRL[:100], XBRL)
    fetched = register.accounts(FILING | {"filed_on": date(2021, 9, 15)})
    assert fetched is not None
    assert recorder.content(fetched) == (XBRL if said == len(XBRL) else XBRL[:100])


def test_a_document_that_is_not_as_long_as_said_is_believed_after_asking_three_times(
    register: CompaniesHouse, recorder: Recorder, web: Web
) -> None:
    resources = {"application/xhtml+xml": {"content_length": len(XBRL) + 3}}
    web.serve(METADATA, json.dumps({"resources": resources}).encode())
    web.serve(f"{METADATA}/content", XBRL)
    fetched = register.accounts(FILING)
    assert fetched is not None
    assert recorder.content(fetched) == XBRL


def ask(register: CompaniesHouse, source: str) -> None:
    calls = {
        "profile": register.profile,
        "filing_history": register.filing_history,
        "charges": register.charges,
        "officers": register.officers,
        "psc": register.persons_with_significant_control,
        "psc_statements": register.persons_with_significant_control_statements,
        "insolvency": register.insolvency,
        "search": register.search,
        "exemptions": register.exemptions,
        "appointments": register.appointments,
    }
    calls[source](NUMBER)


@pytest.fixture(scope="session")
def swagger(request: pytest.FixtureRequest) -> Swagger:
    return Swagger(request.getfixturevalue("shared_data") / "companies_house" / "api_spec")


@pytest.mark.shared
@pytest.mark.parametrize("spoil", [False, True], ids=["allowed", "damaged"])
@pytest.mark.parametrize("source", ANSWERS)
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_answer_the_specification_allows_is_collected_or_refused_never_a_crash(
    http: HttpClient,
    web: Web,
    archive: Archive,
    ledger: Ledger,
    fake_time: FakeTime,
    swagger: Swagger,
    source: str,
    spoil: bool,  # noqa: FBT001
    data: st.DataObject,
) -> None:
    allowed = swagger.strategy(*swagger.answer(source))
    answers = data.draw(st.lists(damaged(allowed) if spoil else allowed, min_size=1, max_size=4))
    bodies = [json.dumps(answer).encode() for answer in answers]
    asked = 0

    def answer(request: httpx.Request) -> httpx.Response:
        nonlocal asked
        asked += 1
        assert asked < 100, f"it never ends: {request.url}"
        return reply(bodies[min(asked, len(bodies)) - 1], headers={"content-type": "application/json"})

    fake_time.later(days=30)
    before = ledger.frame("fetch").height
    every = Anything(web, answer)
    register = CompaniesHouse(Recorder(http, archive, ledger, fake_time.clock, refresh=True), KEY, BASE, DOCUMENTS)
    with every:
        try:
            ask(register, source)
        except CollectError:
            assert ledger.frame("fetch").filter(status="failed").height
        assert ledger.frame("fetch").height > before
    assert asked >= 1


class Anything:
    """Serves every address by one handler while it is entered."""

    def __init__(self, web: Web, handler: Handler) -> None:
        self._web, self._handler = web, handler
        self._pages = web._pages

    def __enter__(self) -> None:
        class Everywhere(dict[str, list[Handler]]):
            def __contains__(self, _: object) -> bool:
                return True

        pages = Everywhere()
        handler = self._handler
        pages.__class__.__missing__ = lambda _self, _url: [handler]  # type: ignore[attr-defined]
        self._web._pages = pages

    def __exit__(self, *_: object) -> None:
        self._web._pages = self._pages
