"""A large file to disk: a piece at a time, taken up where it broke off, and checked before it counts."""

import hashlib
import json
import re
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from collectors.fetch import HttpClient, Opened
from collectors.pacing import Retries, Sleep
from oversight.errors import CollectError, InputError, RefusedError, StoreError, UnreachableError

_RANGE = re.compile(r"^bytes (?P<first>\d+)-\d+/(?P<total>\d+)$")
_LARGEST = 50_000_000_000
_PIECE = 1024 * 1024
_SILENCE = 60.0
_RETRIES = Retries(attempts=8, base=1.0)

Told = Callable[[int, int | None], None]
"""Called with the bytes that came, and of how many."""


@dataclass(slots=True)
class _Part:
    """What is on disk of a file, and which version of it."""

    path: Path
    version: str
    total: int | None

    @property
    def held(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0


def download(
    http: HttpClient,
    url: str,
    target: Path,
    *,
    told: Told = lambda _done, _total: None,
    retries: Retries = _RETRIES,
    sleep: Sleep = time.sleep,
) -> Path:
    """Fetch a zip file to disk, or the rest of it.

    What came is kept beside the target until the file is whole, also when this process is killed, and asked for no
    more, as long as the server says that it is still the same version.

    Args:
        http: asks the server.
        url: address.
        target: where the whole file goes.
        told: told of progress.
        retries: how often in a row an exchange may bring nothing.
        sleep: waits so many seconds.

    Raises:
        CollectError: where nothing more comes.
        RefusedError: where what came is no whole zip file.
        StoreError: where it cannot be written.
    """
    failed = 0
    while True:
        part = _part(target, url)
        before = part.held
        try:
            if _fetch(http, url, part, told):
                return _finish(part, target, url)
            problem: CollectError = UnreachableError(
                f"{part.held:,} bytes came of {part.total or 0:,}", where=url, next_step="Run the command again."
            )
        except UnreachableError as error:
            problem = error
        except OSError as error:
            raise StoreError(
                f"the file cannot be written: {error.strerror or error}",
                where=str(target.parent),
                next_step="Free space there, then run the same command again; what came is kept.",
            ) from error
        failed = 1 if _part(target, url).held > before else failed + 1
        if failed >= retries.attempts:
            raise problem
        sleep(retries.delay(failed))


def _mark(target: Path) -> Path:
    return target.with_name(f"{target.name}.version")


def _part(target: Path, url: str) -> _Part:
    """What is there of the file; nothing where its version is not known."""
    path = target.with_name(f"{target.name}.part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        mark = json.loads(_mark(target).read_text(encoding="utf-8"))
        if mark["url"] == url and mark["version"]:
            return _Part(path, str(mark["version"]), int(mark["total"]))
    except (OSError, ValueError, KeyError, TypeError):
        pass
    path.unlink(missing_ok=True)
    return _Part(path, "", None)


def _fetch(http: HttpClient, url: str, part: _Part, told: Told) -> bool:
    """One exchange; whether the file is whole now."""
    held = part.held
    if part.total is not None and held == part.total:
        return True
    headers = {"Range": f"bytes={held}-", "If-Range": part.version} if held else {}
    with http.opened(url, headers=headers, timeout=_SILENCE) as opened:
        start = _start(opened, url, part, held)
        if start is None:
            return False
        with part.path.open("r+b" if start else "wb") as file:
            file.seek(start)
            file.truncate()
            done = start
            for chunk in opened.chunks:
                done += len(chunk)
                if done > min(part.total or _LARGEST, _LARGEST):
                    raise RefusedError("more bytes come than were announced", where=url, next_step="Try again later.")
                file.write(chunk)
                told(done, part.total)
    return part.total is None or part.held == part.total


def _start(opened: Opened, url: str, part: _Part, held: int) -> int | None:
    """Where in the file the answer starts; None for an answer that may be another next time."""
    if opened.status == HTTPStatus.PARTIAL_CONTENT and held:
        match = _RANGE.match(opened.headers.get("content-range", ""))
        if match and int(match["first"]) == held and int(match["total"]) == part.total:
            return held
        part.path.unlink(missing_ok=True)
        return None
    if opened.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
        part.path.unlink(missing_ok=True)
        return None
    if Retries.worth_repeating(opened.status):
        return None
    kind = opened.headers.get("content-type", "").partition(";")[0].strip()
    if opened.status != HTTPStatus.OK or kind == "text/html":
        raise RefusedError(
            f"the server answers HTTP {opened.status} {kind}", where=url, next_step="Run the command again later."
        )
    length = opened.headers.get("content-length", "")
    part.total = int(length) if length.isdigit() else None
    part.version = _version(opened.headers)
    told = {"url": url, "version": part.version, "total": part.total}
    _mark(part.path.with_name(part.path.name.removesuffix(".part"))).write_text(json.dumps(told), encoding="utf-8")
    return 0


def _version(headers: Mapping[str, str]) -> str:
    """What tells one version of the file from another: a strong mark, else the time it was last changed."""
    mark = headers.get("etag", "")
    return headers.get("last-modified", "") if mark.startswith("W/") or not mark else mark


def _finish(part: _Part, target: Path, url: str) -> Path:
    try:
        with zipfile.ZipFile(part.path) as opened:
            opened.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        part.path.unlink(missing_ok=True)
        _mark(target).unlink(missing_ok=True)
        raise RefusedError(
            "what came is no whole zip file", where=url, next_step="Run the command again; it is fetched anew."
        ) from error
    part.path.replace(target)
    _mark(target).unlink(missing_ok=True)
    return target


def fingerprint(path: Path) -> str:
    """The SHA-256 of a file, read a piece at a time.

    Raises:
        InputError: if it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror or error}", where=str(path), next_step="Check the path."
        ) from error
    return digest.hexdigest()
