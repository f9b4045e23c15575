"""What a stream that was followed without a gap says of the answers held: not changed, so as good as asked now.

An answer counts as confirmed up to the moment its streams were last followed, if they were followed without a gap
since it was asked for, and the company was watched by then. One event since then makes it due at once.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

import polars as pl

from oversight.store.ledger import Ledger

Row = Mapping[str, Any]

STREAMS_OF: Mapping[str, tuple[str, ...]] = {
    "companies_house.profile": ("companies", "filings"),  # some dissolutions are told as filings only
    "companies_house.filing_history": ("filings",),
    "companies_house.charges": ("charges",),
    "companies_house.insolvency": ("insolvency-cases",),
    "companies_house.officers": ("officers",),
    "companies_house.psc": ("persons-with-significant-control",),
    "companies_house.psc_statements": ("persons-with-significant-control", "filings"),  # every statement is filed
    "companies_house.exemptions": ("filings",),
}
"""Which streams tell of changes of a source's answers. All must be followed; any of them may tell."""

STREAMS: tuple[str, ...] = tuple(sorted({stream for streams in STREAMS_OF.values() for stream in streams}))
SOURCE = "companies_house.stream"
PREFIX = "stream/"
SETTLING = timedelta(minutes=1)
"""An answer asked for so soon after an event may not show the change yet, so it is asked for once more."""


@dataclass(frozen=True, slots=True)
class Position:
    """How far a stream was followed.

    Attributes:
        timepoint: the stream's count of events to take up from; None where no event came yet.
        since: it was followed without a gap from then on.
        until: everything published by then was received.
    """

    timepoint: int | None
    since: datetime
    until: datetime

    def dump(self) -> str:
        """As the ledger keeps it."""
        return json.dumps(
            {"timepoint": self.timepoint, "since": self.since.isoformat(), "until": self.until.isoformat()}
        )

    @classmethod
    def load(cls, text: str) -> Self | None:
        """From the ledger; None for a stream that broke off with a gap."""
        kept = json.loads(text)
        if not kept:
            return None
        since, until = datetime.fromisoformat(kept["since"]), datetime.fromisoformat(kept["until"])
        return cls(timepoint=kept["timepoint"], since=since, until=until)


class Followed:
    """What the streams told, as it was when this was made.

    Args:
        positions: by stream.
        watched: since when each company is watched.
        told: moment of the last event received, by stream and company.
    """

    def __init__(
        self,
        positions: Mapping[str, Position],
        watched: Mapping[str, datetime],
        told: Mapping[tuple[str, str], datetime],
    ) -> None:
        self.positions = positions
        self._watched = watched
        self._told = told

    def seen(self, row: Row) -> Row | None:
        """An answered `fetch` row in the light of the streams: dated later where nothing changed, None where it did."""
        if row["source"] == SOURCE and (place := self.positions.get(row["subject"])):
            return {**row, "retrieved_at": max(row["retrieved_at"], place.until)}
        streams = STREAMS_OF.get(row["source"])
        if not streams:
            return row
        number = row["subject"].partition("/")[0]
        asked = row["requested_at"]
        told = [moment for stream in streams if (moment := self._told.get((stream, number)))]
        if told and max(told) >= asked - SETTLING:
            return None
        watched = self._watched.get(number)
        places = [self.positions.get(stream) for stream in streams]
        if watched is None or watched > asked or any(place is None or place.since > asked for place in places):
            return row
        until = min(place.until for place in places if place)
        return {**row, "retrieved_at": max(row["retrieved_at"] or asked, until)}


def load_followed(ledger: Ledger) -> Followed:
    """What the ledger holds of the streams now."""
    noted = {name.removeprefix(PREFIX): Position.load(text) for name, text in ledger.noted(PREFIX).items()}
    told = ledger.frame("stream_event").group_by("stream", "company_number").agg(pl.col("received_at").max())
    watched = ledger.frame("watch")
    return Followed(
        positions={name: position for name, position in noted.items() if position},
        watched=dict(watched.select("company_number", "watched_from").iter_rows()),
        told={(stream, number): moment for stream, number, moment in told.iter_rows()},
    )
