"""Pages as a scanner sees them: one black and white picture a page, a little crooked and specked, no text layer."""

import json
import zlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from oversight.example.filed.paper import HEIGHT, WIDTH, Sheet, pdf

_DOTS = 300
_PIXELS = _DOTS / 72
_ACROSS, _DOWN = round(WIDTH * _PIXELS), round(HEIGHT * _PIXELS)
_LEAN = 420
"""The paper lies askew: one pixel lower every so many pixels to the right."""

_SPECKS = 500


@dataclass(frozen=True, slots=True)
class _Glyph:
    advance: int
    left: int
    top: int
    width: int
    rows: tuple[int, ...]


@cache
def _font() -> tuple[int, dict[str, _Glyph]]:
    """Ascent in pixels, and glyphs by character."""
    told = json.loads(files("oversight.example").joinpath("data/aileron.json").read_text(encoding="utf-8"))
    glyphs = {}
    for character, (advance, left, top, width, bits) in told["glyphs"].items():
        step = (width + 3) // 4
        rows = tuple(
            int(bits[place : place + step], 16) >> (step * 4 - width) for place in range(0, len(bits), step or 1)
        )
        glyphs[character] = _Glyph(advance, left, top, width, rows)
    return told["ascent"], glyphs


def _length(text: str, glyphs: dict[str, _Glyph]) -> int:
    return sum(glyphs.get(character, glyphs["?"]).advance for character in text)


def picture(sheet: Sheet, rng: Random) -> bytes:
    """One page as rows of bits, 1 for black, each row filled up to whole bytes."""
    ascent, glyphs = _font()
    rows = [0] * _DOWN
    for piece in sheet:
        x = round(piece.x * _PIXELS)
        if piece.right:
            x -= _length(piece.text, glyphs)
        top = round(piece.y * _PIXELS) - ascent
        for character in piece.text:
            glyph = glyphs.get(character, glyphs["?"])
            lower = top + glyph.top + x // _LEAN
            shift = _ACROSS - (x + glyph.left + glyph.width)
            for place, bits in enumerate(glyph.rows):
                if bits and shift >= 0 and 0 <= lower + place < _DOWN:
                    rows[lower + place] |= bits << shift
            x += glyph.advance
    for _ in range(_SPECKS):
        rows[rng.randrange(_DOWN)] |= 1 << rng.randrange(_ACROSS)
    width = (_ACROSS + 7) // 8
    return b"".join((row << (width * 8 - _ACROSS)).to_bytes(width, "big") for row in rows)


def render(sheets: list[Sheet]) -> bytes:
    """Pages as a PDF that holds nothing but their pictures, 300 dots to the inch."""
    rng = Random(len(sheets))
    images, pages = [], []
    place = f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /Scan Do Q".encode()
    content = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(place), place)
    for number, sheet in enumerate(sheets):
        data = zlib.compress(picture(sheet, rng), 6)
        images.append(
            b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 "
            b"/Decode [1 0] /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
            % (_ACROSS, _DOWN, len(data), data)
        )
        pages.append((content, b"/XObject << /Scan %d 0 R >>" % (3 + number)))
    return pdf(pages, images)
