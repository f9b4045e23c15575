"""What the Secretary of State determined, recorded by people: `determine`."""

from typing import Annotated

import typer

from oversight.cli.console import Format, print_frame, workspace
from oversight.cli.days import day
from oversight.errors import InputError
from oversight.pipeline import determine as determining


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(
        epilog=(
            "Example: oversight determine --subject 01234567 --on 2027-07-01 --notice FO/1 --condition size "
            '--author "A Name" --reason "…"'
        )
    )(determine)


def determine(
    subject: Annotated[
        str | None, typer.Option(help="The company's number, or the owner's name as Ofsted prints it.")
    ] = None,
    on: Annotated[str | None, typer.Option(help="Day of the determination, or of its end with --revoke.")] = None,
    notice: Annotated[str, typer.Option(help="Reference of the notice that was served.")] = "",
    condition: Annotated[str, typer.Option(help="The condition met, as the notice names it.")] = "",
    individual: Annotated[
        str | None, typer.Option(help="Who the notice names, if anybody: kept in the ledger, never in a report.")
    ] = None,
    revoke: Annotated[bool, typer.Option("--revoke", help="It no longer stands from --on.")] = False,
    listed: Annotated[bool, typer.Option("--list", help="List everything recorded.")] = False,
    author: Annotated[str, typer.Option(help="Who records it.")] = "",
    reason: Annotated[str, typer.Option(help="Why, such as where the notice is filed.")] = "",
    form: Annotated[Format, typer.Option("--format", help="table, csv or json, for --list.")] = Format.TABLE,
) -> None:
    """Record a determination that the Secretary of State made, or its end. The tool itself never makes one."""
    with workspace() as opened:
        if listed:
            print_frame(determining.recorded(opened), form, title="Determinations recorded")
            return
        dated = day(on, "--on")
        if subject is None or dated is None:
            raise InputError("a determination needs a subject and a day", next_step="Give --subject and --on.")
        if revoke:
            identifier = determining.revoke(opened, subject, on=dated, notice=notice, author=author, reason=reason)
        else:
            identifier = determining.record(
                opened, subject, on=dated, notice=notice, condition=condition, individual=individual, author=author,
                reason=reason,
            )  # fmt: skip
    typer.echo(identifier)
