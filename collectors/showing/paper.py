"""Pages of a PDF as pictures, each figure framed, with the row it stands in cut out above."""

import base64
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import cv2

from collectors.accounts.scans.crops import crop
from collectors.accounts.scans.paper import POINTS, Picture, open_paper
from collectors.accounts.scans.places import Box, find_place
from collectors.accounts.scans.places import Place as PaperPlace
from collectors.showing.filed import ANCHOR, Highlight, Shown
from collectors.showing.frame import framed, note
from collectors.showing.markup import safe_text
from collectors.showing.places import Place
from oversight.errors import InputError

DPI: Final = 110
"""Pixels to the inch of a page: small print is read and an A4 page takes about 150 kB."""
_CROP_DPI: Final = 130
_MOST_PAGES: Final = 12
_FRAME: Final = (0, 0, 0)
_FILL: Final = (0, 221, 255)
_AROUND: Final = 3.0
"""Points left beside a figure inside its frame."""
_PARTS: Final = " + "


def show_paper(content: bytes, places: Sequence[Place], title: str, where: str) -> Shown:
    """The pages of a PDF that figures stand on.

    Args:
        content: the PDF.
        places: `page N box left,top,right,bottom`; several joined by ` + ` for a figure derived from them.
        title: of the document, in words.
        where: file or address, for errors.

    Raises:
        AccountsError: if the PDF cannot be opened.
        HostileInputError: for a page of absurd size.
    """
    found: list[tuple[Place, PaperPlace]] = []
    missing: list[str] = []
    for place in places:
        spots = [spot for part in place.locator.split(_PARTS) if (spot := find_place(part)) is not None]
        found += [(place, spot) for spot in spots]
        if not spots:
            missing.append(place.locator)
    with open_paper(content, where) as paper:
        beyond = {spot.page for _, spot in found if not 1 <= spot.page <= len(paper)}
        missing += [place.locator for place, spot in found if spot.page in beyond]
        found = [(place, spot) for place, spot in found if spot.page not in beyond]
        boxes: dict[int, list[Box]] = defaultdict(list)
        for _, spot in found:
            boxes[spot.page].append(spot.box)
        pages = {page: framed_page(paper.picture(page, DPI), boxes[page]) for page in sorted(boxes)[:_MOST_PAGES]}
    rows, highlights, first = _rows(content, found)
    intro = note(
        "This filing is a PDF. First each row that a figure stands in, then the whole pages, the figures framed."
    )
    body = intro + rows + "".join(_picture(f"Page {page}", png) for page, png in pages.items())
    lost = note("Not found in this document:", *(("Place", each) for each in missing)) if missing else ""
    return Shown(framed(title, body + lost), tuple(highlights), tuple(missing), first)


def framed_page(picture: Picture, boxes: Sequence[Box], dpi: int = DPI) -> bytes:
    """A page as PNG with boxes framed and coloured, the print still to be read."""
    page = cv2.cvtColor(picture, cv2.COLOR_GRAY2BGR)
    scale = dpi / POINTS
    for box in boxes:
        left, top = round((box.left - _AROUND) * scale), round(box.top * scale)
        right, bottom = round((box.right + _AROUND) * scale), round(box.bottom * scale)
        inside = page[max(0, top) : max(0, bottom), max(0, left) : max(0, right)]
        for channel, level in enumerate(_FILL):
            inside[:, :, channel] = inside[:, :, channel] * (level / 255)
        cv2.rectangle(page, (left, top), (right, bottom), _FRAME, 2)
    done, encoded = cv2.imencode(".png", page)
    if not done:
        raise InputError("the page cannot be written as PNG", where="the page", next_step="Report this as a defect.")
    return bytes(encoded.tobytes())


def _rows(content: bytes, found: Sequence[tuple[Place, PaperPlace]]) -> tuple[str, list[Highlight], bytes | None]:
    """Each figure's row cut out of its page; the first as PNG."""
    parts: list[str] = []
    highlights: list[Highlight] = []
    first: bytes | None = None
    for place, spot in found:
        anchor = f"{ANCHOR}-{len(highlights) + 1}" if highlights else ANCHOR
        png = crop(content, str(spot), dpi=_CROP_DPI, whole_row=True)
        first = first or png
        said = f"{place.title}: page {spot.page}" if place.title else f"Page {spot.page}"
        parts.append(_picture(said, png, anchor))
        highlights.append(Highlight(place.locator, anchor, "", title=place.title))
    return "".join(parts), highlights, first


def _picture(said: str, png: bytes, anchor: str = "") -> str:
    """A picture with its words; a reader who cannot see it is told what it is and finds the figure in the table."""
    identity = f' id="{anchor}"' if anchor else ""
    words = safe_text(said)
    return (
        f'<figure class="oversight-crop"{identity}><figcaption>{words}</figcaption><img class="oversight-picture" '
        f'src="data:image/png;base64,{base64.b64encode(png).decode()}" alt="{words}, as filed"></figure>'
    )
