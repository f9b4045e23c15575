"""Zip files of any size: their directory one entry at a time, and the bytes of a member, counted as they come.

The standard library keeps a whole directory in memory and lets some methods unpack without a limit; a monthly file of
Companies House has 300,000 members, and strangers pack what we read.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

_END = b"PK\x05\x06"
_END_64 = b"PK\x06\x06"
_LOCATOR_64 = b"PK\x06\x07"
_CENTRAL = b"PK\x01\x02"
_LOCAL = b"PK\x03\x04"
_END_SIZE = 22
_LOCATOR_SIZE = 20
_END_64_SIZE = 56
_LOCAL_SIZE = 30
_LONGEST_COMMENT = 0xFFFF
_IN_EXTRA = 0xFFFFFFFF
_EXTRA_64 = 1
_ENTRY = struct.Struct("<4s2B5H3L5H2L")
_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_UTF_8 = 0x800
STORED, DEFLATED = 0, 8


class BadZipError(ValueError):
    """A zip file, or a member of one, that is damaged or packed as accounts never are."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A member, as the directory describes it.

    Attributes:
        name: its path as written, which may be any text.
        offset: where its own header begins.
        packed: bytes it takes in the file.
        size: bytes it should unpack to.
        checksum: CRC-32 of those.
        method: how it is packed.
        flags: bit 0 for encrypted.
    """

    name: str
    offset: int
    packed: int
    size: int
    checksum: int
    method: int
    flags: int

    @property
    def is_folder(self) -> bool:
        """True for what is no file."""
        return not self.name or self.name.endswith("/")


@dataclass(frozen=True, slots=True)
class _Directory:
    start: int
    size: int
    shift: int
    """Bytes that stand before the zip file itself."""


def entries(stream: BinaryIO) -> Iterator[Entry]:
    """Every entry of the directory, in its order.

    Raises:
        BadZipError: if there is no directory, or it is damaged.
    """
    directory = _find(stream)
    place, left = directory.start, directory.size
    held = b""
    while left or held:
        if len(held) < _ENTRY.size + 3 * _LONGEST_COMMENT and left:
            stream.seek(place)
            more = stream.read(min(left, _CHUNK))
            if not more:
                raise BadZipError("the directory of the zip is cut short")
            place, left, held = place + len(more), left - len(more), held + more
        consumed = 0
        while len(held) - consumed >= _ENTRY.size + 3 * _LONGEST_COMMENT or (not left and consumed < len(held)):
            entry, length = _entry(held, consumed, directory.shift)
            yield entry
            consumed += length
        held = held[consumed:]


def fingerprint(stream: BinaryIO) -> str:
    """A name for what is in the zip file: a hash of its directory, which holds a checksum of each member.

    Raises:
        BadZipError: if there is no directory.
    """
    directory = _find(stream)
    made = hashlib.sha256()
    stream.seek(directory.start)
    left = directory.size
    while left and (chunk := stream.read(min(left, _CHUNK))):
        made.update(chunk)
        left -= len(chunk)
    return made.hexdigest()


def contents(stream: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """The bytes of a member in pieces of at most a megabyte; its checksum is compared at the end.

    Raises:
        BadZipError: if the member is damaged, encrypted, or packed by another method than Companies House's.
    """
    if entry.flags & _ENCRYPTED:
        raise BadZipError("the member is encrypted")
    if entry.method not in {STORED, DEFLATED}:
        raise BadZipError(f"packed by method {entry.method}, which accounts never are")
    stream.seek(entry.offset)
    header = stream.read(_LOCAL_SIZE)
    if len(header) < _LOCAL_SIZE or not header.startswith(_LOCAL):
        raise BadZipError("no member stands where the directory says")
    name, extra = struct.unpack_from("<2H", header, 26)
    stream.seek(name + extra, 1)
    packed = _packed(stream, entry.packed)
    checksum = 0
    for chunk in packed if entry.method == STORED else _inflated(packed):
        checksum = zlib.crc32(chunk, checksum)
        yield chunk
    if checksum != entry.checksum:
        raise BadZipError("the member's checksum does not agree with its bytes")


def overlap(members: Iterable[Entry]) -> bool:
    """True where two members share bytes of the file, so that a few bytes unpack many times over."""
    end = 0
    for offset, packed in sorted((entry.offset, entry.packed) for entry in members):
        if offset < end:
            return True
        end = offset + _LOCAL_SIZE + packed
    return False


def _packed(stream: BinaryIO, size: int) -> Iterator[bytes]:
    while size:
        chunk = stream.read(min(size, _CHUNK))
        if not chunk:
            raise BadZipError("the member is cut short")
        size -= len(chunk)
        yield chunk


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=-15)
    try:
        for chunk in packed:
            waiting = chunk
            while waiting or unpacker.unconsumed_tail:
                piece = unpacker.decompress(waiting, _CHUNK)
                waiting = unpacker.unconsumed_tail
                if piece:
                    yield piece
                elif not waiting or unpacker.eof:
                    break
        if rest := unpacker.flush():
            yield rest
    except zlib.error as error:
        raise BadZipError(str(error)) from error
    if not unpacker.eof:
        raise BadZipError("the member is cut short")


def _find(stream: BinaryIO) -> _Directory:
    """Where the directory stands, by the record at the end of the file."""
    length = stream.seek(0, 2)
    start = max(0, length - _END_SIZE - _LONGEST_COMMENT)
    stream.seek(start)
    tail = stream.read()
    place = tail.rfind(_END)
    if place < 0 or len(tail) - place < _END_SIZE:
        raise BadZipError("it has no directory: it is cut short, or no zip file")
    size, offset = struct.unpack_from("<2L", tail, place + 12)
    end = start + place
    if _IN_EXTRA in {size, offset} or tail[max(0, place - _LOCATOR_SIZE) : place].startswith(_LOCATOR_64):
        size, offset, end = _large(stream, end, size, offset)
    shift = end - size - offset
    if shift < 0 or offset < 0 or size < 0:
        raise BadZipError("its directory does not stand where it says")
    return _Directory(offset + shift, size, shift)


def _large(stream: BinaryIO, end: int, size: int, offset: int) -> tuple[int, int, int]:
    """Size and offset of the directory of a file too large for the first record, and where the second one stands."""
    if end < _LOCATOR_SIZE:
        return size, offset, end
    stream.seek(end - _LOCATOR_SIZE)
    locator = stream.read(_LOCATOR_SIZE)
    if not locator.startswith(_LOCATOR_64):
        return size, offset, end
    (said,) = struct.unpack_from("<Q", locator, 8)
    for place in (said, end - _LOCATOR_SIZE - _END_64_SIZE):  # the second where bytes stand in front of the zip
        stream.seek(max(0, min(place, end)))
        record = stream.read(_END_64_SIZE)
        if len(record) == _END_64_SIZE and record.startswith(_END_64):
            size, offset = struct.unpack_from("<2Q", record, 40)
            return size, offset, place
    raise BadZipError("its directory does not stand where it says")


def _entry(held: bytes, place: int, shift: int) -> tuple[Entry, int]:
    """The entry at a place, and how long it is."""
    try:
        (mark, _, _, _, flags, method, _, _, checksum, packed, size, name, extra, comment, _, _, _, offset) = (
            _ENTRY.unpack_from(held, place)
        )
    except struct.error as error:
        raise BadZipError("the directory of the zip is cut short") from error
    if mark != _CENTRAL:
        raise BadZipError("the directory of the zip is damaged")
    start = place + _ENTRY.size
    written = held[start : start + name]
    if _IN_EXTRA in {packed, size, offset}:
        size, packed, offset = _wide(held[start + name : start + name + extra], size, packed, offset)
    text = written.decode("utf-8" if flags & _UTF_8 else "cp437", errors="replace")
    return Entry(text, offset + shift, packed, size, checksum, method, flags), _ENTRY.size + name + extra + comment


def _wide(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Sizes and offset of a member too large for its entry, from the field that holds them."""
    while len(extra) >= 4:  # noqa: PLR2004  a field's number and length
        number, length = struct.unpack_from("<2H", extra)
        if number == _EXTRA_64:
            found = (
                iter(struct.unpack_from(f"<{length // 8}Q", extra[: 4 + length], 4))
                if length <= len(extra) - 4
                else iter(())
            )
            size = next(found, size) if size == _IN_EXTRA else size
            packed = next(found, packed) if packed == _IN_EXTRA else packed
            offset = next(found, offset) if offset == _IN_EXTRA else offset
            break
        extra = extra[4 + length :]
    return size, packed, offset
