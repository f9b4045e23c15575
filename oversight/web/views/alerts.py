"""Alerts that were raised, for people to acknowledge or put off: all of them, or those that a letter's link names."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from urllib.parse import quote

import polars as pl
from starlette.responses import Response

from oversight.errors import InputError
from oversight.pipeline.answers import alerts, answer, answer_by_link, linked
from oversight.web.access import Role
from oversight.web.visit import Page, Visit
from reports.alerts.again import ACKNOWLEDGED, REOPENED, SNOOZED
from reports.style import clean, date_text, moment_text

PAGE_SIZE: Final = 25
_BY: Final = "page"


def alerts_page(visit: Visit) -> Page:
    """Alerts that nobody has acknowledged yet; with `?all=1` every one."""
    return _all(visit, None)


def answer_alert(visit: Visit) -> Page | Response:
    """Write down what a person says to an alert."""
    decision, until, reason = _said(visit)
    try:
        answer(
            visit.site.workspace, visit.form.get("alert", ""), decision, author=visit.person.name, reason=reason,
            until=_day(decision, until), by=_BY,
        )  # fmt: skip
    except InputError as error:
        return _all(visit, error)
    return visit.redirect("/alerts", done="1", page=visit.form.get("page", ""))


def linked_page(visit: Visit) -> Page:
    """The alerts that the link in a letter names. Opening it changes nothing, since mail scanners open every link."""
    return _linked(visit, None)


def answer_link(visit: Visit) -> Page | Response:
    """Write down what the reader of a letter says, in the name of who is signed in.

    A link may be forwarded, so it is not enough by itself: who answers is the person it was sent to, or an analyst.
    """
    decision, until, reason = _said(visit)
    token = visit.part("token")
    if not _may_answer(visit, linked(visit.site.workspace, token)):
        error = InputError(
            "this letter was sent to somebody else, and your role lets you read, not answer",
            next_step="Ask who it was sent to, or an analyst.",
        )
        return visit.page("You may not answer this letter", "problem.html", status=403, error=error)
    try:
        answer_by_link(
            visit.site.workspace, token, decision, until=_day(decision, until), reason=reason, author=visit.person.name
        )
    except InputError as error:
        return _linked(visit, error)
    return visit.redirect(f"/alerts/{quote(token, safe='')}", done="1")


def _all(visit: Visit, error: InputError | None) -> Page:
    everything = bool(visit.query("all"))
    found = alerts(visit.site.workspace, everything=everything)
    pages = max(1, -(-found.height // PAGE_SIZE))
    text = visit.query("page")
    number = min(max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < len("100000") else 1, pages)
    shown = found.slice((number - 1) * PAGE_SIZE, PAGE_SIZE)
    rows = [
        _row(row) | {"raised": moment_text(row["raised_at"]), "told": f"{row['told']} of {row['of']} people",
                     "escalated": bool(row["escalated"])}
        for row in shown.iter_rows(named=True)
    ]  # fmt: skip
    return _page(
        visit, "Alerts", rows, error, "/alerts",
        {"found": found.height, "page": number, "pages": pages, "all": everything},
        may=visit.person.may(Role.ANALYST),
    )  # fmt: skip


def _linked(visit: Visit, error: InputError | None) -> Page:
    token = visit.part("token")
    found = linked(visit.site.workspace, token)
    rows = [_row(row) for row in found.iter_rows(named=True)]
    name = clean(found["subject"][0])
    may = _may_answer(visit, found)
    return _page(visit, f"Alerts about {name}", rows, error, f"/alerts/{quote(token, safe='')}", None, may=may)


def _may_answer(visit: Visit, found: pl.DataFrame) -> bool:
    """Whether the person is an analyst, or who the letter was sent to: signed in under the address it went to."""
    sent_to = {str(recipient).strip().casefold() for recipient in found["recipient"]}
    return visit.person.may(Role.ANALYST) or visit.person.name.strip().casefold() in sent_to


def _page(
    visit: Visit,
    title: str,
    rows: Sequence[Mapping[str, object]],
    error: InputError | None,
    action: str,
    sheet: Mapping[str, object] | None,
    *,
    may: bool,
) -> Page:
    """The page of all alerts (a sheet of it), or of those of a letter, which are answered together."""
    return visit.page(
        title if error is None else f"Error: {title[:1].lower()}{title[1:]}",
        "alerts.html",
        status=200 if error is None else 422,
        heading=title,
        rows=rows,
        error=error,
        done=visit.query("done"),
        may=may,
        choices=[(ACKNOWLEDGED, "It is looked after"), (SNOOZED, "Put it off until a day")],
        reopened=REOPENED,
        action=action,
        sheet=sheet,
    )


def _row(row: Mapping[str, Any]) -> dict[str, object]:
    decision, until = row["answer"], row["until"]
    words = {ACKNOWLEDGED: "Acknowledged", SNOOZED: f"Put off until {date_text(until)}" if until else "Put off"}
    who = row.get("by")
    return {
        "id": row["alert_id"],
        "entry": row["entry_id"],
        "subject": clean(row["subject"]),
        "title": clean(row["title"]),
        "day": date_text(row["dated_on"]),
        "answer": words.get(decision, "Nobody has said anything yet") + (f" by {clean(who)}" if who else ""),
        "answered": decision in words,
    }


def _said(visit: Visit) -> tuple[str, str, str]:
    form = visit.form
    return form.get("decision", ""), form.get("until", "").strip(), form.get("reason", "")


def _day(decision: str, text: str) -> date | None:
    if decision != SNOOZED:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError("not a day", where=text, next_step="Write it as 2026-11-30.") from error
