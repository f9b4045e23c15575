"""Pages made of headed sections of words, tables and pictures, all by one template."""

from dataclasses import dataclass, field
from typing import Final

from oversight.web.tables import PageTable

TEMPLATE: Final = "sections.html"


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture: its address and what it shows, in words."""

    src: str
    words: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a page.

    Attributes:
        heading: of the part.
        words: paragraphs.
        facts: names and what they are.
        drawing: shown above the tables.
        tables: the first open, all with their captions.
        folded: tables behind a line to open them.
        links: where else to look.
        notes: whether the tables' notes stand below them.
    """

    heading: str
    words: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    drawing: Drawing | None = None
    tables: tuple[PageTable, ...] = ()
    folded: tuple[PageTable, ...] = ()
    links: tuple[Link, ...] = field(default=())
    notes: bool = False
