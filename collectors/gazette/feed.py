"""A feed of notices, JSON or Atom, to rows."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from bs4 import BeautifulSoup
from lxml import etree

from collectors.reading import Origin, Rows
from oversight.errors import HostileInputError, InputError
from oversight.model.ids import company_number

_NUMBER = re.compile(
    r"\b(?:company|registered|registration)\s*(?:number|no|num|reg(?:istration)?\.?\s*(?:number|no))\.?\s*:?\s*"
    r"((?:[A-Z]{2}|R0)?\s?\d{5,8})\b",
    re.IGNORECASE,
)
_ID = re.compile(r"/notice/([A-Za-z0-9-]{1,40})/?$")
_CODE = re.compile(r"^24\d\d$")
_ATOM = "{http://www.w3.org/2005/Atom}"
_FACETS = "{https://www.thegazette.co.uk/facets}"


def read(content: bytes, origin: Origin) -> Rows:
    """Corporate insolvency notices of a feed.

    Args:
        content: the feed in JSON, or in Atom.
        origin: where it came from.

    Returns:
        Rows of `notice`; an `issue` for an entry that lacks what a notice has. Other categories are passed over.

    Raises:
        InputError: if it is neither.
        HostileInputError: for a document type declaration.
    """
    rows = Rows()
    atom = content.lstrip()[:1] == b"<"
    for locator, entry in _atom(content, origin) if atom else _json(content, origin):
        code = str(entry.get("code") or "")
        if code and not _CODE.match(code):
            continue
        notice = _ID.search(str(entry.get("id") or ""))
        day = _day(entry.get("published"))
        title = " ".join(str(entry.get("title") or "").split())
        if not (code and notice and day and title):
            lacking = [name for name, value in (("code", code), ("id", notice), ("published", day), ("title", title))]
            message = f"a notice without {', '.join(name for name in lacking if not entry.get(name)) or 'a usable id'}"
            rows.issue(origin, "incomplete_notice", message, locator=locator, value=str(entry.get("id"))[:100])
            continue
        rows.add(
            "notice",
            document_id=origin.document_id,
            locator=locator,
            notice_id=notice[1],
            notice_code=code,
            kind=" ".join(str(entry.get("kind") or "").split()) or None,
            company_name=title[:300],
            company_number=number_in(f"{title} {_plain(str(entry.get('content') or ''))}"),
            published_on=day,
            url=_link(entry.get("id")),
        )
    return rows


def number_in(text: str) -> str | None:
    """The company number a text gives, in its 8-character form; None where it gives none or several."""
    found: set[str] = set()
    for match in _NUMBER.finditer(text):
        try:
            found.add(company_number(match[1]))
        except InputError:
            continue
    return found.pop() if len(found) == 1 else None


def _json(content: bytes, origin: Origin) -> Iterable[tuple[str, Mapping[str, Any]]]:
    try:
        feed = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON: {error}", where=origin.url, next_step="Collect it again.") from error
    entries = feed.get("entry") if isinstance(feed, dict) else None
    listed = entries if isinstance(entries, list) else [entries] if isinstance(entries, dict) else []
    for place, entry in enumerate(listed):
        if isinstance(entry, dict):
            category = entry.get("category")
            first = category[0] if isinstance(category, list) and category else category
            yield (
                f"/entry/{place}",
                {
                    "id": entry.get("id"),
                    "code": entry.get("f:notice-code"),
                    "title": entry.get("title"),
                    "published": entry.get("published"),
                    "content": entry.get("content"),
                    "kind": first.get("@term") if isinstance(first, dict) else None,
                },
            )


def _atom(content: bytes, origin: Origin) -> Iterable[tuple[str, Mapping[str, Any]]]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise InputError(f"not a feed: {error}", where=origin.url, next_step="Collect it again.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise HostileInputError(
            "a feed has no document type declaration", where=origin.url, next_step="Do not use this file."
        )
    for place, entry in enumerate(root.iter(f"{_ATOM}entry")):
        category = entry.find(f"{_ATOM}category")
        body = entry.find(f"{_ATOM}content")
        yield (
            f"/feed/entry[{place + 1}]",
            {
                "id": entry.findtext(f"{_ATOM}id"),
                "code": entry.findtext(f"{_FACETS}notice-code"),
                "title": entry.findtext(f"{_ATOM}title"),
                "published": entry.findtext(f"{_ATOM}published"),
                "content": " ".join(str(part) for part in body.itertext()) if body is not None else None,
                "kind": category.get("term") if category is not None else None,
            },
        )


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def _plain(html: str) -> str:
    return " ".join(BeautifulSoup(html, "lxml").get_text(" ").split()) if "<" in html else html


def _link(value: object) -> str | None:
    text = str(value or "")
    return text.replace("/id/notice/", "/notice/") if text.startswith(("https://", "http://")) else None
