"""Cheap when quiet: what a second sweep costs while the streams are followed and one company in a hundred changed."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from oversight.cli.demonstration import demo_settings
from oversight.example.faults import Faults
from oversight.example.market import DEFAULT_SEED, generate
from oversight.example.server import run as serve
from oversight.example.shapes import Company, Market
from oversight.example.streams import STREAM, Streams
from oversight.model.ids import row_id
from oversight.pipeline.collect import collect_companies
from oversight.pipeline.follow import follow
from oversight.pipeline.workspace import Workspace, open_workspace

COMPANIES_IN_MARKET = 90
_ALSO = ("charges", "officers", "persons-with-significant-control", "insolvency-cases", "companies")
_DAYS = 8
"""Days to the second sweep: longer than the cadence of every register."""
_NOTHING = threading.Event()


@dataclass(slots=True)
class Quiet:
    """What came of it.

    Attributes:
        companies: followed.
        changed: of them, between the sweeps.
        first: requests of the first sweep.
        second: requests of the second, by kind of address.
        connections: to the streams, for the second sweep.
        found: changed companies whose new accounts are held after it.
        seconds: of the first sweep and of the second.
    """

    companies: int
    changed: int
    first: int
    second: Counter[str]
    connections: int
    found: int
    seconds: tuple[float, float]


class _Clock:
    """The real clock, moved on by hand."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def second_sweep(folder: Path, companies: int, *, share: float = 0.01) -> Quiet:
    """Sweep companies, let a share of them file accounts (and some of those change otherwise too), sweep again.

    Args:
        folder: for the installation.
        companies: how many.
        share: of them that change.
    """
    whole = generate(
        DEFAULT_SEED,
        datetime.now(UTC).date() - timedelta(days=30),
        -(-companies // COMPANIES_IN_MARKET),
    )
    able = [company.number for company in whole.companies[:companies] if company.accounts]
    changed = able[:: max(1, len(able) // round(companies * share))][: round(companies * share)]
    after = _reduced(whole, companies, with_accounts=set(changed))
    before = _reduced(whole, companies, with_accounts=set())
    clock, streams = _Clock(), Streams(after, heartbeat=0.05)
    log = Faults(DEFAULT_SEED, share=0.0)
    with serve(before, streams=streams, faults=log) as base:
        settings = demo_settings(folder, base).model_copy(
            update={"ch_stream_key": SecretStr("stream"), "companies_house_stream_url": f"{base}{STREAM}"}
        )
        with open_workspace(settings, clock) as workspace:
            _link(workspace, [company.number for company in before.companies])
            follow(workspace, _NOTHING, once=True)
            first, first_seconds = _sweep(workspace, log)
    clock.ahead = timedelta(days=_DAYS)
    for place, number in enumerate(changed):
        streams.tell("filings", number, "new")
        if place % 3 == 0:
            streams.tell(_ALSO[place // 3 % len(_ALSO)], number)
    opened = streams.opened
    with (
        serve(after, port=int(base.rpartition(":")[2]), streams=streams, faults=log),
        open_workspace(settings, clock) as workspace,
    ):
        _NOTHING.clear()
        follow(workspace, _NOTHING, once=True)
        second, second_seconds = _sweep(workspace, log)
        held = workspace.ledger.frame("fetch").filter(source="companies_house.accounts")["subject"].to_list()
    new = {max(company.accounts, key=lambda each: each.filed_on).transaction_id for company in _of(after, changed)}
    return Quiet(
        companies=len(before.companies),
        changed=len(changed),
        first=sum(first.values()),
        second=second,
        connections=streams.opened - opened,
        found=len(new & set(held)),
        seconds=(first_seconds, second_seconds),
    )


def _reduced(market: Market, companies: int, *, with_accounts: set[str]) -> Market:
    """The first companies of a market, without documents but the last accounts of those named."""
    kept = [_papers(company, with_last=company.number in with_accounts) for company in market.companies[:companies]]
    return replace(market, companies=tuple(kept))


def _papers(company: Company, *, with_last: bool) -> Company:
    last = max(company.accounts, key=lambda each: each.filed_on).transaction_id if company.accounts else None
    filings = [
        filing if filing.transaction_id == last else replace(filing, document_id=None)
        for filing in company.filings
        if with_last or filing.transaction_id != last
    ]
    return replace(company, filings=tuple(filings))


def _of(market: Market, numbers: list[str]) -> list[Company]:
    return [company for company in market.companies if company.number in set(numbers)]


def _link(workspace: Workspace, numbers: list[str]) -> None:
    """Owners' names that a person has linked to these companies."""
    row = {"kind": "company", "decision": "confirmed", "author": "a", "reason": "r", "decided_at": workspace.clock()}
    workspace.ledger.add(
        "link",
        [
            {
                **row,
                "link_id": row_id(number),
                "owner_key": number,
                "owner": number,
                "company_number": number,
            }
            for number in numbers
        ],
    )


def _sweep(workspace: Workspace, log: Faults) -> tuple[Counter[str], float]:
    """Sweep once: requests by kind of address, and seconds."""
    before, started = len(log.asked), time.monotonic()
    summary = collect_companies(workspace)
    assert not summary.failures, summary.failures
    kinds = Counter(_kind(address) for _, address in log.asked[before:])
    return kinds, time.monotonic() - started


def _kind(address: str) -> str:
    """What an address asks for, such as `filing-history`."""
    path = address.partition("?")[0]
    parts = path.strip("/").split("/")
    if parts[0] == "signed":
        return "file store"
    if parts[0] == "document-api":
        return "document content" if parts[-1] == "content" else "document metadata"
    return parts[3] if len(parts) > 3 else "profile"
