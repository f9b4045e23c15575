"""Publications on GOV.UK: from the pages that list them to the newest version of each attachment.

The Content API (`/api/content/<path>`) gives a collection's publications and a publication's attachments with
the day they became public. A publication issued again after a correction has a later `public_updated_at`.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote, urljoin, urlsplit

from bs4 import BeautifulSoup

from collectors.fetch import Answer
from collectors.lengths import AsLongAsSaid
from collectors.recorder import Fetched, Recorder
from collectors.source import Source, source_named
from oversight.errors import InputError
from oversight.model.times import london_date

CONTENT = "govuk.content"
_MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
_DAY = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+({'|'.join(_MONTHS)})\s+(\d{{4}})\b", re.IGNORECASE)
_TOLD = re.compile(r"\b(as at|as of|at|on|to|until|ending|ended)\s+$", re.IGNORECASE)
_FILE = re.compile(r"\.(csv|ods|xlsx?|zip|pdf)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a publication offers.

    Attributes:
        title: as the page shows it.
        url: absolute address.
        filename: last part of the address.
        media_type: as the API says; empty where it does not.
        page: path of the publication.
        page_title: title of the publication.
        published_on: day this version of the publication became public; None where the page does not say.
        as_at: day the file describes, by its title or else the publication's; None where neither says.
        size: bytes, where the API says.
    """

    title: str
    url: str
    filename: str
    media_type: str
    page: str
    page_title: str
    published_on: date | None
    as_at: date | None
    size: int | None = None

    @property
    def subject(self) -> str:
        """What the ledger calls it: the day described, else the day published, else the page."""
        day = self.as_at or self.published_on
        return day.isoformat() if day else self.page


def as_at_date(text: str) -> date | None:
    """The day that a text says its figures describe.

    A day that follows `as at`, `to` and the like, such as 31 March 2025 in `1 April 2024 to 31 March 2025`;
    else the latest day named.
    """
    told: list[date] = []
    others: list[date] = []
    for match in _DAY.finditer(text):
        try:
            day = date(int(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]))
        except ValueError:
            continue
        (told if _TOLD.search(text[: match.start()]) else others).append(day)
    return max(told or others, default=None)


def publication_paths(page: Mapping[str, Any]) -> list[str]:
    """Paths of the publications a page lists, withdrawn ones left out."""
    links = page.get("links")
    listed = links.get("documents") if isinstance(links, dict) else None
    found: list[str] = []
    for entry in listed if isinstance(listed, list) else []:
        path = entry.get("base_path") if isinstance(entry, dict) and not entry.get("withdrawn") else None
        if isinstance(path, str) and path.startswith("/") and path not in found:
            found.append(path)
    return found


def attachments(page: Mapping[str, Any], base_url: str) -> list[Attachment]:
    """Files a publication offers, from the API's list, else from the HTML fragments the API carries.

    Args:
        page: a Content API answer.
        base_url: GOV.UK's address, to complete relative links.
    """
    details = page.get("details")
    details = details if isinstance(details, dict) else {}
    listed = details.get("attachments")
    entries = [entry for entry in listed if isinstance(entry, dict)] if isinstance(listed, list) else []
    files = [
        (_text(entry.get("title")), _text(entry.get("url")), _text(entry.get("content_type")))
        for entry in entries
        if entry.get("attachment_type", "file") == "file"
    ]
    if not files:
        fragments = details.get("documents")
        html = "".join(part for part in fragments if isinstance(part, str)) if isinstance(fragments, list) else ""
        files = _links_in(html)
    sizes = {_text(entry.get("url")): size for entry in entries if isinstance(size := entry.get("file_size"), int)}
    return [
        replace(found, size=sizes.get(url))
        for title, url, kind in files
        if (found := _attachment(page, base_url, title, url, kind))
    ]


def attachments_in_page(html: str, page: Mapping[str, Any], base_url: str) -> list[Attachment]:
    """Files that a publication's web page links to, for when the API lists none."""
    return [found for title, url, kind in _links_in(html) if (found := _attachment(page, base_url, title, url, kind))]


def _links_in(html: str) -> list[tuple[str, str, str]]:
    """Title, address and (empty) media type of each file linked; a link with words counts before a thumbnail."""
    found: dict[str, str] = {}
    for anchor in BeautifulSoup(html, "lxml").find_all("a", href=True):
        href = str(anchor["href"])
        words = " ".join(anchor.get_text(" ").split())
        if _FILE.search(urlsplit(href).path) and not found.get(href):
            found[href] = words
    return [(title, href, "") for href, title in found.items()]


def _attachment(page: Mapping[str, Any], base_url: str, title: str, url: str, kind: str) -> Attachment | None:
    try:
        address = urljoin(f"{base_url}/", url)
        parts = urlsplit(address)
    except ValueError:
        return None
    if not url or parts.scheme not in {"http", "https"} or not parts.netloc:
        return None
    page_title, about = _text(page.get("title")), _text(page.get("description"))
    dated = (as_at_date(words) for words in (title, page_title, about))
    return Attachment(
        title=title,
        url=address,
        filename=unquote(parts.path.rpartition("/")[2]),
        media_type=kind,
        page=_text(page.get("base_path")),
        page_title=page_title,
        published_on=_published(page),
        as_at=next((day for day in dated if day), None),
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _published(page: Mapping[str, Any]) -> date | None:
    for name in ("public_updated_at", "first_published_at"):
        try:
            moment = datetime.fromisoformat(_text(page.get(name)))
        except ValueError:
            continue
        return london_date(moment) if moment.tzinfo else moment.date()
    return None


def choose(found: Iterable[Attachment], patterns: Sequence[str]) -> list[Attachment]:
    """One attachment for each subject: by the earliest pattern, else the latest publication, else by address."""
    ranked: dict[str, tuple[tuple[int, int, str], Attachment]] = {}
    for attachment in found:
        rank = next((place for place, pattern in enumerate(patterns) if _matches(attachment, pattern)), None)
        if rank is None:
            continue
        day = attachment.published_on.toordinal() if attachment.published_on else 0
        key = (rank, -day, attachment.url)
        if attachment.subject not in ranked or key < ranked[attachment.subject][0]:
            ranked[attachment.subject] = (key, attachment)
    return [ranked[subject][1] for subject in sorted(ranked)]


def _matches(attachment: Attachment, pattern: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for text in (attachment.title, attachment.filename))


def collect_publications(recorder: Recorder, sources: Iterable[Source], base_url: str) -> list[Fetched]:
    """Fetch, for each source on GOV.UK, every attachment not held yet in its present version.

    Args:
        recorder: fetches and records.
        sources: those without a `govuk` part are passed over.
        base_url: GOV.UK's address.

    Returns:
        What the ledger now holds, by source and subject; `Fetched.new` where it was fetched now.

    Raises:
        CollectError: where a page or a file cannot be fetched.
    """
    base = base_url.rstrip("/")
    held: list[Fetched] = []
    for source in sources:
        if source.govuk is None:
            continue
        found: list[Attachment] = []
        for path in source.govuk.collection_paths:
            found.extend(_offered(recorder, path, base))
        held.extend(_newest(recorder, source, item) for item in choose(found, source.govuk.attachment_patterns))
    return held


def _newest(recorder: Recorder, source: Source, item: Attachment) -> Fetched:
    """The attachment as held, or fetched if its address or its day of publication is new."""
    last = recorder.last(source.name, item.subject)
    if last and last.document_id and last.url == item.url and not _later(item.published_on, last.published_on):
        return last
    accept = item.media_type or None
    check = AsLongAsSaid(item.size, _not_a_page)
    return recorder.fetch(
        source.name, item.subject, item.url, published_on=item.published_on, accept=accept, check=check
    )


def _later(published: date | None, held: date | None) -> bool:
    return published is not None and (held is None or published > held)


def _offered(recorder: Recorder, path: str, base: str) -> list[Attachment]:
    """Attachments of a page and of the publications it lists."""
    start = _page(recorder, path, base)
    if start is None:
        return []
    found = _of_page(recorder, start, base)
    for listed in publication_paths(start):
        publication = _page(recorder, listed, base)
        if publication is not None:
            found.extend(_of_page(recorder, publication, base))
    return found


def _of_page(recorder: Recorder, page: Mapping[str, Any], base: str) -> list[Attachment]:
    found = attachments(page, base)
    path = _text(page.get("base_path"))
    if found or publication_paths(page) or not path:
        return found
    fetched = recorder.ensure(source_named(CONTENT), f"{path}#page", f"{base}{quote(path)}", accept="text/html")
    content = recorder.content(fetched)
    return attachments_in_page(content.decode("utf-8", "replace"), page, base) if content else []


def _page(recorder: Recorder, path: str, base: str) -> dict[str, Any] | None:
    """A Content API answer; None where the page is gone."""
    address = f"{base}/api/content/{quote(path.strip('/'))}"
    content = recorder.content(
        recorder.ensure(source_named(CONTENT), path, address, accept="application/json", check=_not_content)
    )
    return None if content is None else _parsed(content, address)


def _parsed(content: bytes, where: str) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}", where=where, next_step="Collect it again.") from error
    if not isinstance(value, dict):
        raise InputError("JSON, but not an object", where=where, next_step="Collect it again.")
    return value


def _not_content(answer: Answer) -> str | None:
    try:
        _parsed(answer.content, answer.url)
    except InputError as error:
        return error.message
    return None


def _not_a_page(answer: Answer) -> str | None:
    """A file's address that answers with a web page is an outage or a log-in page."""
    start = answer.content[:200].lstrip().lower()
    is_page = answer.status == HTTPStatus.OK and start.startswith((b"<!doctype html", b"<html"))
    return "a web page where a file was expected" if is_page else None
