"""The streaming API: long lines of events, each taken up where it was left, two at a time.

An account may hold two connections while there are more streams, so each stream is visited in turn: a visit takes up
at the last timepoint, runs until nothing waits, and makes room for the next. Timepoints are good for days; a visit
comes every few minutes.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from pydantic import SecretStr

from collectors.companies_house.followed import PREFIX, SOURCE, Position
from collectors.fetch import HttpClient, Opened
from collectors.pacing import retry_after
from oversight.errors import CollectError, InputError, NotAuthorisedError, RefusedError, UnreachableError
from oversight.model.ids import company_number, row_id
from oversight.model.tables.fetched import FAILED, OK
from oversight.model.times import Clock
from oversight.store.ledger import Ledger

QUIET = 90.0
"""Seconds without a heartbeat after which a line counts as dead."""
_OWN_PATH = re.compile(r"^/?company/([A-Za-z0-9]{1,8})(?:/|$)")
_LONGEST_LINE = 8_000_000
_BATCH = 200
_OVERLAP = 20
"""Events that are asked for again on the next visit, because streams deliver some out of order."""
_OVERLAP_AGE = timedelta(minutes=10)
_HEARTS = 2
"""Heartbeats of a visit from which on the stream counts as read up: the first may come before what waited."""
_LIVE = timedelta(seconds=30)

Row = dict[str, object]


class StreamBusyError(RefusedError):
    """The stream has no room for a connection now.

    Attributes:
        wait: seconds it asks to wait; None where it does not say.
    """

    wait: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a stream, without what changed."""

    timepoint: int
    company: str | None
    resource: str | None
    kind: str | None
    published_at: str | None
    uri: str


@dataclass(slots=True)
class Visit:
    """What one visit of a stream did.

    Attributes:
        events: events that came, those already known too.
        kept: events of watched companies that were new.
        unreadable: lines that are not events.
        read_up: whether everything that waited came: heartbeats say so.
        live: whether the last event came as it happened: a busy stream may send no heartbeat.
        placed: whether there is a timepoint to take the stream up from: an event must have come first.
    """

    stream: str
    events: int = 0
    kept: int = 0
    unreadable: int = 0
    read_up: bool = False
    live: bool = False
    placed: bool = False
    hearts: int = 0
    marks: deque[tuple[datetime, int]] = field(default_factory=deque)
    waiting: list[Event] = field(default_factory=list)


def parse_event(line: bytes) -> Event:
    """One line of a stream.

    Raises:
        InputError: for a line that is not an event with a timepoint.
    """
    try:
        told = json.loads(line)
        about = told["event"]
        timepoint = int(about["timepoint"])
        uri = str(told.get("resource_uri") or "")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError) as error:
        raise InputError("a line of the stream is not an event", where=type(error).__name__) from error
    if not 0 <= timepoint < 2**62:
        raise InputError("a line of the stream has an impossible timepoint", where=str(timepoint)[:40])
    return Event(
        timepoint=timepoint,
        company=_company(uri, told.get("data")),
        resource=_short(told.get("resource_kind")),
        kind=_short(about.get("type")),
        published_at=_short(about.get("published_at")),
        uri=uri[:200],
    )


def _company(uri: str, data: Any) -> str | None:
    match = _OWN_PATH.match(uri)
    said = match[1] if match else data.get("company_number") if isinstance(data, dict) else None
    try:
        return company_number(said) if isinstance(said, str) else None
    except InputError:
        return None


def _short(value: Any) -> str | None:
    return value[:60] if isinstance(value, str) else None


class Streams:
    """Visits streams and keeps what they tell of watched companies. Safe to use from several threads.

    Args:
        http: asks the server.
        ledger: keeps events, positions and failed attempts.
        clock: tells the time.
        key: the streaming key, which is not the REST key.
        base_url: of the streaming API.

    Raises:
        NotAuthorisedError: where the key is empty.
    """

    def __init__(self, http: HttpClient, ledger: Ledger, clock: Clock, key: SecretStr, base_url: str) -> None:
        if not key.get_secret_value().strip():
            raise _no_key("there is no streaming key")
        self._http = http
        self._ledger = ledger
        self._clock = clock
        self._key = SecretStr(key.get_secret_value().strip())
        self._base = base_url.rstrip("/")
        self._well: set[str] = set()

    def visit(self, visit: Visit, enough: Callable[[Visit], bool]) -> None:
        """Take a stream up where it was left and read on.

        Args:
            visit: names the stream, which is also its path; filled with what comes, also where the line breaks.
            enough: asked after every line whether to leave.

        Raises:
            NotAuthorisedError: the key is refused.
            StreamBusyError: too many connections; the error says how long to wait, where the server does.
            RefusedError: another answer than a stream, or one that no longer reaches back to the last timepoint.
            UnreachableError: the line broke, or fell silent. What came before is kept.
        """
        stream = visit.stream
        held = self._position(stream)
        url = f"{self._base}/{stream}"
        if held and held.timepoint is not None:
            url, visit.placed = f"{url}?timepoint={held.timepoint}", True
        asked = self._clock()
        try:
            with self._http.opened(url, key=self._key, timeout=QUIET) as opened:
                self._admit(opened, stream, url, held)
                self._begin(stream, url, asked, held)
                self._read(opened, visit, enough)
        except NotAuthorisedError as error:
            refused = _no_key(f"the server refuses the streaming key ({error.message})")
            self._note(stream, url, asked, refused)
            raise refused from None
        except CollectError as error:
            self._note(stream, url, asked, error)
            raise
        finally:
            self._keep(visit)

    def _admit(self, opened: Opened, stream: str, url: str, held: Position | None) -> None:
        """Stop at any answer that is no stream."""
        if opened.status == HTTPStatus.OK:
            return
        if opened.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and held:
            self._ledger.change(f"{PREFIX}{stream}", lambda _: ("{}", None))
            raise RefusedError(
                f"the stream no longer reaches back to {held.until:%Y-%m-%d %H:%M} UTC; it is followed anew from now",
                where=url,
                next_step="Nothing to do: companies asked for before are asked for again, each when due.",
            )
        if opened.status == HTTPStatus.TOO_MANY_REQUESTS:
            busy = StreamBusyError(
                "the stream has no room: too many connections with this key",
                where=url,
                next_step="It is tried again by itself. Only one `oversight collect stream` should run for each key.",
            )
            busy.wait = retry_after(opened.headers, self._clock())
            raise busy
        raise RefusedError(
            f"the server answers HTTP {opened.status}", where=url, next_step="It is tried again by itself."
        )

    def _begin(self, stream: str, url: str, asked: datetime, held: Position | None) -> None:
        """Note that the stream is there: where it was new, it counts as followed from now on."""
        now = self._clock()
        if held is None or held.timepoint is None:  # without a timepoint what came between two visits is not known
            fresh = Position(None, now, now).dump()
            self._ledger.change(f"{PREFIX}{stream}", lambda _: (fresh, None))
        if stream not in self._well:
            self._well.add(stream)
            answered: Row = {"status": OK, "retrieved_at": now, "http_status": int(HTTPStatus.OK)}
            self._ledger.add("fetch", [self._attempt(stream, url, asked) | answered])

    def _attempt(self, stream: str, url: str, asked: datetime) -> Row:
        return {
            "fetch_id": row_id(SOURCE, stream, url, asked),
            "source": SOURCE,
            "subject": stream,
            "url": url,
            "requested_at": asked,
        }

    def _note(self, stream: str, url: str, asked: datetime, error: CollectError) -> None:
        self._well.discard(stream)
        now = max(asked, self._clock())  # a line may break long after it was asked for
        said = f"{type(error).__name__}: {error.message}"[:500]
        attempt = self._attempt(stream, url, now) | {"fetch_id": row_id(SOURCE, stream, url, now, FAILED)}
        self._ledger.add("fetch", [attempt | {"status": FAILED, "error": said}])

    def _position(self, stream: str) -> Position | None:
        text = self._ledger.noted(PREFIX).get(f"{PREFIX}{stream}")
        return Position.load(text) if text else None

    def _read(self, opened: Opened, visit: Visit, enough: Callable[[Visit], bool]) -> None:
        for line in _lines(opened.chunks, visit.stream):
            now = self._clock()
            if line:
                self._take(line, visit, now)
            else:
                visit.hearts += 1
                visit.read_up = visit.read_up or visit.hearts >= _HEARTS
                self._keep(visit, now)
            if len(visit.waiting) >= _BATCH:
                self._keep(visit)
            if enough(visit):
                return
        raise UnreachableError(
            "the stream ended",
            where=f"{self._base}/{visit.stream}",
            next_step="It is taken up again by itself, where it was left.",
        )

    def _take(self, line: bytes, visit: Visit, now: datetime) -> None:
        try:
            event = parse_event(line)
        except InputError as error:
            visit.unreadable += 1
            self._ledger.add("issue", [_issue(visit.stream, error, now)])
            return
        visit.events += 1
        visit.placed = True
        visit.waiting.append(event)
        visit.marks.append((now, event.timepoint))
        while len(visit.marks) > _OVERLAP or now - visit.marks[0][0] > _OVERLAP_AGE:
            visit.marks.popleft()
        visit.live = _published(event, now) > now - _LIVE

    def _keep(self, visit: Visit, heart: datetime | None = None) -> None:
        """Write the events down, then how far the stream was read: a crash between the two repeats, never loses."""
        events, visit.waiting = visit.waiting, []
        if events:
            watched = set(self._ledger.frame("watch")["company_number"])  # read after the events came, see Watch
            now = self._clock()
            rows = [_row(visit.stream, event, now) for event in events if event.company in watched]
            visit.kept += self._ledger.add("stream_event", rows)
        if not events and not (heart and visit.read_up):
            return
        mark = min((timepoint for _, timepoint in visit.marks), default=None)
        reached = heart if heart and visit.read_up else _published(events[-1], self._clock()) if events else None

        def rewrite(text: str | None) -> tuple[str, None]:
            held = Position.load(text) if text else None
            if held is None:
                return text or "{}", None
            until = max(held.until, reached) if reached else held.until
            return Position(held.timepoint if mark is None else mark, held.since, until).dump(), None

        self._ledger.change(f"{PREFIX}{visit.stream}", rewrite)


def _lines(chunks: Iterator[bytes], stream: str) -> Iterator[bytes]:
    """Whole lines, trimmed; what comes after the last line's end is dropped, because it broke off."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.strip()
        if len(rest) > _LONGEST_LINE:
            raise RefusedError("a line of the stream never ends", where=stream, next_step="It is tried again.")


def _published(event: Event, now: datetime) -> datetime:
    """When an event was published; never later than now, and long ago where the stream does not say."""
    try:
        moment = datetime.fromisoformat(event.published_at or "")
    except ValueError:
        return datetime.fromtimestamp(0, tz=now.tzinfo)
    return min(now, moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo))


def _row(stream: str, event: Event, now: datetime) -> Row:
    return {
        "event_id": row_id(stream, event.timepoint, event.uri),
        "stream": stream,
        "timepoint": event.timepoint,
        "company_number": event.company,
        "resource": event.resource,
        "kind": event.kind,
        "published_at": event.published_at,
        "received_at": now,
    }


def _issue(stream: str, error: InputError, now: datetime) -> Mapping[str, object]:
    return {
        "issue_id": row_id(SOURCE, stream, now.date(), error.where),
        "locator": stream,
        "kind": "unreadable_stream_event",
        "message": f"{error.message} ({error.where}); it was passed over",
        "severity": "warning",
    }


def _no_key(message: str) -> NotAuthorisedError:
    return NotAuthorisedError(
        message,
        where="setting CH_STREAM_KEY",
        next_step="Register a streaming application at https://developer.company-information.service.gov.uk/ and set "
        "CH_STREAM_KEY to its key: it is not the REST key.",
    )
