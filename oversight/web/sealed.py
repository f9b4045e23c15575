"""Small values that a reader's browser keeps for us: readable by it, signed by us, good for a time."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

_LONGEST: Final = 4000
"""Characters; browsers keep cookies of about 4,096 bytes."""


class Seal:
    """Signs values for one purpose, so that what was made for one is never taken for another.

    Args:
        key: the installation's.
        purpose: what the values are for.
    """

    def __init__(self, key: bytes, purpose: str) -> None:
        self._key = hmac.new(key, f"oversight {purpose}".encode(), hashlib.sha256).digest()

    def derive(self, *parts: str) -> str:
        """43 characters that only this installation can tell from the parts; fit for an address."""
        return _text(hmac.new(self._key, "\x1f".join(("derive", *parts)).encode(), hashlib.sha256).digest())

    def close(self, content: Mapping[str, object], expires: datetime) -> str:
        """A text of letters, digits, hyphens, underscores and one dot.

        Raises:
            ValueError: where it would be too long for a browser to keep.
        """
        body = _text(json.dumps([int(expires.timestamp()), content], separators=(",", ":")).encode())
        made = f"{body}.{self._sign(body)}"
        if len(made) > _LONGEST:
            raise ValueError("too long for a cookie")
        return made

    def open(self, text: str, now: datetime) -> dict[str, Any] | None:
        """The content; None for a text that is not ours, was changed, or has expired."""
        body, _, signature = text.partition(".")
        if len(text) > _LONGEST or not hmac.compare_digest(self._sign(body).encode(), signature.encode()):
            return None
        try:
            expires, content = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        except (ValueError, TypeError, binascii.Error):  # signed, yet of an earlier version
            return None
        live = isinstance(expires, int) and now.timestamp() < expires
        return content if live and isinstance(content, dict) else None

    def _sign(self, body: str) -> str:
        return _text(hmac.new(self._key, f"value\x1f{body}".encode(), hashlib.sha256).digest())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
