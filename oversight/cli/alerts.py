"""Telling people: `alert` and what people say to alerts."""

from pathlib import Path
from typing import Annotated

import typer

from oversight.cli.console import Format, errors, print_frame, workspace
from oversight.cli.days import day
from oversight.errors import DeliveryError, InputError
from oversight.pipeline import alert as alerting
from oversight.pipeline import answers
from oversight.pipeline.post import send
from oversight.pipeline.workspace import Workspace
from reports.alerts.again import ACKNOWLEDGED, REOPENED, SNOOZED
from reports.channels.letter import Letter
from reports.files import write_whole

app = typer.Typer(
    help="Tell people what is new: decide, compose and send what is due. Off until the setting alerts is on.",
    epilog="Example: oversight alert --preview",
    invoke_without_command=True,
    rich_markup_mode="rich",
)
Author = Annotated[str, typer.Option(help="Who says so.")]
FormatOption = Annotated[Format, typer.Option("--format", help="table, csv or json.")]


def register(parent: typer.Typer) -> None:
    """Add the commands of this module."""
    parent.add_typer(app, name="alert")


@app.callback(epilog="Example: oversight alert --preview")
def alert(
    context: typer.Context,
    preview: Annotated[
        bool, typer.Option("--preview", help="Show every letter that waits, as it would be; send and record nothing.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="With --preview: a folder for the letters as .html and .txt.")
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="Wait for no hour: quiet hours, digest and pauses between attempts.")
    ] = False,
) -> None:
    """Tell people what is new: decide, compose and send what is due. Off until the setting alerts is on."""
    if context.invoked_subcommand is not None:
        return
    if out is not None and not preview:
        raise InputError("--out belongs to --preview", next_step="Give both.")
    with workspace() as opened:
        if preview:
            _show(opened, out)
            return
        if not opened.settings.alerts:
            typer.echo("Alerts are off: switch them on with alerts = true in the settings (OVERSIGHT_ALERTS=true).")
            return
        if not alerting.rules_of(opened).everybody():
            typer.echo(
                "Alerts are on, but nobody is to be told: name recipients in the settings or lists in the rules."
            )
        result = send(opened, hours=not now)
    typer.echo(result.sentence())
    if result.failed:
        raise DeliveryError(
            f"{len(result.failed)} letters could not be handed over",
            where=result.failed[0],
            next_step="They are tried again, or held for you: `oversight alert letters` says which.",
        )


def _show(opened: Workspace, out: Path | None) -> None:
    composed = [one.letter for one in alerting.preview(opened)]
    if not alerting.rules_of(opened).everybody():
        errors.print("Nobody is to be told: the settings name no recipients and the rules no people.", markup=False)
    for number, letter in enumerate(composed, start=1):
        if out is None:
            typer.echo(_head(letter) + letter.text + "-" * 72)
            continue
        name = f"{number:03d}-{letter.kind}-{letter.letter_id}"
        typer.echo(str(write_whole(out / f"{name}.txt", (_head(letter) + letter.text).encode())))
        typer.echo(str(write_whole(out / f"{name}.html", letter.html.encode())))
    errors.print(f"{len(composed)} letters would go out. Nothing was sent or recorded.", markup=False)


def _head(letter: Letter) -> str:
    return f"To: {letter.recipient}\nSubject: {letter.subject}\nMessage-ID: {letter.message_id}\n\n"


@app.command("list", epilog="Example: oversight alert list --format csv")
def list_alerts(
    subject: Annotated[str | None, typer.Argument(help="An alert or register entry; all where not given.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="With those acknowledged.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Alerts raised: what happened, who was told, what was answered."""
    with workspace() as opened:
        print_frame(answers.alerts(opened, subject, everything=everything or subject is not None), form, title="Alerts")


@app.command(epilog='Example: oversight alert acknowledge R-1a2b3c4d --author "A Name" --reason "Call arranged"')
def acknowledge(
    subject: Annotated[str, typer.Argument(help="An alert, or a register entry for all its alerts.")],
    author: Author = "",
    reason: Annotated[str, typer.Option(help="What is being done.")] = "",
    reopen: Annotated[bool, typer.Option("--reopen", help="Take an answer back: it waits for one again.")] = False,
) -> None:
    """Say that somebody looks after it: it is not raised again."""
    decision = REOPENED if reopen else ACKNOWLEDGED
    with workspace() as opened:
        found = answers.answer(opened, subject, decision, author=author, reason=reason)
    typer.echo(f"{_alerts(found)} {decision}.")


@app.command(epilog='Example: oversight alert snooze R-1a2b3c4d --until 2027-01-15 --author "A Name" --reason "…"')
def snooze(
    subject: Annotated[str, typer.Argument(help="An alert, or a register entry for all its alerts.")],
    until: Annotated[str, typer.Option(help="The day on which it is raised again.")],
    author: Author = "",
    reason: Annotated[str, typer.Option(help="Why it can wait.")] = "",
) -> None:
    """Put it off: those who were told are told again on that day, unless it is acknowledged before."""
    with workspace() as opened:
        found = answers.answer(opened, subject, SNOOZED, author=author, reason=reason, until=day(until, "--until"))
    typer.echo(f"{_alerts(found)} put off until {until}.")


def _alerts(found: list[str]) -> str:
    return "1 alert" if len(found) == 1 else f"{len(found)} alerts"


@app.command(epilog="Example: oversight alert letters --held")
def letters(
    held: Annotated[bool, typer.Option("--held", help="Only those that wait for a person.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Letters and what became of them: delivered, waiting, in doubt, held for a person."""
    with workspace() as opened:
        print_frame(answers.letters(opened, held=held), form, title="Letters")


@app.command(epilog='Example: oversight alert settle 1a2b3c4d5e6f7a8b --delivered --author "A Name" --reason "in log"')
def settle(
    letter: Annotated[str, typer.Argument(help="The letter that is held.")],
    delivered: Annotated[bool, typer.Option("--delivered", help="The mail server's log shows it.")] = False,
    again: Annotated[bool, typer.Option("--again", help="It did not arrive: send it again.")] = False,
    author: Author = "",
    reason: Annotated[str, typer.Option(help="How you know.")] = "",
) -> None:
    """Say what became of a letter whose outcome only a person can find out, by its Message-ID in the server's log."""
    if delivered == again:
        raise InputError("a held letter either arrived or is sent again", next_step="Give --delivered or --again.")
    with workspace() as opened:
        typer.echo(answers.settle(opened, letter, delivered=delivered, author=author, reason=reason))


@app.command(epilog="Example: oversight alert rules")
def rules(form: FormatOption = Format.TABLE) -> None:
    """The rules in force: who is told of what, how fast. None of them is fixed in law."""
    with workspace() as opened:
        print_frame(answers.rules_in_words(opened), form, title="Alert rules")
