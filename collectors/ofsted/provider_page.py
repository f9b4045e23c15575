"""A provider's page on Ofsted's reports site, to rows.

Read by what the words say, and only then by how they are marked up: the list of events is the one whose entries link
to reports or name inspections; a day counts for what the words before it say.
"""

import re
from collections.abc import Iterable
from datetime import date
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag

from collectors.ofsted.dates import cell_date
from collectors.ofsted.words import vocabulary
from collectors.reading import Origin, Rows
from oversight.errors import InputError
from oversight.model.spelling import key

_LARGEST = 5_000_000
_DAY = re.compile(r"\b(\d{1,2} [A-Z][a-z]{2,8} \d{4}|\d{1,2}/\d{1,2}/\d{4})\b")
_PUBLISHED = re.compile(r"\b(publish|publication)", re.IGNORECASE)
_INSPECTED = re.compile(r"\b(inspect|visit|date of)", re.IGNORECASE)
_REPORT = re.compile(r"(/file/\d+|/files/|\.pdf$)", re.IGNORECASE)
_EVENT = re.compile(r"\b(inspection|visit|survey)\b", re.IGNORECASE)
_FIELDS = {
    "urn": ("urn", "unique reference number"),
    "status": ("registration status", "status"),
    "provision_type": ("provider type", "type of provider", "provision type", "category"),
    "registered_on": ("registration date", "date registered", "registered"),
    "closed_on": ("closed", "date closed", "closure date", "resigned"),
}
_CONTAINERS = ["li", "tr", "article"]


def read(content: bytes, origin: Origin) -> Rows:
    """The registration and the inspections that a provider's page shows.

    Args:
        content: the page.
        origin: `subject` is the URN asked for.

    Returns:
        One row of `provider_page`, rows of `provider_report`; an `issue` for what a page should have and has not.

    Raises:
        InputError: if it is no provider's page, or another provider's.
    """
    if len(content) > _LARGEST:
        raise InputError(f"longer than {_LARGEST:,} bytes", where=origin.url, next_step="Look at the page.")
    page = BeautifulSoup(content, "lxml")
    rows = Rows()
    stated = _fields(page)
    urn = stated.get("urn", "").upper()
    if urn != origin.subject.upper():
        raise InputError(
            f"the page is of provider {urn}, not of {origin.subject}" if urn else "the page names no provider",
            where=origin.url,
            next_step="Look at the page in a browser; its layout may have changed.",
        )
    _add_registration(page, stated, urn, origin, rows)
    _add_reports(page, urn, origin, rows)
    return rows


def _add_registration(page: BeautifulSoup, stated: dict[str, str], urn: str, origin: Origin, rows: Rows) -> None:
    heading = page.find("h1")
    if "status" not in stated:
        rows.issue(origin, "no_registration_status", "the page gives no registration status", locator="page")
    rows.add(
        "provider_page",
        document_id=origin.document_id,
        urn=urn,
        locator="page",
        name=_text(heading)[:300] or None if heading else None,
        provision_type=stated.get("provision_type"),
        status=stated.get("status"),
        registered_on=_first_day(stated.get("registered_on", "")),
        closed_on=_first_day(stated.get("closed_on", "")),
    )


def _add_reports(page: BeautifulSoup, urn: str, origin: Origin, rows: Rows) -> None:
    found = 0
    for place, entry in enumerate(_events(page), 1):
        link = next((each for each in entry.find_all("a", href=True) if _REPORT.search(str(each["href"]))), None)
        words = _text(entry)
        inspected, published = _days(words)
        if link is None and inspected is None and published is None:
            continue
        found += 1
        rows.add(
            "provider_report",
            document_id=origin.document_id,
            locator=f"event {place}",
            urn=urn,
            event_type=_event_type(words),
            inspected_on=inspected,
            published_on=published,
            overall=_judgement(words),
            report_url=_address(origin.url, str(link["href"])) if link is not None else None,
        )
    if not found:
        message = "the page lists no inspection; a provider registered lately may have none"
        rows.issue(origin, "no_inspection_listed", message, locator="page", severity="information")


def _events(page: BeautifulSoup) -> Iterable[Tag]:
    """Innermost list entries, table rows or articles that tell of an inspection or link to a report."""
    for entry in page.find_all(_CONTAINERS):
        if not isinstance(entry, Tag) or entry.find(_CONTAINERS) is not None:
            continue
        linked = any(_REPORT.search(str(each["href"])) for each in entry.find_all("a", href=True))
        if linked or (_EVENT.search(_text(entry)) and _DAY.search(_text(entry))):
            yield entry


def _fields(page: BeautifulSoup) -> dict[str, str]:
    """What the page states, label by label: in definition lists, table rows, or `Label: value`."""
    pairs: list[tuple[str, str]] = []
    for label in page.find_all(["dt", "th"]):
        value = label.find_next_sibling(["dd", "td"])
        if value is not None:
            pairs.append((_text(label), _text(value)))
    for part in page.find_all(["p", "li", "span", "div", "strong"]):
        words = _text(part)
        if ":" in words and len(words) < 120:  # noqa: PLR2004 - longer is prose
            before, _, after = words.partition(":")
            pairs.append((before, after.strip()))
    found: dict[str, str] = {}
    for name, labels in _FIELDS.items():
        stated = [after for before, after in pairs if after and key(before) in labels]
        if stated:
            found[name] = stated[0][:200]
    return found


def _days(words: str) -> tuple[date | None, date | None]:
    """The day of the inspection and that of its publication; a day that nothing names is the inspection's."""
    inspected = published = None
    start = 0
    for match in _DAY.finditer(words):
        before, start = words[start : match.start()], match.end()
        day = cell_date(match[1])
        called = max(_INSPECTED.finditer(before), key=re.Match.start, default=None)
        public = max(_PUBLISHED.finditer(before), key=re.Match.start, default=None)
        if public is not None and (called is None or public.start() > called.start()):
            published = published or day
        else:
            inspected = inspected or day
    return inspected, published


def _first_day(text: str) -> date | None:
    match = _DAY.search(text)
    return cell_date(match[1]) if match else None


def _event_type(words: str) -> str | None:
    """The words up to the first day, colon or judgement that name an inspection or a visit."""
    first = re.split(r"[:,;|]| - |\d", words, maxsplit=1)[0].strip()
    return first[:100] if _EVENT.search(first) else None


def _judgement(words: str) -> str | None:
    """The longest judgement of Ofsted's vocabulary that the words contain."""
    plain = f" {key(words)} "
    found = [(len(spelt), kept) for spelt, kept in vocabulary("judgement").items() if f" {spelt} " in plain]
    return max(found)[1] if found else None


def _address(page: str, href: str) -> str | None:
    try:
        address = urljoin(page, href)
        return address if urlsplit(address).scheme in {"http", "https"} else None
    except ValueError:
        return None


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())
