"""Colours of the Government Analysis Function's guidance, checked for contrast and colour blindness.

<https://analysisfunction.civilservice.gov.uk/policy-store/data-visualisation-colours-in-charts/>
"""

from typing import Final

DARK_BLUE: Final = "#12436D"
MID_BLUE: Final = "#2073BC"
LIGHT_BLUE: Final = "#6BACE6"
ORANGE: Final = "#F46A25"
GREY: Final = "#BFBFBF"
PALE: Final = "#EFEFEF"
TEXT: Final = "#222222"
QUIET: Final = "#555555"
WHITE: Final = "#FFFFFF"

SEQUENCE: Final = (LIGHT_BLUE, MID_BLUE, DARK_BLUE)
"""From little to much."""

FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
"""The first comes with the renderer, so that a picture is the same on every machine; it has Arial's widths."""
