"""A set of accounts as a reader sees it: headings, prose and tables whose figures know their line and concept."""

from dataclasses import dataclass

from oversight.example.filed.taxonomy import CONSOLIDATED, Concept, Dimension
from oversight.example.shapes import Accounts


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure on the page. `value` is as printed, in pounds: negative in brackets."""

    line: str
    concept: Concept
    value: int
    comparative: bool
    consolidated: bool

    @property
    def tagged(self) -> int:
        """The value in the concept's own sign."""
        return -self.value if self.concept.flips else self.value

    @property
    def amount(self) -> int:
        """The line of account: costs and debts negative, also where a note prints them without brackets."""
        return -self.value if self.concept.subtracted else self.value

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Dimensions of the fact's context, the group's included."""
        return (*self.concept.dimensions, CONSOLIDATED) if self.consolidated else self.concept.dimensions


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 starts a page."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph. `concept` is tagged text, with its namespace key; `whole` parts may break over a page."""

    text: str
    concept: str | None = None
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: figures beside a caption. `style` is head, item, subtotal or total."""

    caption: str
    figures: tuple[Figure | None, ...] = ()
    style: str = "item"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A statement or a note. `columns` are the heads of the figure columns, such as `Group 2025`."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


Block = Heading | Prose | Table


@dataclass(frozen=True, slots=True)
class Report:
    """A whole set of accounts."""

    accounts: Accounts
    company_name: str
    title: str
    blocks: tuple[Block, ...]

    def figures(self) -> list[Figure]:
        """Every figure on the page, in order; the same fact may stand in a statement and in a note."""
        return [
            figure
            for block in self.blocks
            if isinstance(block, Table)
            for row in block.rows
            for figure in row.figures
            if figure is not None
        ]
