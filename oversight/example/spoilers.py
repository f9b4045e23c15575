"""What each fault makes of a good answer."""

import gzip
import json
import re
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from oversight.example.line import Line

Told = tuple[int, list[tuple[bytes, bytes]], bytes]
"""Status, headers and body of an answer."""

SERVER_ERRORS = (500, 501, 502, 503, 504)
_TOTALS = ("total_count", "total_results")
_JSON = "application/json"
_PAGE = b"<!DOCTYPE html><html><title>Service unavailable</title><body>Sorry, there is a problem</body></html>"
_EXPIRES = re.compile(rb"expires=\d+")


def spoil_on_the_line(kind: str, answer: Told, line: Line) -> bool:
    """Write an answer that no well-behaved server would; whether it could be done."""
    status, headers, body = answer
    if status != 200 or len(body) < 2:  # noqa: PLR2004
        return False
    said = {"reset": len(body), "length_too_long": len(body) + 40, "length_too_short": len(body) // 2}[kind]
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    lines = [
        b"HTTP/1.1 200 OK",
        *(name + b": " + value for name, value in kept),
        b"Content-Length: %d" % said,
        b"",
        b"",
    ]
    line.write(b"\r\n".join(lines))
    line.write(body[: len(body) // 2] if kind == "reset" else body)
    line.end(reset=kind == "reset")
    return True


def _busy(answer: Told, dice: Random) -> Told:
    status = dice.choice(SERVER_ERRORS)
    return status, _plain(answer[1]), b"busy"


def _too_many(_: Told, __: Random) -> Told:
    return 429, [(b"content-length", b"0")], b""


def _too_many_told(_: Told, __: Random) -> Told:
    return 429, [(b"content-length", b"0"), (b"retry-after", b"1")], b""


def _web_page(answer: Told, _: Random) -> Told | None:
    return (200, [*_plain(answer[1]), (b"content-type", b"text/html")], _PAGE) if answer[0] == 200 else None  # noqa: PLR2004


def _cut_gzip(answer: Told, _: Random) -> Told | None:
    status, headers, body = answer
    if status != 200 or not body:  # noqa: PLR2004
        return None
    packed = gzip.compress(body, mtime=0)[:-12]
    kept = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    about = [(b"content-encoding", b"gzip"), (b"content-length", b"%d" % len(packed))]
    return status, [*kept, *about], packed


def _expired(answer: Told, _: Random) -> Told | None:
    status, headers, body = answer
    if status != 302:  # noqa: PLR2004
        return None
    moved = [
        (name, _EXPIRES.sub(b"expires=1", value) if name.lower() == b"location" else value) for name, value in headers
    ]
    return status, moved, body


def _repeated(answer: Told, _: Random) -> Told | None:
    """The application was asked for the first page; on a first page nothing is wrong."""
    return answer


def _lying_total(answer: Told, dice: Random) -> Told | None:
    status, headers, body = answer
    told = _object(headers, body) if status == 200 else {}  # noqa: PLR2004
    name = next((name for name in _TOTALS if name in told and "items" in told), None)
    if name is None:
        return None
    true = told[name]
    lies = [lie for lie in (0, max(0, true - 1), true + 1, true * 10 + 100) if lie != true]
    content = json.dumps({**told, name: dice.choice(lies)}, ensure_ascii=False, separators=(",", ":")).encode()
    return status, [*_plain(headers), (b"content-type", _JSON.encode())], content


def _plain(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers that say nothing of the body."""
    of_body = {b"content-length", b"content-type", b"etag"}
    return [(name, value) for name, value in headers if name.lower() not in of_body]


def _object(headers: Sequence[tuple[bytes, bytes]], body: bytes) -> Mapping[str, Any]:
    kind = next((value for name, value in headers if name.lower() == b"content-type"), b"")
    if not kind.startswith(_JSON.encode()):
        return {}
    told = json.loads(body)
    return told if isinstance(told, dict) else {}


ON_THE_LINE = ("reset", "length_too_long", "length_too_short")
SPOILERS: Mapping[str, Callable[[Told, Random], Told | None]] = {
    "too_many": _too_many,
    "too_many_told": _too_many_told,
    "server_error": _busy,
    "web_page": _web_page,
    "cut_gzip": _cut_gzip,
    "expired_link": _expired,
    "repeated_page": _repeated,
    "lying_total": _lying_total,
}
