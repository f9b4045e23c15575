"""Small publications for tests: lists of homes, lists of movements, lists of visits."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from oversight.model.evidence import schema_of
from risk.exits.publications import Publications

HOME = {
    "provision_type": "Children's home", "status": "Active", "sector": "Private", "places": 4, "owner": "Owner Ltd",
    "local_authority": "Testshire", "region": "North West", "constituency": "Testford North", "overall": "Good",
    "registered_on": date(2018, 1, 1),
}  # fmt: skip


@dataclass(slots=True)
class Press:
    """Collects publications."""

    tables: dict[str, list[dict[str, Any]]] = field(
        default_factory=lambda: {"home": [], "movement": [], "inspection": []}
    )
    visible: list[dict[str, str]] = field(default_factory=list)

    def _document(self, source: str, day: date) -> str:
        ident = hashlib.sha256(f"{source}/{day}".encode()).hexdigest()
        if all(row["document_id"] != ident for row in self.visible):
            self.visible.append({"document_id": ident, "source": source, "subject": day.isoformat()})
        return ident

    def homes(self, day: date, homes: Mapping[str, Mapping[str, Any]], source: str = "ofsted.provider_level") -> None:
        """A list of homes: URN to what differs from `HOME`."""
        ident = self._document(source, day)
        for urn, values in homes.items():
            place = {"document_id": ident, "urn": urn, "locator": f"row {urn}", "as_at": day}
            self.tables["home"].append(HOME | dict(values) | place)

    def moved(self, day: date, rows: Iterable[Mapping[str, Any]], source: str = "ofsted.movements") -> None:
        """A list of the movements of the year to a day."""
        ident = self._document(source, day)
        for number, row in enumerate(rows):
            base = {name: HOME[name] for name in ("provision_type", "sector", "places", "local_authority", "region")}
            place = {"document_id": ident, "locator": f"row {number}"}
            self.tables["movement"].append(base | {"kind": "leaver"} | dict(row) | place)

    def visited(self, day: date, rows: Iterable[Mapping[str, Any]]) -> None:
        """A list of the inspections of the year to a day."""
        ident = self._document("ofsted.in_year", day)
        for number, row in enumerate(rows):
            self.tables["inspection"].append({**row, "document_id": ident, "locator": f"row {number}"})

    def publications(self) -> Publications:
        """What was collected."""
        home, inspection, movement = (_frame(name, self.tables[name]) for name in ("home", "inspection", "movement"))
        schema = {"document_id": pl.String, "source": pl.String, "subject": pl.String}
        return Publications.from_tables(home, inspection, movement, pl.DataFrame(self.visible, schema=schema))


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {column: declared.dtype for column, declared in schema_of(name).columns().items()}
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema=schema)
