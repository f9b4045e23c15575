"""Collecting: registrations first, then the companies behind them, upwards and then their filings."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from collectors import ofsted
from collectors.companies_house import CompaniesHouse
from collectors.companies_house.followed import load_followed
from collectors.fetch import open_client
from collectors.govuk import collect_publications
from collectors.recorder import Fetched, Recorder
from collectors.source import load_sources
from oversight.errors import InputError
from oversight.identity.groups import companies_to_follow
from oversight.pipeline.bulk import controlled, use_bulk_accounts
from oversight.pipeline.calls import make
from oversight.pipeline.follow import watch
from oversight.pipeline.link import link_owners, linked_companies, undecided
from oversight.pipeline.read import read_documents
from oversight.pipeline.workspace import Tell, Workspace, tell_nobody

_REGISTERS = (
    "companies_house.profile",
    "companies_house.filing_history",
    "companies_house.filing_history_earlier",
    "companies_house.psc",
)
"""What has to be read before it is known whom to follow and which accounts there are."""
_LARGEST_FILE = 500_000_000
_STEPS_UP = 20
"""Most rounds of following owners upwards: no chain of companies is longer, a ring of registers might be."""


@dataclass(slots=True)
class CompaniesSummary:
    """What collecting companies did.

    Attributes:
        companies: companies followed.
        owners_linked: owners' names the rule linked.
        owners_waiting: owners' names left for a person.
        asked: requests whose answers were new to the ledger.
        accounts: sets of accounts held of those companies.
        failures: first words of what failed, by subject.
    """

    companies: int = 0
    owners_linked: int = 0
    owners_waiting: int = 0
    asked: int = 0
    accounts: int = 0
    failures: dict[str, str] = field(default_factory=dict)

    def sentence(self) -> str:
        """The summary in words."""
        failed = (
            f" {len(self.failures):,} could not be fetched; the next collection tries again." if self.failures else ""
        )
        return (
            f"{self.companies:,} companies followed, {self.accounts:,} sets of accounts held, "
            f"{self.asked:,} answers fetched; {self.owners_linked:,} owners linked by rule, "
            f"{self.owners_waiting:,} wait for a person.{failed}"
        )


def collect_bundled(workspace: Workspace) -> Fetched:
    """Record the list of registered providers that comes with the product."""
    content, name, published = ofsted.bundled()
    return _record(workspace, content, name, published, None)


def collect_files(
    workspace: Workspace, paths: Sequence[Path], *, published: date | None = None, as_at: date | None = None
) -> list[Fetched]:
    """Record files an analyst downloaded from Ofsted. Every file is recognised before any is recorded.

    Raises:
        InputError: naming the file, for one that is absent, too large or not a publication of Ofsted's.
    """
    contents = [(path.name, file_content(path)) for path in paths]
    for name, content in contents:
        ofsted.identify(content, name, as_at)
    return [_record(workspace, content, name, published, as_at) for name, content in contents]


def _record(workspace: Workspace, content: bytes, name: str, published: date | None, as_at: date | None) -> Fetched:
    found = ofsted.identify(content, name, as_at)
    with recorder_for(workspace) as recorder:
        return recorder.record_file(
            found.source, found.subject, name, content, published or found.published_on, found.media_type
        )


def file_content(path: Path) -> bytes:
    """The bytes of a file that somebody gave.

    Raises:
        InputError: if it cannot be read, or is longer than any publication.
    """
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise InputError(
                f"longer than {_LARGEST_FILE:,} bytes", where=str(path), next_step="Give the publication itself."
            )
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}",
            where=str(path),
            next_step="Check the path and its permissions.",
        ) from error


def collect_govuk(workspace: Workspace, tell: Tell = tell_nobody, *, force: bool = False) -> list[Fetched]:
    """Fetch every Ofsted publication that GOV.UK offers and that is not held in its present version.

    Returns:
        Those fetched now.
    """
    tell("asking GOV.UK", 0, None)
    with recorder_for(workspace, refresh=force) as recorder:
        held = collect_publications(recorder, load_sources().values(), workspace.settings.govuk_url)
    return [fetched for fetched in held if fetched.new]


def collect_companies(workspace: Workspace, tell: Tell = tell_nobody, *, force: bool = False) -> CompaniesSummary:
    """Search owners' names, follow linked companies and their owners upwards, and fetch their accounts.

    What fails for one company is recorded and left for the next collection; a refused key or an unreachable
    server ends it at once.

    Raises:
        NotAuthorisedError: if the key is missing or refused.
        UnreachableError: if Companies House does not answer.
    """
    summary = CompaniesSummary()
    with recorder_for(workspace, refresh=force) as recorder:
        house = house_of(workspace, recorder)
        _search_owners(workspace, house, summary, tell)
        followed = _follow(workspace, house, summary, tell)
        summary.companies = len(followed)
        _fetch_accounts(workspace, house, followed, summary, tell)
    return summary


def _search_owners(workspace: Workspace, house: CompaniesHouse, summary: CompaniesSummary, tell: Tell) -> None:
    before = workspace.ledger.count("link")
    waiting = [item.owner for item in link_owners(workspace) if item.decision.kind in {"company", "unknown"}]
    calls = {owner.text: lambda name=owner.text: [house.search(name)] for owner in waiting}
    _all(workspace, calls, "searching owners", summary, tell)
    read_documents(workspace, tell, sources=["companies_house.search"])
    link_owners(workspace)
    summary.owners_linked = workspace.ledger.count("link") - before
    summary.owners_waiting = len(undecided(workspace))


def _follow(workspace: Workspace, house: CompaniesHouse, summary: CompaniesSummary, tell: Tell) -> list[str]:
    """Fetch the registers of the linked companies, then of their corporate owners, until nobody new appears.

    Where a snapshot of persons with significant control was collected, companies that they control come as well.
    """
    followed: set[str] = set()
    frontier = linked_companies(workspace)
    for _ in range(_STEPS_UP):
        watch(workspace, frontier)
        calls = {number: lambda number=number: _registers(house, number) for number in frontier}
        _all(workspace, calls, "fetching companies", summary, tell)
        followed.update(frontier)
        read_documents(workspace, tell, sources=_REGISTERS)
        above = companies_to_follow(
            workspace.ledger.frame("ownership"),
            followed,
            workspace.ledger.frame("statement"),
            workspace.ledger.frame("ownership_decision"),
        )
        frontier = sorted({*above, *(set(controlled(workspace, sorted(followed))) - followed)})
        if not frontier:
            break
    return sorted(followed)


def _registers(house: CompaniesHouse, number: str) -> list[Fetched]:
    profile = house.profile(number)
    if profile.document_id is None:
        return [profile]
    return [
        profile,
        *house.filing_history(number),
        *house.charges(number),
        *house.officers(number),
        *house.persons_with_significant_control(number),
        *house.persons_with_significant_control_statements(number),
        house.insolvency(number),
        *([house.exemptions(number)] if house.has_exemptions(profile) else []),
    ]


def _fetch_accounts(
    workspace: Workspace, house: CompaniesHouse, followed: Sequence[str], summary: CompaniesSummary, tell: Tell
) -> None:
    filings = workspace.ledger.frame("filing").filter(
        pl.col("category") == "accounts", pl.col("document_url").is_not_null(), pl.col("company_number").is_in(followed)
    )
    rows = filings.sort("transaction_id", "document_id").unique("transaction_id", keep="last", maintain_order=True)
    use_bulk_accounts(workspace, rows)
    calls = {row["transaction_id"]: lambda row=row: _one(house.accounts(row)) for row in rows.iter_rows(named=True)}
    held = _all(workspace, calls, "fetching accounts", summary, tell)
    summary.accounts = sum(fetched.document_id is not None for fetched in held)


def _one(fetched: Fetched | None) -> list[Fetched]:
    return [fetched] if fetched else []


def _all(
    workspace: Workspace,
    calls: Mapping[str, Callable[[], Iterable[Fetched]]],
    what: str,
    summary: CompaniesSummary,
    tell: Tell,
) -> list[Fetched]:
    """Make the calls and note in the summary what came of them."""
    outcome = make(calls, workspace.settings.connections, what, tell)
    summary.failures |= {subject: error.message for subject, error in outcome.failures.items()}
    summary.asked += sum(fetched.new for fetched in outcome.held)
    return outcome.held


def house_of(workspace: Workspace, recorder: Recorder) -> CompaniesHouse:
    """Companies House, as the settings of an installation have it.

    Raises:
        NotAuthorisedError: if the key is missing.
    """
    settings = workspace.settings
    return CompaniesHouse(
        recorder, settings.ch_api_key, settings.companies_house_url, settings.companies_house_document_url
    )


@contextmanager
def recorder_for(workspace: Workspace, *, refresh: bool = False) -> Iterator[Recorder]:
    """Fetches into the stores of an installation, politely, from the servers its settings name."""
    settings = workspace.settings
    with open_client(
        companies_house_url=settings.companies_house_url,
        companies_house_document_url=settings.companies_house_document_url,
        govuk_url=settings.govuk_url,
        key=settings.ch_api_key,
        ledger=workspace.ledger,
    ) as http:
        seen = load_followed(workspace.ledger).seen
        yield Recorder(http, workspace.archive, workspace.ledger, workspace.clock, refresh=refresh, seen=seen)
