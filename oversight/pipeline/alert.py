"""Alerts: what is news, who is to be told of it and when. Decided in one transaction with the run; sent by `post`."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache

import polars as pl

from collectors.source import load_sources
from oversight.model.evidence import schema_of
from oversight.model.ids import row_id
from oversight.model.times import london_date
from oversight.pipeline.notices import notices
from oversight.pipeline.select import publications_withheld
from oversight.pipeline.workspace import Workspace
from reports.alerts.again import Answers, raised_again
from reports.alerts.decide import News, Row, decide
from reports.alerts.letters import Composed, Style, compose
from reports.alerts.rules import GAZETTE, WITHHELD, Rules, load_rules
from risk.alerts import Kinds, band_changes, band_moves
from risk.parameters import load

_URGENCY = "events.urgency"
_NEWS = timedelta(days=31)
"""How long a notice is news."""
_FIGURES = ("likelihood", "impact", "rating", "proposed_stage", "homes", "places", "authorities")
_BANDS = ("likelihood", "impact", "proposed_stage")
_FIRST_TOLD = ("alert_id", "entry_id", "subject", "title", "kind", "dated_on")


def rules_of(workspace: Workspace) -> Rules:
    """The rules in force, with the recipients of the settings among the analysts.

    Raises:
        SettingsError: for a file of rules that is wrong.
    """
    settings = workspace.settings
    return load_rules(settings.recipients, _kinds(), settings.alert_rules)


@cache
def _kinds() -> frozenset[str]:
    """Every kind of event that ever was one."""
    parameters = load()
    starts = parameters.entries[_URGENCY].values
    return frozenset(kind for start in starts for kind in parameters.at(start).parse(_URGENCY, Kinds).root)


def decide_now(workspace: Workspace) -> int:
    """Decide who is to be told of what is new, and write it down in one transaction with the run it comes from.

    Deciding again adds nothing. A process that ends before the transaction leaves the run undecided, and the next
    one decides it; one that ends after it leaves everything to be sent.

    Returns:
        How many dues are new.
    """
    tables = undecided(workspace)
    before = workspace.ledger.count("alert_due")
    workspace.ledger.add_all(tables)
    return workspace.ledger.count("alert_due") - before


def undecided(workspace: Workspace) -> dict[str, list[Row]]:
    """Rows of `run_told`, `alert_raised` and `alert_due` that are to be written now; writes nothing."""
    rules, now = rules_of(workspace), workspace.clock()
    told_runs = workspace.ledger.frame("run_told").sort("decided_at", "run_id")["run_id"].to_list()
    news, compared = _news(workspace, told_runs)
    dues = workspace.ledger.frame("alert_due")
    delivered = workspace.ledger.frame("delivery").select("alert_id", "recipient")
    told = set(pl.concat([dues.select("alert_id", "recipient"), delivered]).iter_rows())
    answers = Answers.of(workspace.ledger.frame("alert_answer"))
    quiet = [one for one in news.alerts["alert_id"] if answers.quiet(one, now)]
    asked = News(news.alerts.filter(~pl.col("alert_id").is_in(quiet)), news.run_id, news.figures, news.moves)
    alerts, new = decide(asked, rules, told, set(workspace.ledger.frame("alert_raised")["alert_id"]), now)
    run_rows: list[Row] = []
    if news.run_id is not None and news.run_id not in told_runs:
        run_rows = [
            {"run_id": news.run_id, "compared_with": compared, "rules": rules.fingerprint, "decided_at": now}
        ]  # fmt: skip
    again = raised_again(dues, answers, rules, now)
    return {"run_told": run_rows, "alert_raised": alerts, "alert_due": [*new, *again]}


def _news(workspace: Workspace, told_runs: list[str]) -> tuple[News, str | None]:
    """What is news now, and the run against which moves of bands were taken.

    The moves are taken once for each run, against the run told before it however many were made between, so that no
    move is passed over.
    """
    parts = [_withheld_alerts(workspace)]
    ids = workspace.runs.ids()
    if not ids:
        return News(parts[0]), None
    newest = workspace.runs.tables(ids[-1])
    figures = {row["entry_id"]: row for row in newest["register_entry"].select("entry_id", *_FIGURES).to_dicts()}
    parts += [newest["alert"], notice_alerts(workspace, newest)]
    compared, moves = None, {}
    if ids[-1] not in told_runs:
        compared = next((one for one in reversed(told_runs) if one in ids), ids[-2] if len(ids) > 1 else None)
    if compared is not None:
        earlier = workspace.runs.tables(compared)
        parts.append(band_changes(earlier, newest))
        moves = _moves(band_moves(earlier, newest))
    alerts = pl.concat(parts).unique("alert_id", keep="first", maintain_order=True)
    return News(alerts, ids[-1], figures, moves), compared


def _moves(moved: pl.DataFrame) -> dict[str, dict[str, tuple[int | None, int | None]]]:
    return {
        row["alert_id"]: {band: (row[f"{band}_before"], row[band]) for band in _BANDS}
        for row in moved.iter_rows(named=True)
    }


def notice_alerts(workspace: Workspace, newest: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """An alert for each notice of the last month about a company of a group in the register.

    One matched by number is sent at once; one matched by name is a candidate and waits for the digest.
    """
    since = london_date(workspace.clock()) - _NEWS
    entry = newest["register_entry"].select("entry_id", "group_id", "group_name")
    found = (
        notices(workspace)
        .filter(pl.col("published_on") >= since)
        .join(newest["membership"].select("company_number", "group_id"), on="company_number")
        .join(entry, on="group_id")
        .sort("notice_id", "company_number", "entry_id")
    )
    rows = [
        {
            "alert_id": row_id("alert", GAZETTE, row["notice_id"], row["company_number"], row["entry_id"]),
            "group_id": row["group_id"],
            "entry_id": row["entry_id"],
            "group_name": row["group_name"],
            "kind": GAZETTE,
            "urgency": "immediate" if row["matched_by"] == "number" else "digest",
            "dated_on": row["published_on"],
            "title": f"{row['kind'] or 'Insolvency notice'} in The Gazette"
            + ("" if row["matched_by"] == "number" else " (matched by name only: to be checked)"),
            "evidence_id": row["notice_id"],
        }
        for row in found.iter_rows(named=True)
    ]
    return _alert_frame(rows)


def _withheld_alerts(workspace: Workspace) -> pl.DataFrame:
    """An alert for each publication that is not used."""
    today = london_date(workspace.clock())
    rows = [
        {
            "alert_id": row_id("withheld", short.document_id, short.table, short.kind),
            "group_id": "",
            "entry_id": "",
            "group_name": f"{load_sources()[short.source].title} of {short.subject}",
            "kind": WITHHELD,
            "urgency": "digest",
            "dated_on": today,
            "title": short.message,
            "evidence_id": short.document_id,
        }
        for short in publications_withheld(workspace)
    ]
    return _alert_frame(rows)


def _alert_frame(rows: list[Row]) -> pl.DataFrame:
    schema = {name: column.dtype for name, column in schema_of("alert").columns().items()}
    return pl.DataFrame(rows, schema=schema)


def outstanding(workspace: Workspace, rules: Rules) -> pl.DataFrame:
    """Dues that are in no letter yet and whose alert nobody has answered, with their alert.

    Args:
        workspace: the installation.
        rules: the rules in force; who is on none of their lists any more is told nothing.

    Returns:
        Table `alert_due` with the alert's entry_id, subject, title, kind and dated_on.
    """
    ledger, now = workspace.ledger, workspace.clock()
    answers = Answers.of(ledger.frame("alert_answer"))
    waiting = ledger.frame("alert_due").join(ledger.frame("letter_part"), on="alert_due_id", how="anti")
    quiet = [one for one in waiting["alert_id"].unique() if answers.quiet(one, now)]
    raised = ledger.frame("alert_raised").select(_FIRST_TOLD)
    here = pl.col("recipient").is_in(rules.everybody())
    return waiting.filter(here, ~pl.col("alert_id").is_in(quiet)).join(raised, on="alert_id").sort("alert_due_id")


def preview(workspace: Workspace) -> list[Composed]:
    """Every letter that waits to be composed, whatever its hour, as it would be; writes and sends nothing."""
    tables = undecided(workspace)
    schema = {name: column.dtype for name, column in schema_of("alert_due").columns().items()}
    new = pl.DataFrame(tables["alert_due"], schema=schema)
    raised_schema = {name: column.dtype for name, column in schema_of("alert_raised").columns().items()}
    raised = pl.concat(
        [workspace.ledger.frame("alert_raised"), pl.DataFrame(tables["alert_raised"], schema=raised_schema)]
    )
    fresh = new.join(raised.select(_FIRST_TOLD), on="alert_id")
    rules = rules_of(workspace)
    return compose(pl.concat([outstanding(workspace, rules), fresh]), style_of(workspace, rules))


def style_of(workspace: Workspace, rules: Rules) -> Style:
    """What letters composed now share."""
    settings = workspace.settings
    return Style(
        marking=settings.marking,
        label=settings.label,
        link_base=settings.link_base,
        sender=settings.mail_from,
        key=settings.alert_key.get_secret_value(),
        link_days=rules.answers.link_days,
        any_hour=rules.any_hour(),
        moment=workspace.clock(),
    )
