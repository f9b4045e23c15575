"""Addresses that letters may go to."""

from collections.abc import Collection
from email.utils import parseaddr
from typing import Final

from oversight.errors import SettingsError
from reports.style import clean

_LONGEST_ADDRESS: Final = 254


def address(text: str, setting: str) -> str:
    """A plain email address, lower case, as one would type it: no name, no list, no line break.

    Raises:
        SettingsError: naming the setting, for anything else.
    """
    plain = text.strip().lower()
    local, at, domain = plain.rpartition("@")
    sound = plain.isascii() and plain.isprintable() and not set(plain) & set(' ,;:<>()[]"\\')
    if not (at and local and domain and sound and len(plain) <= _LONGEST_ADDRESS and parseaddr(plain)[1] == plain):
        raise SettingsError(
            f"not an email address: {clean(text)[:80]!r}",
            where=f"setting {setting}",
            next_step="Give plain addresses, such as name@department.gov.uk.",
        )
    return plain


def check_recipient(recipient: str, allowed_domains: Collection[str]) -> None:
    """Refuse an address whose domain is not on the list. An empty list allows nobody.

    Raises:
        SettingsError: naming the address and the setting.
    """
    domain = address(recipient, "recipients").rpartition("@")[2]
    if domain not in {allowed.strip().lower().removeprefix("@") for allowed in allowed_domains}:
        raise SettingsError(
            f"{recipient} may not get alerts: the domain {domain} is not on the list of allowed domains",
            where="setting allowed_domains (OVERSIGHT_ALLOWED_DOMAINS)",
            next_step="Correct the address, or add its domain to the list if the department agrees.",
        )
