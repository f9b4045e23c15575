"""Sign-in by OpenID Connect: the authorization code flow with PKCE, at one provider."""

from dataclasses import dataclass

from oversight.model.times import Clock
from oversight.settings import Settings
from oversight.web.keys import installation_key
from oversight.web.oidc.flow import Flows
from oversight.web.oidc.provider import Provider
from oversight.web.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Oidc:
    """What signing in by OpenID Connect needs.

    Attributes:
        provider: the one provider.
        flows: sign-ins under way.
        sessions: of those signed in.
        name_claim: claim that names a person.
        roles_claim: claim with their groups.
    """

    provider: Provider
    flows: Flows
    sessions: Sessions
    name_claim: str
    roles_claim: str


def open_oidc(settings: Settings, clock: Clock) -> Oidc:
    """Sign-in as the settings have it; asks the provider nothing yet.

    Raises:
        SettingsError: where a setting is missing or cannot be one.
        StoreError: if the installation's key cannot be used.
    """
    provider = Provider(settings, clock)
    key = installation_key(settings.home)
    return Oidc(
        provider=provider,
        flows=Flows(key, clock),
        sessions=Sessions(key, settings.home, clock, settings.web_session_hours),
        name_claim=settings.web_oidc_name_claim,
        roles_claim=settings.web_oidc_roles_claim,
    )
