"""The streaming API as the example server plays it: what happened on the register, told line by line.

Every stream starts with what the market's companies filed in its last days. More is told with `tell`, as long as the
server runs, and the register is never quiet: whoever listens hears of a company elsewhere after the first heartbeat.
Faults, chosen by a seed, are those of real streams: events told twice or out of order, a line that
breaks off in the middle, a heart that stops beating.
"""

import asyncio
import json
import random
import threading
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from oversight.example.registrar.filings import filing_item
from oversight.example.shapes import Market

STREAM = "/stream"
LABEL = {"X-Example-Data": "invented"}
KINDS: Mapping[str, tuple[str, str]] = {
    "filings": ("filing-history", "/company/{number}/filing-history/{resource}"),
    "companies": ("company-profile", "/company/{number}"),
    "charges": ("company-charges", "/company/{number}/charges/{resource}"),
    "insolvency-cases": ("company-insolvency", "/company/{number}/insolvency"),
    "officers": ("company-officers", "/company/{number}/appointments/{resource}"),
    "persons-with-significant-control": (
        "company-psc-corporate",
        "/company/{number}/persons-with-significant-control/corporate-entity/{resource}",
    ),
}
"""Kind and address of the resources of each stream."""

_REMEMBERED = timedelta(days=3)
_FIRST = 1_000_000
_CONNECTIONS = 2
_NAP = 0.02
ELSEWHERE = "00000006"
"""A company that is not of the market."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event: its place in the stream, and its line."""

    timepoint: int
    line: bytes


@dataclass(frozen=True, slots=True)
class StreamFaults:
    """How often a stream misbehaves, each as a share of events, and for how long its heart may stop.

    Attributes:
        twice: told again.
        swapped: told after the event that follows it.
        broken: the line breaks off in the middle of it.
        silence: seconds without a heartbeat before the first event of every third connection.
        seed: chooses.
    """

    twice: float = 0.1
    swapped: float = 0.1
    broken: float = 0.02
    silence: float = 0.0
    seed: int = 1


class Streams:
    """All streams of a market. Safe to use from other threads than the server's.

    Args:
        market: whose last days were told before the server started.
        heartbeat: seconds between heartbeats while nothing happens.
        faults: None for a server that behaves.
        connections: connections a key may hold at a time.
    """

    def __init__(
        self,
        market: Market,
        *,
        heartbeat: float = 0.5,
        faults: StreamFaults | None = None,
        connections: int = _CONNECTIONS,
    ) -> None:
        self._heartbeat = heartbeat
        self._faults = faults
        self._most = connections
        self._lock = threading.Lock()
        self._told: dict[str, list[Told]] = {name: [] for name in KINDS}
        self._forgotten: dict[str, int] = dict.fromkeys(KINDS, 0)
        self.connections = 0
        self.opened = 0
        for company in market.companies:
            for filing in company.filings:
                if filing.on >= market.until - _REMEMBERED:
                    moment = datetime(filing.on.year, filing.on.month, filing.on.day, 9, tzinfo=UTC)
                    data = filing_item(filing, "")
                    self.tell("filings", company.number, filing.transaction_id, data=data, at=moment)

    def tell(
        self,
        stream: str,
        number: str,
        resource: str = "",
        *,
        data: Mapping[str, Any] | None = None,
        at: datetime | None = None,
        kind: str = "changed",
    ) -> int:
        """Something changed: tell whoever listens, now and later. Gives the event's timepoint.

        Args:
            stream: its name.
            number: of the company.
            resource: id of what changed, where the stream's addresses have one.
            data: the resource; only its company's number where not given.
            at: when; now where not given.
            kind: changed or deleted.
        """
        resource_kind, address = KINDS[stream]
        uri = address.format(number=number, resource=resource or "example")
        moment = at or datetime.now(UTC)
        with self._lock:
            timepoint = _FIRST + len(self._told[stream]) + self._forgotten[stream]
            envelope = {
                "resource_kind": resource_kind,
                "resource_uri": uri,
                "resource_id": resource or number,
                "data": dict(data or {"company_number": number}),
                "event": {
                    "timepoint": timepoint,
                    "published_at": moment.strftime("%Y-%m-%dT%H:%M:%S"),
                    "type": kind,
                    "fields_changed": [],
                },
            }
            self._told[stream].append(Told(timepoint, json.dumps(envelope).encode() + b"\n"))
        return timepoint

    def forget(self, stream: str) -> None:
        """Forget what was told: a client that comes back is too late."""
        with self._lock:
            self._forgotten[stream] += len(self._told[stream])
            self._told[stream] = []

    async def endpoint(self, request: Request) -> Response:
        """One stream, for as long as the caller listens."""
        stream = request.path_params["stream"]
        if stream not in self._told:
            return PlainTextResponse("Not found", status_code=404, headers=LABEL)
        if not request.headers.get("Authorization", "").startswith("Basic "):
            return PlainTextResponse("Unauthorized", status_code=401, headers=LABEL)
        asked = request.query_params.get("timepoint", "")
        with self._lock:
            first = _FIRST + self._forgotten[stream]
            last = first + len(self._told[stream])
            if self.connections >= self._most:
                return PlainTextResponse("Too many", status_code=429, headers={**LABEL, "Retry-After": "1"})
            if asked and not (asked.isdigit() and first - 1 <= int(asked) <= last):
                return PlainTextResponse("Too old", status_code=416, headers=LABEL)
            self.opened += 1
            dice = random.Random(f"{self._faults.seed if self._faults else 0}/{stream}/{self.opened}")
            quiet = self._faults.silence if self._faults and self.opened % 3 == 0 else 0.0
        start = int(asked) + 1 if asked else last
        lines = self._lines(request, stream, start, dice, quiet)
        return StreamingResponse(lines, media_type="application/json", headers=LABEL)

    async def _lines(
        self, request: Request, stream: str, start: int, dice: random.Random, quiet: float
    ) -> AsyncIterator[bytes]:
        beat = asyncio.get_running_loop().time() + quiet
        beats = 0
        with self._lock:  # counted here, because lines nobody asks for are never begun, hence never ended
            self.connections += 1
        try:
            while not await request.is_disconnected():
                waiting = self._since(stream, start)
                if waiting and asyncio.get_running_loop().time() >= beat - self._heartbeat:
                    start = waiting[-1].timepoint + 1
                    for line, ends in _spoilt(waiting, self._faults, dice):
                        yield line
                        if ends:
                            return
                    beat = asyncio.get_running_loop().time()
                if asyncio.get_running_loop().time() >= beat:
                    yield b"\n"
                    beats += 1
                    if beats == 1:
                        self.tell(stream, ELSEWHERE)
                    beat = asyncio.get_running_loop().time() + self._heartbeat
                await asyncio.sleep(min(_NAP, self._heartbeat))
        finally:
            with self._lock:
                self.connections -= 1

    def _since(self, stream: str, start: int) -> list[Told]:
        with self._lock:
            told = self._told[stream]
            first = told[0].timepoint if told else start
            return told[max(0, start - first) :]


def _spoilt(waiting: Sequence[Told], faults: StreamFaults | None, dice: random.Random) -> Sequence[tuple[bytes, bool]]:
    """Lines to send, each with whether the connection ends after it."""
    if faults is None:
        return [(told.line, False) for told in waiting]
    order = list(waiting)
    for place in range(len(order) - 1):
        if dice.random() < faults.swapped:
            order[place], order[place + 1] = order[place + 1], order[place]
    lines: list[tuple[bytes, bool]] = []
    for told in order:
        if dice.random() < faults.broken:
            return [*lines, (told.line[: len(told.line) // 2], True)]
        lines += [(told.line, False)] * (2 if dice.random() < faults.twice else 1)
    return lines
