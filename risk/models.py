"""The fitted models that an assessment may ask, handed to it loaded, so that it stays pure."""

import hashlib
from dataclasses import dataclass
from typing import Final

from risk.failure.starter import Starter


@dataclass(frozen=True, slots=True, eq=False)
class Models:
    """Fitted models; one that is not given says nothing.

    Attributes:
        failure: the starter model of company failure.
    """

    failure: Starter | None = None

    @property
    def fingerprint(self) -> str:
        """SHA-256 over the models' own; of nothing where there are none."""
        parts = [self.failure.fingerprint if self.failure else ""]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


NO_MODELS: Final = Models()
