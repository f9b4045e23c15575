"""Leases: who is at work on what, so that two processes never do the same thing at once.

A lease that is not renewed ends by itself, so that a machine that was switched off holds nobody up for long.
"""

import json
from datetime import datetime, timedelta

from oversight.store.ledger import Ledger

PREFIX = "lease/"


def take(ledger: Ledger, name: str, holder: str, now: datetime, lasts: timedelta) -> bool:
    """Take a lease, or renew the one held. True where it is now the holder's.

    Args:
        ledger: shared by the processes concerned.
        name: what is to be done.
        holder: who would do it; unlike anybody else.
        now: the present moment.
        lasts: how long it holds without being renewed.
    """

    def rewrite(text: str | None) -> tuple[str, bool]:
        if text is not None:
            held = json.loads(text)
            if held["holder"] != holder and datetime.fromisoformat(held["until"]) > now:
                return text, False
        return json.dumps({"holder": holder, "until": (now + lasts).isoformat()}), True

    return ledger.change(f"{PREFIX}{name}", rewrite)


def give_back(ledger: Ledger, name: str, holder: str, now: datetime) -> None:
    """Let go of a lease; nothing where another holds it."""

    def rewrite(text: str | None) -> tuple[str, None]:
        if text is None or json.loads(text)["holder"] != holder:
            return text or "", None
        return json.dumps({"holder": holder, "until": now.isoformat()}), None

    ledger.change(f"{PREFIX}{name}", rewrite)


def holder_of(ledger: Ledger, name: str, now: datetime) -> str | None:
    """Who holds a lease at a moment; None where nobody does."""
    text = ledger.noted(f"{PREFIX}{name}").get(f"{PREFIX}{name}")
    if text is None:
        return None
    held = json.loads(text)
    return str(held["holder"]) if datetime.fromisoformat(held["until"]) > now else None
