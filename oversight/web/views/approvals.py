"""What people decided, for a second person to approve."""

from typing import Final

from starlette.responses import Response

from oversight.pipeline.approve import APPROVED, REJECTED, WAITING, Verdict, approve, decisions
from oversight.web.access import Role
from oversight.web.visit import Page, Visit
from reports.standing import NAMES
from reports.style import clean, moment_text, words

_MOST: Final = 100


def approvals_page(visit: Visit) -> Page:
    """Decisions that wait for a second person, and those that do not any more."""
    found = decisions(visit.site.workspace)
    may = visit.person.may(Role.APPROVER)
    rows = [
        {
            "table": row["decided_table"],
            "id": row["decided_id"],
            "kind": NAMES[row["decided_table"]],
            "subject": clean(row["subject"]),
            "what": clean(words(row["what"].partition(":")[0]) + ":" + row["what"].partition(":")[2]),
            "author": clean(row["author"]),
            "when": moment_text(row["decided_at"]),
            "reason": clean(row["reason"]),
            "verdict": row["verdict"],
            "by": clean(row["approver"] or ""),
            "open": may and row["verdict"] == WAITING and row["author"].casefold() != visit.person.name.casefold(),
        }
        for row in found.head(_MOST).iter_rows(named=True)
    ]
    return visit.page(
        "Approvals",
        "approvals.html",
        rows=rows,
        waiting=(found["verdict"] == WAITING).sum(),
        all=found.height,
        most=_MOST,
        may=may,
        done=visit.query("done"),
    )


def decide(visit: Visit) -> Response:
    """Write down approval or rejection."""
    form = visit.form
    given = Verdict(form.get("table", ""), form.get("id", ""), form.get("verdict", ""))
    approve(visit.site.workspace, given, author=visit.person.name, reason=form.get("reason", ""))
    return visit.redirect("/approvals", done={APPROVED: APPROVED, REJECTED: REJECTED}[given.verdict])
