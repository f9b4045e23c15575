"""Faults of real servers and lines, put between the example server and whoever asks it.

Which request meets which fault is chosen by a seed, the address and how often it was asked for: the same seed gives
the same faults, whatever the order of requests. No address meets more than a few faults in a row.
"""

import asyncio
import gzip
import json
import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from time import monotonic
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oversight.example.line import LINE, Line

Told = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body of an answer."""

LATENCY = "latency"
SERVER_ERRORS = (500, 501, 502, 503, 504)
TOTALS = ("total_count", "total_results")
_JSON = "application/json"
_PAGE = b"<!DOCTYPE html><html><title>Service unavailable</title><body>Sorry, there is a problem</body></html>"
_EXPIRES = re.compile(rb"expires=\d+")


@dataclass(slots=True)
class Faults:
    """Which faults the server has, and what it did.

    Attributes:
        seed: chooses.
        share: of requests that meet a fault.
        kinds: the faults to choose among.
        latency: seconds, the shortest and the longest an answer is held back by `latency`.
        in_a_row: most faults that one address meets one after the other.
        unharmed: paths that start so are left alone.
        done: how often each fault happened.
        asked: every address asked for and when (seconds of a clock that never goes back), in order.
        told: how often each status was answered.
    """

    seed: int
    share: float = 0.3
    kinds: Sequence[str] = field(default_factory=lambda: KINDS)
    latency: tuple[float, float] = (0.05, 0.3)
    in_a_row: int = 2
    unharmed: tuple[str, ...] = ("/stream",)
    done: Counter[str] = field(default_factory=Counter)
    asked: list[tuple[float, str]] = field(default_factory=list)
    told: Counter[int] = field(default_factory=Counter)
    _times: Counter[str] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fate(self, address: str) -> tuple[str | None, Random]:
        """What the next request for an address meets, and the dice for its particulars."""
        with self._lock:
            self.asked.append((monotonic(), address))
            time = self._times[address]
            self._times[address] += 1
        dice = Random(f"{self.seed}/{address}/{time}")
        if time >= self.in_a_row and all(self._meets(address, time - back) for back in range(1, self.in_a_row + 1)):
            return None, dice
        kinds = [kind for kind in self.kinds if _can_happen(kind, address)]
        return (dice.choice(kinds) if kinds and self._meets(address, time) else None), dice

    def _meets(self, address: str, time: int) -> bool:
        return Random(f"{self.seed}/{address}/{time}/meets").random() < self.share

    def note(self, kind: str) -> None:
        """A fault happened."""
        with self._lock:
            self.done[kind] += 1

    def around(self, app: ASGIApp) -> ASGIApp:
        """The application with these faults."""
        return _Faulty(app, self)


def _address(scope: Scope) -> str:
    """What is asked for: path and query, without the signature of a signed address, which is never the same."""
    query = scope["query_string"].decode("latin-1")
    return f"{scope['path']}?{query}" if query and "signature=" not in query else str(scope["path"])


def _can_happen(kind: str, address: str) -> bool:
    """Whether a fault has anything to work on in an answer to this address."""
    if kind == "repeated_page":
        return _LATER_PAGE.search(address) is not None
    if kind == "lying_total":
        return "start_index=" in address and "/search/" not in address
    return address.endswith("/content") == (kind == "expired_link") or kind not in {"expired_link", *_OF_BODIES}


class _Faulty:
    """An ASGI application that lets each answer meet its fate."""

    def __init__(self, app: ASGIApp, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"].startswith(self._faults.unharmed):
            await self._app(scope, receive, send)
            return
        kind, dice = self._faults.fate(_address(scope))
        if kind == "repeated_page":
            scope = _first_page(scope)
        answer = await _answer(self._app, scope, receive)
        if kind == LATENCY:
            await asyncio.sleep(dice.uniform(*self._faults.latency))
            self._faults.note(kind)
        elif kind is not None:
            line: Line | None = scope.get("extensions", {}).get(LINE)
            if kind in _ON_THE_LINE:
                if line is not None and _spoilt_on_the_line(kind, answer, line):
                    self._faults.note(kind)
                    await _gone(receive)
                    return
            elif (spoilt := _SPOILERS[kind](answer, dice)) is not None:
                self._faults.note(kind)
                answer = spoilt
        self._faults.told[answer[0]] += 1
        await _send(answer, send)


async def _answer(app: ASGIApp, scope: Scope, receive: Receive) -> Told:
    told: list[Message] = []

    async def keep(message: Message) -> None:
        told.append(message)

    await app(scope, receive, keep)
    start = next(message for message in told if message["type"] == "http.response.start")
    body = b"".join(message.get("body", b"") for message in told if message["type"] == "http.response.body")
    return start["status"], list(start["headers"]), body


async def _send(answer: Told, send: Send) -> None:
    status, headers, body = answer
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _first_page(scope: Scope) -> Scope:
    """The request for a later page, as the request for the first."""
    query = re.sub(rb"start_index=\d+", b"start_index=0", scope["query_string"])
    return {**scope, "query_string": query}


def _spoilt_on_the_line(kind: str, answer: Told, line: Line) -> bool:
    """Write an answer that no well-behaved server would; whether it could be done."""
    status, headers, body = answer
    if status != 200 or len(body) < 2:  # noqa: PLR2004
        return False
    said = {"reset": len(body), "length_too_long": len(body) + 40, "length_too_short": len(body) // 2}[kind]
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    lines = [
        b"HTTP/1.1 200 OK",
        *(name + b": " + value for name, value in kept),
        b"Content-Length: %d" % said,
        b"",
        b"",
    ]
    line.write(b"\r\n".join(lines))
    line.write(body[: len(body) // 2] if kind == "reset" else body)
    line.end(reset=kind == "reset")
    return True


def _busy(answer: Told, dice: Random) -> Told:
    status = dice.choice(SERVER_ERRORS)
    return status, _plain(answer[1]), b"busy"


def _too_many(_: Told, __: Random) -> Told:
    return 429, [(b"content-length", b"0")], b""


def _too_many_told(_: Told, __: Random) -> Told:
    return 429, [(b"content-length", b"0"), (b"retry-after", b"1")], b""


def _web_page(answer: Told, _: Random) -> Told | None:
    return (200, [*_plain(answer[1]), (b"content-type", b"text/html")], _PAGE) if answer[0] == 200 else None  # noqa: PLR2004


def _cut_gzip(answer: Told, _: Random) -> Told | None:
    status, headers, body = answer
    if status != 200 or not body:  # noqa: PLR2004
        return None
    packed = gzip.compress(body, mtime=0)
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    return status, [*kept, (b"content-encoding", b"gzip")], packed[: len(packed) - 12]


def _expired(answer: Told, _: Random) -> Told | None:
    status, headers, body = answer
    if status != 302:  # noqa: PLR2004
        return None
    moved = [
        (name, _EXPIRES.sub(b"expires=1", value) if name.lower() == b"location" else value) for name, value in headers
    ]
    return status, moved, body


def _repeated(answer: Told, _: Random) -> Told | None:
    """The application was asked for the first page; on a first page nothing is wrong."""
    return answer


def _lying_total(answer: Told, dice: Random) -> Told | None:
    status, headers, body = answer
    told = _object(headers, body) if status == 200 else {}  # noqa: PLR2004
    name = next((name for name in TOTALS if name in told and "items" in told), None)
    if name is None:
        return None
    true = told[name]
    lies = [lie for lie in (0, max(0, true - 1), true + 1, true * 10 + 100) if lie != true]
    content = json.dumps({**told, name: dice.choice(lies)}, ensure_ascii=False, separators=(",", ":")).encode()
    return status, [*_plain(headers), (b"content-type", _JSON.encode())], content


def _plain(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers that say nothing of the body."""
    of_body = {b"content-length", b"content-type", b"etag"}
    return [(name, value) for name, value in headers if name.lower() not in of_body]


def _object(headers: Sequence[tuple[bytes, bytes]], body: bytes) -> Mapping[str, Any]:
    kind = next((value for name, value in headers if name.lower() == b"content-type"), b"")
    if not kind.startswith(_JSON.encode()):
        return {}
    told = json.loads(body)
    return told if isinstance(told, dict) else {}


_OF_BODIES = frozenset({"reset", "length_too_long", "length_too_short", "web_page", "cut_gzip"})
_LATER_PAGE = re.compile(r"start_index=[1-9]")
_ON_THE_LINE = ("reset", "length_too_long", "length_too_short")
_SPOILERS: Mapping[str, Callable[[Told, Random], Told | None]] = {
    "too_many": _too_many,
    "too_many_told": _too_many_told,
    "server_error": _busy,
    "web_page": _web_page,
    "cut_gzip": _cut_gzip,
    "expired_link": _expired,
    "repeated_page": _repeated,
    "lying_total": _lying_total,
}
KINDS: tuple[str, ...] = (LATENCY, *_ON_THE_LINE, *_SPOILERS)
"""Every fault there is."""
