"""Faults of real servers and lines, put between the example server and whoever asks it.

Which request meets which fault is chosen by a seed, the address and how often it was asked for: the same seed gives
the same faults, whatever the order of requests. No address meets more than a few faults in a row.
"""

import asyncio
import re
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from time import monotonic

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from oversight.example.line import LINE, Line
from oversight.example.spoilers import ON_THE_LINE, SPOILERS, Told, spoil_on_the_line

LATENCY = "latency"


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
            if kind in ON_THE_LINE:
                if line is not None and spoil_on_the_line(kind, answer, line):
                    self._faults.note(kind)
                    await _gone(receive)
                    return
            elif (spoilt := SPOILERS[kind](answer, dice)) is not None:
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


_OF_BODIES = frozenset({"reset", "length_too_long", "length_too_short", "web_page", "cut_gzip"})
_LATER_PAGE = re.compile(r"start_index=[1-9]")
KINDS: tuple[str, ...] = (LATENCY, *ON_THE_LINE, *SPOILERS)
"""Every fault there is."""
