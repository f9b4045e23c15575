"""How fast and how often a server may be asked. Pure arithmetic with a clock and a sleep handed in.

A server counts requests in a window (Companies House: 600 in five minutes for each key) and says in
`X-Ratelimit-*` headers how many are left. A place in the window is taken when a request starts and given
back one window after its answer arrived: the server counted it somewhere in between, so its limit holds
whether its windows are fixed or rolling, and however slow the line is.
"""

import math
import random
import re
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from oversight.model.times import Clock

Sleep = Callable[[float], None]

_WINDOW = re.compile(r"^(?P<number>\d+)(?P<unit>[smh])$")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_LONGEST_WAIT = 3600.0
"""Seconds. A server that asks for longer is refusing, not pacing."""
_SERVER_ERROR = 500
_ASK_LATER = frozenset({408, 425, 429})
_TOO_MANY = 429
_SAYS_WHEN = frozenset({429, 503})


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many requests in any stretch of so many seconds."""

    requests: int
    seconds: float


COMPANIES_HOUSE_LIMIT = Limit(600, 300.0)
POLITE_LIMIT = Limit(10, 1.0)
"""For servers that publish no limit."""


@dataclass(slots=True)
class _Window:
    """What is known of one budget."""

    limit: Limit
    under_way: int = 0
    answered: deque[float] = field(default_factory=deque)
    left: int | None = None
    reset_mark: int = 0
    resets_at: float = 0.0
    closed_until: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next request may start; zero where one may start now."""
        while self.answered and self.answered[0] + self.limit.seconds <= now:
            self.answered.popleft()
        waits = [self.closed_until - now]
        if self.under_way + len(self.answered) >= self.limit.requests:
            waits.append(self.answered[0] + self.limit.seconds - now if self.answered else 0.01)
        if self.left is not None and self.left <= 0:
            waits.append(self.resets_at - now)
        return max(0.0, *waits)

    def take(self) -> None:
        self.under_way += 1
        if self.left is not None:
            self.left -= 1

    def give_back(self, now: float) -> None:
        self.under_way -= 1
        self.answered.append(now)


class Pace:
    """Lets requests through no faster than each server's budget allows. Safe to use from many threads.

    Args:
        budget_of: name of the budget a host (with its port) draws on; a host not named has its own.
        limits: budgets' limits until the server's headers say otherwise; others are `POLITE_LIMIT`.
        clock: tells the time.
        sleep: waits so many seconds.
    """

    def __init__(
        self, budget_of: Mapping[str, str], limits: Mapping[str, Limit], *, clock: Clock, sleep: Sleep
    ) -> None:
        self._budget_of = dict(budget_of)
        self._limits = dict(limits)
        self._clock = clock
        self._sleep = sleep
        self._windows: dict[str, _Window] = {}
        self._lock = threading.Lock()

    def _window(self, host: str) -> _Window:
        name = self._budget_of.get(host, host)
        return self._windows.setdefault(name, _Window(self._limits.get(name, POLITE_LIMIT)))

    def start(self, host: str) -> None:
        """Wait until a request to this host may start, and take its place."""
        while True:
            with self._lock:
                window = self._window(host)
                wait = window.wait(self._clock().timestamp())
                if wait <= 0:
                    window.take()
                    return
            self._sleep(wait)

    def finish(self, host: str, status: int | None, headers: Mapping[str, str]) -> None:
        """Give the place back and learn what the answer says of the budget.

        Args:
            host: host with port.
            status: HTTP status; None where no answer came.
            headers: of the answer, names in lower case.
        """
        with self._lock:
            now = self._clock().timestamp()
            window = self._window(host)
            window.give_back(now)
            _learn(window, headers, now)
            wait = retry_after(headers, self._clock()) if status in _SAYS_WHEN else None
            if wait is not None:
                window.closed_until = max(window.closed_until, now + wait)
            elif status == _TOO_MANY:
                window.closed_until = max(window.closed_until, window.resets_at)

    def left(self, host: str) -> int | None:
        """Requests left in the server's present window, by its own account; None where it said nothing."""
        with self._lock:
            return self._window(host).left


def _learn(window: _Window, headers: Mapping[str, str], now: float) -> None:
    allowed, left, mark = (_whole(headers.get(f"x-ratelimit-{name}")) for name in ("limit", "remain", "reset"))
    if allowed:
        length = _length(headers.get("x-ratelimit-window")) or window.limit.seconds
        window.limit = Limit(allowed, length)
    if left is None or mark is None or mark < window.reset_mark:
        return
    unseen = left - window.under_way  # requests on their way may not be in the server's count yet
    if mark > window.reset_mark or window.left is None:
        window.left, window.reset_mark = unseen, mark
        window.resets_at = now + min(max(0.0, mark - _server_time(headers, now)), _LONGEST_WAIT)
    else:
        window.left = min(window.left, unseen)


def _server_time(headers: Mapping[str, str], now: float) -> float:
    """What the server's clock says, because ours may be minutes off."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp()
    except ValueError:
        return now


def _whole(text: str | None) -> int | None:
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 16 else None  # noqa: PLR2004


def _length(text: str | None) -> float | None:
    match = _WINDOW.match(text or "")
    return float(match["number"]) * _SECONDS[match["unit"]] if match else None


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds the server asks us to wait, from `Retry-After` as seconds or as a date; None where it does not say."""
    text = headers.get("retry-after", "").strip()
    if (seconds := _whole(text)) is not None:
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
        attempts: requests made at most, the first included.
        base: seconds before the second attempt; doubled for each later one.
        longest: seconds, the longest single wait.
        dice: spreads the waits, so that many clients do not come back at once.
    """

    attempts: int = 5
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
