"""Runs: those there are, what moved between two, and how one was made."""

from collections.abc import Mapping
from typing import Final

import polars as pl
from starlette.responses import Response

from oversight.errors import InputError
from oversight.pipeline.approve import APPROVED
from oversight.pipeline.publish import outstanding, publish
from oversight.web import sections
from oversight.web.access import Role
from oversight.web.sections import Link, Section
from oversight.web.tables import PageTable, Shown, plain_table
from oversight.web.visit import Page, Visit
from reports.standing import NAMES
from reports.style import clean, date_text, moment_text, number_text, words
from risk.changes import changes

_MOST: Final = 200
_MOST_MOVES: Final = 1_000
_BANDS: Final = ("likelihood", "impact", "proposed_stage")
_SAID: Final = {"new": "new on the register", "gone": "no longer on the register", "moved": "moved"}


def runs_page(visit: Visit) -> Page:
    """Every run, the newest first, and what bars the newest from being published."""
    return _page(visit, None)


def publish_run(visit: Visit) -> Page | Response:
    """Mark a run as final, in the name of who is signed in."""
    try:
        publish(
            visit.site.workspace, visit.form.get("run", ""), author=visit.person.name,
            reason=visit.form.get("reason", ""),
        )  # fmt: skip
    except InputError as error:
        return _page(visit, error)
    return visit.redirect("/runs", done="1")


def _page(visit: Visit, error: InputError | None) -> Page:
    runs = visit.site.shelf.manifests()
    rows = []
    for number, run in enumerate(runs[:_MOST]):
        before = runs[number + 1].run_id if number + 1 < len(runs) else None
        compare = Shown("What moved", f"/runs/compare?from={before}&to={run.run_id}") if before else "the first run"
        rows.append(
            (
                Shown(run.run_id, f"/register?run={run.run_id}"),
                Shown(date_text(run.on), whole=True),
                moment_text(run.known_by),
                compare,
                clean(run.code_version),
                clean(run.label) or "none",
                _standing(visit, run.run_id),
            )
        )
    headers = ("Run", "Public by", "Known by", "Since the run before", "Code version", "Label", "Draft or final")
    table = plain_table("Runs, the newest first", headers, rows)
    return visit.page(
        "Runs" if error is None else "Error: runs",
        "runs.html",
        status=200 if error is None else 422,
        error=error,
        done=visit.query("done"),
        newest=_publication(visit, runs[0].run_id) if runs else None,
        may=visit.person.may(Role.APPROVER),
        table=table,
        choices=[(run.run_id, f"{date_text(run.on)}, known {moment_text(run.known_by)}") for run in runs[:_MOST]],
    )


def _standing(visit: Visit, run_id: str) -> str:
    given = visit.publication(run_id)
    return "Draft" if given is None else f"Published by {clean(given.by)}, {date_text(given.at)}"


def _publication(visit: Visit, run_id: str) -> Mapping[str, object]:
    """How the newest run stands: published, or what bars it."""
    if visit.publication(run_id) is not None:
        return {"run_id": run_id, "standing": _standing(visit, run_id)}
    try:
        barring = outstanding(visit.site.workspace, run_id)
    except InputError as error:  # a run of an earlier version
        return {"run_id": run_id, "standing": "Draft", "why": error}
    rows = [
        (NAMES[row["decided_table"]], clean(row["subject"]), clean(row["author"]), row["verdict"], row["now"] or "gone")
        for row in barring.unique(["decided_table", "decided_id"], maintain_order=True).iter_rows(named=True)
    ]
    headers = ("Decision", "About", "Decided by", "When the run was made", "Today")
    return {
        "run_id": run_id,
        "standing": "Draft",
        "barring": plain_table("Decisions that bar publication", headers, rows),
        "rerun": bool(rows) and all(row[-1] == APPROVED for row in rows),
    }


def compare_page(visit: Visit) -> Page:
    """What moved between two runs."""
    known = {run.run_id for run in visit.site.shelf.manifests()}
    first, second = visit.query("from"), visit.query("to")
    for name in (first, second):
        if name not in known:
            raise InputError("there is no such run", where=name or "no run is named", next_step="Choose two runs.")
    earlier, later = visit.site.shelf.take(first), visit.site.shelf.take(second)

    def make(_: object) -> tuple[str, Mapping[str, object]]:
        moved = changes(earlier.view.tables, later.view.tables)
        return "What moved between two runs", {
            "intro": (
                (
                    f"From run {first}, {date_text(earlier.view.as_at.on)}, to run {second}, "
                    f"{date_text(later.view.as_at.on)}."
                ),
                _sentence(moved),
            ),
            "links": (Link("All runs", "/runs"), Link("The later run\u2019s register", f"/register?run={second}")),
            "sections": (
                Section("Entries that are new or gone", tables=(_whole(moved),)),
                Section(
                    "Bands and stages that moved",
                    tables=(_moves(moved, bands=True, run_id=second),),
                ),
                Section("Everything else that moved", tables=(_moves(moved, bands=False, run_id=second),)),
            ),
        }

    return visit.page_of_run(sections.TEMPLATE, make, also=f"{first},{second}")


def _sentence(moved: pl.DataFrame) -> str:
    if moved.is_empty():
        return "Nothing moved: both registers say the same."
    entries = moved.filter(pl.col("change") == "moved")["entry_id"].n_unique()
    counts = dict(moved.filter(pl.col("change") != "moved")["change"].value_counts().iter_rows())
    return (
        f"{number_text(entries)} entries moved, {number_text(counts.get('new', 0))} are new, "
        f"{number_text(counts.get('gone', 0))} are gone."
    )


def _whole(moved: pl.DataFrame) -> PageTable:
    rows = [
        (clean(row["group_name"]), _SAID[row["change"]])
        for row in moved.filter(pl.col("change") != "moved").sort("change", "group_name").iter_rows(named=True)
    ]
    return plain_table("Entries that are new or gone", ("Group", "Change"), rows)


def _moves(moved: pl.DataFrame, *, bands: bool, run_id: str) -> PageTable:
    wanted = pl.col("field").is_in(_BANDS)
    kept = moved.filter(pl.col("change") == "moved", wanted if bands else ~wanted).sort(
        "group_name", "entry_id", "field"
    )
    rows = [
        (
            Shown(clean(row["group_name"]), f"/groups/{row['entry_id']}?run={run_id}"),
            words(row["field"]),
            clean(row["before"] or "none"),
            clean(row["after"] or "none"),
        )
        for row in kept.head(_MOST_MOVES).iter_rows(named=True)
    ]
    caption = "Bands and stages that moved" if bands else "Everything else that moved"
    return plain_table(caption, ("Group", "What", "Before", "After"), rows)
