import gzip
import logging
from collections.abc import Callable

import httpx
import pytest
from pydantic import SecretStr

from collectors.fetch import HttpClient, host_of, open_client
from collectors.pacing import Pace
from oversight.errors import NotAuthorisedError, RefusedError, UnreachableError
from tests.collectors.web import FakeTime, Web, reply

URL = "https://api.example/company/01234567"
KEY = SecretStr("the-secret-key")


def fails(error: type[Exception]) -> Callable[[httpx.Request], httpx.Response]:
    def handler(_request: httpx.Request) -> httpx.Response:
        raise error("[Errno -2] Name or service not known")

    return handler


def breaks_off(_request: httpx.Request) -> httpx.Response:
    return reply(b'{"company', headers={"content-length": "400"})


def test_gives_the_whole_answer(http: HttpClient, web: Web) -> None:
    web.serve(URL, b'{"a": 1}', headers={"content-type": "Application/JSON; charset=utf-8", "etag": '"x"'})
    answer = http.get(URL, accept="application/json")
    assert (answer.status, answer.content, answer.media_type) == (200, b'{"a": 1}', "application/json")
    assert answer.headers["etag"] == '"x"'
    assert web.requests[0].headers["accept"] == "application/json"


def test_the_key_goes_to_its_host_only(http: HttpClient, web: Web) -> None:
    signed = "https://files.example/doc?X-Amz-Signature=abc"
    web.serve(URL, lambda _: reply(status=302, headers={"location": signed}))
    web.serve(signed, b"content")
    answer = http.get(URL, key=KEY)
    asked, redirected = web.requests
    assert asked.headers["authorization"] == "Basic dGhlLXNlY3JldC1rZXk6"
    assert "authorization" not in redirected.headers
    assert answer.content == b"content"
    assert answer.url == URL
    assert answer.from_elsewhere


def test_the_key_does_not_follow_to_another_port_or_to_plain_http(http: HttpClient, web: Web) -> None:
    for target in ("http://api.example/x", "https://api.example:8443/x"):
        web.serve(URL, lambda _, target=target: reply(status=302, headers={"location": target}))  # type: ignore[misc]
        web.serve(target, b"")
        http.get(URL, key=KEY)
        assert "authorization" not in web.requests[-1].headers


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, NotAuthorisedError), (403, NotAuthorisedError), (418, RefusedError), (500, RefusedError)],
)
def test_the_key_is_in_no_error_and_no_log(
    http: HttpClient, web: Web, caplog: pytest.LogCaptureFixture, status: int, error: type[Exception]
) -> None:
    web.serve(URL, lambda _: reply(status=status))
    with caplog.at_level(logging.DEBUG), pytest.raises(error) as caught:
        http.get(URL, key=KEY)
    shown = f"{caught.value} {caught.value!r} {caplog.text}"
    assert "the-secret-key" not in shown
    assert "dGhlLXNlY3JldC1rZXk6" not in shown


def test_a_refused_key_says_which_setting(http: HttpClient, web: Web) -> None:
    web.serve(URL, lambda _: reply(status=401))
    with pytest.raises(NotAuthorisedError, match="CH_API_KEY"):
        http.get(URL, key=KEY)
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ConnectTimeout, httpx.ReadError, httpx.RemoteProtocolError]
)
def test_no_answer_is_tried_again_then_says_which_setting(http: HttpClient, web: Web, error: type[Exception]) -> None:
    web.serve(URL, fails(error))
    with pytest.raises(UnreachableError, match="setting OVERSIGHT_COMPANIES_HOUSE_URL") as caught:
        http.get(URL)
    assert "Name or service not known" in str(caught.value)
    assert len(web.requests) == 5


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(http: HttpClient, web: Web, status: int) -> None:
    web.serve(URL, lambda _: reply(status=status), lambda _: reply(status=status), b"at last")
    assert http.get(URL).content == b"at last"


@pytest.mark.parametrize("status", [400, 405, 406, 410 + 1, 301])
def test_a_plain_no_is_not_asked_again(http: HttpClient, web: Web, status: int) -> None:
    web.serve(URL, lambda _: reply(status=status))
    with pytest.raises(RefusedError, match=f"HTTP {status}"):
        http.get(URL)
    assert len(web.requests) == 1


@pytest.mark.parametrize("status", [404, 410])
def test_absence_is_an_answer(http: HttpClient, web: Web, status: int) -> None:
    web.serve(URL, lambda _: reply(b"{}", status=status))
    assert http.get(URL).status == status


def test_too_many_requests_waits_as_told(http: HttpClient, web: Web, fake_time: FakeTime) -> None:
    begun = fake_time.now
    web.serve(URL, lambda _: reply(status=429, headers={"retry-after": "75"}), b"ok")
    assert http.get(URL).content == b"ok"
    assert (fake_time.now - begun).total_seconds() == pytest.approx(75)


def test_a_body_that_breaks_off_is_asked_again(http: HttpClient, web: Web) -> None:
    web.serve(URL, breaks_off, b"whole")
    assert http.get(URL).content == b"whole"
    web.serve(URL, breaks_off)
    with pytest.raises(UnreachableError, match="9 bytes came of 400"):
        http.get(URL)


def test_compressed_bodies(http: HttpClient, web: Web) -> None:
    packed = gzip.compress(b"a" * 5000) + gzip.compress(b"b")
    web.serve(URL, packed, headers={"content-encoding": "gzip", "content-length": str(len(packed))})
    assert http.get(URL).content == b"a" * 5000 + b"b"


@pytest.mark.parametrize("damaged", [gzip.compress(b"a" * 5000)[:-9], b"not gzip at all"], ids=["cut", "plain"])
def test_a_damaged_compressed_body_is_asked_again(http: HttpClient, web: Web, damaged: bytes) -> None:
    web.serve(URL, lambda _: reply(damaged, headers={"content-encoding": "gzip"}), b"whole")
    assert http.get(URL).content == b"whole"


def test_a_body_is_never_longer_than_allowed(web: Web, fake_time: FakeTime) -> None:
    pace = Pace({}, {}, clock=fake_time.clock, sleep=fake_time.sleep)
    client = HttpClient(pace=pace, largest=1000, sleep=fake_time.sleep, transport=httpx.MockTransport(web))
    bomb = gzip.compress(b"\x00" * 50_000_000)
    with client:
        web.serve(URL, bomb, headers={"content-encoding": "gzip"})
        with pytest.raises(RefusedError, match="longer than 1,000 bytes"):
            client.get(URL)
        web.serve(URL, b"x" * 1001)
        with pytest.raises(RefusedError, match="longer than 1,000 bytes"):
            client.get(URL)
        web.serve(URL, b"x" * 1000)
        assert len(client.get(URL).content) == 1000


def test_an_expired_signed_address_is_asked_for_anew(http: HttpClient, web: Web) -> None:
    for number in (1, 2):
        web.serve(f"https://files.example/{number}", lambda _: reply(status=403))
    web.serve("https://files.example/3", b"document")
    hops = [f"https://files.example/{number}" for number in (1, 2, 3)]
    web.serve(URL, *[lambda _, hop=hop: reply(status=302, headers={"location": hop}) for hop in hops])
    assert http.get(URL, key=KEY).content == b"document"


def test_circles_and_odd_addresses(http: HttpClient, web: Web) -> None:
    web.serve(URL, lambda _: reply(status=302, headers={"location": URL}))
    with pytest.raises(RefusedError, match="circles"):
        http.get(URL)
    for odd in ("ftp://api.example/x", "api.example/x", "https://[::1", ""):
        with pytest.raises(UnreachableError, match="not an address"):
            http.get(odd)


def test_an_answer_of_the_wrong_kind_is_asked_again_and_at_last_refused(http: HttpClient, web: Web) -> None:
    web.serve(URL, b"<html>", b"{}")
    assert http.get(URL, check=lambda a: "a page" if a.content == b"<html>" else None).content == b"{}"
    web.serve(URL, b"<html>")
    with pytest.raises(RefusedError, match="a page"):
        http.get(URL, check=lambda _: "a page")


def test_not_modified_counts_only_where_a_version_was_named(http: HttpClient, web: Web) -> None:
    web.serve(URL, lambda _: reply(status=304))
    assert http.get(URL, etag='"1"').status == 304
    assert web.requests[-1].headers["if-none-match"] == '"1"'
    with pytest.raises(RefusedError):
        http.get(URL)


def test_every_hop_is_paced(http: HttpClient, web: Web, fake_time: FakeTime) -> None:
    web.serve(URL, b"")
    for _ in range(601):
        http.get(URL)
    assert sum(fake_time.slept) == pytest.approx(300)


def test_proxies_of_the_environment_are_used_except_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", ".internal.example,10.0.0.5")
    with open_client(companies_house_url=URL, companies_house_document_url=URL, govuk_url=URL) as client:
        chosen = {
            url: client._client._transport_for_url(httpx.URL(url)) is not client._client._transport
            for url in (URL, "https://a.internal.example/", "https://10.0.0.5/", "http://127.0.0.1:8000/")
        }
        proxied = client._client._transport_for_url(httpx.URL(URL))._inner._pool  # type: ignore[attr-defined]
        direct = client._client._transport_for_url(httpx.URL("https://10.0.0.5/"))._inner._pool  # type: ignore[attr-defined]
    assert all(chosen.values())
    assert type(proxied).__name__ == "HTTPProxy"
    assert type(direct).__name__ == "ConnectionPool"


def test_the_host_of_an_address() -> None:
    assert host_of("https://api.example/x") == "api.example"
    assert host_of("http://127.0.0.1:8080/x") == "127.0.0.1:8080"
    assert host_of("https://[::1") == ""
