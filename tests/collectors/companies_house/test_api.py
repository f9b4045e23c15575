import json
import logging
from datetime import date
from itertools import pairwise

import httpx
import pytest
from pydantic import SecretStr

from collectors.companies_house import READERS, CompaniesHouse
from collectors.reading import Origin
from collectors.recorder import Fetched, Recorder
from oversight.errors import InputError, NotAuthorisedError, RefusedError
from oversight.store.ledger import Ledger
from tests.collectors.web import FakeTime, Web, reply

BASE, DOCUMENTS = "https://api.example", "https://documents.example"
NUMBER = "01234567"
COMPANY = f"{BASE}/company/{NUMBER}"
KEY = SecretStr("the-secret-key")


@pytest.fixture
def register(recorder: Recorder) -> CompaniesHouse:
    return CompaniesHouse(recorder, KEY, BASE + "/", DOCUMENTS)


def page(path: str, start: int) -> str:
    return f"{COMPANY}/{path}?items_per_page=100&start_index={start}"


def entries(first: int, count: int, total: int, name: str = "total_count") -> bytes:
    items = [
        {"transaction_id": f"t{place}", "date": "2024-01-01", "category": "accounts", "type": "AA", "description": "x"}
        for place in range(first, first + count)
    ]
    return json.dumps({name: total, "start_index": first, "items_per_page": 100, "items": items}).encode()


def not_found(_request: httpx.Request) -> httpx.Response:
    return reply(b'{"errors":[{"error":"resource-not-found","type":"ch:service"}]}', status=404)


def subjects(found: list[Fetched]) -> list[str]:
    return [fetched.subject for fetched in found]


def test_without_a_key_nothing_is_asked(recorder: Recorder, web: Web) -> None:
    with pytest.raises(NotAuthorisedError, match="CH_API_KEY"):
        CompaniesHouse(recorder, SecretStr(" "), BASE, DOCUMENTS)
    assert web.requests == []


def test_a_profile(register: CompaniesHouse, web: Web) -> None:
    web.serve(COMPANY, b'{"company_name": "X"}')
    fetched = register.profile("1234567")
    assert (fetched.source, fetched.subject, fetched.published_on) == ("companies_house.profile", NUMBER, None)
    assert web.requests[0].headers["authorization"].startswith("Basic ")


@pytest.mark.parametrize("number", ["../../etc", "", "12 34/x", "ABCDEFGHI"])
def test_a_number_cannot_lead_elsewhere(register: CompaniesHouse, web: Web, number: str) -> None:
    with pytest.raises(InputError):
        register.profile(number)
    with pytest.raises(InputError):
        register.filing_history(number)
    assert web.requests == []


def test_all_pages_whatever_the_size_of_the_servers_pages(register: CompaniesHouse, web: Web) -> None:
    for start, count in ((0, 35), (35, 35), (70, 3)):
        web.serve(page("charges", start), entries(start, count, 73))
    assert subjects(register.charges(NUMBER)) == [f"{NUMBER}/0", f"{NUMBER}/35", f"{NUMBER}/70"]


def test_every_listing_counts_by_its_own_total(register: CompaniesHouse, web: Web) -> None:
    listings = {
        "charges": (register.charges, "total_count"),
        "officers": (register.officers, "total_results"),
        "persons-with-significant-control": (register.persons_with_significant_control, "total_results"),
        "persons-with-significant-control-statements": (
            register.persons_with_significant_control_statements,
            "total_results",
        ),
    }
    for path, (ask, total) in listings.items():
        web.serve(page(path, 0), entries(0, 100, 101, total))
        web.serve(page(path, 100), entries(100, 1, 101, total))
        assert subjects(ask(NUMBER)) == [f"{NUMBER}/0", f"{NUMBER}/100"]


def test_a_total_that_lies_ends_at_the_first_empty_page(register: CompaniesHouse, web: Web) -> None:
    web.serve(page("charges", 0), entries(0, 100, 1_000_000))
    web.serve(page("charges", 100), entries(100, 0, 1_000_000))
    assert len(register.charges(NUMBER)) == 2


@pytest.mark.parametrize("path", ["charges", "persons-with-significant-control"])
def test_none_is_recorded_as_absent(register: CompaniesHouse, web: Web, path: str) -> None:
    web.serve(page(path, 0), not_found)
    ask = register.charges if path == "charges" else register.persons_with_significant_control
    (fetched,) = ask(NUMBER)
    assert (fetched.status, fetched.subject) == ("absent", f"{NUMBER}/0")


def test_no_insolvency_is_absent(register: CompaniesHouse, web: Web) -> None:
    web.serve(f"{COMPANY}/insolvency", not_found)
    assert register.insolvency(NUMBER).status == "absent"


def test_asking_twice_in_a_day_makes_no_request_and_adds_no_row(
    register: CompaniesHouse, web: Web, ledger: Ledger
) -> None:
    web.serve(page("charges", 0), entries(0, 100, 150))
    web.serve(page("charges", 100), entries(100, 50, 150))
    first = register.charges(NUMBER)
    before = ledger.frame("fetch")
    second = register.charges(NUMBER)
    assert len(web.requests) == 2
    assert subjects(first) == subjects(second)
    assert before.equals(ledger.frame("fetch"))


def test_a_list_broken_off_is_taken_up_where_it_broke_off(register: CompaniesHouse, web: Web) -> None:
    web.serve(page("charges", 0), entries(0, 100, 250))
    web.serve(page("charges", 100), lambda _: reply(status=400), entries(100, 100, 250))
    web.serve(page("charges", 200), entries(200, 50, 250))
    with pytest.raises(RefusedError):
        register.charges(NUMBER)
    assert len(register.charges(NUMBER)) == 3
    assert len(web.asked("start_index=0")) == 1


def test_a_list_that_shrank_leaves_no_rows_behind(
    register: CompaniesHouse, recorder: Recorder, web: Web, fake_time: FakeTime
) -> None:
    web.serve(page("charges", 0), entries(0, 100, 120))
    web.serve(page("charges", 100), entries(100, 20, 120))
    register.charges(NUMBER)
    fake_time.later(days=8)
    web.serve(page("charges", 0), entries(0, 100, 100))
    web.serve(page("charges", 100), entries(100, 0, 100))
    assert len(register.charges(NUMBER)) == 2
    held = recorder.last("companies_house.charges", f"{NUMBER}/100")
    assert held is not None
    assert recorder.content(held) == entries(100, 0, 100)
    fake_time.later(days=8)
    web.serve(page("charges", 0), entries(0, 99, 99))
    assert len(register.charges(NUMBER)) == 1


def test_a_web_page_or_half_an_answer_never_counts_as_one(register: CompaniesHouse, web: Web, ledger: Ledger) -> None:
    web.serve(COMPANY, b"<html>Sorry</html>", b'{"company_na', b"[]", b'{"company_name": "X"}')
    assert register.profile(NUMBER).status == "ok"
    assert ledger.frame("fetch").height == 1
    web.serve(f"{COMPANY}/insolvency", b"<html>Sorry</html>")
    with pytest.raises(RefusedError, match="a web page where JSON was expected"):
        register.insolvency(NUMBER)
    assert ledger.frame("fetch").filter(source="companies_house.insolvency")["status"].to_list() == ["failed"]


def test_a_search_escapes_the_name(register: CompaniesHouse, web: Web) -> None:
    url = f"{BASE}/search/companies?q=A+%26+B%2F..%2F%3Fx%3D1&items_per_page=20&start_index=0"
    web.serve(url, b'{"items": []}')
    assert register.search("  A &   B/../?x=1 ").subject == "A & B/../?x=1"


FILING = {
    "transaction_id": "MzE",
    "filed_on": date(2021, 9, 15),
    "category": "accounts",
    "description": "accounts-with-accounts-type-full",
    "document_url": "https://frontend-doc-api.company-information.service.gov.uk/document/BKB_Ymejc-W4K02",
}
METADATA = f"{DOCUMENTS}/document/BKB_Ymejc-W4K02"
STORE = "https://files.example/accounts?X-Amz-Signature=abc"
IXBRL = b'<html xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"></html>'


def offer(web: Web, *kinds: str) -> None:
    web.serve(METADATA, json.dumps({"resources": {kind: {"content_length": 1} for kind in kinds}}).encode())
    web.serve(f"{METADATA}/content", lambda _: reply(status=302, headers={"location": STORE}))
    web.serve(STORE, IXBRL if kinds and kinds[0] != "application/pdf" else b"%PDF-1.4")


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        (("application/xhtml+xml", "application/pdf"), "application/xhtml+xml"),
        (("application/xml", "application/pdf"), "application/xml"),
        (("application/pdf", "text/csv"), "application/pdf"),
    ],
)
def test_accounts_in_the_most_useful_format(
    register: CompaniesHouse, web: Web, ledger: Ledger, offered: tuple[str, ...], taken: str
) -> None:
    offer(web, *offered)
    fetched = register.accounts(FILING)
    assert fetched is not None
    assert (fetched.subject, fetched.published_on, fetched.status) == ("MzE", date(2021, 9, 15), "ok")
    content = next(request for request in web.requests if str(request.url).endswith("/content"))
    assert content.headers["accept"] == taken
    assert fetched.url == f"{METADATA}/content"  # not the signed address, which expires
    assert ledger.frame("document").filter(document_id=fetched.document_id)["media_type"].to_list() == [taken]


def test_accounts_are_fetched_once_for_ever(register: CompaniesHouse, web: Web, fake_time: FakeTime) -> None:
    offer(web, "application/xhtml+xml")
    register.accounts(FILING)
    asked = len(web.requests)
    fake_time.later(days=1000)
    held = register.accounts(FILING)
    assert held is not None
    assert not held.new
    assert len(web.requests) == asked


def test_the_key_goes_neither_to_the_file_store_nor_to_the_host_a_link_names(
    register: CompaniesHouse, web: Web, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    offer(web, "application/xhtml+xml")
    evil = FILING | {"document_url": "https://evil.example/document/BKB_Ymejc-W4K02"}
    with caplog.at_level(logging.DEBUG):
        register.accounts(evil)
    hosts = {request.url.host: "authorization" in request.headers for request in web.requests}
    assert hosts == {"documents.example": True, "files.example": False}
    assert "the-secret-key" not in caplog.text + str(ledger.frame("fetch").to_dicts()) + repr(vars(register))


@pytest.mark.parametrize("link", [None, "", "https://x.example/document/../../company", "https://x.example/"])
def test_a_filing_without_a_document_has_no_accounts(register: CompaniesHouse, web: Web, link: str | None) -> None:
    assert register.accounts(FILING | {"document_url": link}) is None
    assert web.requests == []


@pytest.mark.parametrize(
    ("category", "description"),
    [
        ("accounts", "change-account-reference-date-company-current-extended"),
        ("confirmation-statement", "confirmation-statement-with-updates"),
        (None, None),
    ],
)
def test_a_filing_that_is_no_set_of_accounts_costs_no_request(
    register: CompaniesHouse, web: Web, category: str | None, description: str | None
) -> None:
    assert register.accounts(FILING | {"category": category, "description": description}) is None
    assert web.requests == []


def test_no_format_we_can_read_or_no_metadata(register: CompaniesHouse, web: Web) -> None:
    offer(web, "text/csv")
    assert register.accounts(FILING) is None
    other = FILING | {"transaction_id": "other"}
    web.serve(METADATA, not_found)
    assert register.accounts(other) is None


def test_an_outage_page_is_not_taken_for_accounts(register: CompaniesHouse, web: Web) -> None:
    offer(web, "application/xhtml+xml")
    web.serve(STORE, b"<html>Service unavailable</html>", IXBRL)
    fetched = register.accounts(FILING)
    assert fetched is not None
    assert fetched.status == "ok"


def test_from_the_filing_history_to_the_accounts(register: CompaniesHouse, recorder: Recorder, web: Web) -> None:
    item = {
        "transaction_id": "MzE", "date": "2021-09-15", "category": "accounts", "type": "AA",
        "description": "accounts-with-accounts-type-full", "links": {"document_metadata": FILING["document_url"]},
    }  # fmt: skip
    web.serve(page("filing-history", 0), json.dumps({"total_count": 1, "items": [item]}).encode())
    offer(web, "application/xhtml+xml")
    (history,) = register.filing_history(NUMBER)
    origin = Origin(str(history.document_id), history.source, history.subject, history.url)
    rows = READERS[history.source].read(recorder.content(history) or b"", origin)
    fetched = register.accounts(rows.tables["filing"][0])
    assert fetched is not None
    assert recorder.content(fetched) == IXBRL


def test_sources_are_asked_in_the_order_they_were_given(register: CompaniesHouse, web: Web) -> None:
    for start, count in ((0, 100), (100, 100), (200, 100), (300, 0)):
        web.serve(page("officers", start), entries(start, count, 300, "total_results"))
    starts = [int(fetched.subject.partition("/")[2]) for fetched in register.officers(NUMBER)]
    assert all(later - earlier == 100 for earlier, later in pairwise(starts))
