"""Determinations by the Secretary of State, written down by a person. Nothing here, and no rule, makes one."""

from datetime import date

import polars as pl

from oversight.errors import InputError
from oversight.identity.names import normal_form
from oversight.model.ids import company_number, row_id
from oversight.model.times import london_date
from oversight.pipeline.link import owners
from oversight.pipeline.workspace import Workspace
from risk.determinations import standing

TABLE = "determination"
_RULE = "rule:"


def record(
    workspace: Workspace,
    subject: str,
    *,
    on: date,
    notice: str,
    condition: str,
    individual: str | None,
    author: str,
    reason: str,
) -> str:
    """Write down a determination. Recording the same subject and notice again corrects the earlier row.

    Args:
        workspace: the installation.
        subject: a company's number, or an owner's name as Ofsted prints it.
        on: day of the determination.
        notice: reference of the notice served on the person.
        condition: the condition met, as the notice names it.
        individual: who is named in the notice, where it names somebody; kept in the ledger only.
        author: the person who records it.
        reason: why it is recorded, such as where the notice is filed.

    Returns:
        The row's id.

    Raises:
        InputError: if something is missing, the day is still to come, the author is a rule, or the subject is neither
            a company's number nor an owner in any list.
    """
    moment = workspace.clock()
    if on > london_date(moment):
        raise InputError("a determination cannot be recorded before its day", where=str(on), next_step="Wait for it.")
    row = {
        "subject": _subject(workspace, subject),
        "determined_on": on,
        "notice_reference": _given(notice, "--notice"),
        "condition": _given(condition, "--condition"),
        "named_individual_recorded": individual is not None,
        "named_individual": None if individual is None else _given(individual, "--individual"),
        "revoked_on": None,
    }
    return _write(workspace, row, author, reason)


def revoke(workspace: Workspace, subject: str, *, on: date, notice: str, author: str, reason: str) -> str:
    """Write down that a determination no longer stands from a day on: its own day, where it was recorded in error.

    Raises:
        InputError: if none of that subject and notice stands, or the day lies before it.
    """
    rows = [
        row
        for row in standing(workspace.ledger.frame(TABLE), date.max).iter_rows(named=True)
        if row["notice_reference"] == " ".join(notice.split()) and _same(row["subject"], subject)
    ]
    if len(rows) != 1:
        raise InputError(
            "no determination of that subject and notice stands",
            where=f"{subject}, notice {notice}",
            next_step="`oversight determine --list` shows those that are recorded.",
        )
    row = rows[0]
    if on < row["determined_on"]:
        raise InputError(
            "a determination cannot be revoked before it was made",
            where=f"{on}, made on {row['determined_on']}",
            next_step="Give its own day where it was recorded in error.",
        )
    return _write(workspace, row | {"revoked_on": on}, author, reason)


def recorded(workspace: Workspace) -> pl.DataFrame:
    """Every row ever recorded, the oldest first, with `stands`: whether it does today."""
    frame = workspace.ledger.frame(TABLE)
    now = standing(frame, london_date(workspace.clock()))["determination_id"]
    return frame.sort("decided_at", "determination_id").with_columns(
        pl.col("determination_id").is_in(now.implode()).alias("stands")
    )


def _write(workspace: Workspace, row: dict[str, object], author: str, reason: str) -> str:
    person = _given(author, "--author")
    if person.casefold().startswith(_RULE):
        raise InputError("a determination is recorded by a person", where=person, next_step="Give a person's name.")
    moment = workspace.clock()
    decided = row | {"author": person, "reason": _given(reason, "--reason"), "decided_at": moment}
    identity = [str(decided[name]) for name in sorted(decided) if name != "determination_id"]
    decided["determination_id"] = row_id(TABLE, *identity)
    workspace.ledger.add(TABLE, [decided])
    return str(decided["determination_id"])


def _subject(workspace: Workspace, text: str) -> str:
    """A company's number in eight characters, or an owner's name as it is printed."""
    name = _given(text, "--subject")
    key = normal_form(name)
    for owner in owners(workspace):
        if owner.key == key:
            return name
    try:
        return company_number(name)
    except InputError as error:
        raise InputError(
            "neither a company's number nor the name of an owner in any list held",
            where=name,
            next_step="Give the number of the company named in the notice, or its name as Ofsted prints it.",
        ) from error


def _same(recorded: str, given: str) -> bool:
    """Whether two subjects are one, though a number is typed without its noughts or a name with another ending."""
    try:
        return company_number(given) == recorded
    except InputError:
        return normal_form(given) == normal_form(recorded)


def _given(text: str, option: str) -> str:
    if not text.strip():
        raise InputError(f"{option} is empty", next_step="A determination needs a subject, notice, condition, author "
                         "and reason.")  # fmt: skip
    return " ".join(text.split())
