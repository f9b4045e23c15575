"""Links in letters by which an alert is acknowledged or snoozed: signed, and good for some days. Pure.

A token names a letter and a register entry; it says nothing of either to who has no ledger. Mail scanners open every
link, so opening one must change nothing: a page asks, and its button sends the token back by POST.
"""

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from oversight.errors import InputError

_VERSION: Final = 1
_SHORTEST_KEY: Final = 16
_LONGEST: Final = 512
_TAG: Final = b"oversight alert link\x00"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link stands for.

    Attributes:
        letter_id: the letter it was in, and so the person it was sent to.
        entry_id: register entry whose alerts in that letter it answers; empty for publications.
        expires: first moment at which it no longer holds, UTC, whole seconds.
    """

    letter_id: str
    entry_id: str
    expires: datetime


def usable(key: str) -> bool:
    """Whether a key is long enough to sign with."""
    return len(key) >= _SHORTEST_KEY


def sign(claim: Claim, key: str) -> str:
    """A token of letters, digits, hyphen, underscore and one dot.

    Raises:
        ValueError: for a key that is too short.
    """
    if not usable(key):
        raise ValueError(f"a key to sign links with has at least {_SHORTEST_KEY} characters")
    content = json.dumps([_VERSION, claim.letter_id, claim.entry_id, int(claim.expires.timestamp())])
    body = base64.urlsafe_b64encode(content.encode()).rstrip(b"=")
    return f"{body.decode()}.{_seal(body, key)}"


def verify(token: str, key: str, now: datetime) -> Claim:
    """What a token stands for.

    Raises:
        InputError: for a token that was not made with this key, was changed, or has expired; the message is fit for
            a page and names nothing that the token does not hold.
    """
    body, _, seal = token.partition(".")
    if not usable(key) or len(token) > _LONGEST or not token.isascii():
        raise _bad("this link is not one of ours")
    if not hmac.compare_digest(_seal(body.encode(), key).encode(), seal.encode()):
        raise _bad("this link is damaged or not one of ours")
    try:
        version, letter, entry, expires = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        claim = Claim(str(letter), str(entry), datetime.fromtimestamp(expires, UTC))
    except (ValueError, TypeError, OverflowError, OSError, binascii.Error) as error:  # a key that others have too
        raise _bad("this link is damaged or not one of ours") from error
    if version != _VERSION:
        raise _bad("this link is of another version")
    if now >= claim.expires:
        raise _bad("this link has expired")
    return claim


def _seal(body: bytes, key: str) -> str:
    digest = hmac.new(key.encode(), _TAG + body, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _bad(message: str) -> InputError:
    return InputError(message, next_step="Open the group's page, or use `oversight alert acknowledge`.")
