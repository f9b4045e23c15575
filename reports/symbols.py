"""Shorthand that stands in a cell instead of a figure, so that no cell is ever empty without a reason."""

from collections.abc import Mapping
from typing import Final

from oversight.model.tables import derived

NOT_AVAILABLE: Final = "[x]"
NOT_APPLICABLE: Final = "[z]"
LOW_RELIABILITY: Final = "[u]"
CONFIDENTIAL: Final = "[c]"
NOT_ASSESSED: Final = "[n]"
TO_COMPLETE: Final = "[to be completed]"
CUT: Final = "[cut]"

WITHHELD: Final = "withheld"
"""Status of a name that is not kept."""

BY_STATUS: Final[Mapping[str, str]] = {
    derived.NOT_APPLICABLE: NOT_APPLICABLE,
    derived.NOT_FILED: NOT_AVAILABLE,
    derived.NOT_RELIABLE: LOW_RELIABILITY,
    WITHHELD: CONFIDENTIAL,
}

MEANINGS: Final[Mapping[str, str]] = {
    NOT_AVAILABLE: "Not available: not filed, not published or not found. It does not mean zero.",
    NOT_APPLICABLE: "Not applicable: the figure has no meaning here, such as debt over negative earnings.",
    LOW_RELIABILITY: "Low reliability: a figure was read but is not good enough to judge by, so it is withheld.",
    CONFIDENTIAL: "Withheld: the names of individuals are not kept.",
    NOT_ASSESSED: "Not assessed: there is too little evidence for a likelihood. It does not mean low.",
    TO_COMPLETE: "A person decides or writes this; the monitor never fills it in.",
    CUT: "The text is longer than a cell should be; the rest is in the source.",
}
"""Each shorthand and what it means, in the order the notes sheet lists them."""
