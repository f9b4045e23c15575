"""What was fetched. `fetch` alone carries time; `document` is bytes in the archive.

`watch` and `stream_event` say which companies a stream is followed for, and which of them it said have changed.
"""

from collections.abc import Mapping
from typing import Final

import dataframely as dy

OK: Final = "ok"
UNCHANGED: Final = "unchanged"
ABSENT: Final = "absent"
FAILED: Final = "failed"


class Fetch(dy.Schema):
    """One attempt to fetch one thing, failed and unchanged attempts too."""

    fetch_id = dy.String(primary_key=True, description="hash of source, subject, url and requested_at")
    source = dy.String(description="name of the source's YAML, such as ofsted.provider_level")
    subject = dy.String(description="what was asked for: a company number, a transaction, a publication's period")
    url = dy.String(description="address asked, or file name for a file an analyst gave")
    requested_at = dy.Datetime(time_unit="us", time_zone="UTC", description="when it was asked")
    retrieved_at = dy.Datetime(time_unit="us", time_zone="UTC", nullable=True, description="when it had arrived")
    published_on = dy.Date(nullable=True, description="day it became public, where the source says so")
    status = dy.String(description="ok, unchanged, absent (404 or 410: the source has none) or failed")
    http_status = dy.Int64(nullable=True)
    etag = dy.String(nullable=True, description="the source's version mark, sent back next time")
    document_id = dy.String(nullable=True, description="SHA-256 of the bytes; for unchanged, the earlier ones")
    error = dy.String(nullable=True, description="what went wrong, for failed")


class Document(dy.Schema):
    """Bytes in the archive, named by their SHA-256."""

    document_id = dy.String(primary_key=True, regex="^[0-9a-f]{64}$")
    media_type = dy.String()
    size = dy.Int64(min=0, description="bytes")


class Watch(dy.Schema):
    """A company whose changes are kept from a moment on. Written before the company is first asked for."""

    company_number = dy.String(primary_key=True)
    watched_from = dy.Datetime(time_unit="us", time_zone="UTC")


class StreamEvent(dy.Schema):
    """A change of a watched company that a stream told of. What changed is not kept: the register is asked."""

    event_id = dy.String(primary_key=True, description="hash of stream, timepoint and resource")
    stream = dy.String(description="such as filings or charges")
    timepoint = dy.Int64(description="the stream's own count of events")
    company_number = dy.String()
    resource = dy.String(nullable=True, description="kind of resource, such as filing-history")
    kind = dy.String(nullable=True, description="changed or deleted")
    published_at = dy.String(nullable=True, description="moment of the change, as the stream writes it")
    received_at = dy.Datetime(time_unit="us", time_zone="UTC")


TABLES: Mapping[str, type[dy.Schema]] = {
    "fetch": Fetch,
    "document": Document,
    "watch": Watch,
    "stream_event": StreamEvent,
}
