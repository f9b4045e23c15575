"""Bulk products of the example server, and the requests they save."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from collectors.bulk.products import PRODUCTS
from oversight.cli.demonstration import demo_settings
from oversight.errors import InputError
from oversight.example.market import generate
from oversight.example.server import run as serve
from oversight.example.shapes import Company, Market
from oversight.pipeline import collect
from oversight.pipeline.bulk import collect_bulk, read_downloaded
from oversight.pipeline.follow import watch
from oversight.pipeline.officers import collect_appointments
from oversight.pipeline.read import read_documents
from oversight.pipeline.workspace import Workspace, open_workspace
from tests.oversight.pipeline.test_follow import link

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

UNTIL = date(2026, 9, 30)
NOW = datetime(2026, 10, 15, 9, 30, tzinfo=UTC)


@dataclass
class Installation:
    """An installation and the market its server plays."""

    workspace: Workspace
    market: Market

    def fetched(self, source: str) -> pl.DataFrame:
        fetch = self.workspace.ledger.frame("fetch")
        return fetch.filter(pl.col("source") == f"companies_house.{source}", pl.col("status") != "failed")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Installation]:
    market = generate(until=UNTIL)
    with serve(market) as base, open_workspace(demo_settings(tmp_path, base), lambda: NOW) as workspace:
        yield Installation(workspace, market)


def filed_last_month(market: Market) -> list[Company]:
    """Companies with tagged accounts filed in the market's last month."""
    return [
        company
        for company in market.companies
        if any(each.filed_on >= UNTIL.replace(day=1) and each.medium != "scan" for each in company.accounts)
    ]


def test_accounts_from_a_bulk_file_save_their_requests(here: Installation) -> None:
    companies = filed_last_month(here.market)
    assert companies
    link(here.workspace, [company.number for company in companies])
    watch(here.workspace, [company.number for company in companies])
    summary = collect_bulk(here.workspace, PRODUCTS["accounts-monthly"])
    assert summary.cut >= len(companies)
    assert "were new" in summary.sentence()
    assert collect_bulk(here.workspace, PRODUCTS["accounts-monthly"]).files == []
    collect.collect_companies(here.workspace)
    accounts = here.fetched("accounts")
    from_bulk = accounts.filter(pl.col("url").str.contains("Accounts_Monthly_Data"))
    assert from_bulk.height >= len(companies)
    assert accounts["subject"].n_unique() == accounts.height
    asked = here.fetched("document_metadata")["subject"]
    assert not set(asked) & set(from_bulk["subject"])
    read_documents(here.workspace)
    filed = {each.transaction_id: each for company in companies for each in company.accounts}
    for row in from_bulk.iter_rows(named=True):
        assert row["published_on"] == filed[row["subject"]].filed_on
    readings = here.workspace.ledger.frame("reading").filter(
        pl.col("document_id").is_in(from_bulk["document_id"].implode())
    )
    assert set(from_bulk["document_id"]) == set(readings["document_id"])


def test_the_companys_own_snapshot_links_owners_without_a_search(here: Installation) -> None:
    collect.collect_govuk(here.workspace)
    read_documents(here.workspace)
    summary = collect_bulk(here.workspace, PRODUCTS["company-data"])
    assert summary.cut > 10
    read_documents(here.workspace)
    collect.collect_companies(here.workspace)
    snapshot = set(here.fetched("company_data")["subject"])
    searched = set(here.fetched("search")["subject"])
    linked = here.workspace.ledger.frame("link").filter(pl.col("company_number").is_not_null())
    saved = set(linked["owner"]) & snapshot - searched
    assert len(saved) > 10
    texts = {text: owner.company_number for owner in here.market.owners for text in owner.texts}
    wrong = [
        row for row in linked.iter_rows(named=True) if texts.get(row["owner"]) not in {row["company_number"], None}
    ]
    assert wrong == []


def test_the_psc_snapshot_leads_to_companies_below(here: Installation) -> None:
    owned = [
        (control.registered_number, company.number)
        for company in here.market.companies
        for control in company.controls
        if control.kind == "corporate" and control.registered_number and control.country_registered != "Jersey"
    ]
    owners = {owner for owner, _ in owned} & {company.number for company in here.market.companies}
    top = min(owners)
    below = {company for owner, company in owned if owner == top}
    link(here.workspace, [top])
    collect.collect_companies(here.workspace)
    assert not below & set(here.fetched("profile")["subject"])
    collect_bulk(here.workspace, PRODUCTS["psc-snapshot"])
    read_documents(here.workspace)
    collect.collect_companies(here.workspace)
    assert below <= set(here.fetched("profile")["subject"])


def test_a_file_that_somebody_downloaded_is_read_by_its_name(here: Installation, tmp_path: Path) -> None:
    collect_bulk(here.workspace, PRODUCTS["psc-snapshot"])
    (held,) = (tmp_path / "downloads").iterdir()
    assert read_downloaded(here.workspace, PRODUCTS["psc-snapshot"], held).cut == 0
    with pytest.raises(InputError, match="not named"):
        read_downloaded(here.workspace, PRODUCTS["company-data"], held)


def test_appointments_of_those_in_post(here: Installation) -> None:
    company = next(company for company in here.market.companies if company.role == "parent")
    link(here.workspace, [company.number])
    outcome = collect_appointments(here.workspace)
    read_documents(here.workspace)
    in_post = {officer.person.number for officer in company.officers if officer.resigned_on is None}
    assert outcome.failures == {}
    assert len({fetched.subject for fetched in outcome.held}) == len(in_post) > 0
    rows = here.workspace.ledger.frame("appointment")
    mine = {(other.number, each.appointed_on) for other in here.market.companies for each in other.officers
            if each.person.number in in_post}  # fmt: skip
    assert set(rows.select("company_number", "appointed_on").iter_rows()) == mine
    assert collect_appointments(here.workspace).held
    assert here.workspace.ledger.frame("appointment").height == rows.height
