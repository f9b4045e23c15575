"""A filing history that is asked for once: afterwards only what is new.

The register lists the newest filings first, so a new one moves all others down. Counted from the oldest, each keeps
its place. So the newest page is asked for whenever it is due, and what comes before it in blocks counted from the
oldest, which never change. Where they do after all (a filing was put in or taken out further down), the block that
overlaps the newest page no longer agrees with it, and all blocks are asked for anew.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from collectors.companies_house.checks import PAGE, Page, PageInPlace, not_json, read_page
from collectors.fetch import Answer
from collectors.recorder import Fetched, Recorder
from oversight.errors import RefusedError

NEWEST = "companies_house.filing_history"
EARLIER = "companies_house.filing_history_earlier"
_TOTAL = "total_count"
_MOST_BLOCKS = 1000

Ask = Callable[..., Fetched]
"""`CompaniesHouse._json`: source, subject, address, `check` and `anew` to the outcome."""


class BlockInPlace:
    """Checks that a block lies where it was asked for, in a list that is as long as its newest page says.

    Args:
        start: place of its first entry, counted from the newest.
        count: entries it must have.
        total: entries in the list.
    """

    def __init__(self, start: int, count: int, total: int) -> None:
        self._start = start
        self._count = count
        self._total = total

    def __call__(self, answer: Answer) -> str | None:
        """What is wrong with an answer, or None."""
        if wrong := not_json(answer):
            return wrong
        page = read_page(answer.content, answer.url, _TOTAL)
        if page.start not in {None, self._start}:
            return f"the page that starts at {page.start} came in place of the one that starts at {self._start}"
        if page.total != self._total:
            return f"it says that there are {page.total} filings, where the newest page said {self._total}"
        return None if page.count == self._count else f"it has {page.count} entries in place of {self._count}"


class History:
    """Asks for the filing history of one company.

    Args:
        recorder: holds what was fetched.
        ask: fetches where due.
        address: of the filing history.
    """

    def __init__(self, recorder: Recorder, ask: Ask, address: str) -> None:
        self._recorder = recorder
        self._ask = ask
        self._address = address

    def pages(self, number: str) -> list[Fetched]:
        """The newest page, then the blocks from the oldest on.

        Raises:
            RefusedError: where the register contradicts itself, also when asked again.
        """
        newest = self._newest(number)
        try:
            return [newest, *self._earlier(number, newest)]
        except RefusedError:  # the history may have grown since, or the newest page may have lied
            newest = self._newest(number, anew=True)
            return [newest, *self._earlier(number, newest)]

    def _newest(self, number: str, *, anew: bool = False) -> Fetched:
        address = self._page(0, PAGE)
        return self._ask(NEWEST, f"{number}/0", address, check=PageInPlace(0, _TOTAL), anew=anew)

    def _earlier(self, number: str, newest: Fetched) -> list[Fetched]:
        page = self._read(newest)
        if page is None or page.count == 0 or (page.count >= page.total and not page.full):
            return []
        if page.count >= page.total:  # a full page that calls itself the only one: make sure, once
            check = BlockInPlace(page.count, 0, page.total)
            address = self._page(page.count, page.count)
            return [self._ask(EARLIER, f"{number}/beyond-{page.total}", address, check=check)]
        blocks = self._blocks(number, page)
        top = self._read(blocks[-1])
        if newest.new and top is not None and not _agree(page, top, len(blocks) - 1):
            blocks = self._blocks(number, page, anew=True)
        return blocks

    def _blocks(self, number: str, page: Page, *, anew: bool = False) -> list[Fetched]:
        """Blocks of the newest page's size, up to one that overlaps it."""
        found = []
        for low in range(0, page.total - page.count + 1, page.count)[:_MOST_BLOCKS]:
            start = page.total - low - page.count
            check = BlockInPlace(start, page.count, page.total)
            subject = f"{number}/{low}-{low + page.count - 1}"
            found.append(self._ask(EARLIER, subject, self._page(start, page.count), check=check, anew=anew))
        return found

    def _page(self, start: int, count: int) -> str:
        return f"{self._address}?{urlencode({'items_per_page': count, 'start_index': start})}"

    def _read(self, fetched: Fetched) -> Page | None:
        content = self._recorder.content(fetched)
        return None if content is None else read_page(content, fetched.url, _TOTAL)


def _agree(newest: Page, top: Page, place: int) -> bool:
    """Whether the block at this place (counted from the oldest) has the filings that it shares with the newest page."""
    last = place * top.count + top.count - 1  # of the block, counted from the oldest
    shared = last - (newest.total - newest.count) + 1
    return shared <= 0 or list(top.entries[:shared]) == list(newest.entries[-shared:])[:shared]
