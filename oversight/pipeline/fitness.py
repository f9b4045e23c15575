"""Which publications may be used: what was read from each against what its source is expected to give."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import polars as pl

from collectors.expectations import Count, Edition, Shortfall, gaps, shortfalls
from collectors.source import Source, load_sources
from oversight.errors import InputError
from oversight.model.evidence import schema_of
from oversight.model.ids import row_id
from oversight.pipeline.signed import check_signed
from oversight.pipeline.workspace import Workspace

FIELD = "expectation"
ACCEPTED = "accepted"
WITHHELD = "withheld"

Counts = Mapping[str, Mapping[str, Count]]
"""Table to document to what the document gave of it."""


def withheld(workspace: Workspace, fetch: pl.DataFrame, known_by: datetime) -> list[Shortfall]:
    """Publications that fall short and that nobody has accepted by a moment.

    Args:
        workspace: the installation.
        fetch: attempts whose documents may be used; others are neither judged nor compared with.
        known_by: decisions made later do not count.

    Returns:
        By source and day described. A document that is not read yet is not judged yet.
    """
    sources = [each for each in load_sources().values() if each.kind == "publication" and each.expectations]
    read = set(workspace.ledger.frame("reading")["document_id"])
    held = fetch.filter(
        pl.col("source").is_in([source.name for source in sources]), pl.col("document_id").is_in(sorted(read))
    )
    if held.is_empty():
        return []
    counts, accepted = _counts(workspace, sources), _accepted(workspace, known_by)
    found: list[Shortfall] = []
    for source in sources:
        rows = held.filter(pl.col("source") == source.name)
        found += shortfalls(source, _editions(rows, counts), accepted)
    return found


def poor_registers(workspace: Workspace, fetch: pl.DataFrame) -> dict[str, list[str]]:
    """What the newest answers of each register, taken together, lack; in words, by source.

    A register is judged as a whole and never withheld: one company's answer may rightly have a gap.
    """
    found: dict[str, list[str]] = {}
    for source in load_sources().values():
        if source.kind != "register" or not source.expectations:
            continue
        rows = fetch.filter(pl.col("source") == source.name, pl.col("status") != "failed").sort("requested_at")
        newest = set(rows.unique("subject", keep="last")["document_id"].drop_nulls())
        told: list[str] = []
        for table, counts in _counts(workspace, [source]).items():
            expected = source.expectations[table]
            total = _together(count for document, count in counts.items() if document in newest)
            if total.rows:
                told += gaps(table, expected, total)
        if told:
            found[source.name] = told
    return found


def without(fetch: pl.DataFrame, short: Iterable[Shortfall]) -> pl.DataFrame:
    """Attempts without those whose documents are withheld: what is left makes the last good one the newest."""
    pairs = sorted({(each.source, each.document_id) for each in short})
    if not pairs:
        return fetch
    bad = pl.DataFrame(pairs, schema={"source": pl.String, "document_id": pl.String}, orient="row")
    return fetch.join(bad, on=["source", "document_id"], how="anti")


def issues(short: Iterable[Shortfall]) -> pl.DataFrame:
    """A row of `issue` for each shortfall, so that a register of the run says what it did not use."""
    rows = [
        {
            "issue_id": row_id(each.document_id, each.table, each.kind, WITHHELD),
            "document_id": each.document_id,
            "locator": "",
            "kind": "publication_withheld",
            "value": each.subject,
            "message": f"{each.source} of {each.subject} is not used: {each.message}",
            "severity": "error",
        }
        for each in short
    ]
    schema = {name: column.dtype for name, column in schema_of("issue").columns().items()}
    return pl.DataFrame(rows, schema=schema).unique("issue_id", keep="first", maintain_order=True)


def accept(workspace: Workspace, document_id: str, author: str, reason: str, *, accepted: bool = True) -> str:
    """Record that a person accepts a publication as it is, or takes that back.

    Args:
        workspace: the installation.
        document_id: of the publication; its first eight characters or more are enough.
        author: who decides.
        reason: why.
        accepted: false takes an acceptance back.

    Returns:
        The id of the decision.

    Raises:
        InputError: if author or reason is missing, or no single publication has that id.
    """
    check_signed(author, reason, document_id)
    names = [source.name for source in load_sources().values() if source.kind == "publication"]
    fetch = workspace.ledger.frame("fetch").filter(pl.col("source").is_in(names))
    known = sorted({each for each in fetch["document_id"].drop_nulls() if each.startswith(document_id.strip().lower())})
    if len(known) != 1 or len(document_id.strip()) < _SHORTEST:
        raise InputError(
            "no single publication has that id" if len(known) != 1 else "the id is too short to be sure",
            where=repr(document_id),
            next_step="`oversight status` lists the publications that are withheld, with their ids.",
        )
    now = workspace.clock()
    value = ACCEPTED if accepted else WITHHELD
    identifier = row_id(known[0], FIELD, value, author, now)
    row = {
        "override_id": identifier, "subject": known[0], "field": FIELD, "old_value": None, "new_value": value,
        "author": author.strip(), "decided_at": now, "reason": reason.strip(),
    }  # fmt: skip
    workspace.ledger.add("override", [row])
    return identifier


_SHORTEST = 8


def _accepted(workspace: Workspace, known_by: datetime) -> set[str]:
    decided = (
        workspace.ledger.frame("override")
        .filter(pl.col("field") == FIELD, pl.col("decided_at") <= known_by)
        .sort("decided_at", "override_id")
        .unique("subject", keep="last")
    )
    return set(decided.filter(pl.col("new_value") == ACCEPTED)["subject"])


def _counts(workspace: Workspace, sources: Iterable[Source]) -> Counts:
    columns: dict[str, set[str]] = {}
    for source in sources:
        for table, expected in source.expectations.items():
            columns.setdefault(table, set()).update(expected.fill)
    found: dict[str, dict[str, Count]] = {}
    for table, names in columns.items():
        filled = workspace.ledger.filled(table, sorted(names))
        found[table] = {document: Count(rows, values) for document, (rows, values) in filled.items()}
    return found


def _editions(rows: pl.DataFrame, counts: Counts) -> list[Edition]:
    newest = rows.sort("published_on", "retrieved_at", nulls_last=False).unique(
        ["subject", "document_id"], keep="first", maintain_order=True
    )
    return [
        Edition(
            document_id=row["document_id"],
            subject=row["subject"],
            url=row["url"],
            published_on=row["published_on"],
            retrieved_at=row["retrieved_at"] or row["requested_at"],
            counts={table: found[row["document_id"]] for table, found in counts.items() if row["document_id"] in found},
        )
        for row in newest.iter_rows(named=True)
    ]


def _together(counts: Iterable[Count]) -> Count:
    rows, filled = 0, dict[str, int]()
    for count in counts:
        rows += count.rows
        for column, number in count.filled.items():
            filled[column] = filled.get(column, 0) + number
    return Count(rows, filled)
