"""What people write of a group in the register: owner, actions, the provider's response and so on."""

from typing import Final

from starlette.responses import Response

from oversight.errors import InputError
from oversight.pipeline.written import standing_of, write_fields, written_ever
from oversight.web.access import Role
from oversight.web.tables import Shown, plain_table
from oversight.web.visit import Page, Visit
from reports.sheets.risks import MANUAL
from reports.style import clean, moment_text

_LONG: Final = frozenset({"controls", "appetite", "actions", "response", "category"})
_BANDS: Final = frozenset({"residual_likelihood", "residual_impact"})
_DAYS: Final = frozenset({"raised_on", "reviewed_on", "review_due_on"})


def written_page(visit: Visit) -> Page:
    """The manual columns as they stand now, to write in, and everything ever written."""
    return _page(visit, {}, None)


def write(visit: Visit) -> Page | Response:
    """Keep what was written; show the form again with what is wrong where it cannot be kept."""
    entry_id = _entry(visit)
    values = {name: text for name, text in visit.form.items() if name in MANUAL}
    try:
        kept = write_fields(
            visit.site.workspace, entry_id, values, author=visit.person.name, reason=visit.form.get("reason", "")
        )
    except InputError as error:
        return _page(visit, visit.form, error)
    return visit.redirect(f"/groups/{entry_id}/written", kept=str(kept))


def _page(visit: Visit, typed: dict[str, str] | object, error: InputError | None) -> Page:
    entry_id = _entry(visit)
    stands = standing_of(visit.site.workspace, entry_id)
    given = typed if isinstance(typed, dict) else {}
    fields = [
        {
            "name": name,
            "label": header,
            "value": given.get(name, clean(str(stands.get(name, {}).get("value") or ""))),
            "kind": "long" if name in _LONG else "band" if name in _BANDS else "day" if name in _DAYS else "short",
        }
        for name, header in MANUAL.items()
    ]
    rows = [
        (
            moment_text(row["decided_at"]),
            MANUAL.get(row["field"], row["field"]),
            clean(row["value"]) if row["value"] else Shown("taken away", quiet=True),
            clean(row["author"]),
            clean(row["reason"]),
        )
        for row in written_ever(visit.site.workspace, entry_id).iter_rows(named=True)
    ]
    return visit.page(
        "Write in the register" if error is None else "Error: write in the register",
        "written.html",
        run=visit.run,
        status=200 if error is None else 422,
        group=clean(visit.run.of_group(visit.run.entries[entry_id]).table("group")["name"][0]),
        entry_id=entry_id,
        fields=fields,
        reason=given.get("reason", ""),
        error=error,
        kept=visit.query("kept"),
        may=visit.person.may(Role.ANALYST),
        history=plain_table("Everything ever written", ("When", "Column", "Text", "Who", "Why"), rows),
    )


def _entry(visit: Visit) -> str:
    """The register entry the address names.

    Raises:
        InputError: if the run has no such entry.
    """
    entry_id = visit.part("group")
    if entry_id not in visit.run.entries:
        raise InputError("this run has no such entry on its register", where=entry_id)
    return entry_id
