"""Courtesy to sites that are made for people: one request at a time, unhurried, and only where robots may go."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit
from urllib.robotparser import RobotFileParser

from collectors.fetch import USER_AGENT
from collectors.recorder import Recorder
from collectors.source import Source
from oversight.errors import RefusedError

Moment = Callable[[], float]
Sleep = Callable[[float], None]


class Unhurried:
    """Keeps requests apart.

    Args:
        seconds: least time between the starts of two requests.
        moment: seconds on a clock that never goes back.
        sleep: waits so many seconds.
    """

    def __init__(self, seconds: float, moment: Moment = time.monotonic, sleep: Sleep = time.sleep) -> None:
        self.seconds = seconds
        self._moment = moment
        self._sleep = sleep
        self._last: float | None = None

    def wait(self) -> None:
        """Wait until the next request may start."""
        if self._last is not None:
            left = self._last + self.seconds - self._moment()
            if left > 0:
                self._sleep(left)
        self._last = self._moment()


def unhurried(base_url: str, seconds: float) -> Unhurried:
    """Requests to a site so many seconds apart; a server on this machine, which is a test's, needs no courtesy."""
    host = urlsplit(base_url).hostname or ""
    return Unhurried(0.0 if host in {"localhost", "127.0.0.1", "::1"} else seconds)


class Robots:
    """What a site's robots.txt allows us. One that does not exist allows everything (RFC 9309)."""

    def __init__(self, text: str | None, where: str) -> None:
        self._where = where
        self._rules = RobotFileParser()
        self._rules.parse((text or "").splitlines())

    @property
    def delay(self) -> float:
        """Seconds between requests that the site asks for; 0 where it asks for none."""
        asked = self._rules.crawl_delay(USER_AGENT)
        return float(asked) if asked else 0.0

    def check(self, url: str) -> None:
        """Stop before an address that robots may not visit.

        Raises:
            RefusedError: naming the rule's file.
        """
        if not self._rules.can_fetch(USER_AGENT, url):
            raise RefusedError(
                "the site's robots.txt asks robots to stay away from this page, so it is not fetched",
                where=f"{url} ({self._where})",
                next_step="Look at the page in a browser, or ask the site's owner for leave.",
            )


def robots_of(recorder: Recorder, source: Source, base_url: str) -> Robots:
    """The robots.txt of a site, fetched when its source is due and kept like everything else.

    Raises:
        CollectError: where the site does not answer; then nothing else of it is asked for either.
    """
    parts = urlsplit(base_url)
    address = urlunsplit((parts.scheme, parts.netloc, "/robots.txt", "", ""))
    content = recorder.content(recorder.ensure(source, parts.netloc, address, accept="text/plain"))
    return Robots(None if content is None else content.decode("utf-8", "replace"), address)
