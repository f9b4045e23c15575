"""A recorder with real stores and a canned web."""

import random
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from collectors.budget import Limit
from collectors.fetch import HttpClient
from collectors.pacing import Pace, Retries
from collectors.recorder import Recorder
from oversight.store.archive import Archive
from oversight.store.ledger import Ledger
from tests.collectors.web import FakeTime, Web


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def http(web: Web, fake_time: FakeTime) -> Iterator[HttpClient]:
    pace = Pace(
        {"api.example": "ch", "documents.example": "ch"},
        {"ch": Limit(600, 300.0)},
        clock=fake_time.clock,
        sleep=fake_time.sleep,
    )
    client = HttpClient(
        pace=pace,
        retries=Retries(dice=random.Random(1)),  # noqa: S311 - spreads waits, guards nothing
        settings_of={"api.example": "OVERSIGHT_COMPANIES_HOUSE_URL"},
        sleep=fake_time.sleep,
        transport=httpx.MockTransport(web),
    )
    with client:
        yield client


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as ledger:
        yield ledger


@pytest.fixture
def recorder(http: HttpClient, archive: Archive, ledger: Ledger, fake_time: FakeTime) -> Recorder:
    return Recorder(http, archive, ledger, fake_time.clock)
