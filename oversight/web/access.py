"""Who a reader is, and what each role may do."""

import getpass
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from starlette.requests import HTTPConnection

from oversight.errors import SettingsError
from oversight.settings import Settings
from oversight.web.sessions import Sessions

LOCAL: Final = "local"
PROXY: Final = "proxy"
OIDC: Final = "oidc"
_LONGEST_NAME: Final = 200


class Role(IntEnum):
    """What somebody may do: each role may do all that the ones before it may."""

    ANYBODY = 0  # style sheets and scripts, which say nothing
    VIEWER = 1  # read
    ANALYST = 2  # decide on figures and links, write in the register
    APPROVER = 3  # approve what another person wrote
    ADMIN = 4  # see how the installation is doing, and who read what


_GRANTED: Final = {role.name.lower(): role for role in Role if role is not Role.ANYBODY}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in.

    Attributes:
        name: as the department's sign-in gives it, or this machine's user.
        role: what they may do.
    """

    name: str
    role: Role

    def may(self, least: Role) -> bool:
        """Whether the role suffices."""
        return self.role >= least


class SignIn:
    """Tells who asks: this machine's one user, whom the department's proxy names, or who signed in by OpenID Connect.

    Args:
        settings: `web_sign_in` and the settings of that way.
        sessions: of those who signed in by OpenID Connect.

    Raises:
        SettingsError: for a role or a proxy's address that cannot be one, or settings nobody could sign in with.
    """

    def __init__(self, settings: Settings, sessions: Sessions | None = None) -> None:
        self.local = settings.web_sign_in == LOCAL
        self.asks = settings.web_sign_in == OIDC
        self._sessions = sessions
        self._user_header = settings.web_user_header
        self._roles_header = settings.web_roles_header
        self._roles = {name: _role(text, "web_roles") for name, text in settings.web_roles.items()}
        self._groups = {name: _role(text, "web_oidc_roles") for name, text in settings.web_oidc_roles.items()}
        self._proxies = [_network(text) for text in settings.web_trusted_proxies]
        self._me = settings.web_local_name or getpass.getuser()
        if settings.web_sign_in == PROXY and not self._proxies:
            raise SettingsError(
                "no proxy is trusted, so nobody could sign in",
                where="setting web_trusted_proxies",
                next_step='Give the address the proxy calls from, such as OVERSIGHT_WEB_TRUSTED_PROXIES=["10.0.0.5"].',
            )
        if self.asks and not self._groups:
            raise SettingsError(
                "no group has a role, so nobody could sign in",
                where="setting web_oidc_roles",
                next_step='Give a group a role, such as OVERSIGHT_WEB_OIDC_ROLES={"analysts": "analyst"}.',
            )

    def person(self, connection: HTTPConnection) -> Person | None:
        """Who asks; None where nobody vouches for them or they have no role."""
        if self.asks:
            session = self._sessions.of(connection) if self._sessions else None
            return None if session is None else self.known(session.name, session.groups)
        peer = _address(connection)
        if peer is None:
            return None
        if self.local:
            return Person(self._me, Role.ADMIN) if peer.is_loopback else None
        if not any(peer in network for network in self._proxies):
            return None
        named = connection.headers.getlist(self._user_header)
        name = named[0].strip() if len(named) == 1 else ""
        return _person(name, self._granted(connection, name))

    @property
    def groups(self) -> frozenset[str]:
        """Groups of the OpenID Connect provider that have a role here."""
        return frozenset(self._groups)

    def known(self, name: str, groups: Iterable[str]) -> Person | None:
        """Who somebody is whom the OpenID Connect provider names; None without a role."""
        return _person(name, [self._groups.get(group) for group in groups])

    def _granted(self, connection: HTTPConnection, name: str) -> list[Role | None]:
        if not self._roles_header:
            return [self._roles.get(name)]
        said = ",".join(connection.headers.getlist(self._roles_header))
        return [_GRANTED.get(part.strip().lower()) for part in said.split(",")]


def _person(name: str, granted: Iterable[Role | None]) -> Person | None:
    """Somebody with the greatest role granted; None without one, or with a name that is none."""
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        return None
    role = max((role for role in granted if role), default=None)
    return Person(name, role) if role else None


def _role(text: str, setting: str) -> Role:
    try:
        return _GRANTED[text.strip().lower()]
    except KeyError as error:
        raise SettingsError(
            f"there is no role {text!r}",
            where=f"setting {setting}",
            next_step=f"The roles are: {', '.join(_GRANTED)}.",
        ) from error


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError as error:
        raise SettingsError(
            f"{text!r} is no address", where="setting web_trusted_proxies", next_step="Give IP addresses or networks."
        ) from error


def _address(connection: HTTPConnection) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address the connection really comes from, whatever its headers say."""
    try:
        return None if connection.client is None else ipaddress.ip_address(connection.client.host)
    except ValueError:
        return None
