"""What is known of one budget of requests: a pure state that threads, or processes through the ledger, share.

A place is taken before a request starts and given back one window after its answer arrived: the server counted
it somewhere in between, so its limit holds whether its windows are fixed or rolling, and however slow the line
is. Places are lent in leases, so that a generous limit costs few transactions. A lease whose process was killed
ends by itself.

The first fifth of a budget may be used at once, the rest evenly over the window: so a sweep that takes hours
never keeps anybody else with the same key waiting for minutes.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from email.utils import parsedate_to_datetime

LEASE_SECONDS = 5.0
"""A leased place must be used within this time."""
_ON_ITS_WAY = 60.0
"""Seconds in which a request that has started reaches the server, or never does."""
_LONGEST_WAIT = 3600.0
"""Seconds. A server that asks for longer is refusing, not pacing."""
_AT_ONCE = 5
"""One part in so many of a budget may be used without spreading it."""
_FEW = 10
_LATENESS = 8
"""Starts that may be made up for when threads woke up late."""
_GRAINS = 300
_FIRST_BACK_OFF = 1.0
_WINDOW = re.compile(r"^(?P<number>\d+)(?P<unit>[smh])$")
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many requests in any stretch of so many seconds."""

    requests: int
    seconds: float

    @property
    def spacing(self) -> float:
        """Seconds between two starts that would use the budget up evenly."""
        return self.seconds / self.requests


@dataclass(slots=True)
class Budget:
    """The state of one budget. Moments are seconds since 1970.

    Attributes:
        limit: the server's, as last told.
        leases: places lent and not yet given back, and when they were lent, by lease.
        ended: places whose answers had arrived by a moment, counted in grains of a 300th of the window.
        next_at: when the next request may start once the first fifth is used.
        left: requests left in the server's present window by its own account, less those lent since.
        reset_mark: end of that window by the server's clock.
        resets_at: the same by ours.
        closed_until: before then nobody asks: the server said so.
        refusals: how often in a row it refused without saying for how long.
    """

    limit: Limit
    leases: dict[str, tuple[int, float]] = field(default_factory=dict)
    ended: dict[int, int] = field(default_factory=dict)
    next_at: float = 0.0
    left: int | None = None
    reset_mark: int = 0
    resets_at: float = 0.0
    closed_until: float = 0.0
    refusals: int = 0

    @property
    def _grain(self) -> float:
        return self.limit.seconds / _GRAINS

    @property
    def _at_once(self) -> int:
        return max(_FEW, self.limit.requests // _AT_ONCE)

    def used(self, now: float) -> int:
        """Places that are not free now."""
        over = [grain for grain in self.ended if grain * self._grain + self.limit.seconds <= now]
        for grain in over:
            del self.ended[grain]
        lost = LEASE_SECONDS + _ON_ITS_WAY + self.limit.seconds
        for lease in [lease for lease, (_, taken_at) in self.leases.items() if taken_at + lost <= now]:
            del self.leases[lease]
        return self._lent() + sum(self.ended.values())

    def _lent(self) -> int:
        return sum(places for places, _ in self.leases.values())

    def free(self, now: float) -> int:
        """Requests that may still be made in this window, the server's own account included."""
        places = self.limit.requests - self.used(now)
        if self.left is not None and now < self.resets_at:
            places = min(places, self.left)
        return max(0, places)

    def wait(self, now: float) -> float:
        """Seconds until the next request may start; zero where one may start now."""
        waits = [self.closed_until - now]
        used = self.used(now)
        if used >= self.limit.requests:
            freed = min(self.ended, default=None)
            waits.append(self._grain if freed is None else freed * self._grain + self.limit.seconds - now)
        if used >= self._at_once:
            waits.append(self.next_at - now)
        if self.left is not None and self.left <= 0:
            waits.append(self.resets_at - now)
        return max(0.0, *waits)

    def lend(self, lease: str, now: float) -> int:
        """Lend some places; zero where none is free now."""
        if self.wait(now) > 0:
            return 0
        used = self.used(now)
        places = max(1, int(0.05 / self.limit.spacing), (self._at_once - used) // 20)
        places = min(places, self.limit.requests - used)
        if self.left is not None and now < self.resets_at:
            places = min(places, max(1, self.left // 10))  # the rest of the server's window is not for us alone
        self.leases[lease] = (places, now)
        earliest = now if used < self._at_once else max(self.next_at, now - _LATENESS * self.limit.spacing)
        self.next_at = earliest + places * self.limit.spacing
        if self.left is not None:
            self.left -= places
        return places

    def give_back(self, lease: str, places: int, now: float) -> None:
        """A lease has ended: so many of its places were used, the last answer arrived now."""
        lent, _ = self.leases.pop(lease, (places, now))
        if places:
            grain = math.ceil(now / self._grain)
            self.ended[grain] = self.ended.get(grain, 0) + places
        if self.left is not None:
            self.left += lent - places

    def learn(self, headers: Mapping[str, str], now: float) -> None:
        """Take in what an answer says of the budget.

        Args:
            headers: of the answer, names in lower case.
            now: when it arrived.
        """
        allowed, left, mark = (whole(headers.get(f"x-ratelimit-{name}")) for name in ("limit", "remain", "reset"))
        if allowed:
            length = _length(headers.get("x-ratelimit-window")) or self.limit.seconds
            self._set_limit(Limit(allowed, length))
        if left is None or mark is None or mark < self.reset_mark:
            return
        unseen = left - self._lent()  # requests on their way may not be in the server's count yet
        if mark > self.reset_mark or self.left is None:
            self.left, self.reset_mark = unseen, mark
            self.resets_at = now + min(max(0.0, mark - _server_time(headers, now)), _LONGEST_WAIT)
        else:
            self.left = min(self.left, unseen)

    def _set_limit(self, limit: Limit) -> None:
        if limit.seconds != self.limit.seconds:  # grains are parts of a window
            ended, old = self.ended, self._grain
            self.limit, self.ended = limit, {}
            for grain, places in ended.items():
                moved = math.ceil(grain * old / self._grain)
                self.ended[moved] = self.ended.get(moved, 0) + places
        self.limit = limit

    def refused(self, now: float, wait: float | None) -> None:
        """The server asks for fewer requests.

        Args:
            now: when it said so.
            wait: seconds it asks for; None where it does not say: then until its window ends, where it said before
                that little is left in it, and else for longer each time.
        """
        if wait is None and now < self.closed_until:  # one of several that were under way when the first was refused
            return
        if wait is None and self.resets_at > now and self.left is not None and self.left < self._at_once:
            wait = self.resets_at - now
        if wait is None:
            wait = min(self.limit.seconds, _FIRST_BACK_OFF * 2.0**self.refusals)
            self.refusals += 1
        self.closed_until = max(self.closed_until, now + wait)

    def dump(self) -> str:
        """The state as text."""
        return json.dumps(asdict(self), separators=(",", ":"))

    @classmethod
    def load(cls, text: str) -> "Budget":
        """The state from its text."""
        told = json.loads(text)
        told["limit"] = Limit(**told["limit"])
        told["leases"] = {lease: (places, taken_at) for lease, (places, taken_at) in told["leases"].items()}
        told["ended"] = {int(grain): places for grain, places in told["ended"].items()}
        return cls(**told)


def scarce(headers: Mapping[str, str]) -> bool:
    """Whether an answer says that little is left, so that each further request should look first."""
    allowed, left = whole(headers.get("x-ratelimit-limit")), whole(headers.get("x-ratelimit-remain"))
    return left is not None and left < max(_FEW, (allowed or 0) // 10)


def whole(text: str | None) -> int | None:
    """A whole number from a header; None where it is none."""
    return int(text) if text is not None and text.isascii() and text.isdigit() and len(text) < 16 else None  # noqa: PLR2004


def _length(text: str | None) -> float | None:
    match = _WINDOW.match(text or "")
    return float(match["number"]) * _SECONDS[match["unit"]] or None if match else None


def _server_time(headers: Mapping[str, str], now: float) -> float:
    """What the server's clock says, because ours may be minutes off."""
    try:
        return parsedate_to_datetime(headers.get("date", "")).timestamp()
    except ValueError:
        return now
