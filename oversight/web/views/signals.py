"""What happened to a group, newest first, and what people wrote of it in the register."""

from typing import Final

import polars as pl

from oversight.web.shelf import OpenRun, OpenView
from oversight.web.tables import PageTable, Shown, day, plain_table
from oversight.web.visit import Visit
from reports.frames import label_of
from reports.sheets.risks import MANUAL
from reports.style import clean, words

_SHOWN: Final = 25


def timeline(visit: Visit, run: OpenRun, view: OpenView, company: str | None = None) -> tuple[PageTable, PageTable]:
    """The newest signals of a group or of one of its companies, and those before them."""
    names = {row["company_number"]: row["name"] for row in view.table("membership").iter_rows(named=True)}
    events = view.table("event").sort("dated_on", "kind", "event_id", descending=[True, False, False])
    if company is not None:
        events = events.filter(pl.col("company_number") == company)
    rows = [
        (
            day(row["dated_on"]),
            Shown(label_of(run.names, row["kind"]) or words(row["kind"]), visit.evidence(row["event_id"])),
            clean(row["detail"]),
            Shown(
                clean(names.get(row["company_number"]) or row["company_number"]),
                visit.href(f"/companies/{row['company_number']}"),
            )
            if row["company_number"]
            else "the group",
        )
        for row in events.iter_rows(named=True)
    ]
    headers = ("Date", "Signal", "Detail", "About")
    return (
        plain_table("Signals, newest first", headers, rows[:_SHOWN]),
        plain_table("Earlier signals", headers, rows[_SHOWN:]),
    )


def written(view: OpenView) -> list[tuple[str, str, str]]:
    """What stood in the register's manual columns when the run was made: column, text, who wrote it."""
    entries = set(view.table("register_entry")["entry_id"])
    rows = view.table("register_field").rows(named=True)
    stands = {row["field"]: row for row in rows if row["entry_id"] in entries and row["value"]}
    return [
        (header, clean(stands[name]["value"]), clean(stands[name]["author"]))
        for name, header in MANUAL.items()
        if name in stands
    ]
