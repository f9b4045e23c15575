"""The picture of one figure, cut out of its page: what a person looks at to confirm it."""

import cv2

from collectors.accounts.scans.paper import POINTS, open_paper
from collectors.accounts.scans.places import find_place
from oversight.errors import AccountsError, InputError

DPI = 150
AROUND_X, AROUND_Y = 36.0, 24.0
"""Points of the page left around the figure."""


def crop(pdf: bytes, locator: str, *, dpi: int = DPI, whole_row: bool = False) -> bytes:
    """A PNG of the place that a locator names, with the figure framed.

    Args:
        pdf: bytes of the document, as archived.
        locator: of a row read from it; the first `page … box …` in it is shown.
        dpi: pixels to the inch.
        whole_row: show the whole width of the page, so that the caption and the other figures are seen.

    Raises:
        InputError: if the locator names no page and box, or the document has no such page.
        AccountsError: if the document cannot be opened.
    """
    place = find_place(locator)
    if place is None:
        raise InputError(
            "the locator names no place on a page",
            where=locator,
            next_step="Give the locator of a row read from a PDF.",
        )
    with open_paper(pdf, "the document") as paper:
        if not 1 <= place.page <= len(paper):
            raise InputError(
                f"the document has {len(paper)} pages", where=locator, next_step="Give the document of that row."
            )
        picture = paper.picture(place.page, dpi)
    scale = dpi / POINTS
    height, width = picture.shape
    box = place.box
    left, right = (0.0, width / scale) if whole_row else (box.left - AROUND_X, box.right + AROUND_X)
    columns = slice(max(0, round(left * scale)), min(width, round(right * scale)))
    rows = slice(max(0, round((box.top - AROUND_Y) * scale)), min(height, round((box.bottom + AROUND_Y) * scale)))
    cut = cv2.cvtColor(picture[rows, columns], cv2.COLOR_GRAY2BGR) if picture[rows, columns].size else None
    if cut is None:
        raise InputError("the box lies outside the page", where=locator, next_step="Give the document of that row.")
    corner = round(box.left * scale) - columns.start - 2, round(box.top * scale) - rows.start - 2
    opposite = round(box.right * scale) - columns.start + 2, round(box.bottom * scale) - rows.start + 2
    cv2.rectangle(cut, corner, opposite, (0, 140, 255), 1)
    done, encoded = cv2.imencode(".png", cut)
    if not done:
        raise AccountsError("the picture cannot be written as PNG", where=locator, next_step="Report this as a defect.")
    return encoded.tobytes()
