"""The server: the protocol of the real services, over a test client and once over a real socket."""

import base64
import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest

from oversight.errors import OversightError
from oversight.example.govuk import COLLECTION
from oversight.example.player import DOCUMENTS, GOV_UK, REGISTER
from oversight.example.server import app, run
from oversight.example.shapes import Company, Market
from tests.oversight.example.asgi import Client

KEY = ("any key", "")


class Hands:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def client(market: Market, hands: Hands) -> Client:
    return Client(app(market, clock=hands))


@pytest.fixture
def parent(market: Market) -> Company:
    return next(company for company in market.companies if company.role == "parent" and company.charges)


def test_a_profile_needs_a_key(client: Client, parent: Company) -> None:
    path = f"{REGISTER}/company/{parent.number}"
    refused = client.get(path)
    assert refused.status_code == 401
    assert refused.json() == {"error": "Empty Authorization header", "type": "ch:service"}
    wrong = client.get(path, headers={"Authorization": "Bearer x"})
    assert (wrong.status_code, wrong.json()["error"]) == (401, "Invalid Authorization")
    assert client.get(path, auth=("", "")).status_code == 401
    answer = client.get(path, auth=KEY)
    assert answer.status_code == 200
    assert answer.json()["company_name"] == parent.name
    assert answer.headers["X-Example-Data"] == "invented"
    assert answer.headers["X-Ratelimit-Limit"] == "100000"


def test_an_unknown_company_is_not_found_in_the_services_words(client: Client) -> None:
    answer = client.get(f"{REGISTER}/company/00000000", auth=KEY)
    assert answer.status_code == 404
    assert answer.json() == {"errors": [{"error": "company-profile-not-found", "type": "ch:service"}]}
    assert client.get(f"{REGISTER}/company/99000001/insolvency", auth=KEY).status_code == 404


def test_an_unchanged_answer_is_304(client: Client, parent: Company) -> None:
    path = f"{REGISTER}/company/{parent.number}/filing-history"
    first = client.get(path, auth=KEY)
    again = client.get(path, auth=KEY, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(path, auth=KEY, headers={"If-None-Match": '"other"'}).status_code == 200


def test_all_pages_of_a_filing_history_are_all_filings(client: Client, parent: Company) -> None:
    path, found, start = f"{REGISTER}/company/{parent.number}/filing-history", [], 0
    while True:
        page = client.get(path, auth=KEY, params={"items_per_page": 7, "start_index": start}).json()
        found += page["items"]
        start += 7
        if start >= page["total_count"]:
            break
    assert [item["transaction_id"] for item in found] == [filing.transaction_id for filing in parent.filings]
    days = [item["date"] for item in found]
    assert days == sorted(days, reverse=True)
    accounts = client.get(path, auth=KEY, params={"category": "accounts,mortgage"}).json()
    assert {item["category"] for item in accounts["items"]} == {"accounts", "mortgage"}


def test_the_rate_limit_refuses_and_then_admits_again(market: Market, hands: Hands, parent: Company) -> None:
    client = Client(app(market, rate_limit=2, clock=hands))
    path = f"{REGISTER}/company/{parent.number}"
    codes = [client.get(path, auth=KEY).status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    hands.now += 300
    assert client.get(path, auth=KEY).status_code == 200


def documents_of(client: Client, company: Company) -> list[str]:
    history = client.get(f"{REGISTER}/company/{company.number}/filing-history?items_per_page=100", auth=KEY).json()
    return [item["links"]["document_metadata"] for item in history["items"] if item["type"] == "AA"]


def test_a_document_is_fetched_as_from_the_real_document_api(client: Client, parent: Company, hands: Hands) -> None:
    address = documents_of(client, parent)[0]
    assert address.startswith(f"http://testserver{DOCUMENTS}/document/")
    assert client.get(address).status_code == 401
    told = client.get(address, auth=KEY).json()
    assert told["company_number"] == parent.number
    assert told["significant_date_type"] == "made-up-date"
    assert set(told["resources"]) == {"application/pdf", "application/xhtml+xml"}
    place = client.get(told["links"]["document"], auth=KEY, headers={"Accept": "application/xhtml+xml"})
    assert place.status_code == 302
    signed = place.headers["Location"]
    document = client.get(signed)
    assert document.status_code == 200
    assert document.headers["Content-Type"].startswith("application/xhtml+xml")
    assert len(document.content) == told["resources"]["application/xhtml+xml"]["content_length"]
    assert client.get(signed.replace("xhtml%2Bxml", "pdf")).status_code == 403
    hands.now += 61
    assert client.get(signed).status_code == 403


def test_a_form_that_is_not_held_is_not_acceptable(client: Client, parent: Company) -> None:
    address = documents_of(client, parent)[0] + "/content"
    assert client.get(address, auth=KEY, headers={"Accept": "text/csv"}).status_code == 406
    anything = client.get(address, auth=KEY, headers={"Accept": "*/*"})
    assert "application%2Fpdf" in anything.headers["Location"] or "application/pdf" in anything.headers["Location"]
    assert client.get(f"{DOCUMENTS}/document/none", auth=KEY).status_code == 404


def test_search_finds_owners_as_typed_and_former_names(client: Client, market: Market) -> None:
    wrong = []
    for owner in market.owners:
        if owner.company_number is None:
            continue
        answer = client.get(f"{REGISTER}/search/companies", auth=KEY, params={"q": owner.texts[0]}).json()
        numbers = [item["company_number"] for item in answer["items"][:3]]
        if owner.company_number not in numbers:
            wrong.append(owner.texts[0])
    assert wrong == []


def test_gov_uk_needs_no_key(client: Client) -> None:
    collection = client.get(f"{GOV_UK}/api/content{COLLECTION}").json()
    newest = client.get(collection["links"]["documents"][0]["api_url"]).json()
    file = client.get(newest["details"]["attachments"][0]["url"])
    assert file.headers["Content-Type"].startswith("text/csv")
    unchanged = client.get(str(file.url), headers={"If-None-Match": file.headers["ETag"]})
    assert unchanged.status_code == 304
    page = client.get(f"{GOV_UK}{COLLECTION}")
    assert page.headers["X-Example-Data"] == "invented"
    assert "invented" in page.text
    assert client.get(f"{GOV_UK}/government/nothing").status_code == 404
    assert client.get(f"{GOV_UK}/api/content/government/nothing").status_code == 404
    assert client.get("/robots.txt").text.startswith("User-agent")


def test_every_answer_is_marked_invented(client: Client, parent: Company) -> None:
    paths = [
        "/",
        "/robots.txt",
        f"{REGISTER}/company/{parent.number}",
        f"{REGISTER}/company/00000000",
        f"{DOCUMENTS}/document/none",
        f"{GOV_UK}/api/content{COLLECTION}",
        f"{GOV_UK}/nothing",
        "/signed/none?kind=a&expires=1&signature=b",
    ]
    for path in paths:
        for auth in (None, KEY):
            assert client.get(path, auth=auth).headers["X-Example-Data"] == "invented", path


@pytest.mark.integration
def test_over_a_real_socket_quickly_and_to_a_clean_end(market: Market, company_of: Callable[[str], Company]) -> None:
    with run(market) as base:
        request = urllib.request.Request(f"{base}{REGISTER}/company/99000001")  # noqa: S310  our own address
        request.add_header("Authorization", "Basic " + base64.b64encode(b"key:").decode())
        started = time.monotonic()
        for _ in range(100):
            with urllib.request.urlopen(request) as answer:  # noqa: S310  our own address
                body = json.load(answer)
        assert time.monotonic() - started < 10
        assert body["company_name"] == company_of("99000001").name
        port = urlsplit(base).port
        with pytest.raises(OversightError, match="cannot listen"), run(market, port=port or 0):
            pass
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(request, timeout=2)  # noqa: S310  our own address
