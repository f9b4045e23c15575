"""The Gazette's notice feed, as its own documentation shows it, for the insolvency cases of a market."""

import hashlib
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from oversight.example.shapes import Company, Market

_KINDS = {
    "administration-started-on": ("2410", "Appointment of Administrators"),
    "petitioned-on": ("2450", "Petitions to Wind Up (Companies)"),
    "ordered-to-wind-up-on": ("2452", "Winding-Up Orders"),
    "wound-up-on": ("2441", "Resolutions for Winding-up"),
}
_OTHER = ("2443", "Appointment of Liquidators")
_WORDS = 180

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice; every third gives no company number in the words that the feed shows."""

    identifier: str
    code: str
    kind: str
    company: Company
    on: date
    numbered: bool


def notices(market: Market) -> list[Notice]:
    """One notice for each dated event of each insolvency case, the oldest first."""
    found: list[Notice] = []
    for company in market.companies:
        for case in company.cases:
            for event, day in case.dates:
                code, kind = _KINDS.get(event, _OTHER)
                mark = hashlib.sha256(f"{company.number}/{case.number}/{event}".encode()).hexdigest()
                number = int(mark[:8], 16) % 9_000_000 + 1_000_000
                found.append(Notice(f"L-99999-{number}", code, kind, company, day, int(mark[8], 16) % 3 != 0))
    return sorted(found, key=lambda notice: (notice.on, notice.identifier))


def feed(found: list[Notice], site: str, *, page: int, size: int) -> Body:
    """One page of a feed in The Gazette's JSON.

    Args:
        found: notices that the question finds.
        site: base address of the site.
        page: number of the page, from 1.
        size: notices on a page.
    """
    shown = found[(page - 1) * size : page * size]
    links = [{"@href": f"{site}/insolvency/notice/data.json", "@rel": "self", "@type": "application/json"}]
    if page * size < len(found):
        links.append({"@href": f"{site}/insolvency/notice/data.json?results-page={page + 1}", "@rel": "next"})
    return {
        "id": f"{site}/insolvency/notice/data.feed",
        "link": links,
        "title": "Search Result (invented example data)",
        "openSearch:Query": {"@role": "request"},
        "f:page-number": str(page),
        "f:page-size": str(size),
        "f:total": str(len(found)),
        "f:facets": None,
        "entry": [_entry(notice, site) for notice in shown],
    }


def _entry(notice: Notice, site: str) -> Body:
    number = f" (Company Number {notice.company.number})" if notice.numbered else ""
    words = f"In the matter of {notice.company.name}{number}. Invented example data: no such company exists."
    return {
        "id": f"{site}/id/notice/{notice.identifier}",
        "f:status": "published",
        "f:notice-code": notice.code,
        "title": notice.company.name.upper(),
        "link": [{"@href": f"{site}/id/notice/{notice.identifier}", "@rel": "self"}],
        "author": {"name": "example"},
        "updated": f"{notice.on}T09:00:00Z",
        "published": f"{notice.on}T00:00:00",
        "category": {"@term": notice.kind},
        "content": f"<div><p>{escape(words[:_WORDS])}</p></div>",
    }
