"""Where budgets of requests are kept: by one process for itself, or in the ledger by all that share it."""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from collectors.budget import Budget, Limit
from oversight.store.ledger import Ledger

T = TypeVar("T")

_PREFIX = "budget/"


class Book(Protocol):
    """Where budgets are kept."""

    def change(self, name: str, limit: Limit, act: Callable[[Budget], T]) -> T:
        """Act on a budget while nobody else does; a new one starts with the limit given."""
        ...


class MemoryBook:
    """Budgets of this process alone."""

    def __init__(self) -> None:
        self._budgets: dict[str, Budget] = {}
        self._lock = threading.Lock()

    def change(self, name: str, limit: Limit, act: Callable[[Budget], T]) -> T:
        """See `Book`."""
        with self._lock:
            return act(self._budgets.setdefault(name, Budget(limit)))


class LedgerBook:
    """Budgets shared by every process that uses the same ledger.

    Machines that share a ledger must agree on the time within the second or so that places are held longer.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def change(self, name: str, limit: Limit, act: Callable[[Budget], T]) -> T:
        """See `Book`."""

        def rewrite(text: str | None) -> tuple[str, T]:
            budget = Budget.load(text) if text else Budget(limit)
            result = act(budget)
            return budget.dump(), result

        return self._ledger.change(f"{_PREFIX}{name}", rewrite)


@dataclass(slots=True)
class Lease:
    """Places that this process may use."""

    name: str
    places: int = 0
    taken_at: float = 0.0
    until: float = 0.0
    identifier: str = field(default_factory=lambda: uuid.uuid4().hex)
    started: int = 0
    under_way: int = 0

    def usable(self, now: float) -> bool:
        """Whether another request may start on it."""
        return self.started < self.places and now < self.until


def requests_left(ledger: Ledger, now: float) -> dict[str, tuple[int, int]]:
    """Requests left in the present window, and of how many, by budget (the host and a hash of the key).

    Args:
        ledger: holds the shared budgets.
        now: seconds since 1970.
    """
    found = {}
    for name, text in sorted(ledger.noted(_PREFIX).items()):
        budget = Budget.load(text)
        found[name.removeprefix(_PREFIX)] = (budget.free(now), budget.limit.requests)
    return found
