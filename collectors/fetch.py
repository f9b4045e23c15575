"""The one module that speaks HTTP. Everything else hands it an address and gets a whole, checked answer.

The API key goes to the host it was given for and nowhere else: where that host redirects to another (the
Document API sends readers to a signed address at a file store), the key stays behind.
"""

import hashlib
import logging
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

import httpx
from pydantic import SecretStr

from collectors.bodies import BadBodyError, gunzipped
from collectors.books import LedgerBook
from collectors.pacing import COMPANIES_HOUSE_LIMIT, TOO_MANY, Pace, Retries, Sleep
from oversight.errors import CollectError, NotAuthorisedError, RefusedError, UnreachableError
from oversight.model.times import utc_now
from oversight.store.ledger import Ledger

for _name in ("httpx", "httpcore"):  # their routine lines carry signed addresses
    logging.getLogger(_name).setLevel(logging.WARNING)

Check = Callable[["Answer"], str | None]
"""Says what is wrong with an answer that arrived whole, or None. A wrong one is asked for again."""

USER_AGENT = "childrens-homes-oversight/0.1 (market oversight monitor)"
_LARGEST = 200_000_000
_WANTED = frozenset({HTTPStatus.OK, HTTPStatus.NOT_MODIFIED, HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_KEY_REFUSED = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: status 200, 304, 404 or 410.

    Attributes:
        url: the address that was asked, before any redirect.
        status: HTTP status.
        headers: by lower-case name.
        content: the body, decompressed.
        from_elsewhere: whether a redirect led to it, as to a signed address at a file store.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    content: bytes
    from_elsewhere: bool = False

    @property
    def media_type(self) -> str:
        """Type of the body without parameters, such as `application/json`; empty where not said."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Opened:
    """An answer whose body is still coming.

    Attributes:
        status: HTTP status.
        headers: by lower-case name.
        chunks: the body as it comes, not decompressed. Raises UnreachableError where it breaks off.
    """

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]


def host_of(url: str) -> str:
    """The host of an address, with its port where it names one, such as `127.0.0.1:8080`."""
    try:
        return httpx.URL(url).netloc.decode("ascii")
    except (httpx.InvalidURL, UnicodeError):
        return ""


class _PacedTransport(httpx.BaseTransport):
    """Holds each request back until its host's budget allows it, redirects included."""

    def __init__(self, inner: httpx.BaseTransport, pace: Pace) -> None:
        self._inner = inner
        self._pace = pace

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.netloc.decode("ascii")
        lease = self._pace.start(host)
        status: int | None = None
        headers: Mapping[str, str] = {}
        try:
            response = self._inner.handle_request(request)
            status, headers = response.status_code, response.headers
        finally:
            self._pace.finish(lease, status, headers)
        return response

    def close(self) -> None:
        self._inner.close()


class HttpClient:
    """Asks servers politely and gives back whole answers. Safe to use from many threads.

    Retries live here and not in a transport, because what has to be repeated is the whole exchange: a body
    that breaks off, an answer of the wrong kind, a signed address that has expired since the redirect.

    Args:
        pace: holds requests back to each host's budget.
        retries: how often and after how long a failed exchange is repeated.
        settings_of: for a host with port, the setting that names it, for error messages.
        timeout: seconds for connecting, and for each wait for data.
        largest: bytes, the longest body accepted after decompression.
        sleep: waits so many seconds.
        transport: in place of the network, for tests.
    """

    def __init__(
        self,
        *,
        pace: Pace,
        retries: Retries | None = None,
        settings_of: Mapping[str, str] | None = None,
        timeout: float = 30.0,
        largest: int = _LARGEST,
        sleep: Sleep = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._pace = pace
        self._retries = retries or Retries()
        self._settings_of = dict(settings_of or {})
        self._largest = largest
        self._sleep = sleep
        outward, mounts = (_PacedTransport(transport, pace), {}) if transport else _network(pace)
        self._client = httpx.Client(
            transport=outward,
            mounts=mounts,
            timeout=timeout,
            follow_redirects=True,
            max_redirects=5,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
        )

    def get(
        self,
        url: str,
        *,
        key: SecretStr | None = None,
        accept: str | None = None,
        etag: str | None = None,
        check: Check | None = None,
    ) -> Answer:
        """Ask for an address, again where asking again may help.

        Args:
            url: absolute address.
            key: sent as the user name of HTTP basic authentication, to this address's host only.
            accept: media type wanted.
            etag: version held; the server may answer 304.
            check: judges a 200 answer; one found wrong is asked for again.

        Returns:
            An answer of status 200, 304, 404 or 410.

        Raises:
            NotAuthorisedError: 401 or 403.
            UnreachableError: no whole answer came.
            RefusedError: any other status, or a body that is too long or of the wrong kind.
        """
        headers = {"Accept": accept or "*/*"} | ({"If-None-Match": etag} if etag else {})
        auth = httpx.BasicAuth(key.get_secret_value(), "") if key else None
        failed = refused = 0
        while True:
            answer, problem = self._attempt(url, headers, auth, check)
            if problem is None and answer is not None:
                return answer
            last = problem
            if answer is not None and answer.status == TOO_MANY:
                refused += 1
            else:
                failed += 1
            if not _may_help(answer) or failed >= self._retries.attempts or refused >= self._retries.refusals:
                break
            self._sleep(self._retries.delay(max(1, failed)))  # where the server said when, the pace waits for the rest
        raise last or self._unreachable(url, "it was never asked")

    @contextmanager
    def opened(
        self, url: str, *, key: SecretStr | None = None, headers: Mapping[str, str] | None = None, timeout: float = 30.0
    ) -> Iterator[Opened]:
        """One exchange whose body is read as it comes: a stream that never ends, a file too large to hold.

        Args:
            url: absolute address.
            key: as for `get`.
            headers: of the request, besides the usual.
            timeout: seconds to wait for the answer, and for each next piece of it.

        Raises:
            NotAuthorisedError: 401 or 403 where a key was sent.
            UnreachableError: no answer, or the line broke; also while the body is read.
        """
        auth = httpx.BasicAuth(key.get_secret_value(), "") if key else None
        sent = {"Accept": "*/*", "Accept-Encoding": "identity", **(headers or {})}
        try:
            with self._client.stream("GET", url, headers=sent, auth=auth, timeout=timeout) as response:
                names = {name.lower(): value for name, value in response.headers.items()}
                if response.status_code in _KEY_REFUSED and key:
                    raise self._refusal(url, Answer(url, response.status_code, names, b""), key_sent=True)
                yield Opened(response.status_code, names, response.iter_raw())
        except (httpx.TransportError, httpx.InvalidURL, httpx.TooManyRedirects) as error:
            raise self._unreachable(url, _words(error)) from None

    def _attempt(
        self, url: str, headers: Mapping[str, str], auth: httpx.BasicAuth | None, check: Check | None
    ) -> tuple[Answer | None, CollectError | None]:
        """One exchange: the answer (None where none came whole), and what is wrong, if anything."""
        try:
            answer = self._exchange(url, headers, auth)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise self._unreachable(url, f"not an address that can be asked: {error}") from None
        except httpx.TooManyRedirects:
            raise RefusedError("the server sends us in circles", where=url, next_step=self._later(url)) from None
        except (httpx.TransportError, BadBodyError) as error:
            return None, self._unreachable(url, _words(error))
        unasked = answer.status == HTTPStatus.NOT_MODIFIED and "If-None-Match" not in headers
        if answer.status not in _WANTED or unasked:
            return answer, self._refusal(url, answer, key_sent=auth is not None)
        wrong = check(answer) if check and answer.status == HTTPStatus.OK else None
        if wrong:
            return answer, RefusedError(f"the answer is not usable: {wrong}", where=url, next_step=self._later(url))
        return answer, None

    def _exchange(self, url: str, headers: Mapping[str, str], auth: httpx.BasicAuth | None) -> Answer:
        if not url.startswith(("http://", "https://")):
            raise httpx.UnsupportedProtocol("it must start with https://")
        with self._client.stream("GET", url, headers=dict(headers), auth=auth) as response:
            body = b"".join(_decoded(_whole_body(response), response, self._largest, url))
            names = {name.lower(): value for name, value in response.headers.items()}
            return Answer(url, response.status_code, names, body, from_elsewhere=bool(response.history))

    def _refusal(self, url: str, answer: Answer, *, key_sent: bool) -> CollectError:
        if answer.status in _KEY_REFUSED and key_sent and not answer.from_elsewhere:
            return NotAuthorisedError(
                f"the server refuses the key (HTTP {answer.status})",
                where=url,
                next_step="Set CH_API_KEY to a live Companies House REST key: the one set may be mistyped or expired, "
                "or restricted to other network addresses.",
            )
        return RefusedError(f"the server answers HTTP {answer.status}", where=url, next_step=self._later(url))

    def _unreachable(self, url: str, why: str) -> UnreachableError:
        return UnreachableError(
            f"no answer from {host_of(url) or 'the server'}: {why}",
            where=url,
            next_step=f"Check the network{self._setting(url)}, then run the same command again; what came is kept.",
        )

    def _later(self, url: str) -> str:
        return f"Run the same command again later; what came is kept. Else check the address{self._setting(url)}."

    def _setting(self, url: str) -> str:
        name = self._settings_of.get(host_of(url))
        return f" and the setting {name}" if name else ""

    def close(self) -> None:
        """Let go of the connections, and of places in budgets that were not used."""
        self._client.close()
        self._pace.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_client(
    *,
    companies_house_url: str,
    companies_house_document_url: str,
    govuk_url: str,
    key: SecretStr | None = None,
    ledger: Ledger | None = None,
) -> HttpClient:
    """A client for the servers that the settings name, with the real clock.

    The two Companies House hosts draw on one budget, because the limit is for each key.

    Args:
        companies_house_url: of the REST API.
        companies_house_document_url: of the Document API.
        govuk_url: of GOV.UK.
        key: Companies House key; its budget is known by a hash of it.
        ledger: where the budget is shared with other processes; without one it is this client's alone.
    """
    settings_of = {
        host_of(govuk_url): "OVERSIGHT_GOVUK_URL",
        host_of(companies_house_document_url): "OVERSIGHT_COMPANIES_HOUSE_DOCUMENT_URL",
        host_of(companies_house_url): "OVERSIGHT_COMPANIES_HOUSE_URL",
    }
    budget = _budget_name(companies_house_url, key)
    budget_of = dict.fromkeys((host_of(companies_house_url), host_of(companies_house_document_url)), budget)
    book = LedgerBook(ledger) if ledger else None
    pace = Pace(budget_of, {budget: COMPANIES_HOUSE_LIMIT}, clock=utc_now, sleep=time.sleep, book=book)
    return HttpClient(pace=pace, settings_of=settings_of)


def _budget_name(url: str, key: SecretStr | None) -> str:
    """Name of the budget of a key at a host. The key is known by a hash, which does not give it away."""
    secret = key.get_secret_value().strip() if key else ""
    return f"{host_of(url)}/{hashlib.sha256(secret.encode()).hexdigest()[:16]}"


def _network(pace: Pace) -> tuple[httpx.BaseTransport, dict[str, httpx.BaseTransport | None]]:
    """The transport for the network, and those for hosts reached through the proxies of the environment.

    httpx looks at the environment's proxies only when it makes its transports itself.
    """
    pool = httpx.Limits(max_connections=64)

    def paced(proxy: str | None = None) -> httpx.BaseTransport:
        return _PacedTransport(httpx.HTTPTransport(limits=pool, proxy=proxy), pace)

    proxies = urllib.request.getproxies()
    direct = [name.strip().lstrip(".") for name in proxies.get("no", "").split(",") if name.strip()]
    if "*" in direct:
        return paced(), {}
    through: dict[str, httpx.BaseTransport | None] = {
        f"{scheme}://": paced(proxies[scheme] if "://" in proxies[scheme] else f"http://{proxies[scheme]}")
        for scheme in ("http", "https")
        if proxies.get(scheme)
    }
    if not through:
        return paced(), {}
    exempt = {f"all://{_pattern(name)}": paced() for name in (*direct, "localhost", "127.0.0.1")}
    return paced(), {**through, **exempt}


def _pattern(name: str) -> str:
    return name if name == "localhost" or name.replace(".", "").isdigit() else f"*{name}"


def _may_help(answer: Answer | None) -> bool:
    """Whether asking again may help: no whole answer, a wrong body, a busy server, an expired signed address."""
    if answer is None or answer.status == HTTPStatus.OK:
        return True
    return Retries.worth_repeating(answer.status) or (answer.from_elsewhere and answer.status in _KEY_REFUSED)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _whole_body(response: httpx.Response) -> Iterator[bytes]:
    """The body as sent, checked against the length announced."""
    received = 0
    for chunk in response.iter_raw():
        received += len(chunk)
        yield chunk
    announced = response.headers.get("content-length", "")
    if announced.isdigit() and int(announced) != received and response.status_code == HTTPStatus.OK:
        raise BadBodyError(f"{received} bytes came of {announced}")


def _decoded(chunks: Iterator[bytes], response: httpx.Response, largest: int, url: str) -> Iterator[bytes]:
    """The body decompressed, never holding more than the largest size allowed.

    httpx would accept a gzip stream that breaks off; here its end mark must come.
    """
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"gzip", "x-gzip", "identity", ""}:
        raise BadBodyError(f"content encoding {encoding!r} was not asked for")
    pieces = gunzipped(chunks, largest) if encoding.endswith("gzip") else chunks
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > largest:
            raise RefusedError(
                f"the body is longer than {largest:,} bytes", where=url, next_step="Check what the address serves."
            )
        yield piece
