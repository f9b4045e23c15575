"""Archives that lie: bombs of every kind, sizes that are not, paths that lead out, members that overlap."""

import bz2
import gzip
import io
import random
import struct
import zipfile
from collections.abc import Callable, Mapping

Pack = Callable[[bytes, random.Random], bytes]

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_NAMES = (
    "a.html", "Prod223_1_01234567_20250331.html", "../../../etc/passwd", "/etc/passwd", "C:\\x.html", "..\\x.html",
    "accounts/a.xhtml", "reports/a.xhtml", "__MACOSX/._a.html", "x" * 60_000, "\u202ea.html", "a\x00b.html", "", "/",
    "Prod223_1_A CARE HOME LIMITED_20250331.html", "a!b!c.zip", "é.html", "con", " ",
)  # fmt: skip


def zipped(content: bytes, chance: random.Random) -> bytes:
    """Members with odd names, several of one name, packed by any method."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", chance.choice(_METHODS)) as archive:
        for _ in range(chance.randrange(1, 6)):
            entry = zipfile.ZipInfo(chance.choice(_NAMES))
            entry.compress_type = chance.choice(_METHODS)
            with archive.open(entry, "w") as member:
                member.write(content if chance.random() < 0.7 else b"")
    return stream.getvalue()


def nested(content: bytes, chance: random.Random) -> bytes:
    """Archives in archives."""
    for _ in range(chance.randrange(1, 8)):
        content = gzip.compress(content, 1, mtime=0) if chance.random() < 0.3 else _one(content, "a.zip")
    return content


def bomb(_content: bytes, chance: random.Random) -> bytes:
    """Megabytes of nothing, perhaps in several layers, perhaps tagged."""
    start = chance.choice((b"", b"<html xmlns:ix='http://www.xbrl.org/2013/inlineXBRL'>", b"%PDF-1.4"))
    body = start + bytes([chance.choice((0, 32, 65, 60))]) * int(10 ** chance.uniform(6, 8.3))
    pack = chance.choice(("deflate", "bzip2", "lzma", "gzip"))
    if pack == "gzip":
        return gzip.compress(body, 1, mtime=0)
    method = {"deflate": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}[pack]
    made = _one(body, "a.html", method)
    return _one(made, "b.zip") if chance.random() < 0.5 else made


def many_bombs(_content: bytes, chance: random.Random) -> bytes:
    """One packed stretch that hundreds of directory entries point to: members overlap."""
    packed = _one(bytes(int(10 ** chance.uniform(5, 7.6))), "a")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        start = archive.start_dir
    central, end = packed[start:-22], bytearray(packed[-22:])
    count = chance.choice((10, 100, 1_000, 60_000))
    struct.pack_into("<HHI", end, 8, count & 0xFFFF, count & 0xFFFF, (len(central) * count) & 0xFFFFFFFF)
    return packed[:start] + central * count + bytes(end)


def lying(content: bytes, chance: random.Random) -> bytes:
    """Sizes, checksums, offsets, methods and flags that are not true, in either directory."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(chance.randrange(1, 4)):
            archive.writestr(f"{number}.html", content)
    packed = bytearray(stream.getvalue())
    for _ in range(chance.randrange(1, 6)):
        mark, length = chance.choice(((b"PK\x01\x02", 46), (b"PK\x03\x04", 30), (b"PK\x05\x06", 22)))
        places = (
            [place for place in range(len(packed) - 4) if packed[place : place + 4] == mark]
            if len(packed) < 200_000
            else []
        )
        place = chance.choice(places) if places else packed.rfind(mark)
        if place >= 0 and place + length <= len(packed):
            field = place + chance.randrange(4, length - 3)
            struct.pack_into("<I", packed, field, chance.choice((0, 1, 0xFFFFFFFF, 0x7FFFFFFF, chance.getrandbits(32))))
    return bytes(packed)


def many_members(_content: bytes, chance: random.Random) -> bytes:
    """Members by the ten thousand, empty or tiny."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(int(10 ** chance.uniform(1, 4.5))):
            archive.writestr(f"{number}.html", b"" if chance.random() < 0.5 else b"<html/>")
    return stream.getvalue()


def gzips(content: bytes, chance: random.Random) -> bytes:
    """A gzip of several parts, with rubbish behind, or with another compression inside."""
    made = b"".join(gzip.compress(content, 1, mtime=0) for _ in range(chance.randrange(1, 4)))
    return chance.choice((made, made + b"rubbish", gzip.compress(bz2.compress(content[:100_000])), made[:-5]))


def _one(content: bytes, name: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr(name, content)
    return stream.getvalue()


PACKS: Mapping[str, Pack] = {
    each.__name__: each for each in (zipped, nested, bomb, many_bombs, lying, many_members, gzips)
}
