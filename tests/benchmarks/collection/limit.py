"""At the limit: how long a first sweep of many companies takes, by a clock that only moves while everybody waits.

The collector, its pacing, the ledger with the shared budget and the archive are the real ones. The server is not: it
counts like the register (600 requests in five minutes for a key), answers after two seconds, and refuses with 429
whatever is beyond the limit of its fixed windows, or of any stretch of five minutes.
"""

import heapq
import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from queue import Empty, SimpleQueue

import httpx
from pydantic import SecretStr

from collectors.books import LedgerBook
from collectors.companies_house import CompaniesHouse
from collectors.fetch import HttpClient
from collectors.pacing import COMPANIES_HOUSE_LIMIT, Pace
from collectors.recorder import Recorder
from oversight.store.archive import Archive
from oversight.store.ledger import Ledger

START = datetime(2026, 11, 2, 20, tzinfo=UTC).timestamp()
HOST = "api.example"
LATENCY = 2.0
REQUESTS_A_COMPANY = 6


class SimulatedTime:
    """A clock for threads at work: when all of them sleep, it jumps to the moment the first of them wakes."""

    def __init__(self) -> None:
        self.now = START
        self._awake = 0
        self._sleepers: list[tuple[float, int, threading.Event]] = []
        self._count = 0
        self._lock = threading.Lock()

    def clock(self) -> datetime:
        """The simulated moment."""
        return datetime.fromtimestamp(self.now, UTC)

    def sleep(self, seconds: float) -> None:
        """Sleep in simulated time. Only for threads that `work`."""
        woken = threading.Event()
        with self._lock:
            self._count += 1
            heapq.heappush(self._sleepers, (self.now + max(0.0, seconds), self._count, woken))
            self._awake -= 1
            self._move()
        woken.wait()

    def _move(self) -> None:
        if not self._awake and self._sleepers:
            moment, _, woken = heapq.heappop(self._sleepers)
            self.now = max(self.now, moment)
            self._awake += 1
            woken.set()

    @contextmanager
    def _at_work(self) -> Iterator[None]:
        try:
            yield
        finally:
            with self._lock:
                self._awake -= 1
                self._move()

    def work(self, threads: int, tasks: Iterable[Callable[[], object]]) -> None:
        """Do tasks with several threads until all are done.

        Raises:
            Exception: the first that a task raised.
        """
        waiting: SimpleQueue[Callable[[], object]] = SimpleQueue()
        for task in tasks:
            waiting.put(task)
        errors: list[Exception] = []

        def run() -> None:
            with self._at_work():
                while not errors:
                    try:
                        waiting.get_nowait()()
                    except Empty:
                        return
                    except Exception as error:  # noqa: BLE001 - handed to the caller below
                        errors.append(error)

        self._awake += threads
        workers = [threading.Thread(target=run) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        if errors:
            raise errors[0]


class Register:
    """Counts as the register does, and answers late."""

    def __init__(self, time: SimulatedTime, latency: float) -> None:
        self._time = time
        self._latency = latency
        self._lock = threading.Lock()
        self._window = (START, 0)
        self._recent: deque[float] = deque()
        self.answered = 0
        self.refused = 0
        self.last = START

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        headers, refused = self._count()
        self._time.sleep(self._latency)
        with self._lock:
            self.last = self._time.now
            self.refused += refused
            self.answered += not refused
        if refused:
            return httpx.Response(429, headers=headers, content=iter([b""]))
        body = json.dumps({"about": str(request.url), "items": [], "total_count": 0, "total_results": 0}).encode()
        return httpx.Response(200, headers={**headers, "content-type": "application/json"}, content=iter([body]))

    def _count(self) -> tuple[dict[str, str], bool]:
        limit, seconds = COMPANIES_HOUSE_LIMIT.requests, COMPANIES_HOUSE_LIMIT.seconds
        with self._lock:
            now = self._time.now
            started, used = self._window
            if now - started >= seconds:
                started, used = now, 0
            self._window = (started, used + 1)
            while self._recent and self._recent[0] <= now - seconds:
                self._recent.popleft()
            self._recent.append(now)
            refused = used >= limit or len(self._recent) > limit
        headers = {
            "x-ratelimit-limit": str(limit),
            "x-ratelimit-remain": str(max(0, limit - used - 1)),
            "x-ratelimit-reset": str(int(started + seconds)),
            "x-ratelimit-window": "5m",
            "date": format_datetime(datetime.fromtimestamp(now, UTC), usegmt=True),
        }
        return headers, refused


@dataclass(frozen=True, slots=True)
class AtTheLimit:
    """What came of it: requests answered and refused, simulated seconds, and the seconds the limit allows for."""

    requests: int
    refused: int
    seconds: float
    theory: float

    @property
    def off(self) -> float:
        """By how much the sweep took longer than the limit allows for, as a share."""
        return self.seconds / self.theory - 1


def first_sweep(folder: Path, companies: int, *, latency: float = LATENCY, connections: int = 16) -> AtTheLimit:
    """A first sweep of companies, six requests each, by a simulated clock."""
    time = SimulatedTime()
    server = Register(time, latency)
    with Ledger(f"sqlite:///{folder / 'ledger.sqlite'}") as ledger:
        pace = Pace(
            {HOST: "key"},
            {"key": COMPANIES_HOUSE_LIMIT},
            clock=time.clock,
            sleep=time.sleep,
            book=LedgerBook(ledger),
        )
        http = HttpClient(pace=pace, sleep=time.sleep, transport=httpx.MockTransport(server))
        recorder = Recorder(http, Archive(folder / "archive"), ledger, time.clock)
        house = CompaniesHouse(recorder, SecretStr("key"), f"https://{HOST}", f"https://{HOST}")
        time.work(connections, [_six(house, f"{number:08d}") for number in range(1, companies + 1)])
        recorded = ledger.count("fetch")
    assert recorded == server.answered, (recorded, server.answered)
    theory = server.answered / COMPANIES_HOUSE_LIMIT.requests * COMPANIES_HOUSE_LIMIT.seconds
    return AtTheLimit(server.answered, server.refused, server.last - START, theory)


def _six(house: CompaniesHouse, number: str) -> Callable[[], None]:
    def ask() -> None:
        house.profile(number)
        house.filing_history(number)
        house.charges(number)
        house.officers(number)
        house.persons_with_significant_control(number)
        house.insolvency(number)

    return ask
