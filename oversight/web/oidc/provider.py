"""The provider: where it is asked, what it is asked, and with which keys it signs."""

import ipaddress
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode, urlsplit

from oversight.errors import ProviderError, SettingsError, SignInError
from oversight.model.times import Clock
from oversight.settings import Settings
from oversight.web.oidc import wire
from oversight.web.oidc.tokens import UnknownKeyError, check_installed, claims_of, keys_of

DONE: Final = "/sign-in/done"
_KNOWN: Final = "/.well-known/openid-configuration"
_HELD: Final = timedelta(hours=1)
_AGAIN: Final = timedelta(minutes=1)
"""A key that is not known makes us look again, at most so often: whoever can send us tokens cannot make us ask more."""


@dataclass(slots=True)
class _Held:
    """What the provider publishes, as we last read it."""

    configuration: dict[str, Any] = field(default_factory=dict)
    keys: Any = None
    read: datetime | None = None


class Provider:
    """One provider of sign-in, pinned by its issuer.

    Args:
        settings: `web_oidc_…`, and `link_base` for the address it sends people back to.
        clock: for the age of what it publishes and of its tokens.

    Raises:
        SettingsError: where a setting is missing, or an address is not encrypted.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        check_installed()
        self.issuer = settings.web_oidc_issuer
        self._client_id = settings.web_oidc_client_id
        self._secret = settings.web_oidc_client_secret.get_secret_value()
        self._scopes = settings.web_oidc_scopes
        self._back = settings.link_base.rstrip("/")
        self._clock = clock
        self._lock = threading.Lock()
        self._held = _Held()
        needed = {"issuer": self.issuer, "client_id": self._client_id, "client_secret": self._secret}
        for name, value in needed.items():
            if not value:
                raise _missing(f"web_oidc_{name}")
        for name, address in {"web_oidc_issuer": self.issuer, "link_base": self._back}.items():
            if not _safe(address):
                raise SettingsError(
                    f"{address!r} is not an https address", where=f"setting {name}", next_step="Give one."
                )

    def ask(self, state: str, nonce: str, challenge: str) -> str:
        """The address at the provider that somebody is sent to, to sign in.

        Raises:
            ProviderError: where the provider cannot be asked what it is.
        """
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._back + DONE,
            "scope": self._scopes,
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return _joined(self._endpoint("authorization_endpoint"), asked)

    def redeem(self, code: str, verifier: str, nonce: str) -> dict[str, Any]:
        """What the provider says of the person whose browser brought a code.

        Raises:
            ProviderError: where the provider gives no answer.
            SignInError: where what it says does not hold.
        """
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": self._back + DONE,
                "code_verifier": verifier}  # fmt: skip
        methods = self._configuration().get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        basic = None
        if "client_secret_basic" in methods:  # RFC 6749, section 2.3.1: both are encoded as in a form first
            basic = (quote(self._client_id, safe=""), quote(self._secret, safe=""))
        else:
            form |= {"client_id": self._client_id, "client_secret": self._secret}
        token = wire.post(self._endpoint("token_endpoint"), form, basic).get("id_token")
        if not isinstance(token, str):
            raise SignInError("the sign-in names nobody")
        return dict(self._claims(token, nonce))

    def leave(self) -> str | None:
        """Where somebody ends their session at the provider itself; None where it has no such place."""
        try:
            address = self._configuration().get("end_session_endpoint")
        except ProviderError:
            return None
        if not isinstance(address, str) or not _safe(address):
            return None
        return _joined(address, {"client_id": self._client_id})

    def _claims(self, token: str, nonce: str) -> Mapping[str, Any]:
        def checked(keys: Any) -> Mapping[str, Any]:
            return claims_of(
                token, keys, issuer=self.issuer, client_id=self._client_id, nonce=nonce, now=self._clock()
            )  # fmt: skip

        try:
            return checked(self._published().keys)
        except UnknownKeyError:  # providers change their keys
            return checked(self._published(_AGAIN).keys)

    def _endpoint(self, name: str) -> str:
        address = self._configuration().get(name)
        if not isinstance(address, str) or not _safe(address):
            raise ProviderError(f"the department's sign-in names no {name} with https", where=self.issuer)
        return address

    def _configuration(self) -> dict[str, Any]:
        return self._published().configuration

    def _published(self, oldest: timedelta = _HELD) -> _Held:
        """What the provider publishes, read anew where it is older than allowed."""
        with self._lock:
            now = self._clock()
            if self._held.read is None or now - self._held.read >= oldest:
                self._held = self._read(now)
            return self._held

    def _read(self, now: datetime) -> _Held:
        found = wire.read(self.issuer.rstrip("/") + _KNOWN)
        if found.get("issuer") != self.issuer:
            raise ProviderError("the department's sign-in calls itself another than the settings do", where=self.issuer)
        keys = found.get("jwks_uri")
        if not isinstance(keys, str) or not _safe(keys):
            raise ProviderError("the department's sign-in names no place of its keys with https", where=self.issuer)
        return _Held(found, keys_of(wire.read(keys)), now)


def _joined(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def _safe(address: str) -> bool:
    """Whether what is sent there is encrypted, or never leaves this computer."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _loopback(host)))


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _missing(name: str) -> SettingsError:
    return SettingsError(
        "sign-in by OpenID Connect needs its provider and this service's registration there",
        where=f"setting {name}",
        next_step=f"Set OVERSIGHT_{name.upper()}.",
    )
