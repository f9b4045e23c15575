"""The fitted models that a run may use, with the fingerprint its manifest keeps."""

import hashlib
from dataclasses import dataclass

from risk.exits import vintages
from risk.exits.model import Vintages


@dataclass(frozen=True, slots=True)
class Models:
    """Models handed to `assess`; None: the run makes no such forecast.

    Attributes:
        exits: of homes leaving the register.
    """

    exits: Vintages | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all of them."""
        return hashlib.sha256((self.exits.fingerprint if self.exits else "").encode()).hexdigest()


def load() -> Models:
    """The models that come with the product.

    Raises:
        InputError: if one is not of this version.
    """
    return Models(exits=vintages.load())
