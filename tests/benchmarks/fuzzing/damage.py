"""Damage that knows nothing of the format: bytes flipped, lost, doubled, spliced, and words a parser minds."""

import random
from collections.abc import Callable, Mapping

Damage = Callable[[bytes, random.Random], bytes]

WORDS = (
    b"<", b">", b"&", b"&#0;", b"&#xD800;", b"&nbsp;", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<?xml version='1.0'?>",
    b"<!DOCTYPE html>", b"<!DOCTYPE html [<!ENTITY a 'b'>]>", b"<!ENTITY a 'b'>", b"&a;", b"\x00", b"\xff\xfe",
    b"\xef\xbb\xbf", b"</ix:nonFraction>", b"<ix:nonFraction", b"<ix:nonNumeric", b"<ix:continuation", b"<ix:exclude>",
    b"<xbrli:context id='x'>", b"</xbrli:context>", b" contextRef='x'", b" unitRef=''", b" scale='99999999999'",
    b" scale='x'", b" sign='-'", b" format='ixt:numunitdecimal'", b" xsi:nil='true'", b" continuedAt='x'", b"xmlns='y'",
    b" name=''", b" decimals='INF'", b"9" * 70, b"1e999", b"NaN", b"Infinity", b"-", b"(", b"\xc2\xa3", b"\xe2\x80\x94",
    b"0000-00-00", b"9999-12-31", b"2025-02-30", b"</table>", b"<table>", b"<td colspan='99999999'>", b"<tr>", b"</td>",
    b"%PDF-1.7", b"stream\r\n", b"endobj", b"PK\x03\x04", b"PK\x01\x02", b"\x1f\x8b",
)  # fmt: skip


def flip(content: bytes, chance: random.Random) -> bytes:
    """A few bytes to any others, or one bit of each."""
    damaged = bytearray(content)
    for _ in range(_few(chance)):
        place = chance.randrange(len(damaged)) if damaged else 0
        if damaged:
            damaged[place] = chance.choice((chance.randrange(256), damaged[place] ^ (1 << chance.randrange(8))))
    return bytes(damaged)


def truncate(content: bytes, chance: random.Random) -> bytes:
    """Cut short anywhere, or from the front."""
    place = chance.randrange(len(content) + 1)
    return content[:place] if chance.random() < 0.7 else content[place:]


def lose(content: bytes, chance: random.Random) -> bytes:
    """A stretch is missing."""
    start, end = _stretch(content, chance)
    return content[:start] + content[end:]


def double(content: bytes, chance: random.Random) -> bytes:
    """A stretch comes again, perhaps many times."""
    start, end = _stretch(content, chance)
    times = min(int(10 ** chance.randrange(1, 5)), 8_000_000 // max(1, end - start))
    return content[:end] + content[start:end] * times + content[end:]


def move(content: bytes, chance: random.Random) -> bytes:
    """A stretch stands elsewhere."""
    start, end = _stretch(content, chance)
    rest = content[:start] + content[end:]
    place = chance.randrange(len(rest) + 1)
    return rest[:place] + content[start:end] + rest[place:]


def insert(content: bytes, chance: random.Random) -> bytes:
    """Words that mean something to a parser, put in anywhere."""
    for _ in range(_few(chance)):
        place = chance.randrange(len(content) + 1)
        content = content[:place] + chance.choice(WORDS) + content[place:]
    return content


def swap_words(content: bytes, chance: random.Random) -> bytes:
    """What stands between two quotes, or two tags, replaced."""
    for _ in range(_few(chance)):
        edge = chance.choice((b'"', b">"))
        start = content.find(edge, chance.randrange(len(content) + 1))
        end = content.find(b'"' if edge == b'"' else b"<", start + 1)
        if start >= 0 and end >= 0:
            content = content[: start + 1] + chance.choice(WORDS) + content[end:]
    return content


def reencode(content: bytes, chance: random.Random) -> bytes:
    """A lie about the charset: encoded anew, or declared anew, or both."""
    text = content.decode("utf-8", "replace")
    charset = chance.choice(("utf-16", "utf-16-le", "utf-32", "utf-7", "cp1252", "latin-1", "cp037", "ascii", "cp932"))
    claimed = chance.choice(
        ("UTF-8", "UTF-16", "UTF-32", "US-ASCII", "windows-1252", "EBCDIC-CP-US", "no-such", "UCS-4")
    )
    if chance.random() < 0.6:
        text = f'<?xml version="1.0" encoding="{claimed}"?>' + text.partition("?>")[2]
    return text.encode(charset, "replace") if chance.random() < 0.7 else text.encode()


def _few(chance: random.Random) -> int:
    return 1 << chance.randrange(8)


def _stretch(content: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randrange(len(content) + 1)
    return start, min(len(content), start + 2 ** chance.randrange(17))


DAMAGES: Mapping[str, Damage] = {
    each.__name__: each for each in (flip, truncate, lose, double, move, insert, swap_words, reencode)
}
