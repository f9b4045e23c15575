"""`oversight collect`: from the sources to the archive."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from oversight.cli import registers, sites
from oversight.cli.console import progress, workspace
from oversight.cli.days import day
from oversight.cli.withheld import tell_withheld
from oversight.pipeline import collect as stage
from oversight.pipeline import follow as following
from oversight.pipeline.notices import collect_notices
from oversight.pipeline.pages import collect_pages
from oversight.pipeline.read import read_documents

app = typer.Typer(help="Fetch what the sources have and keep it, byte for byte.", no_args_is_help=True)


def register(parent: typer.Typer) -> None:
    """Add the commands of this module, and those of the sources that have modules of their own."""
    sites.register_sources(app)
    registers.register_sources(app)
    parent.add_typer(app, name="collect")


@app.command("ofsted", epilog="Example: oversight collect ofsted --from provider_level.ods --published 2025-07-10")
def collect_ofsted(
    files: Annotated[
        list[Path] | None, typer.Option("--from", help="A file downloaded from Ofsted; may be given several times.")
    ] = None,
    more_files: Annotated[list[Path] | None, typer.Argument(help="More files, after --from.")] = None,
    bundled: Annotated[
        bool, typer.Option("--bundled", help="The 31 March 2025 list that comes with this tool.")
    ] = False,
    published: Annotated[
        str | None, typer.Option(help="Day the files were published (YYYY-MM-DD), where they do not say.")
    ] = None,
    as_at: Annotated[
        str | None, typer.Option(help="Day the files describe (YYYY-MM-DD), where they do not say.")
    ] = None,
) -> None:
    """Collect Ofsted's lists of providers: from GOV.UK, from files, or the one that comes with this tool."""
    paths = [*(files or []), *(more_files or [])]
    with workspace() as opened, progress() as tell:
        if bundled:
            results = [stage.collect_bundled(opened)]
        elif paths:
            results = stage.collect_files(
                opened, paths, published=day(published, "--published"), as_at=day(as_at, "--as-at")
            )
        else:
            results = stage.collect_govuk(opened, tell)
        read_documents(opened, tell)
        tell_withheld(opened)
    for result in results:
        typer.echo(f"{result.status:<10} {result.source:<30} {result.subject}")
    if not results:
        typer.echo("Nothing was due.")


@app.command("companies-house", epilog="Example: CH_API_KEY=… oversight collect companies-house")
def collect_companies_house(
    force: Annotated[bool, typer.Option("--force", help="Ask again for what is still fresh.")] = False,
) -> None:
    """Collect the companies that owners are linked to, their owners upwards, and their filings."""
    with workspace() as opened, progress() as tell:
        summary = stage.collect_companies(opened, tell, force=force)
        read_documents(opened, tell)
    typer.echo(summary.sentence())


@app.command("stream", epilog="Example: CH_STREAM_KEY=… oversight collect stream")
def collect_stream(
    for_seconds: Annotated[
        float | None, typer.Option(min=0, help="Leave after so many seconds; default: go on until stopped.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Leave when everything that waited was received.")] = False,
) -> None:
    """Follow the streams of Companies House, so that companies that did not change cost no request."""
    stop = threading.Event()
    with workspace() as opened, progress() as tell, until_signalled(stop):
        timer = threading.Timer(for_seconds, stop.set) if for_seconds is not None else None
        if timer:
            timer.daemon = True
            timer.start()
        summary = following.follow(opened, stop, tell, once=once)
        if timer:
            timer.cancel()
    typer.echo(summary.sentence())


@contextmanager
def until_signalled(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT ask to stop, and what is under way is finished."""
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@app.command("all", epilog="Example: oversight collect all")
def collect_all(
    force: Annotated[bool, typer.Option("--force", help="Ask again for what is still fresh.")] = False,
) -> None:
    """Collect every source that is due."""
    with workspace() as opened, progress() as tell:
        publications = stage.collect_govuk(opened, tell, force=force)
        read_documents(opened, tell)
        tell_withheld(opened)
        summary = stage.collect_companies(opened, tell, force=force)
        read_documents(opened, tell)
        typer.echo(f"{len(publications)} publications asked for. {summary.sentence()}")
        typer.echo(collect_notices(opened, tell).sentence())
        typer.echo(collect_pages(opened, tell, force=force).sentence())
        read_documents(opened, tell)
