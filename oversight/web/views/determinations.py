"""Determinations by the Secretary of State, as people recorded them. Nothing here makes one."""

from datetime import date

from starlette.responses import Response

from oversight.errors import InputError
from oversight.pipeline.determine import record, recorded, revoke
from oversight.web.access import Role
from oversight.web.tables import Shown, day, plain_table
from oversight.web.visit import Page, Visit
from reports.style import clean, moment_text


def determinations_page(visit: Visit) -> Page:
    """Every row ever recorded, and a form for the next."""
    return _page(visit, None)


def write(visit: Visit) -> Page | Response:
    """Record a determination, or that one no longer stands."""
    form = visit.form
    workspace, author = visit.site.workspace, visit.person.name
    try:
        on = _day(form.get("on", ""))
        if form.get("what") == "revoke":
            revoke(
                workspace, form.get("subject", ""), on=on, notice=form.get("notice", ""), author=author,
                reason=form.get("reason", ""),
            )  # fmt: skip
        else:
            named = form.get("individual", "").strip()
            record(
                workspace, form.get("subject", ""), on=on, notice=form.get("notice", ""),
                condition=form.get("condition", ""), individual=named or None, author=author,
                reason=form.get("reason", ""),
            )  # fmt: skip
    except InputError as error:
        return _page(visit, error)
    return visit.redirect("/determinations", done="1")


def _page(visit: Visit, error: InputError | None) -> Page:
    rows = [
        (
            clean(row["subject"]),
            day(row["determined_on"]),
            clean(row["notice_reference"]),
            clean(row["condition"]),
            "stands" if row["stands"] else "does not stand",
            Shown("no", quiet=True) if row["revoked_on"] is None else day(row["revoked_on"]),
            clean(row["author"]),
            moment_text(row["decided_at"]),
            clean(row["reason"]),
        )
        for row in recorded(visit.site.workspace).reverse().iter_rows(named=True)
    ]
    headers = ("Subject", "Determined on", "Notice", "Condition", "Today", "Revoked from", "Recorded by", "When", "Why")
    return visit.page(
        "Determinations" if error is None else "Error: determinations",
        "determinations.html",
        status=200 if error is None else 422,
        table=plain_table("Determinations recorded, the newest first", headers, rows),
        form=visit.form,
        error=error,
        done=visit.query("done"),
        may=visit.person.may(Role.ANALYST),
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise InputError("not a day", where=text, next_step="Write it as 2026-11-30.") from error
