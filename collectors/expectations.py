"""Whether a publication gives what its source usually gives. Pure: counts in, shortfalls out.

A publication that falls short is not used: the last good one of the source stands until a corrected one is
issued or a person accepts it. So a file with half of the homes missing can never become 2,000 closures.

Row counts hold for what comes from the publisher's own addresses (`*.gov.uk`); an invented market or a test server
has its own size. Who gives a file by hand vouches for its size and its gaps. The fall against the last good
publication is judged wherever a file comes from.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal
from urllib.parse import urlsplit

from collectors.source import Expectation, Source

_OFFICIAL: Final = ".gov.uk"

Kind = Literal["rows", "fill", "fall"]


@dataclass(frozen=True, slots=True)
class Count:
    """What a document gave of one table: rows, and how many of them have a value in each column."""

    rows: int
    filled: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edition:
    """A document of a publication, as the ledger has it, with what was read from it, by table."""

    document_id: str
    subject: str
    url: str
    published_on: date | None
    retrieved_at: datetime
    counts: Mapping[str, Count]

    @property
    def order(self) -> tuple[str, date, datetime, str]:
        """By the day described, then by the day published: a corrected re-issue follows what it corrects."""
        return (self.subject, self.published_on or date.min, self.retrieved_at, self.document_id)

    def rows(self, table: str) -> int:
        """Rows of a table."""
        return self.counts[table].rows if table in self.counts else 0


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One expectation that a document does not meet.

    Attributes:
        kind: rows (too few), fill (too many gaps), fall (too few against the last good publication).
        message: the same in words, with both figures.
    """

    source: str
    subject: str
    document_id: str
    table: str
    kind: Kind
    message: str


def shortfalls(source: Source, editions: Iterable[Edition], accepted: Collection[str]) -> list[Shortfall]:
    """Where a source's publications fall short, in the order of the days they describe.

    Args:
        source: a publication, with its expectations.
        editions: every version of every publication that may be used.
        accepted: ids of documents that a person has accepted as they are.

    Returns:
        None for a publication that is good or accepted. Each is compared with the newest good one that describes
        the same day or an earlier one, so that what a later one holds never condemns it.
    """
    found: list[Shortfall] = []
    good: Edition | None = None
    for edition in sorted(editions, key=lambda each: each.order):
        wrong = [] if edition.document_id in accepted else list(_wrong(source, edition, good))
        found += wrong
        if not wrong:
            good = edition
    return found


def _wrong(source: Source, edition: Edition, good: Edition | None) -> Iterable[Shortfall]:
    def short(table: str, kind: Kind, message: str) -> Shortfall:
        return Shortfall(source.name, edition.subject, edition.document_id, table, kind, message)

    if source.expectations and not any(edition.rows(table) for table in source.expectations):
        yield short(",".join(source.expectations), "rows", "no row could be read")
        return
    official, fetched = _official(edition.url), bool(urlsplit(edition.url).netloc)
    for table, expected in source.expectations.items():
        rows = edition.rows(table)
        if official and rows < expected.min_rows:
            yield short(table, "rows", f"{rows:,} rows of {table} where at least {expected.min_rows:,} are expected")
        if fetched and rows:
            for message in gaps(table, expected, edition.counts[table]):
                yield short(table, "fill", message)
        if expected.max_fall is not None and good is not None:
            before = good.rows(table)
            if rows < before * (1 - expected.max_fall):
                yield short(
                    table,
                    "fall",
                    f"{rows:,} rows of {table} where the publication for {good.subject} has {before:,}: "
                    f"a fall of {1 - rows / before:.0%}, at most {expected.max_fall:.0%} is expected",
                )


def gaps(table: str, expected: Expectation, count: Count) -> Iterable[str]:
    """Columns that are filled in too few rows, in words."""
    for column, share in expected.fill.items():
        filled = count.filled.get(column, 0) / count.rows
        if filled < share:
            yield f"{column} is filled in {filled:.1%} of {count.rows:,} rows of {table}, {share:.1%} is expected"


def _official(url: str) -> bool:
    try:
        return (urlsplit(url).hostname or "").endswith(_OFFICIAL)
    except ValueError:
        return False
