"""The installation's own secret, with which tokens of forms, sessions and sign-ins under way are signed."""

import os
import secrets
from pathlib import Path
from typing import Final

from oversight.errors import StoreError

_FILE: Final = "web.key"
_BYTES: Final = 32


def installation_key(folder: Path) -> bytes:
    """The key that lies in the home folder; made there at the first start, readable by its owner only.

    Raises:
        StoreError: if the key can be neither read nor written.
    """
    path = folder / _FILE
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    except OSError as error:
        raise _unusable(path, error) from error
    with os.fdopen(handle, "wb") as file:
        made = secrets.token_bytes(_BYTES)
        file.write(made)
    return made


def _read(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except OSError as error:
        raise _unusable(path, error) from error
    if len(key) != _BYTES:
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
