"""Importing the product starts no threads of Polars': a process forked after that could never use Polars."""

import multiprocessing
import time
from multiprocessing.process import BaseProcess

import polars as pl
import pytest

_EVERYTHING = ["oversight.cli", "oversight.schedule", "tests.benchmarks.collection.sweeps"]


def _group() -> None:
    assert pl.DataFrame({"a": [1, 1, 2]}).group_by("a").agg(pl.len()).height == 2


@pytest.mark.integration
def test_a_process_forked_after_the_imports_can_use_polars() -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_EVERYTHING)
    process: BaseProcess = context.Process(target=_group)
    process.start()
    until = time.monotonic() + 60
    while process.is_alive() and time.monotonic() < until:
        process.join(1)
    hung = process.is_alive()
    process.kill()
    assert not hung, "something at module level runs a Polars expression; do it in a function"
    assert process.exitcode == 0
