"""The manual columns of the register, written one entry at a time."""

from collections.abc import Mapping

import polars as pl

from oversight.errors import InputError
from oversight.model.ids import row_id
from oversight.pipeline.register_import import manual_value
from oversight.pipeline.run import standing_fields
from oversight.pipeline.signed import check_signed
from oversight.pipeline.workspace import Workspace
from reports.sheets.risks import MANUAL

_TABLE = "register_field"


def standing_of(workspace: Workspace, entry_id: str) -> dict[str, dict[str, object]]:
    """What stands in an entry's manual columns now, by column: rows of `register_field`."""
    column = workspace.ledger.columns(_TABLE)["entry_id"]
    newest = standing_fields(workspace.ledger.frame(_TABLE, column == entry_id))
    return {row["field"]: row for row in newest.iter_rows(named=True)}


def write_fields(workspace: Workspace, entry_id: str, values: Mapping[str, str], *, author: str, reason: str) -> int:
    """Keep what a person wrote in manual columns, each changed one as a row with author, time and reason.

    Args:
        workspace: the installation.
        entry_id: register entry.
        values: text by column; empty takes away what stands there.
        author: who wrote it.
        reason: why.

    Returns:
        How many columns changed.

    Raises:
        InputError: for a column there is not, or that cannot hold its text, or without author or reason.
    """
    check_signed(author, reason, entry_id)
    if unknown := sorted(set(values) - set(MANUAL)):
        raise InputError("people write in no such column", where=", ".join(unknown))
    stands = standing_of(workspace, entry_id)
    moment = workspace.clock()
    rows = []
    for name, text in values.items():
        value = manual_value(name, text, entry_id)
        if value == stands.get(name, {}).get("value"):
            continue
        rows.append(
            {
                "register_field_id": row_id(entry_id, name, value, author, moment), "entry_id": entry_id, "field": name,
                "value": value, "author": author, "decided_at": moment, "reason": reason,
            }
        )  # fmt: skip
    return workspace.ledger.add(_TABLE, rows)


def written_ever(workspace: Workspace, entry_id: str) -> pl.DataFrame:
    """Everything ever written in an entry's manual columns, the newest first."""
    column = workspace.ledger.columns(_TABLE)["entry_id"]
    rows = workspace.ledger.frame(_TABLE, column == entry_id)
    return rows.sort("decided_at", "register_field_id", descending=[True, False])
