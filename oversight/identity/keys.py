"""Keys of owners that have no number at Companies House: the same wherever the same name appears."""

import re
from typing import Final

from oversight.model.ids import row_id

_SPACE: Final = re.compile(r"[\W_]+")


def normal_text(text: str) -> str:
    """Lower case, words separated by one space, nothing else."""
    return _SPACE.sub(" ", text.casefold()).strip()


def corporate_key(name: str) -> str:
    """A hash of a corporate owner's name, for one without a number at Companies House."""
    return row_id("corporate", normal_text(name))
