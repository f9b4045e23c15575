"""What carries a letter: a mail server, GOV.UK Notify or a folder of files, all behind `Channel`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from reports.channels.letter import Letter

Outcome = Literal["accepted", "put off", "refused", "unknown"]
ACCEPTED: Final = "accepted"
PUT_OFF: Final = "put off"
REFUSED: Final = "refused"
UNKNOWN: Final = "unknown"

PointOfNoReturn = Callable[[], None]
"""Called once, right before the step after which the other side may have taken the letter. What it raises passes
through, and the letter is then not handed over."""


@dataclass(frozen=True, slots=True)
class Handed:
    """How one attempt ended.

    Attributes:
        outcome: accepted; put off (surely not taken, may be tried again); refused (surely not taken, for good);
            unknown (it may have been taken).
        detail: what the other side said, on one line, without secrets.
    """

    outcome: Outcome
    detail: str


class Channel(Protocol):
    """Takes one letter for one person."""

    @property
    def name(self) -> str:
        """smtp, notify or file."""

    @property
    def asked(self) -> bool:
        """Whether it can be asked if the other side has a letter."""

    def hand_over(self, letter: Letter, point_of_no_return: PointOfNoReturn) -> Handed:
        """Try once.

        Raises:
            SettingsError: where the recipient may not be written to or the settings cannot work; nothing was handed
                over.
        """

    def find(self, letter: Letter) -> bool | None:
        """Whether the other side has the letter; None where it does not say."""
