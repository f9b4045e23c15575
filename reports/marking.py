"""The protective marking, and the label of invented data, as every output carries them."""

from typing import Final

from oversight.errors import SettingsError
from reports.style import clean

LONGEST: Final = 80


def marking_text(marking: str) -> str:
    """The marking in capitals, on one line.

    Raises:
        SettingsError: where there is none or it is too long: a register of named providers never leaves unmarked.
    """
    text = clean(marking).upper()
    if not text or len(text) > LONGEST:
        problem = "is empty" if not text else f"is longer than {LONGEST} characters"
        raise SettingsError(
            f"the protective marking {problem}",
            where="setting marking (OVERSIGHT_MARKING)",
            next_step="Set the marking your department uses, such as OFFICIAL-SENSITIVE.",
        )
    return text


def banner(marking: str, label: str) -> str:
    """One line for the head and foot of a page: the marking, then the label where there is one."""
    return ". ".join(part for part in (marking_text(marking), clean(label)[:LONGEST]) if part)
