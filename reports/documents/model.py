"""The model of a document: headings, paragraphs, lists, tables and pictures, the same for Word and for PDF.

Every figure stands in a `Span` with the id it is traced by, so that no format can lose where it came from.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from reports.style import clean

LANGUAGE = "en-GB"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text.

    Attributes:
        text: what is read.
        item: for a figure, the id that `oversight trace` walks home from; the reader sees the number of its source.
        strong: whether it stands out.
        shown: whether the text is the id itself, so that no number is put behind it.
        link: a web address, or `#` and an anchor of the document.
        anchor: a name that links of the document lead to.
    """

    text: str
    item: str = ""
    strong: bool = False
    shown: bool = False
    link: str = ""
    anchor: str = ""


Text = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3; the title of the document stands above them all."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; `notice` sets it apart with a bar at its side, `small` is for notes under a table or picture."""

    text: Text
    notice: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with one header row.

    Attributes:
        caption: says what it holds.
        header: one text a column.
        rows: one cell a column; the first cell names the row.
        widths: of the columns, as parts of the whole.
        numeric: places of the columns that are set to the right.
        small: whether in smaller letters, for annexes.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    widths: tuple[float, ...]
    numeric: frozenset[int] = field(default=frozenset())
    small: bool = False

    def __post_init__(self) -> None:
        """Refuse a table whose rows do not fit its header."""
        if any(len(row) != len(self.header) for row in self.rows) or len(self.widths) != len(self.header):
            raise ValueError(self.caption)


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as PNG.

    Attributes:
        png: its bytes.
        alternative: the picture in words.
        width: as part of the width of the page, 0 to 1.
    """

    png: bytes
    alternative: str
    width: float


@dataclass(frozen=True, slots=True)
class Images:
    """Pictures side by side."""

    items: tuple[Image, ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows starts on a new page."""


Block = Heading | Paragraph | Bullets | Table | Images | PageBreak


@dataclass(frozen=True, slots=True)
class Document:
    """A whole paper.

    Attributes:
        title: of the document, in its properties and at its head.
        subtitle: one line below the title.
        subject: run and versions, in its properties and at the foot of each page.
        banner: marking and label, at the head and foot of each page.
        author: who answers for it.
        dated: the as-at date.
        blocks: what it says, in reading order.
    """

    title: str
    subtitle: str
    subject: str
    banner: str
    author: str
    dated: date
    blocks: tuple[Block, ...]

    def texts(self) -> Iterator[Text]:
        """Every text of the blocks, in reading order."""
        for block in self.blocks:
            match block:
                case Paragraph():
                    yield block.text
                case Bullets():
                    yield from block.items
                case Table():
                    for row in block.rows:
                        yield from row
                case _:
                    continue

    def items(self) -> tuple[str, ...]:
        """Ids of all figures, in the order of their first mention."""
        return tuple(dict.fromkeys(span.item for text in self.texts() for span in text if span.item))

    def numbers(self) -> dict[str, int]:
        """The number of the source of each figure whose id is not shown itself, by id."""
        cited = (span.item for text in self.texts() for span in text if span.item and not span.shown)
        return {item: number for number, item in enumerate(dict.fromkeys(cited), start=1)}


def said(*parts: str | Span) -> Text:
    """Text of plain words and spans, each on one line and without control characters."""
    return tuple(Span(_line(part)) if isinstance(part, str) else part for part in parts)


def figure(text: str, item: str, *, strong: bool = False) -> Span:
    """A figure with the id it is traced by."""
    return Span(_line(text), item=item, strong=strong)


def trace_id(item: str) -> Span:
    """An id to trace, shown as it is typed."""
    return Span(_line(item), item=item, shown=True)


def strong(text: str) -> Span:
    """Words that stand out."""
    return Span(_line(text), strong=True)


def web(text: str) -> Span:
    """A web address, a link where it is one of http."""
    plain = clean(text)
    return Span(plain, link=plain if plain.lower().startswith(("https://", "http://")) and " " not in plain else "")


def _line(text: str) -> str:
    """Clean text that keeps a blank at its ends, where words join on."""
    plain = clean(text)
    if not plain:
        return " " if text else ""
    return f"{' ' if text[:1].isspace() else ''}{plain}{' ' if text[-1:].isspace() else ''}"
