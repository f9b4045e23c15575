"""Rows and lineage of one run by id, looked up many at a time."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import polars as pl

KEYS: Final[Mapping[str, str]] = {
    "register_entry": "entry_id",
    "score": "score_id",
    "contribution": "contribution_id",
    "indicator": "indicator_id",
    "event": "event_id",
    "account": "account_id",
    "exposure": "exposure_id",
    "displacement": "displacement_id",
    "displacement_by_authority": "displacement_id",
    "scope": "scope_id",
    "market": "market_id",
    "alert": "alert_id",
    "account_period": "period_id",
    "line": "line_id",
    "fact": "fact_id",
    "override": "override_id",
    "hand_read": "hand_read_id",
    "group": "group_id",
    "holding": "holding_id",
    "provider": "owner_key",
    "setting": "setting_id",
    "peer": "peer_id",
    "stress": "stress_id",
    "stress_market": "measure",
}
"""Tables of a run that can be asked for by id, and the column that has it; the first that knows an id counts."""


class Rows:
    """Rows and lineage of one run by id, looked up a level of the walk at a time.

    A run of a whole market has millions of rows of lineage; each level is one pass over a table, not one a row.
    """

    def __init__(self, tables: Mapping[str, pl.DataFrame]) -> None:
        self._tables = tables
        self._found: dict[str, tuple[str, dict[str, Any]] | None] = {}
        self._below: dict[str, list[tuple[str, str]]] = {}
        self._sources: dict[str, dict[str, Any] | None] = {}

    def find(self, item: str) -> tuple[str, dict[str, Any]] | None:
        """Table and row of an id; of several tables the first of `KEYS`."""
        self.fetch([item])
        return self._found[item]

    def below(self, item: str) -> list[tuple[str, str]]:
        """Ids and roles that an item rests on by lineage, sorted by role."""
        self.fetch([item])
        return self._below[item]

    def fetch(self, items: Iterable[str]) -> list[str]:
        """Look up the items not looked up yet, and return them."""
        new = sorted({item for item in items if item not in self._found})
        if not new:
            return []
        wanted = set(new)
        self._found |= dict.fromkeys(new)
        self._below |= {item: [] for item in new}
        for name, key in KEYS.items():
            frame = self._tables.get(name)
            if frame is None or not wanted:
                continue
            rows = frame.filter(pl.col(key).is_in(list(wanted))).unique(key, keep="first", maintain_order=True)
            for row in rows.iter_rows(named=True):
                self._found[row[key]] = (name, row)
                wanted.discard(row[key])
        lineage = self._tables.get("lineage")
        if lineage is not None:
            rests = lineage.filter(pl.col("item_id").is_in(new)).sort("role", "input_id")
            for item, key, role in rests.select("item_id", "input_id", "role").iter_rows():
                self._below[item].append((key, role))
        return new

    def source(self, document: str) -> dict[str, Any] | None:
        """Where a document came from: its first row of `visible`, None where the run does not see it."""
        return self._sources.get(document)

    def fetch_sources(self, documents: Iterable[str]) -> None:
        """Look up where documents came from."""
        visible = self._tables.get("visible")
        wanted = sorted(set(documents) - set(self._sources))
        if visible is None or not wanted:
            return
        found = visible.filter(pl.col("document_id").is_in(wanted)).sort("source", "subject")
        for row in found.unique("document_id", keep="first", maintain_order=True).iter_rows(named=True):
            self._sources[row["document_id"]] = row
