"""A crooked or turned page set upright, and the way back from there to the page as it is filed."""

from dataclasses import dataclass
from math import cos, radians, sin

import cv2
import numpy as np

from collectors.accounts.scans.paper import POINTS, Picture
from collectors.accounts.scans.places import Box

_LOOKED_AT = 900
"""Pixels of the longer side of the picture in which the lean is measured."""
_FURTHEST = 4.0
_COARSE, _FINE = 0.5, 0.1
_STRAIGHT = 0.12
"""Degrees: less lean than this is left, since turning blurs."""
_INK = 140
_WHITE = 255
_RIGHT_ANGLES = 4


@dataclass(frozen=True, slots=True)
class Frame:
    """How a page was turned to stand upright.

    Attributes:
        width, height: of the page as filed, in points.
        quarters: right angles it was turned by, against the clock.
        lean: degrees it was turned further by, against the clock.
    """

    width: float
    height: float
    quarters: int = 0
    lean: float = 0.0

    @property
    def upright_size(self) -> tuple[float, float]:
        """Width and height after the right angles."""
        return (self.height, self.width) if self.quarters % 2 else (self.width, self.height)

    def to_page(self, box: Box) -> Box:
        """A box of the upright page as the box around it on the page as filed."""
        corners = [
            self._back(x, y)
            for x, y in (
                (box.left, box.top),
                (box.right, box.top),
                (box.left, box.bottom),
                (box.right, box.bottom),
            )
        ]
        across, down = [x for x, _ in corners], [y for _, y in corners]
        return Box(min(across), min(down), max(across), max(down))

    def _back(self, x: float, y: float) -> tuple[float, float]:
        width, height = self.upright_size
        if self.lean:
            turn = radians(self.lean)
            dx, dy = x - width / 2, y - height / 2
            x, y = width / 2 + dx * cos(turn) - dy * sin(turn), height / 2 + dx * sin(turn) + dy * cos(turn)
        for _ in range(self.quarters % _RIGHT_ANGLES):
            # A picture turned once against the clock has its former right edge on top.
            x, y, width, height = height - y, x, height, width
        return x, y


def turned(picture: Picture, frame: Frame) -> Picture:
    """The picture of a page turned upright."""
    upright = np.ascontiguousarray(np.rot90(picture, frame.quarters % _RIGHT_ANGLES))
    if not frame.lean:
        return upright
    height, width = upright.shape
    # OpenCV turns against the clock for positive angles, and so does `lean`.
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), frame.lean, 1.0)
    straight = cv2.warpAffine(
        upright, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=_WHITE
    )
    return np.asarray(straight, dtype=np.uint8)


def lean(picture: Picture) -> float:
    """Degrees by which a page must be turned against the clock for its lines to lie level.

    The right angle is the one at which the rows of pixels differ most: full on a line of print, empty between lines.
    """
    scale = _LOOKED_AT / max(picture.shape)
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
    ink = np.ascontiguousarray((np.asarray(small) < _INK).astype(np.uint8))
    # Borders of a scan are black; print is not there.
    margin_y, margin_x = ink.shape[0] // 30, ink.shape[1] // 30
    ink = np.ascontiguousarray(ink[margin_y:-margin_y, margin_x:-margin_x]) * np.uint8(_WHITE)
    best = _sharpest(ink, np.arange(-_FURTHEST, _FURTHEST + _COARSE / 2, _COARSE))
    best = _sharpest(ink, np.arange(best - _COARSE, best + _COARSE + _FINE / 2, _FINE))
    return 0.0 if abs(best) < _STRAIGHT or abs(best) > _FURTHEST else round(best, 2)


def _sharpest(ink: Picture, angles: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    height, width = ink.shape
    scores = []
    for angle in angles:
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), float(angle), 1.0)
        profile = np.asarray(cv2.warpAffine(ink, matrix, (width, height))).sum(axis=1, dtype=np.float64)
        scores.append(float(np.square(np.diff(profile)).sum()))
    return float(angles[int(np.argmax(scores))])


def in_points(pixels: float, dpi: int) -> float:
    """Pixels to points."""
    return pixels * POINTS / dpi
