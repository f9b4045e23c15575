"""How much one person may ask for in a minute."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

_MINUTE: Final = 60.0
_MOST_KEPT: Final = 10_000


class RateLimit:
    """A bucket for each name that fills evenly over a minute.

    Args:
        per_minute: requests in a minute; as many may come at once.
        clock: seconds that never go back.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = float(per_minute)
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, name: str) -> float:
        """Take one request for a name: 0 where it may go on, else the seconds until it may."""
        with self._lock:
            now = self._clock()
            left, since = self._left.pop(name, (self._most, now))
            left = min(self._most, left + (now - since) * self._most / _MINUTE)
            allowed = left >= 1
            self._left[name] = (left - 1 if allowed else left, now)
            while len(self._left) > _MOST_KEPT:
                self._left.popitem(last=False)
            return 0.0 if allowed else (1 - left) * _MINUTE / self._most
