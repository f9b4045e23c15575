"""What every reader of documents takes and gives: bytes in, rows out, no clock, no socket, no store."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from oversight.model.ids import row_id

Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document came from, as the ledger knows it.

    Attributes:
        document_id: SHA-256 of the bytes.
        source: name of the source, such as `companies_house.charges`.
        subject: what was asked for, such as a company number.
        url: address, or the file name an analyst gave.
        published_on: day it became public; None where the source does not say.
    """

    document_id: str
    source: str
    subject: str
    url: str
    published_on: date | None = None


@dataclass(slots=True)
class Rows:
    """Rows for the read tables, by table name, with the problems met as `issue` rows."""

    tables: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def add(self, table: str, **values: object) -> None:
        """Add one row. Columns left out are null."""
        self.tables[table].append(values)

    def issue(
        self,
        origin: Origin,
        kind: str,
        message: str,
        *,
        locator: str = "",
        value: str | None = None,
        severity: str = "warning",
    ) -> None:
        """Record a problem as a row: `kind` in snake_case, `severity` information, warning or error."""
        short = None if value is None else value[:200]
        self.add(
            "issue",
            issue_id=row_id(origin.document_id, locator, kind, short),
            document_id=origin.document_id,
            locator=locator,
            kind=kind,
            value=short,
            message=message,
            severity=severity,
        )

    def count(self) -> int:
        """Rows in all tables but `issue`."""
        return sum(len(rows) for name, rows in self.tables.items() if name != "issue")


ReadFunction = Callable[[bytes, Origin], Rows]


@dataclass(frozen=True, slots=True)
class Reader:
    """A named, versioned function from bytes to rows.

    Attributes:
        name: such as `companies_house.charges`; the key of `reading` rows.
        version: raised whenever the function would give other rows, so that documents are read again.
        read: a module-level function (so that worker processes can import it).
    """

    name: str
    version: int
    read: ReadFunction
