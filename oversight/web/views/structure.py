"""What people decide of a group's structure: a company put under a parent, an owner set aside, either taken back."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import polars as pl
from starlette.responses import Response

from oversight.errors import InputError
from oversight.identity.decisions import ANY, JOIN, SPLIT, WITHDRAWN
from oversight.model.ids import company_number
from oversight.pipeline import ownership
from oversight.pipeline.approve import decisions as told
from oversight.pipeline.ownership import Parent
from oversight.web.access import Role
from oversight.web.shelf import OpenView
from oversight.web.tables import PageTable, Shown, plain_table
from oversight.web.visit import Page, Visit
from reports.style import clean, date_text, moment_text

_TABLE: Final = "ownership_decision"
_WITHDRAW: Final = "withdraw"
_WORDS: Final = {JOIN: "Put under", SPLIT: "Not controlled by", WITHDRAWN: "Taken back"}
_MOST_OWNERS: Final = 200


def structure_page(visit: Visit) -> Page:
    """The group's companies with their parents, everything decided about them, and a form for the next decision."""
    return _page(visit, None)


def decide(visit: Visit) -> Page | Response:
    """Keep a decision in the name of who is signed in; show the form again with what is wrong where it cannot be."""
    try:
        _decide(visit)
    except InputError as error:
        return _page(visit, error)
    return visit.redirect(f"/groups/{visit.part('group')}/structure", done="1")


def _decide(visit: Visit) -> None:
    """Write the decision that the form describes.

    Raises:
        InputError: for what is no decision, or is about neither a company nor a parent of this group.
    """
    form, workspace = visit.form, visit.site.workspace
    company, parent = company_number(form.get("company", "")), _parent(visit)
    members = _numbers(_view(visit))
    if company not in members and parent.number not in members:
        raise InputError(
            "neither the company nor the parent is in this group",
            where=company,
            next_step="Give the number of one that is, or open the other group.",
        )
    author, reason, what = visit.person.name, form.get("reason", ""), form.get("what", "")
    if what == _WITHDRAW:
        ownership.withdraw(workspace, company, parent, author=author, reason=reason)
        return
    kinds = {JOIN: ownership.join, SPLIT: ownership.split}
    if what not in kinds:
        raise InputError("nothing is decided", where=what, next_step="Choose what you decide.")
    first, last = _day(form.get("from", "")), _day(form.get("to", ""))
    kinds[what](workspace, company, parent, author=author, reason=reason, from_on=first, to_on=last)


def _parent(visit: Visit) -> Parent:
    """The parent that the form names: by number, by name, or as an owner listed.

    Raises:
        InputError: where it names more than one.
    """
    form = visit.form
    number, name, key = (form.get(each, "").strip() for each in ("parent", "parent_name", "owner"))
    if sum(map(bool, (number, name, key))) > 1:
        raise InputError("more than one parent is named", next_step="Name one: by number, by name, or from the list.")
    if key:
        listed = {row["owner_key"]: row["owner_number"] for row in _owners(_view(visit))}
        if key not in listed:
            raise InputError("this group has no such owner", where=key, next_step="Choose one of the list.")
        return Parent(number=str(listed[key])) if listed[key] else Parent(key=key)
    return Parent(number=company_number(number) if number else None, name=name or None, country=_country(form))


def _country(form: Mapping[str, str]) -> str | None:
    return form.get("country", "").strip() or None


def _view(visit: Visit) -> OpenView:
    return visit.run.of_group(visit.run.group_id(visit.part("group")))


def _numbers(view: OpenView) -> set[str]:
    return set(view.table("membership")["company_number"])


def _owners(view: OpenView) -> Sequence[Mapping[str, str | None]]:
    """Owners of the group's companies, as the register or their accounts name them."""
    held = view.table("holding").select("owner_key", "owner_number", "owner_name", "company_number")
    return held.unique().sort("company_number", "owner_key").head(_MOST_OWNERS).rows(named=True)


def _page(visit: Visit, error: InputError | None) -> Page:
    view, form = _view(visit), visit.form
    group = view.table("group").row(0, named=True)
    return visit.page(
        "Correct the group" if error is None else "Error: correct the group",
        "structure.html",
        run=visit.run,
        status=200 if error is None else 422,
        group=clean(group["name"]),
        path=f"/groups/{visit.part('group')}",
        companies=_companies(view),
        history=_history(visit, view),
        choices=[
            (JOIN, "The company is under this parent"),
            (SPLIT, "This owner does not control the company (every owner, where none is named)"),
            (_WITHDRAW, "What was decided about the two is taken back"),
        ],
        owners=[
            (
                row["owner_key"],
                f"{clean(row['owner_name'] or 'a person (name withheld)')}, owner of {row['company_number']}",
            )
            for row in _owners(view)
        ],
        form=form,
        error=error,
        done=visit.query("done"),
        may=visit.person.may(Role.ANALYST),
    )


def _companies(view: OpenView) -> PageTable:
    rows = [
        (row["company_number"], clean(row["name"] or "name not held"), clean(row["parent_name"] or "the top"))
        for row in view.table("membership").sort("path").iter_rows(named=True)
    ]
    return plain_table("Companies of the group in this run", ("Number", "Company", "Parent"), rows)


def _history(visit: Visit, view: OpenView) -> PageTable:
    """Every decision about a company of the group, or that puts one under it, the newest first."""
    members = _numbers(view)
    made = ownership.decisions(visit.site.workspace).filter(
        pl.col("company_number").is_in(members) | pl.col("owner_company_number").is_in(members)
    )
    words = told(visit.site.workspace).filter(pl.col("decided_table") == _TABLE).select("decided_id", "verdict")
    found = made.join(words, left_on="ownership_decision_id", right_on="decided_id", how="left", maintain_order="left")
    rows = [
        (
            moment_text(row["decided_at"]),
            row["company_number"],
            _WORDS.get(row["decision"], row["decision"]),
            _owner(row),
            _days(row),
            clean(row["author"]),
            clean(row["reason"]),
            Shown({"waiting": "awaits approval"}.get(row["verdict"], row["verdict"])),
        )
        for row in found.reverse().iter_rows(named=True)
    ]
    headers = ("When", "Company", "What", "Parent", "Counts for", "Who", "Why", "Second person")
    return plain_table("Everything decided about these companies, the newest first", headers, rows)


def _owner(row: Mapping[str, str | None]) -> str:
    if row["owner_key"] == ANY:
        return "every owner"
    return clean(row["owner_name"] or row["owner_company_number"] or "a person (name withheld)")


def _days(row: Mapping[str, date | None]) -> str:
    parts = [f"from {date_text(row['from_on'])}" if row["from_on"] else ""]
    parts.append(f"until {date_text(row['to_on'])}" if row["to_on"] else "")
    return " ".join(filter(None, parts)) or "always"


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError("not a day", where=text, next_step="Write it as 2026-11-30.") from error
