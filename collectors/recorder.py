"""Every fetch leaves a row. The bytes go to the archive first, so that a row never names bytes that are not there."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from pathlib import PureWindowsPath
from typing import Any

from pydantic import SecretStr

from collectors.fetch import Answer, Check, HttpClient
from collectors.source import Source, due
from oversight.errors import CollectError
from oversight.model.ids import row_id
from oversight.model.tables.fetched import ABSENT, FAILED, OK, UNCHANGED
from oversight.model.times import Clock
from oversight.store.archive import Archive
from oversight.store.ledger import Ledger

_ABSENT = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_UNTYPED = frozenset({"", "application/octet-stream", "binary/octet-stream"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


Seen = Callable[[Mapping[str, Any]], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Fetched:
    """The outcome for one subject, as the ledger has it.

    Attributes:
        status: ok, unchanged, absent; failed attempts raise.
        document_id: the bytes held; None where the source has none.
        new: whether a row was added now; False where what is held is fresh enough.
    """

    source: str
    subject: str
    url: str
    status: str
    retrieved_at: datetime
    document_id: str | None = None
    published_on: date | None = None
    new: bool = True


class Recorder:
    """Fetches into the archive and the ledger. Safe to use from many threads.

    Args:
        http: asks the servers.
        archive: keeps the bytes.
        ledger: keeps the rows.
        clock: tells the time.
        refresh: ask again even for what is fresh (but not for what never changes).
        seen: an answered row as a stream of changes lets it be seen: dated later where nothing changed since, None
            where something did.
    """

    def __init__(
        self,
        http: HttpClient,
        archive: Archive,
        ledger: Ledger,
        clock: Clock,
        *,
        refresh: bool = False,
        seen: Seen | None = None,
    ) -> None:
        self._http = http
        self._archive = archive
        self._ledger = ledger
        self._clock = clock
        self._refresh = refresh
        self._seen = seen

    def last(self, source: str, subject: str) -> Fetched | None:
        """The newest answer for a subject; None where it was never answered."""
        row = self._ledger.last_fetch(source, subject)
        return _held(row) if row else None

    def content(self, fetched: Fetched) -> bytes | None:
        """The bytes of an outcome; None where the source has none."""
        return None if fetched.document_id is None else self._archive.get(fetched.document_id)

    def ensure(
        self,
        source: Source,
        subject: str,
        url: str,
        *,
        published_on: date | None = None,
        key: SecretStr | None = None,
        accept: str | None = None,
        check: Check | None = None,
    ) -> Fetched:
        """Fetch a subject if it is due, else give back what is held. The arguments are those of `fetch`."""
        row = self._ledger.last_fetch(source.name, subject)
        again = self._refresh and source.cadence_days is not None
        shown = self._seen(row) if row is not None and self._seen else row
        if row is not None and not again and not due(source, shown, self._clock()):
            return _held(row)
        return self.fetch(source.name, subject, url, published_on=published_on, key=key, accept=accept, check=check)

    def fetch(
        self,
        source: str,
        subject: str,
        url: str,
        *,
        published_on: date | None = None,
        key: SecretStr | None = None,
        accept: str | None = None,
        conditional: bool = True,
        check: Check | None = None,
    ) -> Fetched:
        """Fetch a subject now and record the attempt, whatever comes of it.

        Args:
            source: name of the source.
            subject: what is asked for, such as a company number.
            url: absolute address.
            published_on: day it became public, where the source says so.
            key: API key, for this address's host only.
            accept: media type wanted.
            conditional: name the version held, so that an unchanged one costs no body.
            check: judges the answer; a wrong one is asked for again and at last fails.

        Raises:
            CollectError: after the failed attempt is recorded.
            StoreError: if archive or ledger cannot be written.
        """
        last = self._ledger.last_fetch(source, subject)
        held = last if last and last["url"] == url and self._has(last) else None
        etag = str(held["etag"]) if conditional and held and held["etag"] else None
        asked = self._clock()
        attempt: dict[str, object] = {
            "fetch_id": row_id(source, subject, url, asked),
            "source": source,
            "subject": subject,
            "url": url,
            "requested_at": asked,
            "published_on": published_on,
        }
        try:
            answer = self._http.get(url, key=key, accept=accept, etag=etag, check=check)
        except CollectError as error:
            self._ledger.add("fetch", [attempt | {"status": FAILED, "error": _short(error)}])
            raise
        attempt |= {"retrieved_at": self._clock(), "http_status": answer.status}
        return self._keep(attempt, answer, last, held, accept)

    def _keep(
        self,
        attempt: dict[str, object],
        answer: Answer,
        last: Mapping[str, Any] | None,
        held: Mapping[str, Any] | None,
        accept: str | None,
    ) -> Fetched:
        tables: dict[str, list[dict[str, object]]] = {}
        if answer.status in _ABSENT:
            attempt["status"] = ABSENT
        elif answer.status == HTTPStatus.NOT_MODIFIED and held is not None:
            attempt |= {"status": UNCHANGED, "document_id": held["document_id"], "etag": held["etag"]}
            attempt["published_on"] = attempt["published_on"] or held["published_on"]
        else:
            identifier = self._archive.put(answer.content)
            same = last is not None and last["document_id"] == identifier
            attempt |= {"status": UNCHANGED if same else OK, "document_id": identifier}
            attempt["etag"] = answer.headers.get("etag")
            tables["document"] = [_document(identifier, _media_type(answer, accept), len(answer.content))]
        self._ledger.add_all({**tables, "fetch": [attempt]})
        return _held(attempt, new=True)

    def _has(self, row: Mapping[str, Any]) -> bool:
        """Whether the archive has the row's document: a lost file must be fetched anew, not answered by 304."""
        return row["document_id"] is not None and row["document_id"] in self._archive

    def record_file(
        self, source: str, subject: str, filename: str, content: bytes, published_on: date | None, media_type: str
    ) -> Fetched:
        """Record a file that an analyst gave. The same file again adds nothing.

        Args:
            source: name of the source it comes from.
            subject: what it describes, such as the day of a publication.
            filename: its name; folders are dropped.
            content: its bytes.
            published_on: day it became public; None where not known.
            media_type: of the content.
        """
        identifier = self._archive.put(content)
        now = self._clock()
        row: dict[str, object] = {
            "fetch_id": row_id("file", source, subject, identifier, published_on),
            "source": source,
            "subject": subject,
            "url": _CONTROL.sub("", PureWindowsPath(filename).name),
            "requested_at": now,
            "retrieved_at": now,
            "published_on": published_on,
            "status": OK,
            "document_id": identifier,
        }
        self._ledger.add("document", [_document(identifier, media_type, len(content))])
        added = self._ledger.add("fetch", [row])
        return _held(row, new=bool(added))


def _held(row: Mapping[str, Any], *, new: bool = False) -> Fetched:
    return Fetched(
        source=row["source"],
        subject=row["subject"],
        url=row["url"],
        status=row["status"],
        retrieved_at=row["retrieved_at"],
        document_id=row.get("document_id"),
        published_on=row.get("published_on"),
        new=new,
    )


def _document(identifier: str, media_type: str, size: int) -> dict[str, object]:
    return {"document_id": identifier, "media_type": media_type, "size": size}


def _media_type(answer: Answer, accept: str | None) -> str:
    """What the server says the body is; where it does not say, what was asked for."""
    said = answer.media_type
    return (accept or "application/octet-stream") if said in _UNTYPED else said


def _short(error: CollectError) -> str:
    return f"{type(error).__name__}: {error.message}"[:500]
