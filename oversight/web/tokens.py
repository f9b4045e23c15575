"""Tokens in forms, so that another site cannot make a signed-in person's browser post one.

A token is bound to the person and an hour, signed with a key that lies in the home folder; there is no cookie at all.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import Final

from oversight.errors import StoreError
from oversight.model.times import Clock

FIELD: Final = "token"
_KEY_FILE: Final = "web.key"
_KEY_BYTES: Final = 32
_HOUR: Final = 3600
_HOURS: Final = 12


class Tokens:
    """Makes and checks tokens.

    Args:
        folder: where the key lies; made there at the first start, readable by its owner only.
        clock: for their age.

    Raises:
        StoreError: if the key can be neither read nor written.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self._key = _key(folder / _KEY_FILE)
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


def _key(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    except OSError as error:
        raise _unusable(path, error) from error
    with os.fdopen(handle, "wb") as file:
        made = secrets.token_bytes(_KEY_BYTES)
        file.write(made)
    return made


def _read(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except OSError as error:
        raise _unusable(path, error) from error
    if len(key) != _KEY_BYTES:
        raise StoreError(
            "the key of the forms is damaged", where=str(path), next_step="Delete the file; the next start makes one."
        )
    return key


def _unusable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"the key of the forms cannot be used: {error.strerror or error}",
        where=str(path),
        next_step="Mend permissions there.",
    )
