"""`oversight review`: figures of accounts that wait for a person, and what the person reads."""

from pathlib import Path
from typing import Annotated

import typer

from oversight.cli.console import Format, print_frame, workspace
from oversight.cli.days import day
from oversight.errors import InputError
from oversight.pipeline.review import Typed, add_figure, decide_figure, line_of, review_sheet, waiting


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(
        epilog='Example: oversight review --figure 1a2b3c4d5e6f7a8b --value 1250000 --author "A Name" --reason "…"'
    )(review)


def review(
    company: Annotated[str | None, typer.Option(help="Only the figures of this company number.")] = None,
    pictures: Annotated[
        Path | None, typer.Option(help="Write the figures, each beside the picture of its place, to this HTML file.")
    ] = None,
    figure: Annotated[str | None, typer.Option(help="The figure to decide on: its id.")] = None,
    confirm: Annotated[bool, typer.Option("--confirm", help="It stands as it was read.")] = False,
    value: Annotated[
        str | None, typer.Option(help="What is printed, in pounds or as a count; costs and creditors negative.")
    ] = None,
    unreadable: Annotated[bool, typer.Option("--unreadable", help="Nobody can read it: leave it out.")] = False,
    document: Annotated[str | None, typer.Option(help="For a figure that was not read at all: the document.")] = None,
    line: Annotated[str, typer.Option(help="... its line of account, such as turnover.")] = "",
    period_end: Annotated[str | None, typer.Option(help="... the last day of its period.")] = None,
    period_start: Annotated[str | None, typer.Option(help="... the first day of its period.")] = None,
    page: Annotated[int | None, typer.Option(min=1, help="... the page it stands on.")] = None,
    group: Annotated[bool, typer.Option("--group", help="... it is the group's, not the company's alone.")] = False,
    earlier: Annotated[bool, typer.Option("--earlier", help="... it is printed as the earlier year.")] = False,
    author: Annotated[str, typer.Option(help="Who decides.")] = "",
    reason: Annotated[str, typer.Option(help="Why.")] = "",
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.TABLE,
) -> None:
    """Figures of accounts that wait for a person; with --figure or --document, what the person reads."""
    if figure is None and document is None:
        with workspace() as opened:
            if pictures is not None:
                pictures.write_text(review_sheet(opened, company), encoding="utf-8")
                typer.echo(pictures)
                return
            print_frame(waiting(opened, company), form, title="Figures waiting for a person")
        return
    if (confirm + unreadable + (value is not None)) != 1 or (document is not None and confirm):
        raise InputError(
            "a decision says what is printed",
            where="oversight review",
            next_step="Give one of --value, --unreadable or, for a figure that was read, --confirm.",
        )
    read = None if value is None else _number(value)
    with workspace() as opened:
        if figure is not None:
            read = float(str(line_of(opened, figure)["value"])) if confirm else read
            typer.echo(decide_figure(opened, figure, read, author=author, reason=reason))
            return
        end, start = day(period_end, "--period-end"), day(period_start, "--period-start")
        if end is None or document is None:
            raise InputError("no period is given", where="--period-end", next_step="Give the last day of the period.")
        typed = Typed(
            document=document, line=line, period_end=end, value=read, page=page, period_start=start,
            group=group, comparative=earlier,
        )  # fmt: skip
        typer.echo(add_figure(opened, typed, author=author, reason=reason))


def _number(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError as error:
        raise InputError("not a number", where=text, next_step="Write it as 1250000 or -1,250,000.") from error
