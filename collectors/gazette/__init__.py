"""Corporate insolvency notices of The Gazette, day by day."""

from collections.abc import Mapping

from collectors.gazette.feed import read
from collectors.gazette.site import Gazette
from collectors.reading import Reader

READERS: Mapping[str, Reader] = {"gazette.notices": Reader("gazette.notices", 1, read)}

__all__ = ["READERS", "Gazette"]
