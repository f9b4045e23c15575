"""What people say to alerts (acknowledged, put off, reopened) and to letters that are held for them."""

from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from oversight.errors import InputError
from oversight.model.ids import row_id
from oversight.model.tables import told
from oversight.model.times import london_date
from oversight.pipeline.alert import rules_of
from oversight.pipeline.post import deliveries, fates
from oversight.pipeline.workspace import Workspace
from reports.alerts.again import ACKNOWLEDGED, REOPENED, SNOOZED, Answers
from reports.alerts.fate import DELIVERED, HELD, IN_DOUBT
from reports.alerts.links import verify
from reports.channels.letter import Letter

_RULE = "rule:"
_LONGEST_SNOOZE = timedelta(days=366)
DECISIONS = (ACKNOWLEDGED, SNOOZED, REOPENED)


def answer(
    workspace: Workspace, subject: str, decision: str, *, author: str, reason: str, until: date | None = None,
    by: str = "command",
) -> list[str]:  # fmt: skip
    """Record what a person says to an alert, or to every alert of a register entry that is not answered alike.

    Args:
        workspace: the installation.
        subject: id of an alert or of a register entry.
        decision: acknowledged, snoozed or reopened.
        author: the person.
        reason: why; may be empty for an acknowledgement.
        until: for a snooze, the day on which it is raised again.
        by: command, link or page.

    Returns:
        Ids of the alerts answered.

    Raises:
        InputError: for an unknown alert, a rule as author, or a snooze that ends today, before or after a year.
    """
    raised = workspace.ledger.frame("alert_raised")
    wanted = subject.strip()
    found = raised.filter((pl.col("alert_id") == wanted) | (pl.col("entry_id") == wanted))
    if not wanted or found.is_empty():
        raise InputError("no alert has been raised of that", where=subject, next_step="`oversight alert list --all`.")
    return _record(workspace, found["alert_id"].to_list(), decision, author, reason, until, by)


def linked(workspace: Workspace, token: str) -> pl.DataFrame:
    """What a link in a letter is about, for the page that asks; changes nothing.

    Returns:
        Columns alert_id, entry_id, subject, kind, dated_on, title, recipient, answer and until of what stands.

    Raises:
        InputError: where the link is damaged, has expired, or its letter is not in this ledger.
    """
    claim = verify(token, workspace.settings.alert_key.get_secret_value(), workspace.clock())
    ledger = workspace.ledger
    parts = ledger.frame("letter_part", ledger.columns("letter_part").letter_id == claim.letter_id)
    dues = ledger.frame("alert_due").join(parts, on="alert_due_id").select("alert_id", "recipient")
    raised = ledger.frame("alert_raised").filter(pl.col("entry_id") == claim.entry_id)
    found = raised.join(dues, on="alert_id").unique("alert_id").sort("dated_on", "alert_id")
    if found.is_empty():
        raise InputError("this link is about no alert here", next_step="Open the group's page.")
    answers = Answers.of(ledger.frame("alert_answer")).standing
    stands = [answers.get(alert, {}) for alert in found["alert_id"]]
    return found.select("alert_id", "entry_id", "subject", "kind", "dated_on", "title", "recipient").with_columns(
        pl.Series("answer", [row.get("decision") for row in stands], dtype=pl.String),
        pl.Series("until", [row.get("until") for row in stands], dtype=pl.Date),
    )


def answer_by_link(
    workspace: Workspace, token: str, decision: str, *, until: date | None = None, reason: str = "", author: str = ""
) -> list[str]:
    """Record what the reader of a letter says by its link, for all alerts of that group in that letter.

    Args:
        workspace: the installation.
        token: from the link; it must come by POST, since mail scanners open every link.
        decision: acknowledged or snoozed.
        until: for a snooze, the day on which it is raised again.
        reason: in the person's words; may be empty.
        author: who is signed in; the letter's recipient where nobody is.

    Returns:
        Ids of the alerts answered; none where they all were answered so.

    Raises:
        InputError: as `linked` and `answer` raise it.
    """
    found = linked(workspace, token)
    person = author or str(found["recipient"][0])
    return _record(workspace, found["alert_id"].to_list(), decision, person, reason or "by the link", until, "link")


def alerts(workspace: Workspace, subject: str | None = None, *, everything: bool = False) -> pl.DataFrame:
    """Alerts raised, the newest first: what happened, when they were told, and what was answered.

    Args:
        workspace: the installation.
        subject: id of an alert or register entry; all where not given.
        everything: with those acknowledged.

    Returns:
        Columns alert_id, entry_id, subject, title, kind, dated_on, raised_at, told (people whose letter was taken),
        of (people who are to be told), escalated, answer, until, by.
    """
    ledger = workspace.ledger
    raised = ledger.frame("alert_raised")
    dues = ledger.frame("alert_due")
    reached = ledger.frame("delivery").select("alert_id", "recipient").unique()
    wanted = pl.concat([dues.select("alert_id", "recipient"), reached]).unique()
    people = wanted.group_by("alert_id").agg(pl.len().cast(pl.Int64).alias("of"))
    done = reached.group_by("alert_id").agg(pl.len().cast(pl.Int64).alias("told"))
    up = dues.group_by("alert_id").agg(pl.col("round").str.starts_with("escalation").any().alias("escalated"))
    standing = Answers.of(ledger.frame("alert_answer")).standing
    found = raised.join(people, on="alert_id", how="left").join(done, on="alert_id", how="left")
    found = found.join(up, on="alert_id", how="left")
    rows = [standing.get(alert, {}) for alert in found["alert_id"]]
    found = found.with_columns(
        pl.col("told").fill_null(0),
        pl.col("raised_at").dt.truncate("1s"),
        pl.Series("answer", [row.get("decision") for row in rows], dtype=pl.String),
        pl.Series("until", [row.get("until") for row in rows], dtype=pl.Date),
        pl.Series("by", [row.get("author") for row in rows], dtype=pl.String),
    )
    if subject is not None:
        found = found.filter((pl.col("alert_id") == subject) | (pl.col("entry_id") == subject))
    if not everything:
        found = found.filter(pl.col("answer").ne_missing(pl.lit(ACKNOWLEDGED)))
    return found.sort("raised_at", "dated_on", "alert_id", descending=[True, True, False]).select(
        "alert_id", "entry_id", "subject", "title", "kind", "dated_on", "raised_at", "told", "of", "escalated",
        "answer", "until", "by",
    )  # fmt: skip


def letters(workspace: Workspace, *, held: bool = False) -> pl.DataFrame:
    """Letters and how they stand, the newest first.

    Args:
        workspace: the installation.
        held: only those that wait for a person.

    Returns:
        Columns letter_id, recipient, kind, subject, composed_at, state, attempts, next_at, said, message_id.
    """
    states = fates(workspace)
    rows = [
        {
            "letter_id": row["letter_id"],
            "recipient": row["recipient"],
            "kind": row["kind"],
            "subject": row["subject"],
            "composed_at": row["composed_at"],
            "state": states[row["letter_id"]].state,
            "attempts": states[row["letter_id"]].attempt,
            "next_at": states[row["letter_id"]].until,
            "said": states[row["letter_id"]].detail,
            "message_id": row["message_id"],
        }
        for row in workspace.ledger.frame("letter").iter_rows(named=True)
    ]
    moment = pl.Datetime("us", "UTC")
    kinds: dict[str, pl.DataType] = {"composed_at": moment, "next_at": moment, "attempts": pl.Int64()}
    names = ("letter_id", "recipient", "kind", "subject", "composed_at", "state", "attempts", "next_at", "said",
             "message_id")  # fmt: skip
    found = pl.DataFrame(rows, schema={name: kinds.get(name, pl.String()) for name in names})
    if held:
        found = found.filter(pl.col("state") == HELD)
    return found.sort("composed_at", "letter_id", descending=[True, False])


def settle(workspace: Workspace, letter_id: str, *, delivered: bool, author: str, reason: str) -> str:
    """Record what a person found out about a letter that is held: that it arrived, or that it is to be sent again.

    Args:
        workspace: the installation.
        letter_id: the letter.
        delivered: whether it arrived; else it is sent again, with the same Message-ID.
        author: the person.
        reason: how they know, such as the mail server's log.

    Returns:
        What it now is.

    Raises:
        InputError: for a letter that is not held, or a missing author or reason.
    """
    person = _person(author)
    if not reason.strip():
        raise InputError("a held letter needs a reason", next_step="Say with --reason how you know.")
    standing = fates(workspace).get(letter_id)
    if standing is None or standing.state not in {HELD, IN_DOUBT}:
        raise InputError(
            "no such letter is held" if standing is None else f"that letter is not held: it is {standing.state}",
            where=letter_id,
            next_step="`oversight alert letters --held` lists those that are.",
        )
    events = workspace.ledger.frame("letter_event", workspace.ledger.columns("letter_event").letter_id == letter_id)
    last = events.filter(pl.col("attempt") == standing.attempt).sort("step").row(-1, named=True)
    event, now = (told.SETTLED if delivered else told.RELEASED), workspace.clock()
    row = {
        "letter_event_id": row_id(letter_id, standing.attempt, last["step"] + 1),
        "letter_id": letter_id,
        "attempt": standing.attempt,
        "step": last["step"] + 1,
        "event": event,
        "channel": last["channel"],
        "at": now,
        "until": None,
        "author": person,
        "detail": " ".join(reason.split()),
    }
    beside = {}
    if delivered:
        column = workspace.ledger.columns("letter").letter_id
        letter = Letter(**workspace.ledger.frame("letter", column == letter_id).row(0, named=True))
        beside = {"delivery": deliveries(workspace, letter, last["channel"], now, person)}
    if not workspace.ledger.add_new({"letter_event": [row]}, beside):
        raise InputError("somebody else settled it meanwhile", where=letter_id, next_step="`oversight alert letters`.")
    return DELIVERED if delivered else told.RELEASED


def _record(
    workspace: Workspace, alert_ids: list[str], decision: str, author: str, reason: str, until: date | None, by: str
) -> list[str]:
    person, now = _person(author), workspace.clock()
    day = _checked(decision, until, now)
    standing = Answers.of(workspace.ledger.frame("alert_answer")).standing
    if decision == REOPENED:
        wanted = [alert for alert in alert_ids if standing.get(alert, {}).get("decision") in {ACKNOWLEDGED, SNOOZED}]
    else:
        wanted = [alert for alert in alert_ids if not _alike(standing.get(alert, {}), decision, day)]
    rows = [
        {
            "alert_answer_id": row_id(alert, decision, day, person, now),
            "alert_id": alert,
            "decision": decision,
            "until": day,
            "by": by,
            "author": person,
            "decided_at": now,
            "reason": " ".join(reason.split()) or decision,
        }
        for alert in wanted
    ]
    workspace.ledger.add("alert_answer", rows)
    return wanted


def _alike(row: dict[str, Any] | Any, decision: str, until: date | None) -> bool:
    return row.get("decision") == decision and row.get("until") == until


def _checked(decision: str, until: date | None, now: datetime) -> date | None:
    if decision not in DECISIONS:
        raise InputError(f"an alert is {', '.join(DECISIONS)}", where=decision, next_step="Choose one of these.")
    today = london_date(now)
    if decision == SNOOZED and (until is None or not today < until <= today + _LONGEST_SNOOZE):
        raise InputError(
            "an alert is put off until a day after today, at most a year away",
            where=str(until or "no day"),
            next_step="Give such a day, as 2026-12-31.",
        )
    return until if decision == SNOOZED else None


def _person(author: str) -> str:
    person = " ".join(author.split())
    if not person or person.casefold().startswith(_RULE):
        raise InputError("an alert is answered by a person", where=author, next_step="Give a name with --author.")
    return person


def rules_in_words(workspace: Workspace) -> pl.DataFrame:
    """The rules in force: columns rule, description, kinds, condition, urgency, to, people, escalates."""
    rules = rules_of(workspace)
    rows = [
        {
            "rule": rule.name,
            "description": rule.description,
            "kinds": ", ".join(rule.kinds),
            "condition": _condition(rule.model_dump(exclude_defaults=True)),
            "urgency": rule.urgency + (" at any hour" if rule.quiet == "ignore" else ""),
            "to": ", ".join(rule.to),
            "people": str(len({person for name in rule.to for person in rules.people[name]})),
            "escalates": "yes" if rule.escalate else "no",
            "verified": "yes" if rules.verified else "no",
        }
        for rule in rules.rules
    ]
    names = ("rule", "description", "kinds", "condition", "urgency", "to", "people", "escalates", "verified")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))


def _condition(rule: dict[str, Any]) -> str:
    parts = [f"newer than {rule['newer_than_days']} days"] if "newer_than_days" in rule else []
    for what in ("group", "moved"):
        for name, limits in sorted(rule.get(what, {}).items()):
            parts += [f"{name} {limit.replace('_', ' ')} {value:g}" for limit, value in limits.items()]
    return "; ".join(parts)
