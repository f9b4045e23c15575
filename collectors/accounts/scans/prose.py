"""The words of a PDF: its rows joined to paragraphs, so that sentences can be read, each with its place."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from collectors.accounts.cells import Row
from collectors.accounts.parents import stated_parents
from collectors.accounts.scans.about import DATE, day_in_words
from collectors.accounts.scans.places import Place, find_place
from collectors.accounts.scans.sheets import Sheet
from collectors.accounts.tags import Tagged
from collectors.accounts.texts import Page
from collectors.accounts.words import Saying, sayings

_FULL_LINE = 0.55
"""Of the width of a page: a line this long goes on in the next."""
_SAYS = "text line "
_APPROVED = re.compile(
    r"(?:accounts|financial statements)\b.{0,120}?\b(?:approved|authorised for issue)\b.{0,160}?"
    rf"\bon (?P<day>{DATE})",
    re.IGNORECASE,
)
_LONGEST_QUOTE = 600
_FROM_TEXT = 0.9


def said(sheets: Sequence[Sheet], sure: float) -> list[Saying]:
    """What the words say, each at the place of its paragraph.

    Args:
        sheets: the pages.
        sure: most confidence in words that were read off a picture.
    """
    paragraphs = [each for sheet in sheets for each in _paragraphs(sheet)]
    page = Page("\n".join(text for text, _, _ in paragraphs))
    untagged = Tagged(inline=False)
    found = []
    for saying in [
        *sayings(untagged, lambda: page),
        *stated_parents(untagged, lambda: page),
        *_approved([text for text, _, _ in paragraphs]),
    ]:
        if not saying.locator.startswith(_SAYS):
            found.append(saying)
            continue
        _, place, layer = paragraphs[int(saying.locator.removeprefix(_SAYS)) - 1]
        found.append(
            replace(saying, locator=str(place), confidence=saying.confidence if layer else min(saying.confidence, sure))
        )
    return found


def _approved(paragraphs: Sequence[str]) -> Iterator[Saying]:
    """When the accounts were approved, where a sentence says so."""
    for number, text in enumerate(paragraphs, start=1):
        match = _APPROVED.search(text)
        approved = day_in_words(match["day"]) if match else None
        if match and approved:
            yield Saying("approved_on", approved.isoformat(), match[0][:_LONGEST_QUOTE], f"{_SAYS}{number}", _FROM_TEXT)
            return


def _paragraphs(sheet: Sheet) -> list[tuple[str, Place, bool]]:
    """Text and place of each paragraph of a page, and whether it is from a text layer."""
    width = sheet.frame.upright_size[0]
    found: list[tuple[str, Place, bool]] = []
    going_on = False
    for row in sheet.rows:
        place = _place(row)
        if place is None:
            continue
        if going_on and found:
            text, before, layer = found[-1]
            found[-1] = f"{text} {row.text}", Place(before.page, before.box.joined(place.box)), layer
        else:
            found.append((row.text, place, sheet.layer))
        long = row.cells[-1].right - row.cells[0].left >= _FULL_LINE * width
        going_on = long and not row.text.rstrip().endswith((".", ":", ";"))
    return found


def _place(row: Row) -> Place | None:
    places = [place for cell in row.cells if (place := find_place(str(cell.element))) is not None]
    if not places:
        return None
    box = places[0].box
    for place in places[1:]:
        box = box.joined(place.box)
    return Place(places[0].page, box)
