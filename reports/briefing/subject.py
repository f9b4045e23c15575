"""One group of a run, as the writers of a briefing ask after it."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import polars as pl

from oversight.errors import InputError
from oversight.model.tables.derived import VALUE
from reports.charts.shares import the_group
from reports.documents.model import Span, figure
from reports.frames import RunView, label_of, labels
from reports.style import clean, shortened, value_text

WHY: Final[Mapping[str, str]] = {
    "not_filed": "not filed",
    "not_applicable": "not meaningful",
    "not_reliable": "not reliable",
}
LONGEST_NAME: Final = 110
_LONGEST_FILE: Final = 60


@dataclass(frozen=True, slots=True)
class Subject:
    """A group with its entry.

    Attributes:
        view: the run.
        group: its row of `group`.
        entry: its row of `register_entry`.
        names: labels of the parameters by code.
    """

    view: RunView
    group: Mapping[str, Any]
    entry: Mapping[str, Any]
    names: Mapping[str, str]

    @classmethod
    def of(cls, view: RunView, group_id: str) -> "Subject":
        """The subject of a group on the register.

        Raises:
            InputError: where the group is not on the register.
        """
        group = view.table("group").filter(pl.col("group_id") == group_id)
        entry = view.table("register_entry").filter(pl.col("group_id") == group_id)
        if group.is_empty() or entry.is_empty():
            raise InputError(
                "the group is not on the register, so there is nothing to brief on",
                where=group_id,
                next_step="Councils and groups without a children's home have no entry.",
            )
        return cls(view, group.row(0, named=True), entry.row(0, named=True), labels(view))

    @property
    def group_id(self) -> str:
        """Id of the group."""
        return str(self.group["group_id"])

    @property
    def name(self) -> str:
        """Its name, short enough for a title."""
        return shortened(str(self.entry["group_name"]), LONGEST_NAME)

    def rows(self, table: str) -> pl.DataFrame:
        """The group's rows of a table."""
        return self.view.table(table).filter(pl.col("group_id") == self.group_id)

    def own(self, field: str, text: str) -> Span:
        """A figure of the register entry."""
        return figure(text, f"{self.entry['entry_id']}.{field}")

    def years(self, code: str) -> pl.DataFrame:
        """Every date of one measure of the group, newest first."""
        rows = self.rows("indicator").filter(pl.col("subject_kind") == "group", pl.col("code") == code)
        return rows.unique("indicator_id", keep="first").sort("dated_on", "indicator_id", descending=True)

    def measure(self, code: str, back: int = 0) -> Span:
        """A measure of the newest date, or of some dates before; why there is none where there is none."""
        rows = self.years(code)
        if back >= len(rows):
            return Span("not filed")
        return measured(rows.row(back, named=True))

    def label(self, code: str) -> str:
        """A measure's name."""
        return label_of(self.names, code)


def measured(row: Mapping[str, Any]) -> Span:
    """The figure of an `indicator` row, or the reason for its absence."""
    if row["status"] == VALUE and row["value"] is not None:
        return figure(value_text(float(row["value"]), str(row["unit"])), str(row["indicator_id"]))
    return Span(WHY.get(str(row["status"]), "not filed"))


def find_group(view: RunView, text: str) -> str:
    """The group that a reference is of: id of an entry (R-...), number of a company, id or name of a group.

    Raises:
        InputError: where none or more than one fits.
    """
    wanted = clean(text)
    entry = view.table("register_entry").filter(pl.col("entry_id").str.to_lowercase() == wanted.lower())
    if not entry.is_empty():
        return str(entry["group_id"][0])
    member = view.table("membership").filter(pl.col("company_number") == wanted.upper())
    if not member.is_empty():
        return str(member["group_id"][0])
    return the_group(view, text)[0]


def register_order(view: RunView) -> list[str]:
    """Ids of the groups on the register, highest rating first."""
    keys = ["rating", "impact", "homes", "entry_id"]
    entries = view.table("register_entry").sort(keys, descending=[True, True, True, False], nulls_last=True)
    return [str(each) for each in entries["group_id"]]


def file_name(text: str) -> str:
    """A text as part of a file's name: letters, digits and hyphens; of a text without any, a hash."""
    plain = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:_LONGEST_FILE].strip("-")
    return plain or hashlib.sha256(text.encode()).hexdigest()[:12]


def days(value: object) -> str:
    """A date in words; empty for none."""
    return f"{value.day} {value:%B} {value.year}" if isinstance(value, date) else ""
