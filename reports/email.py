"""Channels that carry alert emails: SMTP, or a folder of files where no server is configured."""

import smtplib
import ssl
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from pathlib import Path
from typing import Final, Protocol

from oversight.errors import DeliveryError, SettingsError
from reports.alerts import address
from reports.files import write_whole

_SECONDS: Final = 30.0
_LATER: Final = "The alert waits and is tried again by the next `oversight alert`."


class Sender(Protocol):
    """Something that takes one message for one recipient, or raises."""

    def send(self, message: EmailMessage) -> None:
        """Hand the message over.

        Raises:
            SettingsError: where the recipient may not be written to, or the settings cannot work.
            DeliveryError: where the channel does not take it.
        """


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


@dataclass(frozen=True, slots=True)
class FileSender:
    """Writes each message as an `.eml` file, named by its id, whole or not at all.

    Attributes:
        folder: made where there is none.
        allowed_domains: None allows any, since nothing leaves the machine.
    """

    folder: Path
    allowed_domains: Collection[str] | None = None

    def send(self, message: EmailMessage) -> None:
        """Write the message. Sending it again replaces the file by the same.

        Raises:
            SettingsError: where the recipient may not be written to.
            StoreError: where the folder cannot be written.
        """
        if self.allowed_domains is not None:
            check_recipient(str(message["To"]), self.allowed_domains)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        write_whole(self.folder / f"{name}.eml", message.as_bytes(policy=WIRE))


@dataclass(frozen=True, slots=True)
class SmtpSender:
    """Hands each message to a mail server, one conversation a message.

    Attributes:
        starttls: encrypt before anything is said; the server's certificate is checked.
        username: signs in where not empty; only over an encrypted connection.
        allowed_domains: domains a recipient may have.
        context: certificates to trust; the system's by default.
    """

    host: str
    port: int
    starttls: bool = False
    username: str = ""
    password: str = field(default="", repr=False)
    allowed_domains: Collection[str] = ()
    context: ssl.SSLContext | None = field(default=None, repr=False)

    def send(self, message: EmailMessage) -> None:
        """Hand the message over.

        Raises:
            SettingsError: where the recipient's domain is not allowed, or a password would travel in clear.
            DeliveryError: naming the server and what to do, where it cannot be reached or does not take the message.
        """
        check_recipient(str(message["To"]), self.allowed_domains)
        if self.username and not self.starttls:
            raise SettingsError(
                "a mail password would be sent unencrypted",
                where="setting smtp_starttls (OVERSIGHT_SMTP_STARTTLS)",
                next_step="Switch smtp_starttls on, or empty smtp_username.",
            )
        try:
            self._converse(message)
        except smtplib.SMTPException as error:
            raise self._refused(error) from error
        except OSError as error:
            raise self._unreachable(error) from error

    def _converse(self, message: EmailMessage) -> None:
        server = smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
        try:
            if self.starttls:
                server.starttls(context=self.context or ssl.create_default_context())
            if self.username:
                server.login(self.username, self.password)
            server.send_message(message)
            with suppress(smtplib.SMTPException, OSError):
                server.quit()  # the message is taken: how the goodbye goes must not send it twice
        finally:
            server.close()

    def _refused(self, error: smtplib.SMTPException) -> DeliveryError:
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return self._error("the mail server does not accept the user name or password", "Check smtp_username.")
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return self._error(f"the mail server cannot do what is asked: {error}", "Check smtp_starttls.")
        if isinstance(error, smtplib.SMTPServerDisconnected):
            return self._error("the mail server broke off the conversation", _LATER)
        return self._error(f"the mail server did not take the message: {_reply(error)}", _LATER)

    def _unreachable(self, error: OSError) -> DeliveryError:
        if isinstance(error, ssl.SSLError):
            return self._error(f"no safe connection to the mail server: {error.reason}", "Check its certificate.")
        return self._error(f"the mail server does not answer: {error}", f"Check smtp_host and smtp_port. {_LATER}")

    def _error(self, message: str, next_step: str) -> DeliveryError:
        return DeliveryError(message, where=f"{self.host}:{self.port}", next_step=next_step)


def _reply(error: smtplib.SMTPException) -> str:
    """What the server said, for a refusal of the sender, the recipient or the message."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return f"{code} {text.decode(errors='replace')}"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        return f"{error.smtp_code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
    return str(error)
