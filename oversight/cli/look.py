"""Looking at what is there: `status`, `homes`, `trace`."""

import json
from dataclasses import asdict
from datetime import MAXYEAR
from typing import Annotated

import polars as pl
import typer

from oversight.cli.console import Format, print_frame, workspace
from oversight.cli.days import day
from oversight.pipeline.homes import homes as list_homes
from oversight.pipeline.status import Status
from oversight.pipeline.status import status as take_status
from oversight.pipeline.trace import trace_item
from risk.trace import Trace

_LATE = 8
FormatOption = Annotated[Format, typer.Option("--format", help="table, csv or json.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(epilog="Example: oversight status --format json")(status)
    app.command(epilog='Example: oversight homes --on 2025-03-31 --type "Children\'s home" --format csv')(homes)
    app.command(epilog="Example: oversight trace R-1a2b3c4d.operating_margin")(trace)


def status(
    form: FormatOption = Format.TABLE,
    check: Annotated[bool, typer.Option("--check", help="Leave with 8 where a source is late or failed.")] = False,
) -> None:
    """What was fetched and when; what is late, failed or not used, and why; what waits; how many requests are left."""
    with workspace() as opened:
        state = take_status(opened)
    if form is Format.JSON:
        typer.echo(json.dumps(state.to_dict(), indent=2, default=str))
    else:
        _print_status(state, form)
    if check and not state.healthy:
        raise typer.Exit(_LATE)


def _print_status(state: Status, form: Format) -> None:
    rows = [
        {
            "source": source.source,
            "state": source.state,
            "subjects": source.subjects,
            "last answer": source.last_answer and f"{source.last_answer:%Y-%m-%d %H:%M} UTC",
            "overdue": source.overdue,
            "why": source.error or "; ".join(source.lacking),
        }
        for source in state.sources
    ]
    schema = {
        "source": pl.String,
        "state": pl.String,
        "subjects": pl.Int64,
        "last answer": pl.String,
        "overdue": pl.Int64,
        "why": pl.String,
    }
    print_frame(pl.DataFrame(rows, schema=schema), form, title="Sources")
    if form.for_people:
        _print_more(state)
        issues = ", ".join(f"{count:,} {severity}" for severity, count in state.issues.items()) or "none"
        typer.echo(f"Documents: {state.documents:,}; not yet read: {state.unread:,}. Issues: {issues}.")
        typer.echo(f"Owners waiting for a person's decision: {state.owners_waiting:,} (`oversight link --review`).")
        typer.echo(f"Runs: {len(state.runs):,}; newest: {state.runs[-1] if state.runs else 'none'}.")


def _print_more(state: Status) -> None:
    """What is withheld, the jobs of the schedule, the requests left."""
    for each in state.withheld:
        typer.echo(f"Not used: {each.source} of {each.subject} (document {each.document_id[:12]}): {each.message}.")
    for job in state.jobs:
        done = f"last done {job.last_done:%Y-%m-%d %H:%M} UTC" if job.last_done else "never done"
        detail = " ".join((job.detail or "").split())
        due = "when something waits" if job.next_due.year == MAXYEAR else f"{job.next_due:%Y-%m-%d %H:%M %Z}"
        typer.echo(f"Job {job.job}: {job.state}, {done}, next due {due}. {detail}")
    if state.letters:
        counts = ", ".join(f"{count:,} {name}" for name, count in state.letters.items())
        typer.echo(f"Letters: {counts} (`oversight alert letters`).")
    for budget in state.budgets:
        typer.echo(f"Requests left in this window: {budget.left:,} of {budget.of:,} ({budget.budget}).")


def homes(
    on: Annotated[
        str | None, typer.Option(help="Registrations as at this day (YYYY-MM-DD); default the newest.")
    ] = None,
    kind: Annotated[str | None, typer.Option("--type", help="Only this type of provision.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Registered homes and agencies, normalised, from the newest list that describes that day or an earlier one."""
    with workspace() as opened:
        print_frame(list_homes(opened, on=day(on, "--on"), provision_type=kind), form)


def trace(
    item: Annotated[str, typer.Argument(help="A register entry, ENTRY.figure, or any id of a run's row.")],
    run_id: Annotated[str | None, typer.Option("--run", help="The run; the newest where not given.")] = None,
    form: Annotated[Format, typer.Option("--format", help="table (a tree), csv or json.")] = Format.TABLE,
) -> None:
    """Walk a figure of the register home: indicator, lines of account, facts, document, place and address."""
    with workspace() as opened:
        tree = trace_item(opened, item, run_id)
    if form is Format.JSON:
        typer.echo(json.dumps(asdict(tree), indent=2))
    elif form is Format.CSV:
        rows = [{name: value for name, value in asdict(step).items() if name != "inputs"} for step in tree.steps()]
        print_frame(pl.DataFrame(rows, infer_schema_length=None), form)
    else:
        _print_tree(tree)


def _print_tree(step: Trace, depth: int = 0) -> None:
    """One step a line, what it rests on indented below it; a document's place and address under its figure."""
    indent = "  " * depth
    role = f"{step.role.replace('_', ' ')}: " if step.role and step.role not in step.label else ""
    figure = f" = {_figure(step.value, step.unit)}" if step.value is not None else ""
    status = f" [{step.status.replace('_', ' ')}]" if step.status not in {None, "value"} else ""
    place = "" if step.kind == "document" else f"  ({step.kind} {step.item})"
    typer.echo(f"{indent}{role}{step.label}{figure}{status}{place}")
    if step.url and not any(_same_place(step, below) for below in step.inputs):
        dated = f"published {step.published_on}" if step.published_on else f"fetched {step.retrieved_at}"
        where = f"{step.locator} of " if step.locator and step.kind != "document" else ""
        typer.echo(f"{indent}  in {where}document {(step.document_id or '')[:16]}, {dated}: {step.url}")
    for below in step.inputs:
        _print_tree(below, depth + 1)


def _same_place(step: Trace, below: Trace) -> bool:
    """Whether the step below rests on the same place, which then is shown there."""
    return (step.document_id, step.locator) == (below.document_id, below.locator)


def _figure(value: str, unit: str | None) -> str:
    """A figure as people write it: no needless decimals, thousands apart, its unit behind it."""
    try:
        number = f"{float(value):,.4f}".rstrip("0").rstrip(".")
    except ValueError:
        number = value
    if unit in {"GBP", "pounds"}:
        return f"-£{number[1:]}" if number.startswith("-") else f"£{number}"
    return f"{number} {unit}" if unit else number
