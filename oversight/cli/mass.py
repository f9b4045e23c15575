"""Accounts in bulk: what `oversight accounts --bulk` does and says."""

import os
from collections.abc import Sequence
from pathlib import Path

import typer

from oversight.cli.console import errors, progress
from oversight.errors import InputError
from oversight.pipeline.accounts.whole import BulkReading, read_zips
from oversight.pipeline.accounts.workers import cluster, processes


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
