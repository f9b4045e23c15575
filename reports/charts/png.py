"""Drawings as PNG."""

from io import BytesIO
from typing import Final

import vl_convert
from PIL import Image

_SCALE: Final = 2.0


def png_bytes(svg: str) -> bytes:
    """A drawing on a white ground as PNG, at twice its size in pixels.

    Nothing shines through such a drawing, so the channel that says what does is left out: the file is a third of the
    size, and a PDF need not take the channel apart again.
    """
    drawn = Image.open(BytesIO(vl_convert.svg_to_png(svg, scale=_SCALE)))
    held = BytesIO()
    drawn.convert("RGB").save(held, "PNG", compress_level=4, dpi=drawn.info.get("dpi"))
    return held.getvalue()
