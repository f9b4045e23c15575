"""Who was shown what and who changed what, by day."""

from datetime import date, timedelta
from typing import Final

from oversight.model.times import london_date
from oversight.web import sections
from oversight.web.sections import Link, Section
from oversight.web.tables import Shown, plain_table
from oversight.web.visit import Page, Visit
from reports.style import clean, date_text, moment_text, number_text

MOST: Final = 500
"""Rows on the page; the command line lists them all."""
_HEADERS: Final = ("Row", "When", "Who", "Role", "Asked", "Run", "Answer")


def audit_page(visit: Visit) -> Page:
    """The audit log of a day, the newest row first."""
    today = london_date(visit.site.workspace.clock())
    on = _day(visit.query("on")) or today
    found = visit.site.audit.rows(on, MOST)
    rows = [
        (
            number_text(row["number"]),
            Shown(moment_text(row["at"]), whole=True),
            clean(row["person"]),
            row["role"],
            clean(f"{row['method']} {row['path']}"),
            row["run_id"] or "none",
            "asked for" if row["outcome"] is None else str(row["outcome"]),
        )
        for row in reversed(found.to_dicts())
    ]
    days = [on - timedelta(days=1), *([on + timedelta(days=1)] if on < today else [])]
    words = (
        f"The newest {number_text(MOST)} rows of the day; oversight audit --on {on.isoformat()} lists all."
        if found.height == MOST
        else f"{number_text(found.height)} rows.",
        "Rows can only be added. oversight audit --verify checks that none was changed, taken away or slipped in.",
    )
    return visit.page(
        f"Audit log, {date_text(on)}",
        sections.TEMPLATE,
        intro=words,
        sections=(
            Section(
                "Who asked for what",
                tables=(plain_table(f"Audit log of {date_text(on)}", _HEADERS, rows, numbers={0, 6}),),
                links=tuple(Link(date_text(day), visit.href("/audit", on=day.isoformat())) for day in days),
            ),
        ),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
