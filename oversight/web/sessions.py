"""Who is signed in by OpenID Connect: a signed cookie that only this site's pages send, good for some hours.

The cookie holds what the provider said (name and those groups that mean something here), not the role: a change of
the settings holds from the next start for those already signed in. A session that was signed out of is written down,
so that a copy of its cookie opens nothing.
"""

import os
import secrets
import threading
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from oversight.errors import StoreError
from oversight.model.times import Clock
from oversight.web.sealed import Seal

COOKIE: Final = "__Host-oversight"
"""The prefix makes browsers refuse the cookie unless it is Secure, for this host alone and for all of it."""
_ENDED: Final = "web.ended"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in: their name, and the groups they are in that the settings give a role."""

    key: str
    name: str
    groups: tuple[str, ...]


class Sessions:
    """Begins, recognises and ends sessions.

    Args:
        key: the installation's.
        folder: where sessions that were signed out of are written down.
        clock: for their age.
        hours: after which somebody signs in again.
    """

    def __init__(self, key: bytes, folder: Path, clock: Clock, hours: int) -> None:
        self._seal = Seal(key, "session")
        self._clock = clock
        self._lasts = timedelta(hours=hours)
        self._ended = _Ended(folder / _ENDED)

    def begin(self, answer: Response, name: str, groups: Collection[str]) -> None:
        """Give the reader's browser the cookie of a new session."""
        content = {"key": secrets.token_urlsafe(16), "name": name, "groups": sorted(groups)}
        value = self._seal.close(content, self._clock() + self._lasts)
        set_cookie(answer, COOKIE, value, int(self._lasts.total_seconds()))

    def of(self, connection: HTTPConnection) -> Session | None:
        """The session a request belongs to; None for none, an expired one, or one that was signed out of."""
        content = self._seal.open(connection.cookies.get(COOKIE, ""), self._clock())
        if content is None or self._ended.has(str(content["key"])):
            return None
        return Session(str(content["key"]), str(content["name"]), tuple(content["groups"]))

    def end(self, connection: HTTPConnection, answer: Response) -> None:
        """Sign out: neither this browser's cookie nor a copy of it opens anything again.

        Raises:
            StoreError: if that cannot be written down.
        """
        session = self.of(connection)
        if session is not None:
            self._ended.add(session.key)
        drop_cookie(answer, COOKIE)


def set_cookie(answer: Response, name: str, value: str, seconds: int) -> None:
    """A cookie that scripts cannot read, that no unencrypted line and no other site's form carries."""
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")


def drop_cookie(answer: Response, name: str) -> None:
    """Take a cookie of ours back."""
    answer.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")


class _Ended:
    """Keys of sessions signed out of, one a line, in a file that every process serving this home folder reads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._size = -1
        self._keys: frozenset[str] = frozenset()

    def has(self, key: str) -> bool:
        """Whether a session was signed out of."""
        try:
            size = self._path.stat().st_size
        except FileNotFoundError:
            return False
        with self._lock:
            if size != self._size:
                self._keys = frozenset(self._path.read_text(encoding="ascii").split())
                self._size = size
            return key in self._keys

    def add(self, key: str) -> None:
        """Write down that a session is over.

        Raises:
            StoreError: if that cannot be written.
        """
        try:
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "a", encoding="ascii") as file:
                file.write(f"{key}\n")
        except OSError as error:
            raise StoreError(
                f"the end of a session cannot be written: {error.strerror or error}",
                where=str(self._path),
                next_step="Mend permissions there.",
            ) from error
