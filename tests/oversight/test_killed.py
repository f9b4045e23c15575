"""A process killed at any moment loses nothing that was collected, and the next one goes on from there."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from oversight.cli.demonstration import demo_settings
from oversight.example.market import generate
from oversight.example.server import run as serve
from oversight.model.times import utc_now
from oversight.pipeline.workspace import open_workspace

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

COMMAND = (sys.executable, "-c", "from oversight.cli import main; main()", "collect", "all")
IN_PROCESSES = (
    "from dataclasses import replace; from oversight.pipeline import read;"
    "read.QUICK = replace(read.QUICK, pool_bytes=0); from oversight.cli import main; main()"
)
POOLED = (sys.executable, "-c", IN_PROCESSES, "collect", "all")
"""The same, but that reading starts processes however little there is to read, so that these are killed as well."""
READ = ("company", "filing", "charge", "officer", "ownership", "insolvency", "home")


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with serve(generate(until=date(2026, 9, 30))) as address:
        yield address


def environment(home: Path, base: str) -> dict[str, str]:
    settings = demo_settings(home, base)
    return os.environ | {
        "OVERSIGHT_HOME": str(home),
        "OVERSIGHT_WORKERS": "2",
        "CH_API_KEY": "example-key",
        "OVERSIGHT_COMPANIES_HOUSE_URL": settings.companies_house_url,
        "OVERSIGHT_COMPANIES_HOUSE_DOCUMENT_URL": settings.companies_house_document_url,
        "OVERSIGHT_GOVUK_URL": settings.govuk_url,
    }


def held(home: Path, base: str) -> dict[str, pl.DataFrame]:
    """What an installation holds, without the times at which it was fetched."""
    with open_workspace(demo_settings(home, base), utc_now) as workspace:
        tables = {name: workspace.ledger.frame(name) for name in READ}
        answered = workspace.ledger.frame("fetch").filter(pl.col("status") != "failed")
        tables["fetch"] = answered.select("source", "subject", "document_id").unique().sort(pl.all())
        for document in workspace.ledger.frame("document")["document_id"]:
            workspace.archive.get(document)  # raises where bytes are absent or damaged
        lines = workspace.bulk.scan("line", workspace.ledger.frame("reading")).collect()
        return tables | {"line": lines.select("line_id", "value").sort("line_id")}


def test_a_collection_killed_again_and_again_ends_where_an_unbroken_one_does(tmp_path: Path, base: str) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    subprocess.run(COMMAND, env=environment(whole, base), check=True, capture_output=True)
    pause = random.Random(7)  # noqa: S311 - the same pauses each time
    for _ in range(8):
        with subprocess.Popen(
            POOLED, env=environment(broken, base), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(pause.uniform(1.5, 6.0))  # real time: a real process is killed at a real moment
            process.send_signal(signal.SIGKILL)
    subprocess.run(POOLED, env=environment(broken, base), check=True, capture_output=True)
    expected, found = held(whole, base), held(broken, base)
    for name, frame in expected.items():
        assert frame.equals(found[name]), name
