"""Each fault of the example server as a plain client meets it."""

from collections import Counter

import httpx
import pytest

from oversight.example.faults import KINDS, Faults
from oversight.example.player import DOCUMENTS, REGISTER
from oversight.example.server import app, run
from oversight.example.shapes import Company, Market
from oversight.example.spoilers import SERVER_ERRORS
from tests.oversight.example.asgi import Client

KEY = ("any-key", "")
FOR_EVER = 10**9


@pytest.fixture
def charged(market: Market) -> Company:
    """A company whose charges fill more than one page of one."""
    return next(company for company in market.companies if len(company.charges) > 1)


def only(kind: str, **more: object) -> Faults:
    return Faults(7, share=1.0, kinds=(kind,), in_a_row=FOR_EVER, **more)  # type: ignore[arg-type]


def history(company: Company, start: int = 0) -> str:
    return f"{REGISTER}/company/{company.number}/filing-history?items_per_page=5&start_index={start}"


@pytest.mark.integration
@pytest.mark.parametrize(
    ("kind", "error"),
    [("reset", httpx.ReadError), ("length_too_long", httpx.RemoteProtocolError)],
)
def test_an_answer_breaks_off(market: Market, charged: Company, kind: str, error: type[Exception]) -> None:
    faults = only(kind)
    with run(market, faults=faults) as base, pytest.raises(error):
        httpx.get(base + history(charged), auth=KEY)
    assert faults.done == Counter({kind: 1})


@pytest.mark.integration
def test_a_content_length_that_is_too_short_halves_the_body(market: Market, charged: Company) -> None:
    path = f"{REGISTER}/company/{charged.number}"
    with run(market, faults=only("length_too_short")) as base:
        short = httpx.get(base + path, auth=KEY)
    with run(market) as base:
        whole = httpx.get(base + path, auth=KEY)
    assert whole.content.startswith(short.content)
    assert len(short.content) == len(whole.content) // 2


@pytest.mark.integration
def test_a_gzip_body_breaks_off(market: Market, charged: Company) -> None:
    with run(market, faults=only("cut_gzip")) as base, httpx.stream("GET", base + history(charged), auth=KEY) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert raw.startswith(b"\x1f\x8b")
    assert len(raw) == int(answer.headers["content-length"])


def asked(market: Market, faults: Faults, address: str, times: int = 1) -> list[httpx.Response]:
    client = Client(faults.around(app(market)))  # type: ignore[arg-type]
    return [client.get(address, auth=KEY) for _ in range(times)]


def test_refusals_and_errors(market: Market, charged: Company) -> None:
    (silent,) = asked(market, only("too_many"), history(charged))
    assert silent.status_code == 429
    assert not [name for name in silent.headers if name.startswith(("x-ratelimit", "retry"))]
    (told,) = asked(market, only("too_many_told"), history(charged))
    assert (told.status_code, told.headers["retry-after"]) == (429, "1")
    errors = {answer.status_code for answer in asked(market, only("server_error"), history(charged), 40)}
    assert errors == set(SERVER_ERRORS)


def test_a_web_page_in_place_of_json(market: Market, charged: Company) -> None:
    (answer,) = asked(market, only("web_page"), history(charged))
    assert answer.status_code == 200
    assert answer.text.startswith("<!DOCTYPE html>")


def test_a_total_that_lies_and_carries_no_version_mark(market: Market, charged: Company) -> None:
    (whole,) = asked(market, Faults(7, share=0.0), history(charged))
    lies = asked(market, only("lying_total"), history(charged), 20)
    totals = {answer.json()["total_count"] for answer in lies}
    assert whole.json()["total_count"] not in totals
    assert len(totals) >= 3
    assert all("etag" not in answer.headers for answer in lies)
    assert all(answer.json()["items"] == whole.json()["items"] for answer in lies)


def test_a_page_repeats(market: Market, charged: Company) -> None:
    (first,) = asked(market, Faults(7, share=0.0), history(charged))
    (second,) = asked(market, only("repeated_page"), history(charged, 5))
    assert second.json() == first.json()


def test_a_signed_address_has_expired(market: Market, charged: Company) -> None:
    document = next(filing.document_id for filing in charged.filings if filing.document_id)
    (moved,) = asked(market, only("expired_link"), f"{DOCUMENTS}/document/{document}/content")
    client = Client(app(market))
    assert client.get(moved.headers["location"]).status_code == 403


def test_the_same_seed_gives_the_same_faults_and_never_more_than_so_many_in_a_row() -> None:
    def fates(seed: int) -> list[str | None]:
        faults = Faults(seed, share=0.9, in_a_row=2)
        return [faults.fate(f"/{place % 3}?start_index=5")[0] for place in range(300)]

    assert fates(1) == fates(1)
    assert fates(1) != fates(2)
    for place in range(3):
        row = fates(1)[place::3]
        assert all(None in row[start : start + 3] for start in range(len(row) - 3))
    assert set(fates(1)) - {None} == set(KINDS) - {"expired_link"}


def test_streams_are_left_alone(market: Market) -> None:
    faults = only("server_error")
    client = Client(faults.around(app(market)))  # type: ignore[arg-type]
    assert client.get("/stream/nothing").status_code == 404
    assert faults.asked == []
