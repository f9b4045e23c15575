"""What became of a letter: the sum of its events. And how long to wait before the next attempt. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from oversight.model.ids import row_id
from oversight.model.tables import told

WAITING: Final = "waiting"
UNDER_WAY: Final = "under way"
IN_DOUBT: Final = "in doubt"
HELD: Final = "held"
DELIVERED: Final = "delivered"

Event = Mapping[str, Any]
_WORDS: Final = 64
_STATES: Final = {
    told.STARTED: UNDER_WAY,
    told.HANDING_OVER: UNDER_WAY,
    told.ABANDONED: WAITING,
    told.PUT_OFF: WAITING,
    told.RELEASED: WAITING,
    told.UNKNOWN: IN_DOUBT,
    told.REFUSED: HELD,
    told.HELD: HELD,
}


@dataclass(frozen=True, slots=True)
class Fate:
    """How a letter stands.

    Attributes:
        state: waiting (to be tried), under way, in doubt (the server may have taken it), held (for a person),
            delivered.
        attempt: number of the newest attempt; 0 where there was none.
        event: its newest event; empty where there is none.
        until: end of a lease, or moment before which it is not tried or asked about again.
        since: from when patience counts: the first attempt, or the first since a person released it.
        detail: what was said last.
        tries: attempts since then that were put off or in doubt.
    """

    state: str
    attempt: int = 0
    event: str = ""
    until: datetime | None = None
    since: datetime | None = None
    detail: str = ""
    tries: int = 0


def fate(events: Sequence[Event]) -> Fate:
    """How a letter stands.

    Args:
        events: its rows of `letter_event`, in any order.
    """
    ordered = sorted(events, key=lambda event: (event["attempt"], event["step"]))
    if not ordered:
        return Fate(WAITING)
    last = ordered[-1]
    done = [event for event in ordered if event["event"] in {told.ACCEPTED, told.SETTLED}]
    if done:
        return Fate(DELIVERED, last["attempt"], done[0]["event"], detail=done[0]["detail"] or "")
    after = [at for at, event in enumerate(ordered) if event["event"] == told.RELEASED]
    recent = ordered[after[-1] + 1 :] if after else ordered
    return Fate(
        state=_STATES[last["event"]],
        attempt=last["attempt"],
        event=last["event"],
        until=last["until"],
        since=recent[0]["at"] if recent else None,
        detail=last["detail"] or "",
        tries=sum(event["event"] in {told.PUT_OFF, told.UNKNOWN} for event in recent),
    )


def wait(first: float, longest: float, tries: int, *seed: str) -> timedelta:
    """How long to wait after so many attempts that came to nothing: twice as long each time, with jitter.

    Args:
        first: seconds after the first.
        longest: seconds at most.
        tries: 1 or more.
        seed: what the jitter is made of, so that the same attempt always waits as long and no two recipients together.

    Returns:
        Between three quarters and five quarters of the doubled wait.
    """
    doubled = min(longest, first * 2.0 ** min(tries - 1, 40))
    share = int(row_id("jitter", tries, *seed), 16) / 2**_WORDS
    return timedelta(seconds=doubled * (0.75 + share / 2))
