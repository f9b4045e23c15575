"""Ofsted's reports site: which page is a provider's. Polite: one request at a time, robots.txt first."""

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote

from collectors.courtesy import Unhurried, robots_of, unhurried
from collectors.fetch import Answer
from collectors.recorder import Fetched, Recorder
from collectors.source import source_named
from oversight.errors import CollectError, UnreachableError

SOURCE = "ofsted.pages"
ROBOTS = "ofsted.robots"
SECONDS_APART = 2.0
_MOST_SECONDS_APART = 60.0
_URN = re.compile(r"^[A-Z]{0,3}\d{4,10}$")


class ReportsSite:
    """Asks for providers' pages.

    Args:
        recorder: fetches and records.
        base_url: the site's address.
        pause: keeps requests apart; a longer delay that robots.txt asks for is kept too.

    Raises:
        CollectError: where robots.txt cannot be fetched.
    """

    def __init__(self, recorder: Recorder, base_url: str, pause: Unhurried | None = None) -> None:
        self._recorder = recorder
        self._base = base_url.rstrip("/")
        self._unhurried = pause or unhurried(base_url, SECONDS_APART)
        self._robots = robots_of(recorder, source_named(ROBOTS), self._base)
        self._unhurried.seconds = max(self._unhurried.seconds, min(self._robots.delay, _MOST_SECONDS_APART))

    def address(self, urn: str) -> str:
        """The address that leads to a provider's page, as Ofsted's own lists have given it."""
        return f"{self._base}/inspection-reports/find-inspection-report/provider/CARE/{quote(urn)}"

    def page(self, urn: str) -> Fetched:
        """Fetch a provider's page.

        Raises:
            RefusedError: where robots are asked to stay away.
            CollectError: where it cannot be fetched.
        """
        url = self.address(urn)
        self._robots.check(url)
        self._unhurried.wait()
        return self._recorder.fetch(SOURCE, urn, url, accept="text/html", check=_not_a_page)

    def pages(self, urns: Iterable[str], tell: Callable[[int], None]) -> tuple[list[Fetched], dict[str, str]]:
        """Fetch several pages; what came, and what failed, by URN.

        Raises:
            UnreachableError: if the site does not answer.
            RefusedError: if robots are asked to stay away.
        """
        held: list[Fetched] = []
        failures: dict[str, str] = {}
        for done, urn in enumerate(urns, 1):
            if _URN.match(urn):
                self._robots.check(self.address(urn))
                try:
                    held.append(self.page(urn))
                except UnreachableError:
                    raise
                except CollectError as error:
                    failures[urn] = error.message
            tell(done)
        return held, failures


def _not_a_page(answer: Answer) -> str | None:
    return None if b"<" in answer.content[:2000] else "not a web page"
