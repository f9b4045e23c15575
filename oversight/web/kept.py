"""What is worked out from the ledger and kept: exact in what people decide, some seconds old in what is collected."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from oversight.pipeline.workspace import Workspace

_T = TypeVar("_T")
_FRESH_SECONDS: Final = 15.0


@dataclass(frozen=True, slots=True)
class _Answer:
    state: tuple[int, ...]
    made_at: float
    value: Any


class Kept:
    """Answers by name.

    Args:
        workspace: the installation.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._held: dict[str, _Answer] = {}
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
        self._refreshing: set[str] = set()

    def get(self, name: str, make: Callable[[], _T], decided: Sequence[str] = ()) -> _T:
        """The answer of a name.

        It is made anew at once where people decided something since. Where it is merely old it is made anew behind the
        reader's back, who gets the old one.

        Args:
            name: of the answer.
            make: works it out.
            decided: tables of decisions it rests on.
        """
        state = tuple(self._workspace.ledger.count(table) for table in decided)
        held = self._held.get(name)
        if held is None or held.state != state:
            with self._locks[name]:
                held = self._held.get(name)
                if held is None or held.state != state:
                    self._held[name] = held = _Answer(state, time.monotonic(), make())
        elif time.monotonic() - held.made_at > _FRESH_SECONDS and name not in self._refreshing:
            self._refreshing.add(name)
            threading.Thread(target=self._refresh, args=(name, make, state), daemon=True).start()
        value: _T = held.value
        return value

    def _refresh(self, name: str, make: Callable[[], object], state: tuple[int, ...]) -> None:
        try:
            self._held[name] = _Answer(state, time.monotonic(), make())
        finally:
            self._refreshing.discard(name)
