"""Who a provider's word makes somebody here: a name, and those of their groups that the settings give a role."""

from collections.abc import Collection, Mapping
from typing import Any

from oversight.errors import SignInError


def name_in(claims: Mapping[str, Any], claim: str) -> str:
    """The name that decisions and the audit log carry.

    Raises:
        SignInError: where the provider gives none, or gives an address for email that it has not verified.
    """
    name = found(claims, claim)
    if not isinstance(name, str) or not name.strip():
        raise SignInError(f"the sign-in gives no {claim}")
    if claim == "email" and claims.get("email_verified") is False:
        raise SignInError("the sign-in gives an email address that nobody verified")
    return name.strip()


def groups_in(claims: Mapping[str, Any], claim: str, known: Collection[str]) -> list[str]:
    """Groups of the person that mean something here, in order; one group may be given as a text by itself."""
    given = found(claims, claim)
    listed = [given] if isinstance(given, str) else given if isinstance(given, list) else []
    return sorted({each for each in listed if isinstance(each, str) and each in known})


def found(claims: Mapping[str, Any], claim: str) -> object:
    """A claim by its name, or inside another one by a path such as `realm_access.roles`; None where it is not there."""
    if claim in claims:
        return claims[claim]
    here: object = claims
    for part in claim.split("."):
        here = here.get(part) if isinstance(here, Mapping) else None
    return here
