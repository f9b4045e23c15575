"""Bytes to documents: what a file is, and what is inside archives. Guards against bombs and path tricks.

Companies House sends single documents, daily and monthly zips of thousands, and zips that package one filing: community
interest companies (accounts beside a CIC34 report), UKSEF reports, audit-exempt subsidiaries (their accounts beside the
parent's). Of a package, the accounts are taken.
"""

import gzip
import io
import re
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO, Literal

from collectors.accounts.tags import Problem
from collectors.accounts.zips import BadZipError, Entry, contents, entries, overlap

Kind = Literal["tagged", "pdf", "zip", "gzip", "empty", "other"]

MOST_MEMBER_BYTES = 150_000_000
MOST_UNPACKED_BYTES = 300_000_000
"""Most bytes that one filing may unpack to, all its members and what they hold together."""
MOST_RATIO = 250
RATIO_COUNTS_FROM = 5_000_000
DEEPEST = 3
_JUNK = re.compile(r"(?:^|/)(?:__MACOSX/|\._|\.DS_Store$|Thumbs\.db$)")
_PACKAGE_FOLDER = re.compile(r"(?:^|/)(?:accounts|reports)/[^/]+$", re.IGNORECASE)
_NUMBER = re.compile(r"(?:^|[_\-./])(\d{8}|[A-Z]{2}\d{6})(?=[_\-.]|$)")
_BROKEN = (BadZipError, zlib.error, EOFError, OSError)
_ROOT_WITHIN = 1 << 20
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
    if b"/inlineXBRL" in content or _PLAIN_ROOT.search(content, 0, _ROOT_WITHIN):
        return "tagged"
    return "other"


class Allowance:
    """Bytes that one filing may still unpack to, however deep its archives are nested."""

    def __init__(self) -> None:
        self.left = MOST_UNPACKED_BYTES

    def spend(self, size: int) -> None:
        """Take note of bytes that came out."""
        self.left -= size


def documents(
    content: bytes, name: str, depth: int = 0, allowance: Allowance | None = None
) -> Iterator[Member | Problem]:
    """Every document in some bytes, archives opened; what is skipped comes as a problem.

    Args:
        content: a document, or a gzip or zip of documents.
        name: path or file name, for locators.
        depth: how many archives were opened to get here.
        allowance: what may be unpacked on the way; a new one where none is given.
    """
    allowance = allowance or Allowance()
    kind = kind_of(content)
    if kind not in {"zip", "gzip"}:
        yield Member(name, content)
    elif depth >= DEEPEST:
        yield Problem("archive_too_deep", f"an archive inside {DEEPEST} archives is not opened", name, severity="error")
    elif kind == "gzip":
        yield from _gunzip(content, name, depth, allowance)
    else:
        try:
            yield from _filing(io.BytesIO(content), name, depth, allowance)
        except _BROKEN as error:
            yield Problem("archive_unreadable", f"the zip cannot be opened: {error}", name, severity="error")


def _gunzip(content: bytes, name: str, depth: int, allowance: Allowance) -> Iterator[Member | Problem]:
    inside = name.removesuffix(".gz")
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            data = stream.read(max(0, min(MOST_MEMBER_BYTES, allowance.left)) + 1)
    except _BROKEN as error:
        yield Problem("archive_unreadable", f"the gzip is damaged or cut short: {error}", name, severity="error")
        return
    allowance.spend(len(data))
    if allowance.left < 0 or _is_bomb(len(data), len(content)):
        yield _bomb(name, len(data))
        return
    yield from documents(data, inside, depth + 1, allowance)


def members(archive: BinaryIO, name: str) -> Iterator[Member | Problem]:
    """Every document in an open zip of filings, each with an allowance of its own; of a package only its accounts.

    Raises:
        BadZipError: if its directory cannot be read.
    """
    kept, problems = worth_reading(entries(archive), name)
    yield from problems
    for entry in kept:
        yield from member(archive, entry, name)


def member(archive: BinaryIO, entry: Entry, name: str) -> Iterator[Member | Problem]:
    """Every document in one member of a zip of filings."""
    allowance = Allowance()
    read = _read(archive, entry, f"{name}!{entry.name}", allowance)
    if isinstance(read, Problem):
        yield read
    else:
        yield from documents(read.content, read.name, 1, allowance)


def _filing(archive: BinaryIO, name: str, depth: int, allowance: Allowance) -> Iterator[Member | Problem]:
    """The documents of a zip that is one filing, or a part of one, read one at a time."""
    kept, problems = worth_reading(entries(archive), name)
    yield from problems
    chosen, others = _of_package(archive, kept, name, allowance)
    for entry in others:
        yield Problem(
            "package_member_skipped", "the accounts of another company", f"{name}!{entry.name}", severity="information"
        )
    for entry in chosen:
        read = _read(archive, entry, f"{name}!{entry.name}", allowance)
        if isinstance(read, Problem):
            yield read
        else:
            yield from documents(read.content, read.name, depth + 1, allowance)
        if allowance.left < 0:
            return


def worth_reading(listed: Iterable[Entry], name: str) -> tuple[list[Entry], list[Problem]]:
    """Members worth reading, and what is wrong with the directory. A directory whose members overlap is a bomb."""
    kept = [entry for entry in listed if not is_junk(entry)]
    if overlap(kept):
        return [], [Problem("zip_bomb", "members of the zip overlap; none is read", name, severity="error")]
    problems = [problem for entry in kept if (problem := path_problem(entry, name))]
    packaged = [entry for entry in kept if _PACKAGE_FOLDER.search(entry.name)]
    if packaged:
        problems += [
            Problem(
                "package_member_skipped",
                "not the accounts of the package",
                f"{name}!{entry.name}",
                severity="information",
            )
            for entry in kept
            if not _PACKAGE_FOLDER.search(entry.name)
        ]
    return packaged or kept, problems


def is_junk(entry: Entry) -> bool:
    """True for folders and for what operating systems leave in archives."""
    return entry.is_folder or _JUNK.search(entry.name) is not None


def path_problem(entry: Entry, name: str) -> Problem | None:
    """That a member's path leads out of the archive; None where it does not."""
    if not _escapes(entry.name):
        return None
    message = "a member's path leads out of the archive; it is read, never written"
    return Problem("path_outside_archive", message, f"{name}!{entry.name}")


def _of_package(
    archive: BinaryIO, kept: list[Entry], name: str, allowance: Allowance
) -> tuple[list[Entry], list[Entry]]:
    """Members to take and to leave: of several tagged ones, those of the company the package is named after."""
    named = _NUMBER.search(_file_name(name))
    if named is None or len(kept) < 2:  # noqa: PLR2004  nothing to choose from
        return kept, []
    tagged = 0
    named_so: set[Entry] = set()
    of_company: set[Entry] = set()
    for entry in kept:
        read = _read(archive, entry, name, allowance)
        if isinstance(read, Problem) or kind_of(read.content) != "tagged":
            continue
        tagged += 1
        if named[1] in _NUMBER.findall(_file_name(entry.name)):
            named_so.add(entry)
        if _is_of(read, named[1]):
            of_company.add(entry)
    chosen = (named_so or of_company) if tagged > 1 else set()
    if not chosen:
        return kept, []
    return [entry for entry in kept if entry in chosen], [entry for entry in kept if entry not in chosen]


def _file_name(path: str) -> str:
    return PurePosixPath(path.rpartition("!")[2]).name


def _is_of(member: Member, number: str) -> bool:
    """True for a document whose contexts name the company."""
    digits = number.lstrip("0").encode()
    return re.search(rb"identifier\b[^<>]*>\s*0*" + re.escape(digits) + rb"\s*<", member.content) is not None


def _read(archive: BinaryIO, entry: Entry, path: str, allowance: Allowance) -> Member | Problem:
    """A member's bytes, counted as they come: sizes in a directory can lie."""
    parts: list[bytes] = []
    size = 0
    try:
        for chunk in contents(archive, entry):
            size += len(chunk)
            allowance.spend(len(chunk))
            if allowance.left < 0 or _is_bomb(size, entry.packed):
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
    return not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]
