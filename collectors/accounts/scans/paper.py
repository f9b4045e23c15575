"""A PDF, opened with care: its pages as pictures and as characters.

What cannot be opened, and a page whose picture would not fit in memory, is an error that says so. One page is held at a
time.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt
import pypdfium2
from pypdfium2 import raw

from oversight.errors import AccountsError, HostileInputError

Picture = npt.NDArray[np.uint8]
"""A page in grey: rows of pixels, 0 for black."""

POINTS = 72
"""Points in an inch."""
LONGEST_SIDE = 5_000.0
"""Points; A0 is 3,370. A longer page is no page of accounts."""
MOST_PIXELS = 30_000_000
"""Of a rendered page, and four times as many of a picture in it: an A3 page scanned at 600 dots to the inch fits."""
MOST_BYTES = 60_000_000
_MOST_OF_PAGE = 0.6
_MOST_OBJECTS = 20_000
_MOST_CHARACTERS = 50_000
_NEXT = "Ask the company for a copy that can be read, or enter its figures by hand."


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a text layer and its box in points from the top left."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


class Paper:
    """An open PDF. Pages are counted from 1."""

    def __init__(self, document: pypdfium2.PdfDocument, where: str) -> None:
        self._document = document
        self._where = where

    def __len__(self) -> int:
        return len(self._document)

    @contextmanager
    def _page(self, number: int) -> Iterator[pypdfium2.PdfPage]:
        try:
            page = self._document[number - 1]
        except pypdfium2.PdfiumError as error:
            raise self._error(f"page {number} cannot be opened") from error
        try:
            yield page
        finally:
            page.close()

    def _error(self, message: str) -> AccountsError:
        return AccountsError(message, where=self._where, next_step=_NEXT)

    def picture(self, number: int, dpi: int) -> Picture:
        """A page in grey, `dpi` pixels to the inch.

        Raises:
            HostileInputError: for a page, or a picture on it, of absurd size.
            AccountsError: if the page cannot be opened or drawn.
        """
        with self._page(number) as page:
            width, height = page.get_size()
            if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
                raise self._too_large(f"page {number} measures {width:.0f} by {height:.0f} points")
            if width * height * (dpi / POINTS) ** 2 > MOST_PIXELS:
                raise self._too_large(f"page {number} is {width * height * (dpi / POINTS) ** 2:,.0f} pixels")
            for item in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), _MOST_OBJECTS):
                across, down = item.get_px_size()
                if across * down > 4 * MOST_PIXELS:
                    raise self._too_large(f"a picture on page {number} is {across:,} by {down:,} pixels")
            try:
                bitmap = page.render(scale=dpi / POINTS, grayscale=True, no_smoothpath=False)
            except (pypdfium2.PdfiumError, ValueError, MemoryError) as error:
                raise self._error(f"page {number} cannot be drawn") from error
            drawn = np.array(bitmap.to_numpy(), dtype=np.uint8)
            bitmap.close()
            return drawn.reshape(drawn.shape[:2])

    def _too_large(self, message: str) -> HostileInputError:
        return HostileInputError(message, where=self._where, next_step=_NEXT)

    def size(self, number: int) -> tuple[float, float]:
        """Width and height of a page in points, as it is shown."""
        with self._page(number) as page:
            width, height = page.get_size()
            return float(width), float(height)

    def is_picture(self, number: int) -> bool:
        """Whether a picture covers most of a page: any text layer over it is somebody's OCR, not what was printed."""
        with self._page(number) as page:
            width, height = page.get_size()
            for item in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), _MOST_OBJECTS):
                left, bottom, right, top = item.get_bounds()
                if (right - left) * (top - bottom) >= _MOST_OF_PAGE * width * height:
                    return True
            return False

    def characters(self, number: int) -> list[Character]:
        """The characters of the text layer in the order they are stored; empty where there is none.

        Raises:
            AccountsError: if the page cannot be opened.
        """
        with self._page(number) as page:
            if page.get_rotation():
                return []
            _, height = page.get_size()
            text = page.get_textpage()
            try:
                return list(_characters(text, float(height)))
            finally:
                text.close()


def _characters(text: pypdfium2.PdfTextPage, height: float) -> Iterator[Character]:
    for index in range(min(text.count_chars(), _MOST_CHARACTERS)):
        code = raw.FPDFText_GetUnicode(text, index)
        if not 0 < code <= sys.maxunicode or raw.FPDFText_IsGenerated(text, index) == 1:
            continue
        left, bottom, right, top = text.get_charbox(index, loose=True)
        yield Character(chr(code), left, height - top, right, height - bottom)


@contextmanager
def open_paper(content: bytes, where: str) -> Iterator[Paper]:
    """Open a PDF.

    Args:
        content: its bytes.
        where: what to call it in errors.

    Raises:
        AccountsError: if it is broken, encrypted or without pages.
        HostileInputError: if it is larger than any set of accounts.
    """
    if len(content) > MOST_BYTES:
        raise HostileInputError(f"the PDF is {len(content):,} bytes", where=where, next_step=_NEXT)
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        message = "the PDF is locked with a password" if locked else "the PDF is broken and cannot be opened"
        raise AccountsError(message, where=where, next_step=_NEXT) from error
    try:
        if not len(document):
            raise AccountsError("the PDF has no pages", where=where, next_step=_NEXT)
        yield Paper(document, where)
    finally:
        document.close()
