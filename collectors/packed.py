"""Bytes out of gzip and zip, within limits: what is packed by a stranger is measured before it is trusted."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from oversight.errors import HostileInputError, InputError

GZIP_MAGIC: Final = b"\x1f\x8b"
ZIP_MAGIC: Final = b"PK\x03\x04"
MAX_UNPACKED: Final = 512 * 1024 * 1024
"""Most bytes one document may unpack to. The largest Ofsted workbook met unpacks to 76 MB."""
MAX_RATIO: Final = 250
"""Most bytes out for one byte in, beyond the first 16 MB. Ofsted's workbooks reach 25."""
FREE_BYTES: Final = 16 * 1024 * 1024
MAX_MEMBERS: Final = 4096
_CHUNK: Final = 1024 * 1024
_LOCAL_HEADER: Final = 30
_DECLARATIONS: Final = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_UNSAFE_NAME: Final = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|\x00")
_BOMB: Final = "Delete the file; get the publication again from where it was published."


def gunzip(content: bytes, name: str) -> bytes:
    """The bytes inside one gzip file.

    Raises:
        HostileInputError: if it unpacks to far more than it should, or holds another gzip file.
        InputError: if it is damaged or cut short.
    """
    stream = zlib.decompressobj(wbits=31)
    try:
        unpacked = b"".join(_limited(stream, content, len(content), name))
    except zlib.error as error:
        raise _damaged(name) from error
    if not stream.eof:
        raise _damaged(name)
    if unpacked.startswith(GZIP_MAGIC):
        raise HostileInputError("a gzip file inside a gzip file is not opened", where=name, next_step=_BOMB)
    return unpacked


def open_zip(content: bytes, name: str) -> zipfile.ZipFile:
    """The directory of a zip file, its size limits checked.

    Raises:
        HostileInputError: if it has too many members, or two of the same name.
        InputError: if it is damaged.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise _damaged(name) from error
    names = archive.namelist()
    if len(names) > MAX_MEMBERS:
        raise HostileInputError(f"{len(names)} members in one zip file", where=name, next_step=_BOMB)
    if len(set(names)) != len(names):
        raise HostileInputError("two members of the zip file have the same name", where=name, next_step=_BOMB)
    return archive


def unsafe_members(archive: zipfile.ZipFile) -> list[str]:
    """Names of members that try to leave the folder they would be unpacked into."""
    return [member for member in archive.namelist() if _UNSAFE_NAME.search(member)]


def inflate(content: bytes, archive: zipfile.ZipFile, member: str, name: str, budget: int = MAX_UNPACKED) -> bytes:
    """The bytes of one member, counted as they come and not as the directory claims.

    Args:
        content: the zip file.
        archive: its directory, from `open_zip`.
        member: name of the member.
        name: the file, for messages.
        budget: most bytes the member may have.

    Raises:
        HostileInputError: if the member is a bomb, or is encrypted.
        InputError: if it is damaged.
    """
    info = archive.getinfo(member)
    start = info.header_offset
    header = content[start : start + _LOCAL_HEADER]
    if len(header) < _LOCAL_HEADER or not header.startswith(ZIP_MAGIC) or info.flag_bits & 0x1:
        raise _damaged(f"{name}, member {member!r}")
    start += _LOCAL_HEADER + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    packed = content[start : start + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        return packed
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise _damaged(f"{name}, member {member!r}")
    stream = zlib.decompressobj(wbits=-15)
    try:
        unpacked = b"".join(_limited(stream, packed, len(packed), f"{name}, member {member!r}", budget))
    except zlib.error as error:
        raise _damaged(f"{name}, member {member!r}") from error
    if not stream.eof:
        raise _damaged(f"{name}, member {member!r}")
    return unpacked


def check_xml(xml: bytes, name: str) -> None:
    """Stop at XML that is broken, or that has a document type or an entity: spreadsheets have none, bombs do.

    Programs that read spreadsheets may loop for ever on XML whose tags do not match, so it is parsed here first.

    Raises:
        HostileInputError: for a document type, an entity or an encoding other than UTF-8.
        InputError: for XML that is not well formed.
    """
    if xml.startswith((b"\xff\xfe", b"\xfe\xff", b"\x00", b"<\x00")):
        raise HostileInputError("XML that is not UTF-8 inside a spreadsheet", where=name, next_step=_BOMB)
    if _DECLARATIONS.search(xml):
        raise HostileInputError("an XML document type or entity inside a spreadsheet", where=name, next_step=_BOMB)
    try:
        expat.ParserCreate("utf-8").Parse(xml, True)
    except expat.ExpatError as error:
        raise _damaged(f"{name} ({error})") from error


def _limited(
    stream: "zlib._Decompress", packed: bytes, size: int, name: str, budget: int = MAX_UNPACKED
) -> Iterator[bytes]:
    most = min(budget, max(FREE_BYTES, size * MAX_RATIO))
    total = 0
    piece = stream.decompress(packed, _CHUNK)
    while piece:
        total += len(piece)
        if total > most:
            raise HostileInputError(f"{size:,} bytes unpack to more than {most:,}", where=name, next_step=_BOMB)
        yield piece
        piece = stream.decompress(stream.unconsumed_tail, _CHUNK)


def _damaged(name: str) -> InputError:
    return InputError("the file is damaged or cut short", where=name, next_step="Download the file again.")
