"""Following the streams of Companies House, so that a company that did not change costs no request."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

from collectors.companies_house.followed import STREAMS
from collectors.companies_house.stream import StreamBusyError, Streams, Visit
from collectors.fetch import HttpClient, open_client
from collectors.pacing import Retries
from oversight.errors import CollectError, NotAuthorisedError
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody

CONNECTIONS = 2
"""Connections an account may hold to the streaming API."""
_STAY = 20.0
"""Seconds a visit lasts at least, so that connections are not opened and shut all the time."""
_LONGEST = 120.0
"""Seconds after which a visit makes room for other streams: one too busy to pause, or still without any event.

Before its first event a stream has no timepoint to be taken up from."""
_BUSY = 60.0
"""Seconds to leave a stream alone that has no room, where it does not say how long."""
_BACK_OFF = Retries(base=1.0, longest=300.0)
_NAP = 0.05


@dataclass(slots=True)
class FollowSummary:
    """What following did.

    Attributes:
        events: events that came, of all companies.
        kept: those of watched companies that were new.
        visits: visits made.
        read_up: streams read up to the present at least once.
        failures: what went wrong last, by stream; empty for one that recovered.
    """

    events: int = 0
    kept: int = 0
    visits: int = 0
    read_up: set[str] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)

    def sentence(self) -> str:
        """The summary in words."""
        failed = "".join(f" {name}: {message}." for name, message in sorted(self.failures.items()))
        return (
            f"{len(self.read_up)} of {len(STREAMS)} streams read up to now; {self.events:,} events came, "
            f"{self.kept:,} new ones of watched companies.{failed}"
        )


@dataclass(slots=True)
class _Turn:
    """When a stream may be visited next, and how often it failed in a row."""

    stream: str
    due: float = 0.0
    failed: int = 0
    busy: bool = False


def follow(
    workspace: Workspace,
    stop: threading.Event,
    tell: Tell = tell_nobody,
    *,
    once: bool = False,
    connections: int = CONNECTIONS,
    stay: float = _STAY,
) -> FollowSummary:
    """Follow the streams until told to stop.

    Args:
        workspace: the installation.
        stop: set from outside to end; noticed with the next line or heartbeat.
        tell: told of progress.
        once: end when every stream has been read up to the present, or has failed.
        connections: streams visited at a time.
        stay: seconds a visit lasts at least.

    Raises:
        NotAuthorisedError: the streaming key is missing or refused.
    """
    settings = workspace.settings
    summary = FollowSummary()
    with _client(workspace) as http:
        streams = Streams(
            http, workspace.ledger, workspace.clock, settings.ch_stream_key, settings.companies_house_stream_url
        )
        rota = _Rota(streams, summary, stop, tell, once=once, stay=0.0 if once else stay)
        with ThreadPoolExecutor(max_workers=connections, thread_name_prefix="stream") as pool:
            workers = [pool.submit(rota.work) for _ in range(connections)]
            try:
                for worker in workers:
                    worker.result()
            finally:
                stop.set()
    return summary


class _Rota:
    """Gives each worker the stream that has waited longest."""

    def __init__(
        self,
        streams: Streams,
        summary: FollowSummary,
        stop: threading.Event,
        tell: Tell,
        *,
        once: bool,
        stay: float,
    ) -> None:
        self._streams = streams
        self._summary = summary
        self._stop = stop
        self._tell = tell
        self._once = once
        self._stay = stay
        self._lock = threading.Lock()
        self._turns = [_Turn(stream) for stream in STREAMS]

    def work(self) -> None:
        """Visit streams until told to stop."""
        try:
            while not self._stop.is_set():
                turn = self._next()
                if turn is None:
                    self._stop.wait(_NAP)
                    continue
                self._visit(turn)
        except BaseException:
            self._stop.set()  # the other workers must not go on when this one cannot
            raise

    def _next(self) -> _Turn | None:
        now = time.monotonic()
        with self._lock:
            free = [turn for turn in self._turns if not turn.busy and turn.due <= now]
            if not free:
                return None
            turn = min(free, key=lambda each: each.due)
            turn.busy = True
            return turn

    def _visit(self, turn: _Turn) -> None:
        started = time.monotonic()
        visit, problem = Visit(turn.stream), None
        try:
            self._streams.visit(visit, self._enough(started))
        except NotAuthorisedError:
            raise
        except CollectError as error:
            problem = error
        with self._lock:
            self._count(turn, visit, problem)

    def _enough(self, started: float) -> Callable[[Visit], bool]:
        def enough(visit: Visit) -> bool:
            stayed = time.monotonic() - started
            ready = visit.read_up and visit.placed and stayed >= self._stay
            return self._stop.is_set() or ready or stayed >= _LONGEST

        return enough

    def _count(self, turn: _Turn, visit: Visit, problem: CollectError | None) -> None:
        self._summary.visits += 1
        self._summary.events += visit.events
        self._summary.kept += visit.kept
        if visit.read_up or visit.live:
            self._summary.read_up.add(turn.stream)
        turn.busy = False
        now = time.monotonic()
        if problem is None:
            turn.failed, turn.due = 0, now
            self._summary.failures.pop(turn.stream, None)
        else:
            came = visit.events or visit.read_up  # a line that breaks after some events is no server that is down
            turn.failed = 1 if came else turn.failed + 1
            self._summary.failures[turn.stream] = problem.message
            asked = (problem.wait or _BUSY) if isinstance(problem, StreamBusyError) else 0.0
            turn.due = now + max(asked, _BACK_OFF.delay(turn.failed))
        self._tell("following the streams", len(self._summary.read_up), len(self._turns))
        if self._once and (problem is None or turn.failed >= _BACK_OFF.attempts):
            self._turns.remove(turn)
            if not self._turns:
                self._stop.set()


@contextmanager
def _client(workspace: Workspace) -> Iterator[HttpClient]:
    settings = workspace.settings
    with open_client(
        companies_house_url=settings.companies_house_url,
        companies_house_document_url=settings.companies_house_document_url,
        govuk_url=settings.govuk_url,
    ) as http:
        yield http


def watch(workspace: Workspace, companies: Sequence[str]) -> None:
    """Keep what the streams tell of these companies from now on. To be called before they are first asked for."""
    now = workspace.clock()
    workspace.ledger.add("watch", [{"company_number": number, "watched_from": now} for number in companies])
