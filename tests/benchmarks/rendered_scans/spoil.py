"""Printed pages made into what is filed: pictures, thresholded, askew, faint, stamped, sideways.

Every spoiling is drawn from a seed made of the document and the kind, so that it comes out the same again.
"""

import io
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from collectors.accounts.scans.paper import open_paper

_WHITE = 255
_THRESHOLD = 150
_FAINT_INK, _FAINT_THRESHOLD = 0.55, 118
_LEAN = (0.3, 1.5)
_SPECKS = 12
"""To the square inch."""
_QUALITY = 40
_BLUR = 0.9
Spoiling = Callable[[Image.Image, int, random.Random], Image.Image]


@dataclass(frozen=True, slots=True)
class Way:
    """A way of spoiling: dots to the inch, whether black and white only, and what is done to each page."""

    dpi: int
    black_and_white: bool
    spoil: Spoiling


def _plain(page: Image.Image, _dpi: int, _chance: random.Random) -> Image.Image:
    return _black(page, _THRESHOLD)


def _fax(page: Image.Image, dpi: int, chance: random.Random) -> Image.Image:
    return _specked(_black(_leaning(page, chance), _THRESHOLD), dpi, chance)


def _faint(page: Image.Image, dpi: int, chance: random.Random) -> Image.Image:
    """Weak toner: ink is grey and uneven, so that the threshold breaks thin strokes."""
    ink = np.asarray(page.filter(ImageFilter.GaussianBlur(_BLUR * dpi / 300)), dtype=np.float32)
    noise = np.random.default_rng(chance.getrandbits(32)).normal(0, 14, ink.shape).astype(np.float32)
    weak = _WHITE - (_WHITE - ink) * _FAINT_INK * 1.15 + noise
    return _black(Image.fromarray(np.clip(weak, 0, _WHITE).astype(np.uint8)), _FAINT_THRESHOLD + 30)


def _photo(page: Image.Image, dpi: int, chance: random.Random) -> Image.Image:
    """Grey, out of focus and compressed hard."""
    return _leaning(page, chance).filter(ImageFilter.GaussianBlur(_BLUR * dpi / 200))


def _stamped(page: Image.Image, dpi: int, chance: random.Random) -> Image.Image:
    """Punched holes at the margin, a bar code at the foot, and a stamp over some pages."""
    marked = _black(_leaning(page, chance), _THRESHOLD).convert("L")
    draw = ImageDraw.Draw(marked)
    for height in (0.36, 0.64):
        _disc(draw, 0.45 * dpi, height * marked.height, 0.12 * dpi)
    left, top = 0.6 * marked.width, 0.955 * marked.height
    for _ in range(40):
        width = chance.choice((1, 2, 3)) * dpi // 100
        draw.rectangle((left, top, left + width, top + 0.2 * dpi), fill=0)
        left += width + chance.choice((2, 3, 4)) * dpi // 100
    if chance.random() < 0.5:
        x, y = chance.uniform(0.55, 0.75) * marked.width, chance.uniform(0.02, 0.06) * marked.height
        draw.rectangle((x, y, x + 1.6 * dpi, y + 0.45 * dpi), outline=0, width=dpi // 60)
        draw.text((x + 0.1 * dpi, y + 0.1 * dpi), "COMPANIES HOUSE", fill=0, font_size=dpi / 8)
    return marked


def _disc(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float) -> None:
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=0)


def _turned(page: Image.Image, _dpi: int, chance: random.Random) -> Image.Image:
    """A page in three lies on its side or stands on its head."""
    quarter = chance.choice((0, 0, 0, 0, 0, 0, 90, 180, 270))
    return _black(page, _THRESHOLD).rotate(quarter, expand=True)


WAYS: Mapping[str, Way] = {
    "plain300": Way(300, True, _plain),
    "fax200": Way(200, True, _fax),
    "faint300": Way(300, True, _faint),
    "photo200": Way(200, False, _photo),
    "stamped200": Way(200, True, _stamped),
    "turned200": Way(200, True, _turned),
}
"""By name: black and white unless grey, with the dots to the inch."""


def spoilt(pdf: bytes, name: str, way: Way, seed: str) -> bytes:
    """A printed document as one of pictures, spoilt in a way.

    Args:
        pdf: as printed.
        name: what to call it in errors.
        way: how to spoil it.
        seed: the same spoils it the same.
    """
    pages = _pages(pdf, name, way, random.Random(seed))  # noqa: S311  the same noise each time
    out = io.BytesIO()
    kind = {} if way.black_and_white else {"quality": _QUALITY}
    next(pages).save(out, "PDF", resolution=way.dpi, save_all=True, append_images=pages, **kind)
    return out.getvalue()


def _pages(pdf: bytes, name: str, way: Way, chance: random.Random) -> Iterator[Image.Image]:
    with open_paper(pdf, name) as paper:
        for number in range(1, len(paper) + 1):
            page = way.spoil(Image.fromarray(paper.picture(number, way.dpi)), way.dpi, chance)
            yield page.convert("1", dither=Image.Dither.NONE) if way.black_and_white else page


def _black(page: Image.Image, threshold: int) -> Image.Image:
    return page.point(lambda grey: _WHITE if grey > threshold else 0)


def _leaning(page: Image.Image, chance: random.Random) -> Image.Image:
    degrees = chance.choice((-1, 1)) * chance.uniform(*_LEAN)
    return page.rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=_WHITE)


def _specked(page: Image.Image, dpi: int, chance: random.Random) -> Image.Image:
    dots = np.array(page)
    height, width = dots.shape
    draws = np.random.default_rng(chance.getrandbits(32))
    count = int(_SPECKS * height * width / dpi**2)
    down, across = draws.integers(0, height - 2, count), draws.integers(0, width - 2, count)
    for dy, dx in ((0, 0), (0, 1), (1, 0)):
        dots[down + dy, across + dx] = 0
    return Image.fromarray(dots)
