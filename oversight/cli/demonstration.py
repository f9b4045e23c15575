"""The main job from nothing, on the example market, told stage by stage."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import typer
from pydantic import SecretStr

from oversight.cli.console import progress
from oversight.example import accuracy, truth
from oversight.example.bulk import DOWNLOADS
from oversight.example.player import DOCUMENTS, GOV_UK, REGISTER
from oversight.example.server import run as serve
from oversight.example.shapes import Market
from oversight.example.streams import STREAM
from oversight.model.times import AsAt, london_date, utc_now
from oversight.pipeline import collect
from oversight.pipeline.post import send
from oversight.pipeline.read import read_documents
from oversight.pipeline.run import run, run_like
from oversight.pipeline.select import select_evidence
from oversight.pipeline.workspace import Tell, Workspace, open_workspace
from oversight.settings import FILE_NAME, Settings

LABEL = "EXAMPLE DATA: an invented market, no company, home or figure in it is real"
MARKING = "OFFICIAL"
_SHOWN = 5


@dataclass(slots=True)
class Stages:
    """What the stages took, in seconds, and what they said."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[Tell]:
        """Time a stage; its progress shows when it takes long."""
        started = time.monotonic()
        with progress() as tell:
            yield tell
        self.seconds[name] = time.monotonic() - started

    def say(self, name: str, text: str) -> None:
        """One line of the story."""
        typer.echo(f"{name:<9} {self.seconds[name]:6.1f} s  {text}")


def last_month_end(today: date) -> date:
    """The last day of the month before a day: the day the example market ends on."""
    return today.replace(day=1) - timedelta(days=1)


def demonstrate(market: Market, home: Path) -> Stages:
    """Show the real registrations, then do the main job on a market served from this process."""
    stages = Stages()
    real_registrations(stages, home / "real")
    with serve(market) as base:
        work_on(market, base, home, stages)
    return stages


def work_on(market: Market, base: str, home: Path, stages: Stages) -> None:
    """The main job on a served market: collect over HTTP, read, judge, write the register, alert, measure.

    Args:
        market: what is served, for its truth.
        base: address of the server.
        home: folder to work in.
        stages: filled with what each stage took.
    """
    settings = demo_settings(home, base)
    with open_workspace(settings, utc_now) as workspace:
        write_settings(settings)
        _collect(workspace, stages)
        _judge(workspace, stages)
        _measure(workspace, market, stages)


def demo_settings(home: Path, base: str) -> Settings:
    """Settings of an installation whose sources are the example server."""
    return Settings(
        home=home,
        ledger_url=f"sqlite:///{home / 'ledger.sqlite'}",
        ch_api_key=SecretStr("example-key"),
        companies_house_url=f"{base}{REGISTER}",
        companies_house_document_url=f"{base}{DOCUMENTS}",
        companies_house_stream_url=f"{base}{STREAM}",
        companies_house_download_url=f"{base}{DOWNLOADS}",
        ch_stream_key=SecretStr("example-stream-key"),
        govuk_url=f"{base}{GOV_UK}",
        label=LABEL,
        marking=MARKING,
        alerts=True,
        smtp_host="",  # whatever the environment says, nothing invented is mailed
        notify_api_key=SecretStr(""),
        recipients=["analyst@oversight.example"],
        allowed_domains=["oversight.example"],
    )


def write_settings(settings: Settings) -> None:
    """Leave the settings in the home folder, so that `trace` and the rest work there afterwards."""
    kept = (
        "label",
        "marking",
        "alerts",
        "recipients",
        "allowed_domains",
        "companies_house_url",
        "companies_house_document_url",
    )
    text = "".join(f"{name} = {json.dumps(getattr(settings, name))}\n" for name in (*kept, "govuk_url"))
    (settings.home / FILE_NAME).write_text(text, encoding="utf-8")


def real_registrations(stages: Stages, home: Path) -> None:
    """Read the real list of registrations that comes with the product, kept apart from the invented market."""
    settings = Settings(home=home, ledger_url=f"sqlite:///{home / 'ledger.sqlite'}")
    with stages.stage("real") as tell, open_workspace(settings, utc_now) as workspace:
        collect.collect_bundled(workspace)
        read_documents(workspace, tell)
        now = workspace.clock()
        rows = select_evidence(workspace, AsAt(on=london_date(now), known_by=now), {"home"}).home
    homes = rows.filter(pl.col("provision_type") == "Children's home")
    stages.say(
        "real",
        f"Ofsted's real list at {rows['as_at'].to_list()[0]}: {rows.height:,} providers, {homes.height:,} children's "
        f"homes with {int(homes['places'].sum()):,} places. From here on everything is invented.",
    )


def _collect(workspace: Workspace, stages: Stages) -> None:
    with stages.stage("homes") as tell:
        publications = collect.collect_govuk(workspace, tell)
        rows = read_documents(workspace, tell).rows
    stages.say("homes", f"{len(publications)} publications from GOV.UK, {rows.get('home', 0):,} rows of homes.")
    with stages.stage("collect") as tell:
        summary = collect.collect_companies(workspace, tell)
    stages.say("collect", summary.sentence())
    with stages.stage("read") as tell:
        read = read_documents(workspace, tell)
    told = f"{sum(read.documents.values()):,} sets of accounts and the like, {read.rows.get('fact', 0):,} facts, "
    stages.say("read", f"{told}{read.rows.get('line', 0):,} lines of account.")


def _judge(workspace: Workspace, stages: Stages) -> None:
    with stages.stage("run") as tell:
        manifest = run(workspace, tell=tell)
    tables = workspace.runs.tables(manifest.run_id)
    entries = tables["register_entry"]
    stages.say("run", f"Run {manifest.run_id}: {entries.height} groups in the register.")
    with stages.stage("repeat") as tell:
        again = run_like(workspace, manifest.run_id, tell)
    stages.say("repeat", f"Repeated: {again.files} of {again.files} outputs identical byte for byte.")
    with stages.stage("alert"):
        sent = send(workspace, hours=False)
    stages.say("alert", f"{sent.sent} letters written to {workspace.settings.home / 'outbox'}.")
    typer.echo("\nHighest in the register (indicators for a person to judge, not findings):")
    order = ["rating", "likelihood", "impact", "homes", "entry_id"]
    top = entries.sort(order, descending=[True, True, True, True, False], nulls_last=True).head(_SHOWN)
    for row in top.iter_rows(named=True):
        likelihood = row["likelihood"] or "not assessed"
        typer.echo(
            f"  {row['entry_id']}  likelihood {likelihood}, impact {row['impact']}  {row['group_name']}: "
            f"{row['homes']} homes, {row['places']} places. {row['top_reasons']}"
        )
    typer.echo(f"\nRegister: {workspace.runs.folder(manifest.run_id) / 'register.ods'} (also .xlsx, .csv)")
    first = top["entry_id"][0] if top.height else "R-…"
    command = sys.argv[0] if Path(sys.argv[0]).name == "oversight" else "oversight"
    typer.echo(f"Next:     OVERSIGHT_HOME={workspace.settings.home} {command} trace {first}.operating_margin")


def _measure(workspace: Workspace, market: Market, stages: Stages) -> None:
    """Compare what was read and derived with the truth of the market."""
    with stages.stage("measure"):
        tables = workspace.runs.tables(workspace.runs.newest())
        lines = line_accuracy(workspace, market)
        groups = accuracy.group_accuracy(truth.groups(market), tables["membership"])
        events = accuracy.event_accuracy(truth.events(market), tables["event"])
    stages.say(
        "measure",
        f"Against the truth: lines of the tagged accounts held {accuracy.share(lines).words()}; "
        f"companies with their group {groups.words()}; "
        f"events {int(events['right'].sum())} of {int(events['of'].sum())}.",
    )


def line_accuracy(workspace: Workspace, market: Market) -> pl.DataFrame:
    """`oversight.example.accuracy.line_accuracy` over the accounts that the installation holds, tagged and scanned."""
    now = workspace.clock()
    evidence = select_evidence(workspace, AsAt(on=london_date(now), known_by=now), {"line"})
    filed = evidence.visible.filter(pl.col("source") == "companies_house.accounts")
    read = evidence.line.join(filed.select("document_id", transaction_id="subject"), on="document_id", how="inner")
    true = accuracy.held(truth.lines(market), filed["subject"].to_list())
    return accuracy.line_accuracy(true, read)
