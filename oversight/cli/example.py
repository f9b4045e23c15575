"""`oversight example`: the invented market, its server, its truth and the whole job on it."""

import signal
import threading
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from oversight.cli.days import day
from oversight.cli.demonstration import demonstrate, last_month_end
from oversight.example import player, server, sites, truth
from oversight.example.bulk import DOWNLOADS
from oversight.example.faults import Faults
from oversight.example.market import DEFAULT_SEED, generate
from oversight.example.streams import STREAM
from oversight.model.times import london_date, utc_now

app = typer.Typer(
    help="An invented market with known truth, served over HTTP on this machine by the official protocols.",
    no_args_is_help=True,
)

SeedOption = Annotated[int, typer.Option(help="Chooses all that is left to chance.")]
UntilOption = Annotated[
    str | None, typer.Option(help="The market's last day (YYYY-MM-DD); default the end of last month.")
]
ScaleOption = Annotated[int, typer.Option(min=1, max=200, help="How many times as large as the usual market.")]


def register(parent: typer.Typer) -> None:
    """Add the commands of this module."""
    parent.add_typer(app, name="example")


def _until(text: str | None) -> date:
    return day(text, "--until") or last_month_end(london_date(utc_now()))


@app.command(epilog="Example: oversight example demo")
def demo(
    home: Annotated[Path, typer.Option(help="Folder to work in.")] = Path("oversight-demo"),
    seed: SeedOption = DEFAULT_SEED,
    until: UntilOption = None,
    scale: ScaleOption = 1,
) -> None:
    """Run the main job on the example market: collect over HTTP, read, judge, write the register, alert, measure."""
    demonstrate(generate(seed=seed, until=_until(until), scale=scale), home.resolve())


@app.command(epilog="Example: oversight example serve --port 8800")
def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on the loopback address; 0 takes a free one.")] = 0,
    seed: SeedOption = DEFAULT_SEED,
    until: UntilOption = None,
    scale: ScaleOption = 1,
    faults: Annotated[
        int | None, typer.Option(help="Misbehave as real servers and lines do; the number chooses which request how.")
    ] = None,
) -> None:
    """Play Companies House, its Document API and GOV.UK on this machine until stopped; prints the settings to use."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    played = generate(seed=seed, until=_until(until), scale=scale)
    misbehaving = None if faults is None else Faults(faults)
    with server.run(played, port=port, faults=misbehaving) as base:
        typer.echo(f"export OVERSIGHT_COMPANIES_HOUSE_URL={base}{player.REGISTER}")
        typer.echo(f"export OVERSIGHT_COMPANIES_HOUSE_DOCUMENT_URL={base}{player.DOCUMENTS}")
        typer.echo(f"export OVERSIGHT_GOVUK_URL={base}{player.GOV_UK}")
        typer.echo(f"export OVERSIGHT_GAZETTE_URL={base}{sites.GAZETTE}")
        typer.echo(f"export OVERSIGHT_OFSTED_REPORTS_URL={base}{sites.REPORTS}")
        typer.echo(f"export OVERSIGHT_COMPANIES_HOUSE_STREAM_URL={base}{STREAM}")
        typer.echo(f"export OVERSIGHT_COMPANIES_HOUSE_DOWNLOAD_URL={base}{DOWNLOADS}")
        typer.echo("export CH_API_KEY=example-key")
        typer.echo("export CH_STREAM_KEY=example-stream-key")
        stopped.wait()


@app.command("truth", epilog="Example: oversight example truth --out truth/")
def export_truth(
    out: Annotated[Path, typer.Option(help="Folder for the CSV files.")] = Path("example-truth"),
    seed: SeedOption = DEFAULT_SEED,
    until: UntilOption = None,
    scale: ScaleOption = 1,
) -> None:
    """Write what is true of the example market: lines of account, owners, groups, events, homes."""
    rows = truth.export(generate(seed=seed, until=_until(until), scale=scale), out)
    for name, count in rows.items():
        typer.echo(f"{out / name}.csv: {count:,} rows")
