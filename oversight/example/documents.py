"""Documents behind filings, made when first asked for and kept for a while."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

from oversight.example import accounts
from oversight.example.filed import paper
from oversight.example.shapes import Accounts, Company, Filing, Market

_KEPT = 400


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands behind a document id."""

    company: Company
    filing: Filing
    accounts: Accounts | None


class Library:
    """Every document of a market by its id; the bytes are made lazily and the same each time."""

    def __init__(self, market: Market) -> None:
        sets = {each.transaction_id: each for company in market.companies for each in company.accounts}
        self._entries = {
            filing.document_id: Entry(company, filing, sets.get(filing.transaction_id))
            for company in market.companies
            for filing in company.filings
            if filing.document_id is not None
        }
        self._made: OrderedDict[str, Mapping[str, bytes]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, document_id: str) -> Entry | None:
        """The filing a document belongs to, if there is such a document."""
        return self._entries.get(document_id)

    def resources(self, document_id: str) -> Mapping[str, bytes]:
        """The document in every form there is, by media type.

        Raises:
            KeyError: if there is no such document.
        """
        with self._lock:
            if document_id in self._made:
                self._made.move_to_end(document_id)
                return self._made[document_id]
        made = _make(self._entries[document_id])
        with self._lock:
            self._made[document_id] = made
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return made


def _make(entry: Entry) -> Mapping[str, bytes]:
    if entry.accounts is not None:
        return accounts.resources(entry.accounts, entry.company.name)
    filing = entry.filing
    lines = [f"{entry.company.name} ({entry.company.number})", f"Filed on {filing.on:%d %B %Y}", filing.description]
    lines += [f"{key}: {value}" for key, value in filing.values]
    return {accounts.PDF: paper.note(f"Form {filing.form}", lines)}


def metadata(document_id: str, entry: Entry, resources: Mapping[str, bytes], base: str) -> dict[str, object]:
    """The Document API's answer about a document. `base` is the API's own address."""
    filing = entry.filing
    day = filing.action_on if filing.category == "accounts" else None
    mark = hashlib.sha256(document_id.encode()).hexdigest()
    return {
        "company_number": entry.company.number,
        "barcode": mark[:8].upper(),
        "significant_date": f"{day}T00:00:00Z" if day else None,
        "significant_date_type": "made-up-date" if day else "",
        "category": filing.category,
        "pages": filing.pages,
        "filename": f"{entry.company.number}_{filing.form.lower()}_{filing.on}",
        "created_at": f"{filing.on}T09:00:00.000000001Z",
        "etag": "",
        "links": {"self": f"{base}/document/{document_id}", "document": f"{base}/document/{document_id}/content"},
        "resources": {kind: {"content_length": len(content)} for kind, content in resources.items()},
    }
