"""What is in a bulk file, one line or one member at a time, so that memory does not grow with the file.

What is handed on is cut out byte for byte: the archive keeps what Companies House published, not what we made of it.
"""

import csv
import json
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from collectors.companies_house.company import known_number
from collectors.companies_house.owners import Register, uk_company_number
from oversight.errors import HostileInputError, InputError

_MEMBER = re.compile(r"(?:^|/)Prod\d+_\d+_(?P<number>[A-Z0-9]{8})_(?P<day>\d{8})\.(?P<kind>html|xml)$")
_JUNK = re.compile(r"(^|/)(__MACOSX/|\._|\.DS_Store)")
_LONGEST_LINE = 4_000_000
_LARGEST_MEMBER = 200_000_000
_RATIO = 300
_FREE = 64_000_000
MEDIA_TYPES = {"html": "application/xhtml+xml", "xml": "application/xml"}


@dataclass(frozen=True, slots=True)
class FiledAccounts:
    """One set of accounts in a bulk file."""

    company_number: str
    period_end: date
    member: str
    media_type: str


def _open(path: Path) -> zipfile.ZipFile:
    try:
        opened = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InputError("not a whole zip file", where=str(path), next_step="Download it again.") from error
    unpacked = sum(member.file_size for member in opened.infolist())
    if unpacked > _FREE + _RATIO * path.stat().st_size:
        opened.close()
        raise HostileInputError(
            f"it says that it unpacks to {unpacked:,} bytes", where=str(path), next_step="Download it again."
        )
    return opened


def lines(path: Path) -> Iterator[tuple[str, int, bytes]]:
    """Every line of every text in a zip file: member, number from 1, and its bytes with their end.

    Raises:
        InputError: if the file is damaged; lines before the damage were handed on.
        HostileInputError: for a line, or a file, that is far too long.
    """
    with _open(path) as opened:
        for member in opened.infolist():
            if member.is_dir() or _JUNK.search(member.filename):
                continue
            try:
                with opened.open(member) as text:
                    number = 0
                    while line := text.readline(_LONGEST_LINE):
                        number += 1
                        if len(line) >= _LONGEST_LINE:
                            raise HostileInputError("a line never ends", where=f"{path}, {member.filename}:{number}")
                        yield member.filename, number, line
            except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
                raise InputError(
                    f"the file is damaged: {error}", where=f"{path}, {member.filename}", next_step="Download it again."
                ) from error


def filed_accounts(path: Path, wanted: frozenset[str]) -> Iterator[tuple[FiledAccounts, bytes]]:
    """The accounts of the companies wanted, told by their names in the zip file.

    Raises:
        InputError: if the file is damaged.
    """
    with _open(path) as opened:
        for member in opened.infolist():
            match = _MEMBER.search(member.filename)
            if match is None or match["number"] not in wanted or _JUNK.search(member.filename):
                continue
            try:
                day = datetime.strptime(match["day"], "%Y%m%d").date()  # noqa: DTZ007 - a day has no time zone
            except ValueError:
                continue
            if member.file_size > _LARGEST_MEMBER:
                raise HostileInputError("accounts far too long", where=f"{path}, {member.filename}")
            try:
                content = opened.read(member)
            except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
                raise InputError(
                    f"the file is damaged: {error}", where=f"{path}, {member.filename}", next_step="Download it again."
                ) from error
            yield FiledAccounts(match["number"], day, member.filename, MEDIA_TYPES[match["kind"]]), content


def row_of(line: bytes) -> list[str]:
    """The cells of one line of a CSV file."""
    return next(csv.reader([line.decode("utf-8", "replace").rstrip("\r\n")]), [])


def names_of(header: Sequence[str], row: Sequence[str]) -> Iterator[str]:
    """Today's and earlier names of a company in BasicCompanyData."""
    for title, cell in zip(header, row, strict=False):
        if cell and title.endswith("CompanyName"):
            yield cell


def columns_of(line: bytes) -> list[str]:
    """The columns of BasicCompanyData; two of them are published with a space in front."""
    return [title.strip().lstrip("\ufeff") for title in row_of(line)]


_OWNER_NUMBER = re.compile(rb'"registration_number"')


def corporate_owner(line: bytes) -> str | None:
    """The number of the UK company that a line of the PSC snapshot names as the owner; None for any other line."""
    if not _OWNER_NUMBER.search(line):
        return None
    try:
        told = json.loads(line)
        identity = told["data"]["identification"]
        register = Register(
            number=_text(identity.get("registration_number")),
            country=_text(identity.get("country_registered")),
            place=_text(identity.get("place_registered")),
            authority=_text(identity.get("legal_authority")),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return known_number(uk_company_number(register))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
