"""Following the streams of the example server, and what it saves."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from pydantic import SecretStr

from collectors.companies_house.followed import STREAMS, load_followed
from collectors.pacing import Retries
from oversight.errors import NotAuthorisedError
from oversight.example.market import generate
from oversight.example.player import DOCUMENTS, GOV_UK, REGISTER
from oversight.example.server import run as serve
from oversight.example.shapes import Market
from oversight.example.streams import STREAM, StreamFaults, Streams
from oversight.model.ids import row_id
from oversight.pipeline import collect
from oversight.pipeline.follow import follow, watch
from oversight.pipeline.status import status
from oversight.pipeline.workspace import Workspace, open_workspace
from oversight.settings import Settings

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]


class Clock:
    """The real clock, moved on by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Installation:
    """An installation, what its server tells, and its clock."""

    workspace: Workspace
    streams: Streams
    clock: Clock
    market: Market

    def follow(self) -> None:
        follow(self.workspace, threading.Event(), once=True)

    def told(self) -> set[tuple[str, str, int]]:
        rows = self.workspace.ledger.frame("stream_event").select("stream", "company_number", "timepoint")
        return set(rows.iter_rows())


@pytest.fixture(scope="module")
def market() -> Market:
    return generate(until=datetime.now(UTC).date() - timedelta(days=30))


@pytest.fixture
def faults() -> StreamFaults | None:
    return None


@pytest.fixture
def here(market: Market, faults: StreamFaults | None, tmp_path: Path) -> Iterator[Installation]:
    streams, clock = Streams(market, heartbeat=0.05, faults=faults), Clock()
    with serve(market, streams=streams) as base:
        settings = Settings(
            home=tmp_path,
            ledger_url=f"sqlite:///{tmp_path / 'ledger.sqlite'}",
            ch_api_key=SecretStr("rest"),
            ch_stream_key=SecretStr("stream"),
            companies_house_url=f"{base}{REGISTER}",
            companies_house_document_url=f"{base}{DOCUMENTS}",
            companies_house_stream_url=f"{base}{STREAM}",
            govuk_url=f"{base}{GOV_UK}",
        )
        with open_workspace(settings, clock) as workspace:
            yield Installation(workspace, streams, clock, market)


def link(workspace: Workspace, numbers: list[str]) -> None:
    """Owners' names that a person has linked to these companies."""
    row = {"kind": "company", "decision": "confirmed", "author": "a", "reason": "r", "decided_at": workspace.clock()}
    workspace.ledger.add(
        "link",
        [
            row | {"link_id": row_id(number), "owner_key": number, "owner": number, "company_number": number}
            for number in numbers
        ],
    )


def test_an_unchanged_company_costs_no_request_and_a_changed_one_few(here: Installation) -> None:
    workspace = here.workspace
    numbers = sorted(company.number for company in here.market.companies if company.role == "parent")[:12]
    link(workspace, numbers)
    here.follow()
    first = collect.collect_companies(workspace)
    assert first.companies >= len(numbers)
    here.clock.ahead += timedelta(days=30)
    here.follow()
    assert collect.collect_companies(workspace).asked == 0
    here.streams.tell("filings", numbers[0], "new", at=here.clock())
    here.streams.tell("charges", numbers[1], "new", at=here.clock())
    here.follow()
    here.clock.ahead += timedelta(minutes=5)
    before = workspace.ledger.count("fetch")
    asked = collect.collect_companies(workspace).asked
    subjects = workspace.ledger.frame("fetch").sort("requested_at").tail(workspace.ledger.count("fetch") - before)
    assert 0 < asked <= 6
    assert {subject.partition("/")[0] for subject in subjects["subject"]} == set(numbers[:2])
    assert collect.collect_companies(workspace).asked == 0


def test_a_company_first_watched_later_is_confirmed_from_then_on(here: Installation) -> None:
    number = here.market.companies[0].number
    here.follow()
    here.streams.tell("charges", number, "unheard")
    here.follow()
    assert here.told() == set()
    watch(here.workspace, [number])
    timepoint = here.streams.tell("charges", number, "heard")
    here.follow()
    assert ("charges", number, timepoint) in here.told()


@pytest.mark.parametrize("faults", [StreamFaults(broken=0.05, seed=seed) for seed in (1, 2, 3)])
def test_nothing_is_lost_when_streams_misbehave(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("oversight.pipeline.follow._BACK_OFF", Retries(attempts=50, base=0.01))
    numbers = [company.number for company in here.market.companies][:20]
    watch(here.workspace, numbers)
    here.follow()
    told = set()
    for _ in range(3):
        for stream in STREAMS:
            told |= {(stream, number, here.streams.tell(stream, number, "x")) for number in numbers}
        here.follow()
    assert told <= here.told()
    failed = here.workspace.ledger.frame("fetch").filter(pl.col("status") == "failed")
    assert failed.height > 0, "the lines did break"


@pytest.mark.parametrize("faults", [StreamFaults(silence=3.0, broken=0.0)])
def test_a_heart_that_stops_is_taken_for_a_dead_line(here: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("collectors.companies_house.stream.QUIET", 0.5)
    here.follow()
    failed = here.workspace.ledger.frame("fetch").filter(pl.col("status") == "failed")
    assert failed["error"].str.contains("ReadTimeout").any()
    assert len(load_followed(here.workspace.ledger).positions) == len(STREAMS)


def test_a_stream_left_alone_for_too_long_is_followed_anew(here: Installation) -> None:
    number = here.market.companies[0].number
    watch(here.workspace, [number])
    here.follow()
    since = load_followed(here.workspace.ledger).positions["charges"].since
    first = here.streams.tell("charges", number, "x")
    here.follow()
    here.streams.tell("charges", number, "missed")
    here.streams.forget("charges")
    here.streams.tell("charges", number, "missed too")
    here.streams.forget("charges")
    here.follow()
    assert {timepoint for stream, _, timepoint in here.told() if stream == "charges"} == {first}
    assert load_followed(here.workspace.ledger).positions["charges"].since > since


def test_it_stops_when_told(here: Installation) -> None:
    stop = threading.Event()
    threading.Timer(1.0, stop.set).start()
    summary = follow(here.workspace, stop, stay=0.1)
    assert summary.read_up == set(STREAMS)
    assert summary.visits >= len(STREAMS)
    assert "6 of 6 streams" in summary.sentence()


def test_a_missing_key_is_told(here: Installation) -> None:
    settings = here.workspace.settings.model_copy(update={"ch_stream_key": SecretStr("")})
    with pytest.raises(NotAuthorisedError, match="CH_STREAM_KEY"):
        follow(replace(here.workspace, settings=settings), threading.Event(), once=True)


def test_what_the_streams_confirm_is_not_late(here: Installation) -> None:
    link(here.workspace, [here.market.companies[0].number])
    here.follow()
    collect.collect_companies(here.workspace)
    here.clock.ahead += timedelta(days=40)
    late = {source.source for source in status(here.workspace).sources if source.overdue}
    assert {"companies_house.profile", "companies_house.stream"} <= late
    here.follow()
    late = {source.source for source in status(here.workspace).sources if source.overdue}
    assert not {name for name in late if name.startswith("companies_house.")}
