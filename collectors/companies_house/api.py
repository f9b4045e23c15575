"""The official REST and Document APIs: which address answers which question, page by page."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from pydantic import SecretStr

from collectors.companies_house.checks import PAGE, PageInPlace, not_accounts, not_json, read_page
from collectors.companies_house.filings import is_accounts
from collectors.companies_house.history import EARLIER, NEWEST, History
from collectors.companies_house.record import parse
from collectors.fetch import Check
from collectors.lengths import AsLongAsSaid
from collectors.recorder import Fetched, Recorder
from collectors.source import source_named
from oversight.errors import NotAuthorisedError, RefusedError
from oversight.model.ids import company_number
from oversight.model.tables.fetched import OK

_MOST_PAGES = 1000
"""Pages read of one list at most: a server whose total never ends must not keep us for ever."""
_SEARCHED = 20
_OFFICER = re.compile(r'"/officers/(?P<id>[A-Za-z0-9_-]{5,80})/appointments"')
_DOCUMENT = re.compile(r"/document/(?P<id>[A-Za-z0-9_-]+)(?:/content)?/?$")
_FORMATS = ("application/xhtml+xml", "application/xml", "application/pdf")
"""Formats of accounts, the most useful first."""


@dataclass(frozen=True, slots=True)
class _Listing:
    """A resource that comes in pages.

    Attributes:
        source: name of the source's YAML.
        path: below the company.
        total: field that says how many entries there are in all.
        later: name of the source of the pages after the first; the same where empty.
    """

    source: str
    path: str
    total: str
    later: str = ""

    def source_at(self, start: int) -> str:
        """Name of the source of the page that starts here."""
        return self.later if start and self.later else self.source


_FILINGS = _Listing(NEWEST, "filing-history", "total_count", later=EARLIER)
_CHARGES = _Listing("companies_house.charges", "charges", "total_count")
_OFFICERS = _Listing("companies_house.officers", "officers", "total_results")
_OWNERS = _Listing("companies_house.psc", "persons-with-significant-control", "total_results")
_APPOINTMENTS = _Listing("companies_house.appointments", "appointments", "total_results")
_STATEMENTS = _Listing("companies_house.psc_statements", "persons-with-significant-control-statements", "total_results")


class CompaniesHouse:
    """Asks Companies House and records the answers. What is fresh by its source's cadence is not asked again.

    Safe to use from many threads. Every method gives what the ledger now holds; `Fetched.new` says whether it
    was asked for now. A list that was broken off half-way is taken up at the page where it broke off.

    Args:
        recorder: fetches and records.
        api_key: REST key, sent to the two addresses below and nowhere else.
        base_url: of the REST API.
        document_url: of the Document API.

    Raises:
        NotAuthorisedError: where the key is empty.
    """

    def __init__(self, recorder: Recorder, api_key: SecretStr, base_url: str, document_url: str) -> None:
        if not api_key.get_secret_value().strip():
            raise NotAuthorisedError(
                "there is no Companies House key",
                where="setting CH_API_KEY",
                next_step="Register an application at https://developer.company-information.service.gov.uk/ and set "
                "CH_API_KEY to its REST key.",
            )
        self._recorder = recorder
        self._key = SecretStr(api_key.get_secret_value().strip())
        self._base = base_url.rstrip("/")
        self._documents = document_url.rstrip("/")

    def profile(self, number: str) -> Fetched:
        """The company's profile; absent where there is no such company. Subject: the number."""
        number = company_number(number)
        return self._json("companies_house.profile", number, f"{self._base}/company/{number}")

    def insolvency(self, number: str) -> Fetched:
        """Insolvency cases; absent where there are none. Subject: the number."""
        number = company_number(number)
        return self._json("companies_house.insolvency", number, f"{self._base}/company/{number}/insolvency")

    def filing_history(self, number: str) -> list[Fetched]:
        """The filing history: its newest page, and those before it, which are asked for once. Subjects: number/….

        Where the history does not hold together (see `History`), all of it is asked for page by page.
        """
        number = company_number(number)
        try:
            return History(self._recorder, self._json, f"{self._base}/company/{number}/filing-history").pages(number)
        except RefusedError:
            pages, _ = self._walk(_FILINGS, number, f"{self._base}/company/{number}/filing-history", anew=True)
            return pages

    def exemptions(self, number: str) -> Fetched:
        """Exemptions from naming who controls the company; absent where there are none. Subject: the number."""
        number = company_number(number)
        return self._json("companies_house.exemptions", number, f"{self._base}/company/{number}/exemptions")

    def has_exemptions(self, profile: Fetched) -> bool:
        """Whether a profile links to exemptions: so few do that the rest need not be asked.

        Raises:
            InputError: where the profile is not JSON.
        """
        content = self._recorder.content(profile)
        links = parse(content, profile.url).get("links") if content else None
        return isinstance(links, dict) and "exemptions" in links

    def officers_in_post(self, pages: Iterable[Fetched]) -> list[str]:
        """The register's ids of officers who have not resigned, from pages of officers, sorted.

        Raises:
            InputError: where a page is not JSON.
        """
        found: set[str] = set()
        for page in pages:
            content = self._recorder.content(page)
            for item in read_page(content, page.url, "total_results").entries if content else ():
                if isinstance(item, dict) and not item.get("resigned_on"):
                    match = _OFFICER.search(json.dumps(item.get("links")))
                    found |= {match["id"]} if match else set()
        return sorted(found)

    def appointments(self, officer: str) -> list[Fetched]:
        """All pages of what an officer is and was appointed to. Subjects: officer/start.

        Args:
            officer: the register's id.
        """
        return self._pages(_APPOINTMENTS, officer, f"{self._base}/officers/{quote(officer)}/appointments")

    def charges(self, number: str) -> list[Fetched]:
        """All pages of charges; one absent answer where there are none. Subjects: number/start."""
        return self._of_company(_CHARGES, number)

    def officers(self, number: str) -> list[Fetched]:
        """All pages of officers, past ones too. Subjects: number/start."""
        return self._of_company(_OFFICERS, number)

    def persons_with_significant_control(self, number: str) -> list[Fetched]:
        """All pages of persons with significant control, past ones too. Subjects: number/start."""
        return self._of_company(_OWNERS, number)

    def persons_with_significant_control_statements(self, number: str) -> list[Fetched]:
        """All pages of statements. Subjects: number/start."""
        return self._of_company(_STATEMENTS, number)

    def search(self, name: str) -> Fetched:
        """The first 20 companies whose name, today's or a former one, is like this. Subject: the name."""
        asked = " ".join(name.split())
        query = urlencode({"q": asked, "items_per_page": _SEARCHED, "start_index": 0})
        return self._json("companies_house.search", asked, f"{self._base}/search/companies?{query}")

    def document_metadata(self, filing: Mapping[str, Any]) -> Fetched | None:
        """What is known of a filed document: its formats and sizes. Subject: the transaction.

        Args:
            filing: a `filing` row.

        Returns:
            None where the register has no document of the filing.
        """
        address = self._document_address(filing)
        if address is None:
            return None
        published = filing["filed_on"]
        return self._json("companies_house.document_metadata", filing["transaction_id"], address, published)

    def accounts(self, filing: Mapping[str, Any]) -> Fetched | None:
        """The filed document in its most useful format: inline XBRL, else XBRL, else PDF. Subject: the transaction.

        Args:
            filing: a `filing` row.

        Returns:
            None where the filing is no set of accounts, or the register has no document of it in these formats.

        Raises:
            InputError: where the metadata are not JSON.
        """
        if not is_accounts(filing["category"], filing["description"]):
            return None
        source = source_named("companies_house.accounts")
        held = self._recorder.last(source.name, filing["transaction_id"])
        if held is not None and held.document_id is not None:
            return held  # what was filed never changes
        metadata, address = self.document_metadata(filing), self._document_address(filing)
        content = self._recorder.content(metadata) if metadata else None
        if metadata is None or address is None or content is None:
            return None
        resources = parse(content, metadata.url).get("resources")
        offered = resources if isinstance(resources, dict) else {}
        wanted = next((kind for kind in _FORMATS if kind in offered), None)
        if wanted is None:
            return None
        return self._recorder.ensure(
            source,
            filing["transaction_id"],
            f"{address}/content",
            published_on=filing["filed_on"],
            key=self._key,
            accept=wanted,
            check=AsLongAsSaid(_length(offered[wanted]), not_accounts),
        )

    def _document_address(self, filing: Mapping[str, Any]) -> str | None:
        """The document's address at the Document API of the settings, whatever host the register's link names."""
        match = _DOCUMENT.search(filing["document_url"] or "")
        return f"{self._documents}/document/{match['id']}" if match else None

    def _json(
        self,
        source: str,
        subject: str,
        url: str,
        published_on: date | None = None,
        *,
        check: Check = not_json,
        anew: bool = False,
    ) -> Fetched:
        if anew:
            return self._recorder.fetch(
                source, subject, url, key=self._key, accept="application/json", conditional=False, check=check
            )
        return self._recorder.ensure(
            source_named(source),
            subject,
            url,
            published_on=published_on,
            key=self._key,
            accept="application/json",
            check=check,
        )

    def _of_company(self, listing: _Listing, number: str) -> list[Fetched]:
        number = company_number(number)
        return self._pages(listing, number, f"{self._base}/company/{quote(number)}/{listing.path}")

    def _pages(self, listing: _Listing, name: str, address: str) -> list[Fetched]:
        """All pages; twice where they disagree on the list's length: it changed meanwhile, or one of them lied."""
        pages, totals = self._walk(listing, name, address)
        if len(totals) > 1 and any(page.new and page.status == OK for page in pages):
            pages, _ = self._walk(listing, name, address, anew=True)
        return pages

    def _walk(
        self, listing: _Listing, name: str, address: str, *, anew: bool = False
    ) -> tuple[list[Fetched], set[int]]:
        """The pages one after the other, and the lengths of the list by their account."""
        pages: list[Fetched] = []
        totals: set[int] = set()
        before: Sequence[Any] = ()
        start = 0
        while len(pages) < _MOST_PAGES:
            url = f"{address}?{urlencode({'items_per_page': PAGE, 'start_index': start})}"
            check = PageInPlace(start, listing.total, before)
            fetched = self._json(listing.source_at(start), f"{name}/{start}", url, check=check, anew=anew)
            pages.append(fetched)
            content = self._recorder.content(fetched)
            if content is None:
                break
            page = read_page(content, fetched.url, listing.total)
            totals.add(page.total)
            repeated, before = page.count > 0 and list(page.entries) == list(before), page.entries
            start += page.count
            more = start < page.total or page.full or self._held_beyond(listing, name, start)
            if page.count == 0 or repeated or not more:  # a server that repeats itself for good has no more to say
                break
        return pages, totals

    def _held_beyond(self, listing: _Listing, name: str, start: int) -> bool:
        """Whether an earlier, longer list had a page here: it is asked for again, so that its rows do not linger."""
        held = self._recorder.last(listing.source_at(start), f"{name}/{start}")
        content = self._recorder.content(held) if held else None
        return held is not None and content is not None and read_page(content, held.url, listing.total).count > 0


def _length(resource: object) -> object:
    """Bytes of a document in one format, by its metadata."""
    return resource.get("content_length") if isinstance(resource, dict) else None
