"""The Gazette's notice feed: which address answers which question, page by page."""

import json
import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from collectors.courtesy import Unhurried, unhurried
from collectors.fetch import Answer
from collectors.recorder import Fetched, Recorder
from oversight.errors import CollectError
from oversight.model.times import london_date

SOURCE = "gazette.notices"
CORPORATE_INSOLVENCY = "24"
PAGE_SIZE = 100
SECONDS_APART = 2.5
"""The Gazette's fair use: five requests in ten seconds at most; we ask for no more than four."""
_MOST_PAGES = 50
_WHOLE = re.compile(r"^\d{1,9}$")


class Gazette:
    """Asks for the notices of a day.

    Args:
        recorder: fetches and records.
        base_url: the site's address.
        pause: keeps requests apart; the site's fair use where not given.
    """

    def __init__(self, recorder: Recorder, base_url: str, pause: Unhurried | None = None) -> None:
        self._recorder = recorder
        self._base = base_url.rstrip("/")
        self._unhurried = pause or unhurried(base_url, SECONDS_APART)

    def missing(self, today: date, days: int) -> list[date]:
        """Days, oldest first, whose notices are not held for good: those never asked for, and today."""
        wanted = [today - timedelta(days=back) for back in range(days, -1, -1)]
        return [day for day in wanted if not self._final(day)]

    def _final(self, day: date) -> bool:
        """Whether a day was asked for when it was over, to its last page."""
        page = 1
        while True:
            held = self._recorder.last(SOURCE, _subject(day, page))
            if held is None or held.document_id is None or london_date(held.retrieved_at) <= day:
                return False
            if page >= _pages(self._recorder.content(held)):
                return True
            page += 1

    def day(self, day: date) -> list[Fetched]:
        """Fetch the notices of a day, every page."""
        held: list[Fetched] = []
        page, pages = 1, 1
        while page <= min(pages, _MOST_PAGES):
            self._unhurried.wait()
            query = {
                "categorycode": CORPORATE_INSOLVENCY,
                "start-publish-date": day.isoformat(),
                "end-publish-date": day.isoformat(),
                "results-page-size": PAGE_SIZE,
                "results-page": page,
                "sort-by": "oldest-date",
            }
            url = f"{self._base}/insolvency/notice/data.json?{urlencode(query)}"
            fetched = self._recorder.fetch(
                SOURCE, _subject(day, page), url, accept="application/json", check=not_a_feed
            )
            held.append(fetched)
            pages = _pages(self._recorder.content(fetched))
            page += 1
        return held

    def days(self, days: Iterable[date], tell: Callable[[int], None]) -> tuple[int, dict[str, str]]:
        """Fetch several days; how many answers came, and what failed, by day. The first day that fails ends it."""
        came = 0
        for done, day in enumerate(days, 1):
            try:
                came += len(self.day(day))
            except CollectError as error:
                return came, {day.isoformat(): error.message}
            tell(done)
        return came, {}


def _subject(day: date, page: int) -> str:
    return day.isoformat() if page == 1 else f"{day.isoformat()}#{page}"


def _pages(content: bytes | None) -> int:
    if content is None:
        return 0
    total = str(json.loads(content).get("f:total", "0"))
    return -(-int(total) // PAGE_SIZE) if _WHOLE.match(total) else 1


def not_a_feed(answer: Answer) -> str | None:
    """What is wrong with an answer that is no feed in JSON."""
    try:
        value: Any = json.loads(answer.content)
    except (ValueError, RecursionError) as error:
        return f"not JSON: {error}"
    return None if isinstance(value, dict) and "f:total" in value else "JSON, but not a feed of notices"
