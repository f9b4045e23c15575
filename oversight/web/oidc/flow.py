"""One sign-in under way: what ties the provider's answer to the browser that asked.

The browser keeps a random number, signed, for ten minutes. State, nonce and the verifier of PKCE are derived from it
with the installation's key, so that nobody who sees the number knows them and no memory of ours can be filled up.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from starlette.requests import HTTPConnection
from starlette.responses import Response

from oversight.model.times import Clock
from oversight.web.sealed import Seal
from oversight.web.sessions import drop_cookie, set_cookie

COOKIE: Final = "__Host-oversight-signing-in"
_LASTS: Final = timedelta(minutes=10)
_LOCAL: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*")
_LONGEST: Final = 1000
HOME: Final = "/"


@dataclass(frozen=True, slots=True)
class Flow:
    """A sign-in under way.

    Attributes:
        state: must come back with the code.
        nonce: must stand in the token.
        verifier: shows the provider that who redeems the code is who asked for it.
        to: address of ours that the reader wanted.
    """

    state: str
    nonce: str
    verifier: str
    to: str

    @property
    def challenge(self) -> str:
        """The verifier's SHA-256, as the provider is told it beforehand (RFC 7636)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def answers(self, state: str) -> bool:
        """Whether an answer is to this sign-in."""
        return hmac.compare_digest(self.state.encode(), state.encode())


class Flows:
    """Begins and recognises sign-ins under way.

    Args:
        key: the installation's.
        clock: for their age.
    """

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._seal = Seal(key, "sign-in")
        self._clock = clock

    def new(self, to: str) -> tuple[Flow, str]:
        """A sign-in, and what the browser keeps of it."""
        number, wanted = secrets.token_urlsafe(32), local(to)
        kept = self._seal.close({"number": number, "to": wanted}, self._clock() + _LASTS)
        return self._flow(number, wanted), kept

    def keep(self, answer: Response, kept: str) -> None:
        """Give the browser what it keeps."""
        set_cookie(answer, COOKIE, kept, int(_LASTS.total_seconds()))

    def of(self, connection: HTTPConnection) -> Flow | None:
        """The sign-in a browser has under way; None for none, or one that began too long ago."""
        content = self._seal.open(connection.cookies.get(COOKIE, ""), self._clock())
        return None if content is None else self._flow(str(content["number"]), str(content["to"]))

    def over(self, answer: Response) -> None:
        """Take back what the browser keeps, however it went: a code is good once."""
        drop_cookie(answer, COOKIE)

    def _flow(self, number: str, to: str) -> Flow:
        state, nonce, verifier = (self._seal.derive(name, number) for name in ("state", "nonce", "verifier"))
        return Flow(state, nonce, verifier, to)


def local(address: str) -> str:
    """An address of ours as given; the first page for anything that could lead elsewhere."""
    return address if len(address) <= _LONGEST and _LOCAL.fullmatch(address) else HOME
