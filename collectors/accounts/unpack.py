"""Bytes to documents: what a file is, and what is inside archives. Guards against bombs and path tricks.

Companies House sends single documents, daily and monthly zips of thousands, and zips that package one filing: community
interest companies (accounts beside a CIC34 report), UKSEF reports, audit-exempt subsidiaries (their accounts beside the
parent's). Of a package, the accounts are taken.
"""

import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal

from collectors.accounts.tags import Problem

Kind = Literal["tagged", "pdf", "zip", "gzip", "empty", "other"]

MOST_MEMBER_BYTES = 150_000_000
MOST_NESTED_BYTES = 300_000_000
MOST_RATIO = 250
RATIO_COUNTS_FROM = 5_000_000
DEEPEST = 3
_CHUNK = 1 << 20
_JUNK = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$)")
_PACKAGE_FOLDER = re.compile(r"(?:^|/)(?:accounts|reports)/[^/]+$", re.IGNORECASE)
_NUMBER = re.compile(r"(?:^|[_\-./])(\d{8}|[A-Z]{2}\d{6})(?=[_\-.]|$)")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
_PLAIN_ROOT = re.compile(rb"<(?:[\w.-]+:)?xbrl[\s>]")


@dataclass(frozen=True, slots=True)
class Member:
    """One document: the path by which it was reached, and its bytes."""

    name: str
    content: bytes


def kind_of(content: bytes) -> Kind:
    """What bytes are, by their content; names lie."""
    start = content[:1024].lstrip()
    if not start and not content.strip():
        return "empty"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "zip"
    if content.startswith(b"\x1f\x8b"):
        return "gzip"
    if content.startswith((b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")):
        content = content.replace(b"\x00", b"")
    if b"/inlineXBRL" in content or _PLAIN_ROOT.search(content):
        return "tagged"
    return "other"


def documents(content: bytes, name: str, depth: int = 0) -> Iterator[Member | Problem]:
    """Every document in some bytes, archives opened; what is skipped comes as a problem.

    Args:
        content: a document, or a gzip or zip of documents.
        name: path or file name, for locators.
        depth: how many archives were opened to get here.
    """
    kind = kind_of(content)
    if kind not in {"zip", "gzip"}:
        yield Member(name, content)
    elif depth >= DEEPEST:
        yield Problem("archive_too_deep", f"an archive inside {DEEPEST} archives is not opened", name, severity="error")
    elif kind == "gzip":
        yield from _gunzip(content, name, depth)
    else:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from members(archive, name, depth)
        except _BROKEN as error:
            yield Problem("archive_unreadable", f"the zip cannot be opened: {error}", name, severity="error")


def _gunzip(content: bytes, name: str, depth: int) -> Iterator[Member | Problem]:
    inside = name.removesuffix(".gz")
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            data = stream.read(MOST_MEMBER_BYTES + 1)
    except _BROKEN as error:
        yield Problem("archive_unreadable", f"the gzip is damaged or cut short: {error}", name, severity="error")
        return
    if _is_bomb(len(data), len(content)):
        yield _bomb(name, len(data))
        return
    yield from documents(data, inside, depth + 1)


def members(archive: zipfile.ZipFile, name: str, depth: int = 0) -> Iterator[Member | Problem]:
    """Every document in an open zip; of a package only its accounts."""
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    kept = [entry for entry in entries if not _JUNK.search(entry.filename)]
    packaged = {entry.filename for entry in kept if _PACKAGE_FOLDER.search(entry.filename)}
    spent = 0
    package: list[Member] = []
    for entry in kept:
        path = f"{name}!{entry.filename}"
        if _escapes(entry.filename):
            yield Problem(
                "path_outside_archive", "a member's path leads out of the archive; it is read, never written", path
            )
        if packaged and entry.filename not in packaged:
            yield Problem("package_member_skipped", "not the accounts of the package", path, severity="information")
            continue
        read = _read(archive, entry, path)
        if isinstance(read, Problem):
            yield read
            continue
        spent += len(read.content)
        if depth and spent > MOST_NESTED_BYTES:
            yield _bomb(path, spent)
            return
        if packaged or depth:
            package.append(read)
        else:
            yield from documents(read.content, path, depth + 1)
    yield from _of_package(package, name, depth)


def _of_package(package: list[Member], name: str, depth: int) -> Iterator[Member | Problem]:
    """The accounts of a package: of several tagged documents, those of the company the package is named after."""
    named = _NUMBER.search(_file_name(name))
    tagged = [member for member in package if kind_of(member.content) == "tagged"]
    chosen = package
    if named and len(tagged) > 1:
        number = named[1]
        own = [member for member in tagged if number in _NUMBER.findall(_file_name(member.name))]
        chosen = own or [member for member in tagged if _is_of(member, number)] or package
    for member in package:
        if member in chosen:
            yield from documents(member.content, member.name, depth + 1)
        else:
            yield Problem(
                "package_member_skipped", "the accounts of another company", member.name, severity="information"
            )


def _file_name(path: str) -> str:
    return PurePosixPath(path.rpartition("!")[2]).name


def _is_of(member: Member, number: str) -> bool:
    """True for a document whose contexts name the company."""
    digits = number.lstrip("0").encode()
    return re.search(rb"identifier\b[^<>]*>\s*0*" + re.escape(digits) + rb"\s*<", member.content) is not None


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: str) -> Member | Problem:
    """A member's bytes, counted as they come: sizes in a directory can lie."""
    parts: list[bytes] = []
    size = 0
    try:
        with archive.open(entry) as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if _is_bomb(size, entry.compress_size):
                    return _bomb(path, size)
                parts.append(chunk)
    except _BROKEN as error:
        return Problem(
            "member_unreadable", f"the member is damaged, encrypted or a placeholder: {error}", path, severity="error"
        )
    if not size:
        return Problem("member_empty", "the member holds no bytes", path, severity="information")
    return Member(path, b"".join(parts))


def _is_bomb(size: int, packed: int) -> bool:
    return size > MOST_MEMBER_BYTES or (size > RATIO_COUNTS_FROM and size > MOST_RATIO * max(packed, 1))


def _bomb(path: str, size: int) -> Problem:
    return Problem(
        "zip_bomb",
        f"unpacks to {size:,} bytes or more, as no set of accounts does; not read further",
        path,
        severity="error",
    )


def _escapes(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or ":" in path.parts[0] if path.parts else True
