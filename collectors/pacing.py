"""How fast and how often a server may be asked. Pure arithmetic with a clock and a sleep handed in.

A server counts requests in a window (Companies House: 600 in five minutes for each key) and says in
`X-Ratelimit-*` headers how many are left. `collectors.budget` does the counting.
"""

import math
import random
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TypeVar

from collectors.books import Book, Lease, MemoryBook
from collectors.budget import LEASE_SECONDS, Budget, Limit, scarce, whole
from oversight.model.times import Clock

Sleep = Callable[[float], None]
T = TypeVar("T")

_LONGEST_WAIT = 3600.0
"""Seconds. A server that asks for longer is refusing, not pacing."""
_SHORTEST_WAIT = 0.001
_SERVER_ERROR = 500
_ASK_LATER = frozenset({408, 425, 429})
TOO_MANY = 429
_SAYS_WHEN = frozenset({429, 503})

COMPANIES_HOUSE_LIMIT = Limit(600, 300.0)
POLITE_LIMIT = Limit(10, 1.0)
"""For servers that publish no limit."""


class Pace:
    """Lets requests through no faster than each server's budget allows. Safe to use from many threads.

    Args:
        budget_of: name of the budget a host (with its port) draws on; a host not named has its own.
        limits: budgets' limits until the server's headers say otherwise; others are `POLITE_LIMIT`.
        clock: tells the time.
        sleep: waits so many seconds.
        book: where the budgets named in `limits` are kept, if several processes share them.
    """

    def __init__(
        self,
        budget_of: Mapping[str, str],
        limits: Mapping[str, Limit],
        *,
        clock: Clock,
        sleep: Sleep,
        book: Book | None = None,
    ) -> None:
        self._budget_of = dict(budget_of)
        self._limits = dict(limits)
        self._clock = clock
        self._sleep = sleep
        self._own: Book = MemoryBook()
        self._shared = book or self._own
        self._leases: dict[str, Lease] = {}
        self._queues: dict[str, deque[object]] = {}
        self._spacing: dict[str, float] = {}
        self._refused: set[str] = set()
        self._lock = threading.Lock()

    def _change(self, name: str, act: Callable[[Budget], T]) -> T:
        book = self._shared if name in self._limits else self._own
        return book.change(name, self._limits.get(name, POLITE_LIMIT), act)

    def _now(self) -> float:
        return self._clock().timestamp()

    def start(self, host: str) -> Lease:
        """Wait until a request to this host may start, and take its place.

        Returns:
            What to hand to `finish`.
        """
        name = self._budget_of.get(host, host)
        me = object()
        with self._lock:
            queue = self._queues.setdefault(name, deque())
            queue.append(me)
        try:
            while True:
                with self._lock:
                    place = queue.index(me)
                    lease, wait = self._lease(name) if not place else (None, 0.0)
                    if lease is not None:
                        lease.started += 1
                        lease.under_way += 1
                        return lease
                    # Only the first in the queue asks the book; the others look whether they are the first by now.
                    wait = max(wait, place * self._spacing.get(name, 0.0) / 2, _SHORTEST_WAIT)
                self._sleep(wait)
        finally:
            with self._lock:
                queue.remove(me)

    def _lease(self, name: str) -> tuple[Lease | None, float]:
        """A lease to start on, else None and the seconds until there may be one."""
        now = self._now()
        held = self._leases.get(name)
        if held is not None and held.usable(now):
            return held, 0.0
        if held is not None:
            self._retire(held)
        lease = Lease(name)

        def lend(budget: Budget) -> tuple[int, float, float]:
            places = budget.lend(lease.identifier, now)
            return places, budget.wait(now), budget.limit.spacing

        lease.places, wait, self._spacing[name] = self._change(name, lend)
        if not lease.places:
            return None, wait
        lease.taken_at, lease.until = now, now + LEASE_SECONDS
        self._leases[name] = lease
        return lease, 0.0

    def _retire(self, lease: Lease) -> None:
        """Start nothing more on a lease; give it back if nothing is under way on it."""
        if self._leases.get(lease.name) is lease:
            del self._leases[lease.name]
        lease.places = lease.started
        if not lease.under_way:
            self._end(lease)

    def _end(self, lease: Lease) -> None:
        now = self._now()
        self._change(lease.name, lambda budget: budget.give_back(lease.identifier, lease.started, now))

    def finish(self, lease: Lease, status: int | None, headers: Mapping[str, str]) -> None:
        """Give the place back and learn what the answer says of the budget.

        Args:
            lease: what `start` gave.
            status: HTTP status; None where no answer came.
            headers: of the answer, names in lower case.
        """
        told = retry_after(headers, self._clock()) if status in _SAYS_WHEN else None
        refused = status == TOO_MANY or told is not None
        with self._lock:
            lease.under_way -= 1
            if refused:
                self._refused.add(lease.name)
            if refused or scarce(headers):
                lease.places = lease.started  # start nothing more on it
            ended = not lease.under_way and not lease.usable(self._now())
            if ended and self._leases.get(lease.name) is lease:
                del self._leases[lease.name]
            if ended or lease.name in self._refused:
                self._settle(lease, headers, ended=ended, refused=refused, wait=told, answered=status is not None)

    def _settle(
        self,
        lease: Lease,
        headers: Mapping[str, str],
        *,
        ended: bool,
        refused: bool,
        wait: float | None,
        answered: bool,
    ) -> None:
        """Write into the book what an answer says."""
        now = self._now()

        def settle(budget: Budget) -> int:
            if ended:
                budget.give_back(lease.identifier, lease.started, now)
            budget.learn(headers, now)
            if refused:
                budget.refused(now, wait)
            elif answered and lease.taken_at >= budget.closed_until:
                budget.refusals = 0
            return budget.refusals

        if not self._change(lease.name, settle) and not refused:
            self._refused.discard(lease.name)

    def close(self) -> None:
        """Give back the places that were not used."""
        with self._lock:
            for lease in list(self._leases.values()):
                self._retire(lease)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the server asks us to wait, from `Retry-After` as seconds or as a date; None where it does not say."""
    text = headers.get("retry-after", "").strip()
    if (seconds := whole(text)) is not None:
        return min(float(seconds), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(0.0, (aware - now) / timedelta(seconds=1)), _LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a failed request is made again, and after how long.

    Attributes:
        attempts: requests made at most, the first included; those refused as too many are not counted.
        refusals: times it may be refused as too many.
        base: seconds before the second attempt; doubled for each later one.
        longest: seconds, the longest single wait.
        dice: spreads the waits, so that many clients do not come back at once.
    """

    attempts: int = 5
    refusals: int = 12
    base: float = 0.5
    longest: float = 60.0
    dice: random.Random = field(default_factory=random.Random)

    def delay(self, attempt: int) -> float:
        """Seconds to wait after the attempt of this number (from 1) has failed."""
        whole = min(self.longest, self.base * math.pow(2, attempt - 1))
        return whole * self.dice.uniform(0.5, 1.0)

    @staticmethod
    def worth_repeating(status: int) -> bool:
        """Whether the same request may succeed later."""
        return status >= _SERVER_ERROR or status in _ASK_LATER
