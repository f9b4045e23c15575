"""Places on a page: the locator of everything read from a PDF."""

import re
from dataclasses import dataclass

_PLACE = re.compile(r"page (?P<page>\d{1,5}) box (?P<box>-?\d+(?:\.\d+)?(?:,-?\d+(?:\.\d+)?){3})")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in points (1/72 inch) from the top left corner of the page as it is shown."""

    left: float
    top: float
    right: float
    bottom: float

    def joined(self, other: "Box") -> "Box":
        """The smallest rectangle around both."""
        return Box(
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a page; pages are counted from 1.

    As a locator: `page 10 box 378.2,471.0,427.5,485.0`, left, top, right and bottom.
    """

    page: int
    box: Box

    def __str__(self) -> str:
        box = self.box
        return f"page {self.page} box {box.left:.1f},{box.top:.1f},{box.right:.1f},{box.bottom:.1f}"


def find_place(locator: str) -> Place | None:
    """The first page and box in a locator; None where it has none."""
    match = _PLACE.search(locator)
    if match is None:
        return None
    left, top, right, bottom = map(float, match["box"].split(","))
    return Place(int(match["page"]), Box(left, top, right, bottom))
