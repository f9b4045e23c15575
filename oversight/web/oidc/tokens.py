"""What a provider says of a person, believed only when it is signed, meant for us, for this sign-in, and of now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from oversight.errors import ProviderError, SettingsError, SignInError

LEEWAY: Final = 60
"""Seconds by which the provider's clock and ours may differ."""
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures by a key of the provider's own. Never `none`, and never one by a secret that we hold too."""


def check_installed() -> None:
    """Whether the library that checks signatures is there.

    Raises:
        SettingsError: where it is not.
    """
    try:
        import joserfc  # noqa: F401, PLC0415 - an extra
    except ImportError as error:
        raise SettingsError(
            "what checks the signatures of OpenID Connect is not installed",
            where="setting web_sign_in",
            next_step="Install the extra: pip install 'childrens-homes-oversight[oidc]'.",
        ) from error


class UnknownKeyError(SignInError):
    """Signed with a key that the provider's list, as we hold it, does not name."""


def keys_of(published: Mapping[str, Any]) -> Any:
    """The keys that a provider publishes for checking its signatures; others that it publishes beside them left out.

    Raises:
        ProviderError: where it publishes none that can be used.
    """
    from joserfc.errors import JoseError  # noqa: PLC0415 - an extra
    from joserfc.jwk import KeySet  # noqa: PLC0415

    given = published.get("keys")
    wanted = [key for key in given if _signs(key)] if isinstance(given, list) else []
    try:
        return KeySet.import_key_set({"keys": wanted})
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderError("the department's sign-in publishes no keys that can be used") from error


def _signs(key: object) -> bool:
    return isinstance(key, dict) and key.get("kty") in {"RSA", "EC"} and key.get("use", "sig") == "sig"


def claims_of(
    token: str, keys: Any, *, issuer: str, client_id: str, nonce: str, now: datetime
) -> Mapping[str, Any]:  # fmt: skip
    """What an id token says, after OpenID Connect Core 1.0, section 3.1.3.7.

    Args:
        token: as the provider gave it.
        keys: from `keys_of`.
        issuer: who must have issued it, to the letter.
        client_id: whom it must be for.
        nonce: which sign-in it must be for.
        now: time by our clock.

    Raises:
        UnknownKeyError: for a key that is not among these.
        SignInError: for a token that does not hold.
    """
    from joserfc.errors import InvalidKeyIdError, JoseError  # noqa: PLC0415 - an extra
    from joserfc.jwt import JWTClaimsRegistry, decode  # noqa: PLC0415

    rules = JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True},
    )
    try:
        claims = decode(token, keys, algorithms=list(ALGORITHMS)).claims
        rules.validate(claims)
    except InvalidKeyIdError as error:
        raise UnknownKeyError("the sign-in is signed with a key that is not known") from error
    except (JoseError, ValueError, TypeError) as error:
        raise SignInError(f"the sign-in does not hold: {type(error).__name__}") from error
    if claims["nonce"] != nonce:
        raise SignInError("the sign-in was made for another request")
    others = isinstance(claims["aud"], list) and claims["aud"] != [client_id]
    if others and claims.get("azp") != client_id:  # one that others may use is ours only where it says so
        raise SignInError("the sign-in was made for another service")
    return claims
