"""Accounts as filed: `accounts`, of single filings to the screen and of whole zips into tables."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from collectors.accounts.files import read_path, table
from collectors.reading import Origin, Rows
from oversight.cli.console import Format, errors, print_frame, progress
from oversight.errors import InputError
from oversight.pipeline.accounts.whole import MEMBERS, BulkReading, read_zips
from oversight.pipeline.accounts.workers import cluster, processes


def register(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command(
        epilog="Example: oversight accounts filing.html --format csv"
        " · oversight accounts --bulk Accounts_Monthly_Data-January2025.zip --out tables"
    )(accounts)


def accounts(
    paths: Annotated[list[Path], typer.Argument(help="Filed accounts: XBRL, inline XBRL, PDF, .gz, .zip or folders.")],
    form: Annotated[Format, typer.Option("--format", help="table, csv or json.")] = Format.TABLE,
    bulk: Annotated[
        bool, typer.Option("--bulk", help="Read whole zips of accounts into Parquet tables instead of printing lines.")
    ] = False,
    out: Annotated[Path | None, typer.Option(help="With --bulk: folder for the tables; a stopped run goes on.")] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, max=256, help="With --bulk: processes; default one a core.")
    ] = None,
    dask: Annotated[str | None, typer.Option(help="With --bulk: address of a Dask scheduler to use instead.")] = None,
    members: Annotated[int, typer.Option(min=1, help="With --bulk: members of a zip in one task.")] = MEMBERS,
) -> None:
    """Lines of account of any filing, each with its value, period, concept and place.

    With --bulk, zips of any size become Parquet tables: facts, lines, statements, issues and documents.
    """
    if bulk:
        read_in_bulk(paths, out, workers=workers, dask=dask, members=members)
        return
    if out is not None or workers is not None or dask is not None:
        raise typer.BadParameter("--out, --workers and --dask go with --bulk")
    read: list[tuple[Origin, Rows]] = []
    with progress() as tell:
        for path in paths:
            for found in read_path(path):
                read.append(found)
                tell("reading accounts", len(read), None)
    print_frame(table(read), form)
    for origin, rows in read:
        for issue in rows.tables.get("issue", ()):
            errors.print(f"{issue['severity']}: {origin.url}: {issue['message']} {issue['locator']}", markup=False)


def read_in_bulk(
    paths: Sequence[Path], out: Path | None, *, workers: int | None, dask: str | None, members: int
) -> None:
    """Read zips into tables under `out` and say on stderr what came of it.

    Raises:
        InputError: if a zip could not be read; the others were.
    """
    if out is None:
        raise typer.BadParameter("--bulk needs --out, the folder for the tables")
    if dask is not None and workers is not None:
        raise typer.BadParameter("--workers and --dask exclude each other: a cluster has the workers it has")
    with cluster(dask) if dask else processes(workers or os.cpu_count() or 1) as pool, progress() as tell:
        reading = read_zips(paths, out, pool, members=members, tell=tell)
    for sentence in sentences(reading):
        errors.print(sentence, markup=False)
    if reading.failed:
        raise InputError(
            f"{len(reading.failed)} of the zips could not be read; the rest was",
            where="; ".join(reading.failed),
            next_step="Download them again and run the same command: only they are read.",
        )


def sentences(reading: BulkReading) -> list[str]:
    """What was read, in words: rates of this run, counts of the tables."""
    new, whole = reading.new, reading.whole
    rate = new.documents / reading.seconds if reading.seconds else 0.0
    share = whole.placed / whole.figures if whole.figures else 0.0
    read = f"Read {new.documents:,} documents of {new.members:,} members in {reading.seconds:,.1f} s"
    held = f"Tables: {whole.documents:,} documents, {whole.facts:,} facts, {whole.lines:,} lines"
    said = [
        f"{read} ({rate:,.0f} a second); {whole.members - new.members:,} members were read before.",
        f"{held}; {share:.1%} of {whole.figures:,} figures placed in a line.",
    ]
    if whole.repeated:
        said.append(f"{whole.repeated:,} documents came again, byte for byte; their rows are there once.")
    issues = ", ".join(f"{kind} {count:,}" for kind, count in whole.issues.most_common()) or "none"
    return [*said, f"Issues: {issues}."]
