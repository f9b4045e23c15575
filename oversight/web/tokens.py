"""Tokens in forms, so that another site cannot make a signed-in person's browser post one.

A token is bound to the person and an hour, signed with the installation's key: no cookie is needed for it.
"""

import hashlib
import hmac
from pathlib import Path
from typing import Final

from oversight.model.times import Clock
from oversight.web.keys import installation_key

FIELD: Final = "token"
_HOUR: Final = 3600
_HOURS: Final = 12


class Tokens:
    """Makes and checks tokens.

    Args:
        folder: where the key lies.
        clock: for their age.

    Raises:
        StoreError: if the key can be neither read nor written.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._key = installation_key(folder)
        self._clock = clock

    def make(self, person: str) -> str:
        """A token for a person's forms, good for twelve hours."""
        return self._sign(person, self._hour())

    def good(self, person: str, token: str) -> bool:
        """Whether a token was made for this person within twelve hours."""
        hour = self._hour()
        made = [self._sign(person, hour - back) for back in range(_HOURS + 1)]
        return any(hmac.compare_digest(each.encode(), token.encode()) for each in made)

    def _hour(self) -> int:
        return int(self._clock().timestamp()) // _HOUR

    def _sign(self, person: str, hour: int) -> str:
        return hmac.new(self._key, f"{hour}\x1f{person}".encode(), hashlib.sha256).hexdigest()
