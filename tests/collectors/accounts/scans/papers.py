"""PDFs made for tests: text placed on pages, pictures of pages, and PDFs that no library should trust."""

import io
import zlib

import numpy as np
from PIL import Image

from collectors.accounts.scans.paper import Picture
from oversight.example.filed.paper import Placed, Sheet, pdf, render

BALANCE_SHEET = (
    ("Example Homes Limited", None, None),
    ("Registered number: 01234567", None, None),
    ("Balance sheet as at 31 March 2024", None, None),
    ("", "2024", "2023"),
    ("", "£", "£"),
    ("Fixed assets", None, None),
    ("Tangible assets", "1,204,500", "1,100,250"),
    ("Current assets", None, None),
    ("Debtors", "310,400", "290,125"),
    ("Cash at bank and in hand", "95,100", "-"),
    ("", "405,500", "290,125"),
    ("Creditors: amounts falling due within one year", "(205,250)", "(180,375)"),
    ("Net current assets", "200,250", "109,750"),
    ("Total assets less current liabilities", "1,404,750", "1,210,000"),
    ("Creditors: amounts falling due after more than one year", "(900,000)", "(950,000)"),
    ("Net assets", "504,750", "260,000"),
)
"""An invented balance sheet: caption, this year, last year."""
PRINTED = {
    ("tangible_assets", False): 1_204_500.0,
    ("tangible_assets", True): 1_100_250.0,
    ("debtors", False): 310_400.0,
    ("debtors", True): 290_125.0,
    ("cash", False): 95_100.0,
    ("cash", True): 0.0,
    ("current_assets", False): 405_500.0,
    ("creditors_within_one_year", False): -205_250.0,
    ("net_current_assets", True): 109_750.0,
    ("creditors_after_one_year", True): -950_000.0,
    ("net_assets", False): 504_750.0,
    ("net_assets", True): 260_000.0,
}


def sheet(rows: tuple[tuple[str, str | None, str | None], ...] = BALANCE_SHEET, *, top: float = 90) -> Sheet:
    """Rows as placed text, two columns of figures at the right."""
    placed: Sheet = []
    for number, (caption, this, last) in enumerate(rows):
        y = top + 20 * number
        if caption:
            placed.append(Placed(60, y, caption))
        placed += [Placed(x, y, text, right=True) for x, text in ((440, this), (530, last)) if text]
    return placed


def with_text(*sheets: Sheet) -> bytes:
    """A PDF with a text layer."""
    return render(list(sheets))


def pictured(content: bytes, dpi: int = 150, quarters: int = 0) -> bytes:
    """The same pages as pictures, turned against the clock by so many right angles."""
    from collectors.accounts.scans.paper import open_paper  # noqa: PLC0415

    with open_paper(content, "test") as paper:
        pages = [np.rot90(paper.picture(number, dpi), quarters) for number in range(1, len(paper) + 1)]
    return of_pictures(pages, dpi)


def of_pictures(pages: list[Picture], dpi: int = 150) -> bytes:
    """A PDF whose pages are pictures."""
    first, *rest = [Image.fromarray(np.ascontiguousarray(page)) for page in pages]
    out = io.BytesIO()
    first.save(out, "PDF", resolution=dpi, save_all=True, append_images=rest)
    return out.getvalue()


def locked() -> bytes:
    """A PDF that asks for a password."""
    plain = with_text(sheet())
    code = b"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <%s> /U <%s> >> /ID [<00> <00>] " % (
        b"ab" * 32,
        b"cd" * 32,
    )
    return plain.replace(b"/Root 1 0 R", code + b"/Root 1 0 R")


def enormous_page() -> bytes:
    """A page of a mile."""
    return with_text([]).replace(b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 65000 65000]")


def enormous_picture() -> bytes:
    """A picture that a few bytes blow up to billions of pixels."""
    data = zlib.compress(b"\x00" * 1000)
    image = (
        b"<< /Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceGray /BitsPerComponent 1 "
        b"/Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(data), data)
    )
    place = b"q 595 0 0 842 0 0 cm /Scan Do Q"
    content = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(place), place)
    return pdf([(content, b"/XObject << /Scan 3 0 R >>")], [image])


def blank(width: int = 600, height: int = 800) -> Picture:
    """A white page."""
    return np.full((height, width), 255, dtype=np.uint8)
