"""Logs go to the stderr of the moment."""

import io
import json
import sys
from collections.abc import Iterator

import pytest
import structlog

from oversight.logs import set_up_logs


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    """Whatever the test sets up is gone after it."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_a_log_outlives_the_stderr_it_was_set_up_with(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", first)
    set_up_logs(verbose=False)
    log = structlog.get_logger()
    log.warning("one")
    first.close()
    monkeypatch.setattr(sys, "stderr", second)
    log.warning("two")
    assert json.loads(second.getvalue())["event"] == "two"
