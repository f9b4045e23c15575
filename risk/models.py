"""The fitted models that an assessment may ask, handed to it loaded, so that it stays pure."""

import hashlib
from dataclasses import dataclass
from typing import Final

from risk.exits.model import Vintages
from risk.failure.starter import Starter


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """Fitted models; one that is not given says nothing.

    Attributes:
        failure: the starter model of company failure.
        exits: of homes leaving the register, one for each day.
    """

    failure: Starter | None = None
    exits: Vintages | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the models' own; of nothing where there are none."""
        parts = [model.fingerprint if model else "" for model in (self.failure, self.exits)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


NO_MODELS: Final = Models()
