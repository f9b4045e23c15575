"""How the data are: what each source last gave, what is late or failed, what waits."""

from datetime import datetime

from oversight.pipeline.status import FRESH, NEVER, Status, status
from oversight.web import sections
from oversight.web.access import Role
from oversight.web.sections import Link, Section
from oversight.web.tables import PageTable, Shown, plain_table
from oversight.web.visit import Page, Site, Visit
from reports.style import clean, moment_text, number_text


def health_page(visit: Visit) -> Page:
    """The state of the installation, some seconds old at most while it is looked at."""
    now = state(visit.site)
    return visit.page(
        "Data health",
        sections.TEMPLATE,
        intro=(
            "Every source is fresh and complete, and no job went wrong."
            if now.healthy
            else "Something is late, failed or incomplete: see below.",
        ),
        sections=(
            Section("What is held", facts=_facts(now)),
            Section("Sources", tables=(_sources(now),)),
            Section("Publications kept but not used", tables=(_withheld(now),)),
            Section("Jobs of the schedule", tables=(_jobs(now),), links=_more(visit)),
        ),
    )


def _more(visit: Visit) -> tuple[Link, ...]:
    """What only those who run the monitor may see."""
    return (Link("Who was shown what: the audit log", visit.href("/audit")),) if visit.person.may(Role.ADMIN) else ()


def state(site: Site) -> Status:
    """What `oversight status` says."""
    return site.kept.get("status", lambda: status(site.workspace))


def _facts(now: Status) -> tuple[tuple[str, str], ...]:
    issues = ", ".join(f"{number_text(count)} {severity}" for severity, count in now.issues.items())
    budgets = ", ".join(f"{number_text(each.left)} of {number_text(each.of)}" for each in now.budgets)
    return (
        ("Documents", number_text(now.documents)),
        ("Documents not read yet", number_text(now.unread)),
        ("Owners waiting for a person", number_text(now.owners_waiting)),
        ("Issues in documents", issues or "none"),
        ("Requests left at Companies House", budgets or "none counted"),
        ("Runs", number_text(len(now.runs))),
    )


def _sources(now: Status) -> PageTable:
    rows = [
        (
            clean(each.title),
            Shown(each.state, quiet=each.state in {FRESH, NEVER}),
            number_text(each.subjects),
            _moment(each.last_answer),
            number_text(each.overdue),
            clean("; ".join(part for part in (each.error or "", *each.lacking) if part)) or "none",
        )
        for each in now.sources
    ]
    headers = ("Source", "State", "Subjects", "Last answer", "Overdue", "What is wrong")
    return plain_table("Sources", headers, rows, numbers={2, 4})


def _withheld(now: Status) -> PageTable:
    rows = [(clean(each.source), clean(each.subject), clean(each.message)) for each in now.withheld]
    return plain_table("Publications kept but not used", ("Source", "Subject", "Why"), rows)


def _jobs(now: Status) -> PageTable:
    rows = [
        (clean(each.job), each.state, _moment(each.last_done), _moment(each.next_due), clean(each.detail or "none"))
        for each in now.jobs
    ]
    return plain_table("Jobs of the schedule", ("Job", "State", "Last done", "Next due", "Detail"), rows)


def _moment(value: datetime | None) -> str:
    return moment_text(value) if value else "never"
